import { countFeatures, type EmptyOptions, rescaled, rewritten } from './counts.ts';
import { harmonizer } from './harmonizer.ts';

export interface CpmOptions extends EmptyOptions {
  /** What each subject's counts are made to add up to. */
  readonly per?: number;
}

/**
 * Counts per million: each count over the total of its subject, which takes sequencing depth out. One feature that takes a
 * large share lowers all others of that subject; `sizeFactors` withstands that. Acts on counts (see `countFeatures`), which
 * become ratios, and learns nothing but their names.
 */
export const cpm = harmonizer({
  kind: 'cpm',
  version: 1,
  learn(block, { per = 1e6, empty = 'missing' }: CpmOptions) {
    return { names: block.modality.features.map(({ name }) => name), chosen: countFeatures(block), per, empty };
  },
  transform(block, { per, ...plan }) {
    const feature = (of: Parameters<typeof rescaled>[0]) => rescaled(of, 'ratio', `per ${per}`);
    return rewritten(block, { where: 'cpm', feature, ...plan }, ({ counts, total }, out) => {
      if (!(total > 0)) return false;
      for (let k = 0; k < out.length; k++) out[k] = (counts[k] / total) * per;
      return true;
    });
  },
});
