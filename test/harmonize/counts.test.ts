import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/describe/cohort.ts';
import { clr } from '../../src/harmonize/clr.ts';
import { cpm } from '../../src/harmonize/cpm.ts';
import type { Harmonizer } from '../../src/harmonize/harmonizer.ts';
import { pearsonResiduals } from '../../src/harmonize/pearson-residuals.ts';
import { preparation } from '../../src/harmonize/prepare.ts';
import { logGeometricMeans, sizeFactor, sizeFactors } from '../../src/harmonize/size-factors.ts';
import { countBlock } from '../contract/cohorts.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';
import { blockOf, flatBlock, rowsOf, through } from './small-blocks.ts';

const { counts: reference } = fixture<{
  counts: { shape: [number, number]; x: number[]; sizeFactors: number[]; clr: number[] };
}>('harmonizing');
const counts = flatBlock('count', reference.shape, reference.x);
const [n, width] = reference.shape;

/** As if a subject had been counted `factor` times as deeply. */
function deeper({ values, ...rest }: Block, row: number, factor: number): Block {
  const columns = values.shape[1];
  const data = Float64Array.from(values.data, (value, at) =>
    Math.floor(at / columns) === row ? value * factor : value,
  );
  return { ...rest, values: { shape: values.shape, data } };
}

it('counts are what the noise says as well: fractions of counting noise are transformed as whole numbers are', async () => {
  const ratio = flatBlock('ratio', reference.shape, reference.x);
  const stated = { ...ratio, modality: { ...ratio.modality, noise: 'negative-binomial' as const } };
  for (const harmonizer of [cpm(), sizeFactors(), clr(), pearsonResiduals()]) {
    const expected = await through(harmonizer, counts);
    const found = await through(harmonizer, stated);
    expect(found.values).toEqual(expected.values);
    expect(found.modality.features).toEqual(expected.modality.features);
    expect(found.modality.noise).toBe('unknown');
    expect((await through(harmonizer, ratio)).values).toEqual(ratio.values);
  }
});

const transforms: [string, Harmonizer][] = [
  ['cpm', cpm()],
  ['size-factors', sizeFactors({ positiveIn: 1 })],
  ['clr', clr()],
];

describe.each(transforms)('%s respects composition', (kind, harmonizer) => {
  const row = fc.integer({ min: 0, max: n - 1 });
  const factor = fc.double({ min: 1e-3, max: 1e4, noNaN: true });

  it('counting a new subject more deeply changes nothing', async () => {
    const fitted = await harmonizer.fit(counts, undefined, { seed: 0 });
    const before = (await fitted.apply(counts)).values.data;
    await fc.assert(
      fc.asyncProperty(row, factor, async (i, by) => {
        const after = (await fitted.apply(deeper(counts, i, by))).values.data;
        after.forEach((value, at) => expectClose(value, before[at], 1e-9, `cell ${at}`, 1e-9));
      }),
      { numRuns: 25 },
    );
  });

  it('counting a training subject more deeply changes nothing, for nobody, to the end of the preparation', async () => {
    const steps = [
      { kind: kind as 'cpm' | 'clr' | 'size-factors' },
      { kind: 'log1p' },
      { kind: 'standardize' },
    ] as const;
    const before = (await through(preparation(steps), counts)).values.data;
    await fc.assert(
      fc.asyncProperty(row, factor, async (i, by) => {
        const after = (await through(preparation(steps), deeper(counts, i, by))).values.data;
        after.forEach((value, at) => expectClose(value, before[at], 1e-6, `cell ${at}`, 1e-6));
      }),
      { numRuns: 25 },
    );
  });
});

describe('cpm', () => {
  it('makes each subject add up to a million', async () => {
    for (const row of rowsOf(await through(cpm(), counts)))
      expectClose(
        row.reduce((a, b) => a + b),
        1e6,
        1e-12,
        'sum',
      );
  });

  it('makes ratios of counts, so that no second transform of counts acts on them', async () => {
    const out = await through(cpm(), counts);
    expect(out.modality.features[0]).toEqual({ name: 'f0', scale: 'ratio', unit: 'per 1000000' });
    expect((await through(clr(), out)).values.data).toEqual(out.values.data);
  });

  it('takes totals of measured counts and leaves holes holes', async () => {
    const out = await through(cpm({ per: 10 }), blockOf('count', [[1, null, 4]]));
    expect(rowsOf(out)).toEqual([[2, 0, 8]]);
    expect([...out.observed]).toEqual([1, 0, 1]);
  });

  it('leaves features of other scales alone', async () => {
    const weights = blockOf('ratio', [[1, 2, 4]]);
    expect(await through(cpm(), weights)).toEqual(weights);
  });
});

