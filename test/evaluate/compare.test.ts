import { describe, expect, it } from 'vitest';
import { withOnly } from '../../src/describe/cohort.ts';
import { compareStrategies } from '../../src/evaluate/compare.ts';
import type { Strategy } from '../../src/evaluate/fold.ts';
import { modalitySubsets } from '../../src/evaluate/grid.ts';
import { planFolds } from '../../src/evaluate/protocol.ts';
import { early } from '../../src/fuse/early.ts';
import { late } from '../../src/fuse/late.ts';
import { bestSingle, single } from '../../src/fuse/single.ts';
import { scoreClasses } from '../../src/score/score.ts';
import { world } from '../contract/cohorts.ts';

const strategies = (modalities: readonly string[]): Strategy[] => [
  ...modalities.map(
    (modality): Strategy => ({ name: `single:${modality}`, role: 'single', fusion: single({ modality }) }),
  ),
  { name: 'single:best', role: 'best-single', fusion: bestSingle({ metric: 'auroc' }) },
  { name: 'early:logistic', role: 'fusion', fusion: early() },
  { name: 'late:mean', role: 'fusion', fusion: late() },
];
const all = ['assay1', 'assay2', 'clinical'];

describe('a comparison of strategies', () => {
  const data = world({ subjects: 90 });
  const compared = compareStrategies(data.x, data.target, strategies(all), {
    protocol: { kind: 'cross-validation', folds: 3, repeats: 2 },
    seed: 1,
  });

  it('averages the metric over folds and never pools scores', async () => {
    const { strategies: results, predictions } = await compared;
    for (const { name, metrics } of results) {
      const rows = predictions.filter(({ strategy }) => strategy === name);
      const values: number[] = [];
      for (const repeat of [1, 2]) {
        for (const fold of [1, 2, 3]) {
          const own = rows.filter((row) => row.repeat === repeat && row.fold === fold);
          const probability = {
            shape: [own.length, 2] as const,
            data: Float64Array.from(own.flatMap(({ probability = [] }) => [...probability])),
          };
          values.push(
            scoreClasses(
              probability,
              own.map(({ truth }) => data.target.classes.indexOf(truth)),
            ).auroc as number,
          );
        }
      }
      expect(metrics.auroc?.value).toBeCloseTo(values.reduce((a, b) => a + b) / 6, 12);
      expect(metrics.auroc?.folds).toBe(6);
    }
  });

  it('tests each subject once a repeat, by every strategy', async () => {
    const { predictions } = await compared;
    for (const repeat of [1, 2]) {
      const own = predictions
        .filter((row) => row.repeat === repeat && row.strategy === 'late:mean')
        .map(({ subject }) => subject);
      expect(own.sort()).toEqual([...data.x.subjects]);
    }
    expect(predictions).toHaveLength(90 * 2 * 6);
  });

  it('compares each fused strategy with the best single modality, and no single with itself', async () => {
    const { strategies: results } = await compared;
    for (const { role, paired, pairedWherePresent, pairedInHindsight } of results) {
      expect(paired?.against).toBe(role === 'fusion' ? 'single:best' : undefined);
      expect(pairedWherePresent?.n ?? 0).toBeLessThanOrEqual(paired?.n ?? 0);
      if (role === 'fusion') expect(pairedInHindsight?.against).toMatch(/^single:(assay1|assay2|clinical)$/);
    }
  });

  it('takes the paired difference as the difference of the metrics', async () => {
    const { strategies: results } = await compared;
    const value = (name: string) => results.find((result) => result.name === name)?.metrics.auroc?.value as number;
    const paired = results.find(({ name }) => name === 'late:mean')?.paired;
    expect(paired?.difference).toBeCloseTo(value('late:mean') - value('single:best'), 12);
  });

  it('adjusts p-values over the fused strategies only upwards', async () => {
    const { strategies: results } = await compared;
    for (const { paired } of results)
      if (paired) expect(paired.pHolm as number).toBeGreaterThanOrEqual(paired.p as number);
  });

  it('shows every subset of modalities on the same subjects, those who have all', async () => {
    const { strategies: results } = await compared;
    const complete = data.x.subjects.filter((_, i) => data.x.blocks.every(({ present }) => present[i])).length;
    for (const { missing } of results) {
      expect(missing.map(({ present }) => present.join('+')).sort()).toEqual(
        modalitySubsets(all)
          .map((set) => set.join('+'))
          .sort(),
      );
      expect(new Set(missing.map(({ n }) => n))).toEqual(new Set([complete]));
    }
  });

  it('leaves a single modality at the class shares in cells where it is masked: an AUROC of one half', async () => {
    const { strategies: results } = await compared;
    const assay1 = results.find(({ name }) => name === 'single:assay1');
    const without = assay1?.missing.find(({ present }) => present.join() === 'assay2,clinical');
    expect(without?.metrics.auroc?.value).toBe(0.5);
  });

  it('counts every test subject in one natural pattern', async () => {
    const { strategies: results } = await compared;
    for (const { natural } of results) expect(natural.reduce((sum, { n }) => sum + n, 0)).toBe(90);
  });

  it('names the folds in which a metric is undefined', async () => {
    const few = world({ subjects: 24, absent: 0.6 });
    const { strategies: results } = await compareStrategies(few.x, few.target, strategies(all), {
      protocol: { kind: 'cross-validation', folds: 4, repeats: 1 },
    });
    const cells = results.flatMap(({ natural }) => natural.flatMap(({ metrics }) => metrics.auroc ?? []));
    const lost = cells.flatMap(({ undefinedFolds }) => undefinedFolds);
    expect(lost.length).toBeGreaterThan(0);
    for (const fold of lost) expect(fold).toMatch(/^repeat 1 fold [1-4]$/);
    for (const { folds, undefinedFolds } of cells) expect(folds + undefinedFolds.length).toBe(4);
  });

  it('on a single split tests the AUROC by DeLong and the rest by paired bootstrap', async () => {
    const rows = Int32Array.from(data.x.subjects.keys());
    const split = { train: rows.filter((row) => row % 3 !== 0), test: rows.filter((row) => row % 3 === 0) };
    const { strategies: results } = await compareStrategies(data.x, data.target, strategies(all), {
      protocol: { kind: 'given', splits: [split] },
    });
    const late = results.find(({ name }) => name === 'late:mean');
    expect(late?.paired?.method).toBe('delong');
    expect(late?.pairedOther?.map(({ method }) => method)).toEqual([
      'paired-bootstrap',
      'paired-bootstrap',
      'paired-bootstrap',
    ]);
    expect(late?.n).toBe(30);
  });

  it('keeps the grid to modalities that test subjects have', async () => {
    const rows = Int32Array.from(data.x.subjects.keys());
    const split = { train: rows.filter((row) => row % 3 !== 0), test: rows.filter((row) => row % 3 === 0) };
    const x = {
      ...data.x,
      blocks: data.x.blocks.map((block) => (block.modality.name === 'assay2' ? without(block, split.test) : block)),
    };
    const { strategies: results } = await compareStrategies(x, data.target, strategies(all), {
      protocol: { kind: 'given', splits: [split] },
    });
    const late = results.find(({ name }) => name === 'late:mean');
    expect(late?.missing.map(({ present }) => present.join('+')).sort()).toEqual([
      'assay1',
      'assay1+clinical',
      'clinical',
    ]);
    expect(late?.metrics.auroc?.value).toBeGreaterThan(0.6);
  });
});

