import { describe, expect, it } from 'vitest';
import type { ClassTarget, Target } from '../../src/describe/target.ts';
import { readsTarget } from '../../src/harmonize/prepare.ts';
import { univariateSelection } from '../../src/harmonize/univariate-selection.ts';
import { oneWayAnova } from '../../src/harmonize/univariate-tests.ts';
import { world } from '../contract/cohorts.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';
import { blockOf, flatBlock } from './small-blocks.ts';

const reference = fixture<{
  shape: [number, number];
  x: number[];
  labels: number[];
  anova: { f: number[]; p: number[] };
  t: { t: number[]; p: number[] };
}>('harmonizing');
const labels = Int32Array.from(reference.labels);
const target = (own: Int32Array, classes: number): ClassTarget => ({
  kind: 'classes',
  name: 'outcome',
  classes: Array.from({ length: classes }, (_, k) => `c${k}`),
  labels: own,
});

describe('the one-way analysis of variance', () => {
  it('agrees with scikit-learn, to 1e-6', () => {
    const shift = [1, 0, 0.3, 0.1];
    const x = reference.x.map((value, at) => value + labels[at >> 2] * shift[at & 3]);
    const block = flatBlock('interval', reference.shape, x);
    for (let j = 0; j < 4; j++) {
      const { f, p } = oneWayAnova(block, j, labels, 3);
      expectClose(f, reference.anova.f[j], 1e-6, `F of ${j}`);
      expectClose(p, reference.anova.p[j], 1e-6, `p of ${j}`);
    }
  });

  it('of two classes is the t test of equal variances, by SciPy', () => {
    const block = flatBlock('interval', reference.shape, reference.x);
    const two = labels.map((label) => (label > 0 ? 1 : 0));
    for (let j = 0; j < 4; j++) {
      const { f, p } = oneWayAnova(block, j, two, 2);
      expectClose(f, reference.t.t[j] ** 2, 1e-6, `F of ${j}`);
      expectClose(p, reference.t.p[j], 1e-6, `p of ${j}`);
    }
  });
});

describe('univariateSelection', () => {
  const given = blockOf('interval', [
    [1, 0, 5, 9],
    [2, 0, 5, null],
    [1, 1, 5, 8],
    [9, 1, 5, 1],
    [8, 0, 5, 2],
    [9, 1, 5, null],
  ]);
  const halves = target(Int32Array.of(0, 0, 0, 1, 1, 1), 2);

  it('keeps the features that tell the classes apart, in their order, over measured values', async () => {
    const fitted = await univariateSelection({ most: 2 }).fit(given, halves, { seed: 0 });
    const out = await fitted.apply(given);
    expect(out.modality.features.map(({ name }) => name)).toEqual(['f0', 'f3']);
    expect([...out.observed]).toEqual([1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0]);
  });

  it('drops what cannot be tested: constants', async () => {
    const fitted = await univariateSelection().fit(given, halves, { seed: 0 });
    expect((await fitted.apply(given)).modality.features.map(({ name }) => name)).toEqual(['f0', 'f1', 'f3']);
  });

  it('does the same after saving and opening, and learns other features from other labels', async () => {
    const { x, target: outcome } = world({ classes: 3, absent: 0.2 });
    const [, block] = x.blocks;
    const fitted = await univariateSelection({ most: 3 }).fit(block, outcome, { seed: 0 });
    const opened = univariateSelection.open(structuredClone(fitted.save()));
    expect(await opened.apply(block)).toEqual(await fitted.apply(block));
    const turned = { ...outcome, labels: Int32Array.from(outcome.labels, (_, i) => (i * 7) % 3 && (i >> 2) % 3) };
    const other = await univariateSelection({ most: 3 }).fit(block, turned, { seed: 0 });
    expect(other.save().state.kept).not.toEqual(fitted.save().state.kept);
  });

  it('refuses to work without classes', async () => {
    await expect(univariateSelection().fit(given, undefined, { seed: 0 })).rejects.toThrow(
      'univariateSelection: target, expected one of the subjects, got none',
    );
  });

  it('is known as a step that reads the target, so that fusions fit it anew in inner folds', () => {
    expect(readsTarget([{ kind: 'impute' }, { kind: 'univariate-selection' }])).toBe(true);
    expect(readsTarget([{ kind: 'impute' }])).toBe(false);
    expect(readsTarget(undefined)).toBe(false);
  });

  it('keeps what goes with a value, or with the time of an event', async () => {
    const { x, target } = world({ subjects: 120, features: [40], clinical: false, absent: 0, signal: 0 });
    const block = x.blocks[0];
    const column = (j: number) => Float64Array.from(target.labels, (_, i) => block.values.data[i * 40 + j]);
    const values = column(7).map((a, i) => a - 0.5 * column(21)[i]);
    const kept = async (of: Target) =>
      (await (await univariateSelection({ most: 2 }).fit(block, of, { seed: 0 })).apply(block)).modality.features.map(
        ({ name }) => name,
      );
    expect(await kept({ kind: 'value', name: 'v', values })).toEqual(['f7', 'f21']);
    const timeDays = values.map((value) => Math.exp(4 - value));
    const event = Uint8Array.from(values, (_, i) => (i % 4 ? 1 : 0));
    expect(await kept({ kind: 'survival', name: 's', timeDays, event })).toEqual(['f7', 'f21']);
  });
});