describe('sizeFactors', () => {
  const chosen = Array.from({ length: width }, (_, j) => j);
  const factorsOf = (block: Block) => {
    const log = logGeometricMeans(block, chosen);
    return rowsOf(block).map((row) => sizeFactor(Float64Array.from(row), new Uint8Array(width).fill(1), log));
  };

  it('are those of Anders and Huber, to 1e-6', () => {
    for (const [i, factor] of factorsOf(counts).entries()) {
      expectClose(factor as number, reference.sizeFactors[i], 1e-6, `subject ${i}`);
    }
  });

  it('divide the counts, up to one number common to all', async () => {
    const out = rowsOf(await through(sizeFactors(), counts));
    const given = rowsOf(counts);
    const common = out[0][0] / (given[0][0] / reference.sizeFactors[0]);
    out.forEach((row, i) => {
      row.forEach((value, j) => {
        expectClose(value, (common * given[i][j]) / reference.sizeFactors[i], 1e-9, `${i}, ${j}`, 1e-9);
      });
    });
  });

  it('withstand one feature that soars, which totals do not', async () => {
    const soaring = blockOf('count', [
      [10, 20, 30, 40, 50],
      [10, 20, 30, 40, 50_000],
    ]);
    const [calm, wild] = rowsOf(await through(sizeFactors(), soaring));
    expect(wild.slice(0, 4)).toEqual(calm.slice(0, 4));
    const [calmCpm, wildCpm] = rowsOf(await through(cpm(), soaring));
    expect(calmCpm[0] / wildCpm[0]).toBeGreaterThan(100);
  });

  it('refuse training data without a feature that everyone has, and name the ways out', async () => {
    const sparse = blockOf('count', [
      [0, 3],
      [4, 0],
    ]);
    await expect(through(sizeFactors(), sparse)).rejects.toThrow(
      'sizeFactors: m: every feature has a training subject without a positive count, ' +
        'expected a lower positiveIn, or the steps cpm or clr',
    );
    await expect(through(sizeFactors({ positiveIn: 0.5 }), sparse)).resolves.toBeDefined();
  });

  it('take a subject without a positive count in the reference for one whose counts are missing', async () => {
    const training = blockOf('count', [
      [5, 3, 0],
      [4, 6, 1],
    ]);
    const out = await through(sizeFactors(), training, blockOf('count', [[0, 0, 9]]));
    expect([...out.observed]).toEqual([0, 0, 0]);
    expect([...out.present]).toEqual([1]);
  });
});

describe('clr', () => {
  it('is that of plain definitions, to 1e-6, zeros at .65 of the smallest share of the feature', async () => {
    expect(reference.x).toContain(0);
    const out = await through(clr(), counts);
    out.values.data.forEach((value, at) => expectClose(value, reference.clr[at], 1e-6, `cell ${at}`, 1e-9));
  });

  it('makes each subject add up to 0', async () => {
    for (const row of rowsOf(await through(clr(), counts))) expect(row.reduce((a, b) => a + b)).toBeCloseTo(0, 9);
  });

  it('keeps ln of the ratio of two features, which needs no others', async () => {
    const [row] = rowsOf(await through(clr(), blockOf('count', [[8, 2, 100]])));
    expect(row[0] - row[1]).toBeCloseTo(Math.log(4), 12);
  });

  it('acts on ratios where the modality is compositional, and only there', async () => {
    const shares = blockOf('ratio', [[0.2, 0.8]]);
    expect(await through(clr(), shares)).toEqual(shares);
    const composed = { ...shares, modality: { ...shares.modality, constraint: 'compositional' as const } };
    expect(rowsOf(await through(clr(), composed))[0][0]).toBeCloseTo(Math.log(0.2 / 0.8) / 2, 12);
  });

  it('has a word for features and subjects of whom training counted nothing', async () => {
    const out = await through(
      clr(),
      blockOf('count', [
        [0, 3, 9],
        [0, 2, 2],
        [0, 0, 0],
      ]),
    );
    expect(out.values.data.every(Number.isFinite)).toBe(true);
    expect([...out.observed]).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0]);
  });
});

describe.each<[string, (options: { empty: 'refuse' }) => Harmonizer]>([
  ['cpm', cpm],
  ['clr', clr],
  ['sizeFactors', (options) => sizeFactors({ positiveIn: 0.8, ...options })],
  ['pearsonResiduals', pearsonResiduals],
])('%s', (where, make) => {
  it('refuses a subject of whom nothing was counted, where told to', async () => {
    await expect(through(make({ empty: 'refuse' }), countBlock())).rejects.toThrow(
      `${where}: counts: nothing was counted of subject 4 of 60, expected a positive count, or the option empty: missing`,
    );
  });

  it('refuses a negative count, in training and after', async () => {
    const bad = blockOf('count', [
      [4, 2],
      [3, -1],
    ]);
    const text = `${where}: m: f1: a negative count, got -1`;
    await expect(
      through(
        make({ empty: 'refuse' }),
        blockOf('count', [
          [4, 2],
          [3, 1],
        ]),
        bad,
      ),
    ).rejects.toThrow(text);
    await expect(through(make({ empty: 'refuse' }), bad)).rejects.toThrow(text);
  });
});

describe.each(['cpm', 'size-factors', 'clr', 'pearson-residuals'] as const)(
  'a preparation that begins with %s',
  (kind) => {
    it('fills in a subject of whom nothing was counted, and leaves no hole', async () => {
      const options = kind === 'size-factors' ? { positiveIn: 0.8 } : {};
      const steps = [
        { kind, options },
        { kind: 'log1p' },
        { kind: 'impute', options: { indicatorsFrom: 1 } },
        { kind: 'standardize' },
      ] as const;
      const out = rowsOf(await through(preparation(steps), countBlock()));
      expect(out.flat().every(Number.isFinite)).toBe(true);
      expect(out[3]).toEqual(out[4]); // nothing counted, and without the modality: nothing is known of either
      expect(out[3]).not.toEqual(out[5]);
    });
  },
);
