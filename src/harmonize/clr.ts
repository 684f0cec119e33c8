import type { Block } from '../describe/cohort.ts';
import { countFeatures, type EmptyOptions, eachSubject, rescaled, rewritten } from './counts.ts';
import { harmonizer } from './harmonizer.ts';

export interface ClrOptions extends EmptyOptions {
  /** A zero stands for this part of the smallest share that the feature has in a training subject who has any. */
  readonly zero?: number;
}

/**
 * The centred log-ratio of each subject: ln of each part less the mean ln of all its parts (Aitchison 1986). Only ratios
 * between features remain, so depth and any other common factor are gone; each subject adds up to 0, and a change of one
 * feature shows a little in all others.
 *
 * A zero has no logarithm. It is taken for a share below what could be seen: 0.65 of the smallest positive training share
 * of its feature (simple replacement; Martín-Fernández et al. 2003, Mathematical Geology 35:253), or of all features where
 * training has none. A share, not a count, so that zeros too say the same at any depth.
 *
 * Acts on counts (see `countFeatures`) and, where the modality is compositional, of the ratio scale; they become intervals.
 */
export const clr = harmonizer({
  kind: 'clr',
  version: 1,
  learn(block, { zero = 0.65, empty = 'missing' }: ClrOptions) {
    const chosen = partsOf(block);
    const smallest = new Float64Array(chosen.length).fill(Number.POSITIVE_INFINITY); // [chosen]
    eachSubject(block, chosen, 'clr', ({ counts, observed, total }) => {
      for (let k = 0; k < chosen.length; k++) {
        if (observed[k] && counts[k] > 0) smallest[k] = Math.min(smallest[k], counts[k] / total);
      }
    });
    const least = smallest.reduce((a, b) => Math.min(a, b), 1);
    return {
      names: block.modality.features.map(({ name }) => name),
      chosen,
      empty,
      replacement: smallest.map((share) => zero * Math.min(1, share === Number.POSITIVE_INFINITY ? least : share)),
    };
  },
  transform(block, { replacement, ...plan }) {
    const feature = (of: Parameters<typeof rescaled>[0]) => rescaled(of, 'interval');
    return rewritten(block, { where: 'clr', feature, ...plan }, ({ counts, observed, total }, out) => {
      if (!(total > 0)) return false;
      let sum = 0;
      let n = 0;
      for (let k = 0; k < out.length; k++) {
        out[k] = Math.log(counts[k] > 0 ? counts[k] / total : replacement[k]);
        if (!observed[k]) continue;
        sum += out[k];
        n++;
      }
      for (let k = 0; k < out.length; k++) out[k] -= sum / n;
      return true;
    });
  },
});

/** Counts and, of a composition, ratios. */
export function partsOf(block: Pick<Block, 'modality'>): number[] {
  const { features, constraint } = block.modality;
  if (constraint !== 'compositional') return countFeatures(block);
  return features.flatMap(({ scale }, j) => (scale === 'count' || scale === 'ratio' ? [j] : []));
}
