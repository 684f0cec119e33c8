import type { Block } from '../describe/cohort.ts';
import { checkFeatures, observedValues, takeFeatures } from './features.ts';
import { harmonizer } from './harmonizer.ts';
import { isSpread, meanAndSd } from './z-score-map.ts';

export interface VarianceFilterOptions {
  /** Features whose variance among measured training values is not above this are dropped. */
  readonly above?: number;
  /** Keep at most this many features, those of largest variance (meaningful within one unit only). */
  readonly most?: number;
}

/** Drops features that say the same, or nearly the same, of everyone. Looks at no target. */
export const varianceFilter = harmonizer({
  kind: 'variance-filter',
  version: 1,
  learn(block, { above = 0, most }: VarianceFilterOptions) {
    const { features } = block.modality;
    const variances = features.map((_, j) => {
      const { mean, sd } = meanAndSd(observedValues(block, j));
      return isSpread({ mean, sd }) ? sd ** 2 : 0;
    });
    let kept = features.map((_, j) => j).filter((j) => variances[j] > above);
    if (most !== undefined && kept.length > most) {
      kept = kept
        .sort((a, b) => variances[b] - variances[a] || a - b)
        .slice(0, most)
        .sort((a, b) => a - b);
    }
    return { names: features.map((feature) => feature.name), kept };
  },
  transform(block, { names, kept }): Block {
    checkFeatures(block, names, 'varianceFilter');
    if (kept.length === names.length) return block;
    return takeFeatures(block, kept);
  },
});
