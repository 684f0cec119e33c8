import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { decisionDrivers, disagreement } from '../../src/evaluate/disagreement.ts';

const two = (...events: number[]) => matrix(events.length, 2, Float64Array.from(events.flatMap((p) => [1 - p, p])));

const decisions = {
  names: ['rna', 'mri', 'age'],
  experts: [two(0.9, 0.9, 0.9, 0.4, 0.9, 0.5), two(0.8, 0.1, 0.3, 0.6, 0.05, 0.5), two(0.7, 0.7, 0.2, 0.6, 0.5, 0.5)],
  present: Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0),
  fused: two(0.8, 0.7, 0.6, 0.6, 0.4, 0.5),
  labels: Int32Array.of(1, 0, 1, 1, 0, 1),
};

describe('disagreement', () => {
  const found = disagreement(decisions);

  test('is the share of experts heard who name another class than the fused decision', () => {
    expect([...found.heard]).toEqual([3, 3, 2, 2, 2, 0]);
    expect([...found.dissent]).toEqual([0, 1 / 3, 1 / 2, 0, 1 / 2, 0]);
  });

  test('tells how often the fused decision is right where experts agree and where they do not', () => {
    expect(found.unanimous).toMatchObject({ n: 2, correct: 2, accuracy: { estimate: 1, high: 1 } });
    expect(found.divided).toMatchObject({ n: 3, correct: 2 });
    expect(found.divided.accuracy?.estimate).toBeCloseTo(2 / 3, 12);
  });

  test('lists subjects on whom two experts are sure and at odds, and who was right', () => {
    const [first, second] = found.contradictions;
    expect(first).toEqual({ pair: ['rna', 'mri'], n: 4, differ: 3, rows: [1, 4], right: [0, 2, 0] });
    expect(second).toEqual({ pair: ['rna', 'age'], n: 2, differ: 0, rows: [], right: [0, 0, 0] });
    expect(disagreement(decisions, { sure: 0.6 }).contradictions[0].rows).toEqual([1, 2, 4]);
  });

  test('of three classes may leave both experts wrong', () => {
    const three = (...rows: number[]) => matrix(rows.length / 3, 3, Float64Array.from(rows));
    const [pair] = disagreement({
      names: ['a', 'b'],
      experts: [three(0.9, 0.1, 0), three(0, 0.9, 0.1)],
      present: Uint8Array.of(1, 1),
      fused: three(0.5, 0.4, 0.1),
      labels: Int32Array.of(2),
    }).contradictions;
    expect(pair.right).toEqual([0, 0, 1]);
  });

  test('counts people, not rows, in the intervals where subjects are repeated', () => {
    const thrice = {
      ...decisions,
      experts: decisions.experts.map(({ data }) => matrix(18, 2, Float64Array.from([...data, ...data, ...data]))),
      present: Uint8Array.from([...decisions.present, ...decisions.present, ...decisions.present]),
      fused: matrix(18, 2, Float64Array.from([1, 2, 3].flatMap(() => [...decisions.fused.data]))),
      labels: Int32Array.from([...decisions.labels, ...decisions.labels, ...decisions.labels]),
    };
    const { divided } = disagreement(thrice, { repeats: 3 });
    expect(divided).toMatchObject({ n: 9, correct: 6 });
    expect(divided.accuracy?.low).toBeCloseTo(found.divided.accuracy?.low as number, 12);
    expect(disagreement(thrice).divided.accuracy?.low).toBeGreaterThan(found.divided.accuracy?.low as number);
  });

  test('is none, without accuracy, where nobody is heard', () => {
    const nobody = disagreement({ ...decisions, present: new Uint8Array(18) });
    expect([...nobody.dissent]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(nobody.divided).toEqual({ n: 0, correct: 0, accuracy: null });
    expect(nobody.unanimous).toEqual({ n: 0, correct: 0, accuracy: null });
  });
});

describe('who drove the decisions', () => {
  test('is the modality that moved the class decided for most, up or down', () => {
    const fused = two(0.9, 0.3, 0.5);
    const contributions = Float64Array.of(
      ...[-0.3, 0.3, -0.1, 0.1], // the first modality, for
      ...[-0.2, 0.2, 0.15, -0.15], // class 0 decided: the first, against it
      ...[0, 0, 0, 0],
    );
    const found = decisionDrivers(['a', 'b'], contributions, fused);
    expect(found.modalities).toEqual([
      { modality: 'a', decisions: 2, against: 1 },
      { modality: 'b', decisions: 0, against: 0 },
    ]);
    expect([...found.driver]).toEqual([0, 0, -1]);
    expect(found.undriven).toBe(1);
  });

  test('accounts for every decision once', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 60 }), (raw) => {
        const n = Math.floor(raw.length / 6);
        const contributions = Float64Array.from(raw.slice(0, n * 6));
        const fused = two(...raw.slice(0, n).map((value) => (value + 1) / 2));
        const { modalities, undriven, driver } = decisionDrivers(['a', 'b', 'c'], contributions, fused);
        expect(modalities.reduce((sum, { decisions: d }) => sum + d, undriven)).toBe(n);
        expect(driver).toHaveLength(n);
        for (const one of modalities) expect(one.against).toBeLessThanOrEqual(one.decisions);
      }),
    );
  });
});
