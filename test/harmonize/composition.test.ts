/** How deeply a subject was counted must not move what is said of it, through the whole preparation and the model after it. */
import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { random } from '../../src/array/random.ts';
import { type Block, cohort } from '../../src/describe/cohort.ts';
import type { ClassTarget } from '../../src/describe/target.ts';
import { opinionIn } from '../../src/fuse/prediction.ts';
import { single } from '../../src/fuse/single.ts';
import { pearsonResiduals } from '../../src/harmonize/pearson-residuals.ts';
import type { Step } from '../../src/harmonize/prepare.ts';
import { negativeBinomial } from './negative-binomial.ts';
import { blockOf, rowsOf } from './small-blocks.ts';

const subjects = 48;
const labels = Int32Array.from({ length: subjects }, (_, i) => i % 2);
const target: ClassTarget = { kind: 'classes', name: 'ill', classes: ['no', 'yes'], labels };

/** Counts of unequal depth in which class 1 has more of two features; some cells are missing, some are 0. */
function counted(holes = 0.1): Block {
  const draw = random(4);
  return blockOf(
    'count',
    Array.from(labels, (label) => {
      const depth = 4 * Math.exp(draw.normal());
      return Array.from({ length: 9 }, (_, j) => {
        const count = negativeBinomial(depth * (j + 1) * (j % 4 === 1 && label ? 1.7 : 1), 0.1, draw);
        return j > 5 && draw.uniform() < holes ? null : j < 4 ? count + 1 : count;
      });
    }),
  );
}

function deeper(block: Block, row: number, factor: number): Block {
  const columns = block.values.shape[1];
  const data = block.values.data.map((value, at) => (Math.floor(at / columns) === row ? value * factor : value));
  return { ...block, values: matrix(subjects, columns, data) };
}

const closed: Record<string, readonly Step[]> = {
  cpm: [{ kind: 'cpm' }, { kind: 'log1p' }, { kind: 'impute' }, { kind: 'variance-filter' }, { kind: 'standardize' }],
  'size-factors': [
    { kind: 'size-factors' },
    { kind: 'log1p' },
    { kind: 'impute' },
    { kind: 'encode' },
    { kind: 'standardize' },
  ],
  clr: [{ kind: 'clr' }, { kind: 'impute' }, { kind: 'encode' }, { kind: 'robust-scale' }],
};

const ids = Array.from({ length: subjects }, (_, i) => `s${String(i).padStart(2, '0')}`);
const fitOn = (block: Block, steps: readonly Step[]) =>
  single({ modality: 'm', prepare: { m: steps } }).fit(cohort(ids, [block]), target, { seed: 1 });

const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));
const tell = async (fitted: Awaited<ReturnType<typeof fitOn>>, block: Block) =>
  opinionIn(await fitted.apply(cohort(ids, [block]))).data;

describe.each(Object.entries(closed))('after %s', (kind, steps) => {
  it('the probabilities of a new subject are the same at any depth, to 1e-9', async () => {
    const block = counted();
    const fitted = await fitOn(block, steps);
    const before = await tell(fitted, block);
    expect(Math.max(...before) - Math.min(...before)).toBeGreaterThan(0.2); // they say something
    for (const [row, factor] of [
      [0, 1e-3],
      [7, 3],
      [20, 1e4],
    ] as const) {
      expect(worst(await tell(fitted, deeper(block, row, factor)), before)).toBeLessThan(1e-9);
    }
  });

  it('and those of everybody, where a training subject was counted more deeply, to 1e-6', async () => {
    const block = counted(kind === 'size-factors' ? 0 : 0.1);
    const before = await tell(await fitOn(block, steps), block);
    const after = await tell(await fitOn(deeper(block, 11, 50), steps), block);
    expect(worst(after, before)).toBeLessThan(1e-6);
  });
});

describe('after size-factors', () => {
  it('a training subject who was counted 50 times as deeply leaves a trace where counts are missing: below .005', async () => {
    const block = counted(0.1); // a geometric mean over other subjects moves by another power of the depth
    const before = await tell(await fitOn(block, closed['size-factors']), block);
    const moved = worst(await tell(await fitOn(deeper(block, 11, 50), closed['size-factors']), block), before);
    expect(moved).toBeGreaterThan(1e-6);
    expect(moved).toBeLessThan(0.005);
  });
});

describe('after pearson-residuals', () => {
  const training = (): Block => {
    const draw = random(9);
    return blockOf(
      'count',
      Array.from({ length: 120 }, () => {
        const depth = Math.exp(0.6 * draw.normal());
        return Array.from({ length: 20 }, (_, j) => negativeBinomial(depth * 2 ** (j / 2), 0.3, draw));
      }),
    );
  };

  it('a subject whose counts are in exact proportion to those of training is at 0, at any depth, to 1e-9', async () => {
    const block = training();
    const fitted = await pearsonResiduals().fit(block, undefined, { seed: 0 });
    const totals = rowsOf(block).reduce((sum, row) => sum.map((value, j) => value + row[j]));
    for (const depth of [1e-4, 1, 1e4]) {
      const [row] = rowsOf(await fitted.apply(blockOf('count', [totals.map((total) => total * depth)])));
      for (const value of row) expect(Math.abs(value)).toBeLessThan(1e-9 * Math.max(1, Math.sqrt(depth * 1e4)));
    }
  });

  it('other residuals grow with depth c as √((1 + αμ) / (1/c + αμ)) and by nothing else, to 1e-9', async () => {
    const fitted = await pearsonResiduals({ clip: 1e9 }).fit(training(), undefined, { seed: 0 });
    const draw = random(2);
    const own = Array.from({ length: 20 }, (_, j) => negativeBinomial(2 ** (j / 2), 0.3, draw));
    const at = async (c: number) => rowsOf(await fitted.apply(blockOf('count', [own.map((count) => count * c)])))[0];
    const [once, four, many] = [await at(1), await at(4), await at(100)];
    once.forEach((value, j) => {
      const growth = (four[j] / value) ** 2; // tells αμ, which then tells every other depth
      const overdispersed = (1 - growth / 4) / (growth - 1);
      const expected = Math.sqrt((1 + overdispersed) / (1 / 100 + overdispersed));
      expect(many[j] / value / expected).toBeCloseTo(1, 9);
      expect(many[j] / value).toBeLessThan(Math.sqrt(1 + 1 / overdispersed)); // the most that any depth can do
    });
  });
});
