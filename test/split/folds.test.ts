import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stratifiedFolds, stratifiedHoldout } from '../../src/split/folds.ts';

const labelled = fc
  .array(fc.integer({ min: 0, max: 3 }), { minLength: 12, maxLength: 120 })
  .map((labels) => Int32Array.from(labels));

describe('stratified folds', () => {
  it('spread every class within one subject, and differ in size by one at most', () => {
    fc.assert(
      fc.property(labelled, fc.integer({ min: 2, max: 6 }), fc.nat(), (labels, folds, seed) => {
        const fold = stratifiedFolds(labels, { folds, seed });
        const sizes = Array.from({ length: folds }, (_, f) => fold.filter((at) => at === f).length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        for (const label of new Set(labels)) {
          const counts = Array.from(
            { length: folds },
            (_, f) => labels.filter((own, i) => own === label && fold[i] === f).length,
          );
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('never part a group', () => {
    fc.assert(
      fc.property(labelled, fc.integer({ min: 2, max: 4 }), fc.nat(), (labels, folds, seed) => {
        const groups = Array.from(labels, (_, i) => `g${i % 7}`);
        const fold = stratifiedFolds(labels, { folds, seed, groups });
        for (let g = 0; g < 7; g++) expect(new Set(fold.filter((_, i) => i % 7 === g)).size).toBe(1);
        expect(new Set(fold).size).toBe(folds);
      }),
    );
  });

  it('refuse fewer subjects, or fewer groups, than folds', () => {
    expect(() => stratifiedFolds(Int32Array.of(0, 1, 0), { folds: 5, seed: 0 })).toThrow(
      'folds: fewer subjects than folds, expected at least 5 subjects, got 3',
    );
    const groups = ['a', 'a', 'b', 'b', 'b', 'a'];
    expect(() => stratifiedFolds(Int32Array.of(0, 1, 0, 1, 0, 1), { folds: 3, seed: 0, groups })).toThrow(
      'folds: fewer groups than folds, expected at least 3 groups, got 2',
    );
  });
});

describe('a stratified holdout', () => {
  it('tests the share asked for of every class, and leaves each class someone to train on', () => {
    fc.assert(
      fc.property(labelled, fc.double({ min: 0.1, max: 0.6, noNaN: true }), fc.nat(), (labels, testShare, seed) => {
        const tested = stratifiedHoldout(labels, { testShare, seed });
        for (const label of new Set(labels)) {
          const n = labels.filter((own) => own === label).length;
          const chosen = labels.filter((own, i) => own === label && tested[i]).length;
          expect(chosen).toBeLessThan(Math.max(n, 1));
          if (n >= 4) expect(Math.abs(chosen - n * testShare)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
