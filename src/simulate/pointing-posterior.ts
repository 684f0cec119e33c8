/**
 * What the measurements of `simulatePointing` say about the class.
 *
 * Activity z_k given its reading is normal, above 0 with chance p_k = Φ(reading / (s √(1 + s²))), s the reading's noise.
 * Given the signs, class 1 names each of its M positive tokens with chance 1 / M, so that
 *
 *     P(class 1 | measurements) ∝ Σ_k w_k p_k E[1 / M | z_k > 0, not all positive]
 *
 * with w_k the likelihood of the pointer if k is named; likewise for class 0 and the negative ones. M − 1 is the number of
 * positive tokens among the others: Poisson binomial, by recursion.
 */
import { normalLower, normalUpper } from '../array/distributions.ts';
import type { Matrix } from '../array/matrix.ts';

/** The token named, or a noisy code of it that is higher by `strength` there. */
export type Naming =
  | { readonly named: Int32Array } // [subjects]
  | { readonly code: Matrix; readonly strength: number }; // [subjects, tokens]

/** Likelihoods below this share of the greatest are left out. */
const negligible = 1e-14;

/** ln P(class 1 | measurements) − ln P(class 0 | measurements) of each subject; `noise` is that of a reading. [subjects] */
export function pointingLogOdds(naming: Naming, readings: Matrix, noise: number): Float64Array {
  const [subjects, tokens] = readings.shape;
  const scale = noise * Math.sqrt(1 + noise * noise);
  const above = new Float64Array(tokens);
  const below = new Float64Array(tokens);
  return Float64Array.from({ length: subjects }, (_, i) => {
    for (let k = 0; k < tokens; k++) {
      const reading = readings.data[i * tokens + k];
      above[k] = noise > 0 ? normalLower(reading / scale) : reading > 0 ? 1 : 0;
      below[k] = noise > 0 ? normalUpper(reading / scale) : 1 - above[k];
    }
    return namedLogOdds(likelihoods(naming, i, tokens), above, below);
  });
}

/**
 * ln P(class 1) − ln P(class 0) of one subject.
 *
 * @param weights w_k, likelihoods of what points at a token, but for a common factor [tokens]
 * @param above p_k, the chance that a token's activity is above 0, and `below` that it is not [tokens]
 */
export function namedLogOdds(weights: Float64Array, above: Float64Array, below: Float64Array): number {
  const tokens = weights.length;
  let class1 = 0;
  let class0 = 0;
  for (let k = 0; k < tokens; k++) {
    if (weights[k] < negligible) continue;
    const chances = positiveOthers(above, below, k);
    for (let m = 0; m < tokens - 1; m++) {
      class1 += (weights[k] * above[k] * chances[m]) / (m + 1);
      class0 += (weights[k] * below[k] * chances[tokens - 1 - m]) / (m + 1);
    }
  }
  return Math.log(Math.max(class1, Number.MIN_VALUE)) - Math.log(Math.max(class0, Number.MIN_VALUE));
}

/** Of the pointer of subject i by the token named, over the greatest. [tokens] */
function likelihoods(naming: Naming, i: number, tokens: number): Float64Array {
  if ('named' in naming) return new Float64Array(tokens).fill(1, naming.named[i], naming.named[i] + 1);
  const logs = Float64Array.from({ length: tokens }, (_, k) => naming.strength * naming.code.data[i * tokens + k]);
  const greatest = logs.reduce((a, b) => Math.max(a, b));
  return logs.map((log) => Math.exp(log - greatest));
}

/** Chance of each number of positive tokens among all but one. [tokens] */
function positiveOthers(above: Float64Array, below: Float64Array, but: number): Float64Array {
  const chances = new Float64Array(above.length);
  chances[0] = 1;
  for (let k = 0, seen = 0; k < above.length; k++) {
    if (k === but) continue;
    seen++;
    for (let m = seen; m > 0; m--) chances[m] = chances[m] * below[k] + chances[m - 1] * above[k];
    chances[0] *= below[k];
  }
  return chances;
}
