import { permutation, type Random } from '../array/random.ts';

/** `s001`, `s002`, ...: ids that sort as they count. */
export function subjectIds(subjects: number): string[] {
  const digits = String(subjects).length;
  return Array.from({ length: subjects }, (_, i) => `s${String(i + 1).padStart(digits, '0')}`);
}

/** Class 0 for half of the subjects (the larger half of an odd number), class 1 for the others, in a random order. */
export function balancedLabels(subjects: number, generator: Random): Int32Array {
  return Int32Array.from(permutation(subjects, generator), (place) => (place < subjects / 2 ? 0 : 1));
}
