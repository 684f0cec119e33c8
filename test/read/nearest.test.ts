import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance, nearestNames } from '../../src/read/table/nearest.ts';

describe('nearestNames', () => {
  test('gives the names that need the fewest changes, nearest first', () => {
    expect(nearestNames('patientid', ['glucose', 'patient_id', 'patients', 'patientID'])).toEqual([
      'patientID',
      'patient_id',
      'patients',
    ]);
  });

  test('keeps the order of names that are equally near, and gives no more than asked for', () => {
    expect(nearestNames('rna', ['dna', 'mna', 'rna2', 'protein'], 2)).toEqual(['dna', 'mna']);
  });
});

describe('editDistance', () => {
  test.each([
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
    ['flaw', 'lawn', 2],
    ['same', 'same', 0],
  ])('of "%s" and "%s" is %i', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
  });

  test('is symmetric and obeys the triangle inequality', () => {
    const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });
});