describe('a comparison', () => {
  const protocol = { kind: 'cross-validation', folds: 3, repeats: 1 } as const;

  it('of one modality finds nothing to fuse', async () => {
    const { x, target } = world({ features: [6], clinical: false });
    const { strategies: results, verdict } = await compareStrategies(x, target, strategies(['assay1']), { protocol });
    expect(results.some(({ paired }) => paired !== undefined)).toBe(false);
    expect(verdict.sentence).toBe(
      'There is nothing to fuse here: no strategy has more than one modality to work with.',
    );
  });

  it('claims no certainty where both do perfectly', async () => {
    const { x, target } = world({ signal: 50, clinical: false, absent: 0 });
    const { strategies: results, verdict } = await compareStrategies(x, target, strategies(['assay1', 'assay2']), {
      protocol,
    });
    const late = results.find(({ name }) => name === 'late:mean');
    expect(late?.metrics.auroc).toMatchObject({ value: 1, low: null, high: null });
    expect(late?.paired).toMatchObject({ difference: 0, low: null, high: null, p: null, finding: 'cannot-tell' });
    expect(verdict.finding).toBe('cannot-tell');
  });

  it('warns of test folds that lack a class', async () => {
    const { x, target } = world({ subjects: 60 });
    const labels = target.labels.map((label, i) => (i < 2 ? 2 : label));
    const three = { ...target, classes: ['a', 'b', 'rare'], labels };
    const { warnings } = await compareStrategies(x, three, strategies(all), { protocol });
    expect(warnings.find(({ code }) => code === 'few-events')?.message).toBe(
      '1 of 3 test folds lack a class, so that metrics averaged over classes measure different things there',
    );
  });
});

describe('a comparison refuses', () => {
  const { x, target } = world();
  const protocol = { kind: 'cross-validation', folds: 3, repeats: 1 } as const;
  const compare = (labels: Int32Array) => compareStrategies(x, { ...target, labels }, strategies(all), { protocol });

  it('labels that are not one a subject', async () => {
    await expect(compare(target.labels.slice(1))).rejects.toThrow(
      'target outcome: one label a subject, expected 60, got 59',
    );
  });

  it('a label that names no class', async () => {
    await expect(compare(target.labels.map((label, i) => (i === 7 ? 2 : label)))).rejects.toThrow(
      'target outcome: s0007: a label that names no class, expected 0 to 1, got 2',
    );
  });

  it('one class only', async () => {
    await expect(compare(new Int32Array(60))).rejects.toThrow(
      'target outcome: one class only, nothing to tell apart, expected at least two classes among the subjects, got class0',
    );
  });
});

