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

  it('leave no fold empty, though every group holds one class', () => {
    const labels = Int32Array.from({ length: 60 }, (_, i) => (i < 30 ? 0 : 1));
    const groups = Array.from(labels, (_, i) => `site ${Math.floor(i / 10)}`);
    for (let seed = 0; seed < 20; seed++) {
      const sizes = Array.from(
        { length: 5 },
        (_, f) => stratifiedFolds(labels, { folds: 5, seed, groups }).filter((at) => at === f).length,
      );
      expect(Math.min(...sizes)).toBeGreaterThan(0);
    }
  });

  it('differ between seeds, though groups differ in size', () => {
    const groups = Array.from({ length: 215 }, (_, i) => `site ${Math.floor(Math.sqrt(2 * i))}`);
    const labels = Int32Array.from(groups, (_, i) => i % 2);
    const partitions = new Set<string>();
    for (let seed = 0; seed < 20; seed++) partitions.add(stratifiedFolds(labels, { folds: 5, seed, groups }).join(''));
    expect(partitions.size).toBeGreaterThan(15);
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

describe('a grouped holdout', () => {
  const groups = Array.from({ length: 120 }, (_, i) => `family ${Math.floor(i / 2)}`);
  const labels = Int32Array.from(groups, (_, i) => Math.floor(i / 2) % 2);

  it('tests about the share asked for, whole groups only, every family about as often as others', () => {
    const times = new Int32Array(60);
    for (let seed = 0; seed < 100; seed++) {
      const tested = stratifiedHoldout(labels, { testShare: 0.3, seed, groups });
      expect(Math.abs(tested.reduce((a, b) => a + b, 0) / 120 - 0.3)).toBeLessThan(0.05);
      for (let family = 0; family < 60; family++) {
        expect(tested[2 * family]).toBe(tested[2 * family + 1]);
        times[family] += tested[2 * family];
      }
    }
    expect(Math.min(...times)).toBeGreaterThan(10);
    expect(Math.max(...times)).toBeLessThan(55);
  });

  it('leaves somebody to train on', () => {
    const two = Array.from(labels, (_, i) => (i < 20 ? 'small' : 'large'));
    for (let seed = 0; seed < 10; seed++) {
      const tested = stratifiedHoldout(labels, { testShare: 0.9, seed, groups: two });
      expect(new Set(tested)).toEqual(new Set([0, 1]));
    }
  });
});
