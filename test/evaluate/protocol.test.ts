import { describe, expect, it } from 'vitest';
import { random } from '../../src/array/random.ts';
import type { ValueTarget } from '../../src/describe/target.ts';
import { planFolds } from '../../src/evaluate/protocol.ts';

const generator = random(3);
const target: ValueTarget = {
  kind: 'value',
  name: 'v',
  values: Float64Array.from({ length: 60 }, () => generator.normal()),
};
const rows = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i);

describe('given splits', () => {
  it('whose test subjects differ make up one repeat; one that overlaps stands in a later one', () => {
    const split = (from: number, to: number) => ({
      train: rows(0, 60).filter((r) => r < from || r >= to),
      test: rows(from, to),
    });
    const splits = [split(0, 20), split(20, 40), split(10, 30), split(40, 60)];
    const folds = planFolds(target, { kind: 'given', splits }, { seed: 1, inner: 5 });
    expect(folds.map(({ repeat, fold }) => [repeat, fold])).toEqual([
      [1, 1],
      [1, 2],
      [2, 3],
      [1, 4],
    ]);
  });

  it('have inner folds that do not change with the values of test subjects', () => {
    const protocol = { kind: 'given', splits: [{ train: rows(0, 40), test: rows(40, 60) }] } as const;
    const poisoned = { ...target, values: target.values.map((value, i) => (i < 40 ? value : 1000 - value)) };
    const [one] = planFolds(target, protocol, { seed: 1, inner: 5 });
    const [other] = planFolds(poisoned, protocol, { seed: 1, inner: 5 });
    expect([...other.inner]).toEqual([...one.inner]);
  });
});