function without(block: ReturnType<typeof world>['x']['blocks'][number], rows: Int32Array) {
  const empty = withOnly({ subjects: [], blocks: [block] }, []).blocks[0];
  const present = block.present.slice();
  const observed = block.observed.slice();
  const width = block.values.shape[1];
  for (const row of rows) {
    present[row] = 0;
    observed.fill(0, row * width, (row + 1) * width);
  }
  return { ...empty, values: block.values, observed, present };
}

describe('the folds of a protocol', () => {
  const { target } = world({ subjects: 60 });

  it('hold no subject in training and test at once, and inner folds hold training subjects only', () => {
    for (const { train, test, inner } of planFolds(
      target,
      { kind: 'cross-validation', folds: 5, repeats: 2 },
      { seed: 0, inner: 5 },
    )) {
      expect(train.length + test.length).toBe(60);
      expect([...train].filter((row) => test.includes(row))).toEqual([]);
      expect(inner).toHaveLength(train.length);
    }
  });

  it('keep groups on one side, in inner folds too', () => {
    const groups = Array.from({ length: 60 }, (_, i) => `family ${Math.floor(i / 4)}`);
    for (const protocol of [
      { kind: 'cross-validation', folds: 5, repeats: 2 },
      { kind: 'holdout', repeats: 3, testShare: 0.3 },
    ] as const) {
      for (const { train, test, inner } of planFolds(target, protocol, { seed: 0, inner: 3, groups })) {
        const tested = new Set([...test].map((row) => groups[row]));
        expect([...train].some((row) => tested.has(groups[row]))).toBe(false);
        const home = new Map<string, number>();
        train.forEach((row, i) => {
          expect(home.get(groups[row]) ?? inner[i]).toBe(inner[i]);
          home.set(groups[row], inner[i]);
        });
      }
    }
  });

  it('stand once where few groups leave few ways to part them: a copy is no evidence', async () => {
    const groups = Array.from({ length: 60 }, (_, i) => `site ${i % 3}`);
    const protocol = { kind: 'cross-validation', folds: 3, repeats: 5 } as const;
    expect(planFolds(target, protocol, { seed: 0, inner: 3, groups })).toHaveLength(3);
    const { x } = world({ subjects: 60 });
    const { warnings } = await compareStrategies(x, target, strategies(all), { protocol, groups, inner: 3 });
    expect(warnings.find(({ code }) => code === 'repeated-splits')?.message).toBe(
      '12 of 15 splits repeat others, since there are few ways to part these subjects or groups; each was run once',
    );
  });

  it('leave each group out once', () => {
    const groups = Array.from({ length: 60 }, (_, i) => `site ${i % 4}`);
    const plan = planFolds(target, { kind: 'leave-one-group-out' }, { seed: 0, inner: 3, groups });
    expect(plan.map(({ test }) => new Set([...test].map((row) => groups[row])))).toEqual(
      ['site 0', 'site 1', 'site 2', 'site 3'].map((name) => new Set([name])),
    );
    expect(plan.map(({ test, train }) => test.length + train.length)).toEqual([60, 60, 60, 60]);
    const none = () => planFolds(target, { kind: 'leave-one-group-out' }, { seed: 0, inner: 3 });
    expect(none).toThrow(
      'protocol: leave-one-group-out needs groups to leave out, expected at least two groups of subjects, got none',
    );
  });

  it('part a single training group by subjects inside, since nothing else is left to part', () => {
    const groups = Array.from({ length: 60 }, (_, i) => `site ${i % 2}`);
    const plan = planFolds(target, { kind: 'cross-validation', folds: 2, repeats: 1 }, { seed: 0, inner: 5, groups });
    for (const { inner } of plan) expect(new Set(inner).size).toBe(5);
  });

  it('refuse a given split that overlaps, is empty, names rows that are not there, or parts a group', () => {
    const plan = (train: number[], test: number[], groups?: string[]) => () =>
      planFolds(
        target,
        { kind: 'given', splits: [{ train: Int32Array.from(train), test: Int32Array.from(test) }] },
        { seed: 0, inner: 2, ...(groups && { groups }) },
      );
    expect(plan([0, 1, 2], [2, 3])).toThrow('split 1: a subject in training and in test, got row 2');
    expect(plan([0, 1], [])).toThrow('split 1: test: nobody, expected at least one subject');
    expect(plan([0, 1], [60])).toThrow('split 1: test: a row that is not there, expected 0 to 59, got 60');
    expect(plan([0, 0], [1])).toThrow('split 1: train: a subject twice');
    const groups = Array.from({ length: 60 }, (_, i) => `site ${i % 3}`);
    expect(plan([0, 1, 2], [3, 4], groups)).toThrow(
      'split 1: the split parts groups that were to be kept together, expected every group on one side (or a study without "groups"), got 2 on both sides: site 0, site 1',
    );
  });

  it('follow from the seed', () => {
    const plan = (seed: number) =>
      planFolds(target, { kind: 'cross-validation', folds: 5, repeats: 1 }, { seed, inner: 5 });
    expect(plan(1)).toEqual(plan(1));
    expect(plan(1)[0].test).not.toEqual(plan(2)[0].test);
  });
});
