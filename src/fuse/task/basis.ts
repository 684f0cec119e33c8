import type { Matrix } from '../../array/matrix.ts';
import type { Cohort } from '../../describe/cohort.ts';
import { InputError } from '../../errors.ts';
import { type PredictionBasis, presence } from '../prediction.ts';
import type { Heard, Said } from './task.ts';

/** What every prediction tells beside itself, and the opinions with the prior where there is none: [subjects, width]. */
export function basisOf(
  x: Cohort,
  { modalities, opinions, filled }: Said,
  prior: Float64Array,
): { readonly basis: Omit<PredictionBasis, 'uncertainty'>; readonly opinions: Float64Array } {
  const n = x.subjects.length;
  const width = prior.length;
  const present = presence(x, modalities);
  const out = opinions.data.slice();
  const fromPrior = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    if (present.subarray(i * modalities.length, (i + 1) * modalities.length).includes(1)) continue;
    fromPrior[i] = 1;
    out.set(prior, i * width);
  }
  const basis = { subjects: x.subjects, modalities, present, fromPrior, filled: filled ?? new Float64Array(n) };
  return { basis, opinions: out };
}

/** The modalities that each of so many subjects has, spelled: [subjects]. */
export function patternsIn(subjects: number, present: Uint8Array, modalities: readonly string[]): string[] {
  return Array.from({ length: subjects }, (_, i) =>
    JSON.stringify(modalities.filter((_name, m) => present[i * modalities.length + m] === 1)),
  );
}

/** What was heard of training subjects whom at least one of the modalities tells of. */
export function heardOf(x: Cohort, modalities: readonly string[], outOfFold: Matrix<Float64Array>): Heard {
  const present = presence(x, modalities);
  const many = modalities.length;
  const rows = Int32Array.from(x.subjects.keys()).filter((i) => present.subarray(i * many, (i + 1) * many).includes(1));
  const all = patternsIn(x.subjects.length, present, modalities);
  return { outOfFold, rows, patterns: Array.from(rows, (row) => all[row]) };
}

/** Shannon entropy over its largest value: 0 certain, 1 no idea. */
export function normalizedEntropy(probability: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < probability.length; k++) if (probability[k] > 0) sum -= probability[k] * Math.log(probability[k]);
  return sum / Math.log(probability.length);
}

/** Probabilities of classes can be told anew, nothing else. */
export function onlyForClasses(kind: string): InputError {
  const what = `means nothing to a target of kind ${kind}`;
  return new InputError({ where: 'recalibrate', what, expected: 'a target of classes with it' });
}
