import type { Block } from '../describe/cohort.ts';
import { InputError } from '../errors.ts';
import { countFeatures, type EmptyOptions, eachSubject, rescaled, rewritten } from './counts.ts';
import { harmonizer } from './harmonizer.ts';

export interface SizeFactorsOptions extends EmptyOptions {
  /** What the counts of the reference subject are made to add up to. */
  readonly per?: number;
  /** A feature takes part in the reference if at least this share of the training subjects have a positive count of it. */
  readonly positiveIn?: number;
}

/**
 * Divides each subject's counts by its size factor: the median, over features, of the ratio to a reference subject, the
 * geometric mean of the training subjects (Anders and Huber 2010, Genome Biology 11:R106, equation 5). A few features that
 * soar or vanish do not move a median, which totals do not withstand. The reference is scaled to add up to `per`, so that
 * nobody's depth enters the result: size factors of the paper are these times one number common to all.
 *
 * Only positive counts of a subject are compared. One with none in any feature of the reference has no size factor: see
 * `empty`. Acts on counts (see `countFeatures`), which become ratios.
 *
 * @throws InputError where no feature is positive in enough training subjects.
 */
export const sizeFactors = harmonizer({
  kind: 'size-factors',
  version: 1,
  learn(block, { per = 1e6, positiveIn = 1, empty = 'missing' }: SizeFactorsOptions) {
    const chosen = countFeatures(block);
    const logReference = logGeometricMeans(block, chosen, positiveIn);
    let sum = 0;
    for (const log of logReference) sum += Math.exp(log);
    if (chosen.length > 0 && sum === 0) {
      throw new InputError({
        where: `sizeFactors: ${block.modality.name}`,
        what: 'every feature has a training subject without a positive count',
        expected: 'a lower positiveIn, or the steps cpm or clr',
      });
    }
    return {
      names: block.modality.features.map(({ name }) => name),
      chosen,
      empty,
      per,
      logReference: logReference.map((log) => log + Math.log(per / sum)),
    };
  },
  transform(block, { logReference, per, ...plan }) {
    const feature = (of: Parameters<typeof rescaled>[0]) => rescaled(of, 'ratio', `per ${per} of the reference`);
    return rewritten(block, { where: 'sizeFactors', feature, ...plan }, ({ counts, observed }, out) => {
      const factor = sizeFactor(counts, observed, logReference);
      if (factor === undefined) return false;
      for (let k = 0; k < out.length; k++) out[k] = counts[k] / factor;
      return true;
    });
  },
});

/** ln of the geometric mean of the positive counts of each feature; -Infinity where too few subjects have one. */
export function logGeometricMeans(block: Block, chosen: readonly number[], positiveIn = 1): Float64Array {
  const sums = new Float64Array(chosen.length); // [chosen]
  const positive = new Float64Array(chosen.length); // [chosen]
  const measured = new Float64Array(chosen.length); // [chosen]
  eachSubject(block, chosen, 'sizeFactors', ({ counts, observed }) => {
    for (let k = 0; k < chosen.length; k++) {
      if (!observed[k]) continue;
      measured[k]++;
      if (counts[k] === 0) continue;
      positive[k]++;
      sums[k] += Math.log(counts[k]);
    }
  });
  return sums.map((sum, k) =>
    positive[k] > 0 && positive[k] >= positiveIn * measured[k] ? sum / positive[k] : Number.NEGATIVE_INFINITY,
  );
}

/** The median ratio of a subject's positive counts to the reference; undefined where there is none. */
export function sizeFactor(counts: Float64Array, observed: Uint8Array, logReference: Float64Array): number | undefined {
  const ratios = new Float64Array(counts.length);
  let n = 0;
  for (let k = 0; k < counts.length; k++) {
    if (observed[k] && counts[k] > 0 && logReference[k] > Number.NEGATIVE_INFINITY) {
      ratios[n++] = Math.log(counts[k]) - logReference[k];
    }
  }
  if (n === 0) return undefined;
  const sorted = ratios.subarray(0, n).sort();
  return Math.exp((sorted[(n - 1) >> 1] + sorted[n >> 1]) / 2);
}
