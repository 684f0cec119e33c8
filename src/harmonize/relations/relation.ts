/** How much two modalities say of each other, before and after, held against no relation. */
import { random } from '../../array/random.ts';
import type { Distortion } from './distortion-report.ts';
import {
  equalCount,
  equalWidth,
  jointShares,
  mutualInformation,
  type Pairs,
  totalVariation,
} from './joint-histogram.ts';
import { againstNull } from './permutation-null.ts';

export interface Draw {
  readonly bins: number;
  readonly permutations: number;
  readonly seed: number;
}

/** Draws that the copula of no relation is the mean of: it varies little from one to the next. */
const copulaDraws = 8;

/** @param lengths voxels of each scan, one scan after another in the pairs */
export function relationOf(
  before: Pairs,
  after: Pairs,
  lengths: readonly number[],
  { bins, permutations, seed }: Draw,
): Pick<Distortion, 'mutualInformation' | 'copulaDistance'> {
  const n = before.first.length;
  const [a, b, c, d] = [before.first, before.second, after.first, after.second].map((values) =>
    equalWidth(values, bins),
  );
  const copulaBins = Math.min(16, bins);
  const ranks = [before.first, before.second, after.first, after.second].map((one) => equalCount(one, copulaBins));
  const copulas = [jointShares(ranks[0], ranks[1], copulaBins), jointShares(ranks[2], ranks[3], copulaBins)];
  const told = mutualInformation(jointShares(c, d, bins), bins, n);
  const nulls = new Float64Array(permutations);
  const draw = random(seed);
  let lost = 0;
  for (let round = 0; round < permutations; round++) {
    const by = lengths.map((length) => Math.floor(length * (0.1 + 0.8 * draw.uniform())));
    nulls[round] = mutualInformation(jointShares(c, shifted(d, lengths, by), bins), bins, n);
    if (round < copulaDraws) {
      const apart = jointShares(ranks[0], shifted(ranks[1], lengths, by), copulaBins);
      lost += totalVariation(copulas[0], apart) / Math.min(copulaDraws, permutations);
    }
  }
  return {
    mutualInformation: {
      before: mutualInformation(jointShares(a, b, bins), bins, n),
      after: told,
      ...againstNull(told, nulls),
    },
    copulaDistance: lost > 0 ? totalVariation(copulas[0], copulas[1]) / lost : 0,
  };
}

/** Each scan's part turned round by its own distance. */
function shifted(of: Uint16Array, lengths: readonly number[], by: readonly number[]): Uint16Array {
  const out = new Uint16Array(of.length);
  let start = 0;
  lengths.forEach((length, s) => {
    const part = of.subarray(start, start + length);
    out.set(part.subarray(by[s]), start);
    out.set(part.subarray(0, by[s]), start + length - by[s]);
    start += length;
  });
  return out;
}
