import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import type { Block } from '../../src/describe/cohort.ts';
import type { Feature } from '../../src/describe/modality.ts';
import { encode } from '../../src/harmonize/encode.ts';
import type { Harmonizer } from '../../src/harmonize/harmonizer.ts';
import { impute } from '../../src/harmonize/impute.ts';
import { log1p } from '../../src/harmonize/log1p.ts';
import { openPreparation, preparation } from '../../src/harmonize/prepare.ts';
import { standardize } from '../../src/harmonize/standardize.ts';
import { varianceFilter } from '../../src/harmonize/variance-filter.ts';
import { flat } from '../contract/check-fusion.ts';
import { modality, world } from '../contract/cohorts.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

/** A block from rows; null is missing. */
function block(features: readonly Feature[], rows: readonly (readonly (number | null)[])[]): Block {
  const cells = rows.flat();
  const observed = Uint8Array.from(cells, (cell) => (cell === null ? 0 : 1));
  return {
    modality: modality('m', features),
    values: matrix(
      rows.length,
      features.length,
      Float64Array.from(cells, (cell) => cell ?? 0),
    ),
    observed,
    present: Uint8Array.from(rows, (row) => (row.some((cell) => cell !== null) ? 1 : 0)),
  };
}

function interval(...names: string[]): Feature[] {
  return names.map((name) => ({ name, scale: 'interval' }));
}

async function through(harmonizer: Harmonizer, training: Block, applied = training): Promise<Block> {
  return (await harmonizer.fit(training, undefined, { seed: 0 })).apply(applied);
}

function rowsOf({ values }: Block): number[][] {
  const [n, width] = values.shape;
  return Array.from({ length: n }, (_, i) => [...values.data.subarray(i * width, (i + 1) * width)]);
}

const names = ({ modality: { features } }: Block) => features.map(({ name }) => name);

describe('scikit-learn agrees', () => {
  const reference = fixture<{
    shape: [number, number];
    x: number[];
    observed: number[];
    standardized: { mean: number[]; scale: number[]; x: number[] };
    median: { statistics: number[]; x: number[] };
    mostFrequent: { statistics: number[]; x: number[] };
  }>('preprocessing');
  const [n, width] = reference.shape;
  const given = (scale: Feature['scale'], mask = reference.observed): Block => ({
    modality: modality(
      'm',
      Array.from({ length: width }, (_, j) => ({ name: `f${j}`, scale })),
    ),
    values: matrix(
      n,
      width,
      Float64Array.from(reference.x, (value, at) => (mask[at] ? value : 0)),
    ),
    observed: Uint8Array.from(mask),
    present: new Uint8Array(n).fill(1),
  });

  it('on standardized values, to 1e-6', async () => {
    const out = await through(standardize(), given('interval', new Array<number>(n * width).fill(1)));
    out.values.data.forEach((value, at) => expectClose(value, reference.standardized.x[at], 1e-6, `cell ${at}`, 1e-9));
  });

  it('on median imputation, to 1e-6', async () => {
    const out = await through(impute({ indicatorsFrom: 1.1 }), given('interval'));
    out.values.data.forEach((value, at) => expectClose(value, reference.median.x[at], 1e-6, `cell ${at}`, 1e-9));
  });

  it('on imputation by the most frequent level', async () => {
    const out = await through(impute({ indicatorsFrom: 1.1 }), given('nominal'));
    out.values.data.forEach((value, at) => expectClose(value, reference.mostFrequent.x[at], 1e-6, `cell ${at}`, 1e-9));
  });
});

describe('standardize', () => {
  it('gives every training feature mean 0 and sd 1, learned from measured values only', async () => {
    const out = await through(standardize(), block(interval('a'), [[1], [3], [null], [5]]));
    const measured = [0, 1, 3].map((i) => out.values.data[i]);
    expect(measured.reduce((a, b) => a + b)).toBeCloseTo(0, 12);
    expect(measured.reduce((a, b) => a + b * b, 0) / 3).toBeCloseTo(1, 12);
  });

  it('maps onto any scale: 1200 at mean 1000, sd 200 becomes 50 at mean 40, sd 10', async () => {
    const training = block(interval('a'), [[800], [1200]]);
    const out = await through(standardize({ to: { mean: 40, sd: 10 } }), training);
    expect(rowsOf(out)).toEqual([[30], [50]]);
  });

  it('turns a constant feature into the common mean', async () => {
    expect(rowsOf(await through(standardize(), block(interval('a'), [[7], [7]])))).toEqual([[0], [0]]);
  });

  it('refuses a block with other features, naming those that are missing', async () => {
    const training = block(interval('age', 'bmi', 'sbp'), [
      [1, 2, 3],
      [2, 3, 5],
    ]);
    await expect(through(standardize(), training, block(interval('sbp'), [[1]]))).rejects.toThrow(
      'standardize: m: fitted on 3 features, got 1 (missing: age, bmi)',
    );
  });
});

describe('impute', () => {
  const training = block(
    [
      { name: 'site', scale: 'nominal', levels: ['a', 'b'] },
      { name: 'stage', scale: 'ordinal', levels: ['i', 'ii', 'iii'] },
      { name: 'crp', scale: 'ratio' },
    ],
    [
      [1, 0, 1],
      [1, 1, 2],
      [0, 2, 10],
      [null, 2, null],
      [1, null, 3],
    ],
  );

  it('fills nominal holes with the mode, ordinal and numeric ones with the median', async () => {
    const out = await through(impute({ indicatorsFrom: 1.1 }), training);
    expect(rowsOf(out)[3]).toEqual([1, 2, 2.5]);
    expect(rowsOf(out)[4]).toEqual([1, 1, 3]); // of two middle levels the lower: between levels there is none
  });

  it('adds an indicator for what is often missing', async () => {
    const out = await through(impute(), training);
    expect(names(out)).toEqual(['site', 'stage', 'crp', 'site missing', 'stage missing', 'crp missing']);
    expect(rowsOf(out)[3].slice(3)).toEqual([1, 0, 1]);
  });

  it('keeps the mask: what was filled in stays known as not measured', async () => {
    const out = await through(impute({ indicatorsFrom: 1.1 }), training);
    expect([...out.observed]).toEqual([...training.observed]);
  });

  it('does not take a subject without the modality for one whose values are missing', async () => {
    const absent = block(training.modality.features, [[null, null, null]]);
    const out = await through(impute(), training, absent);
    expect(rowsOf(out)[0]).toEqual([1, 1, 2.5, 0, 0, 0]); // what is usual: measured
    const rare = block(interval('a', 'b'), [
      [1, null],
      [2, null],
      [3, null],
      [4, 5],
    ]);
    const nobody = block(rare.modality.features, [[null, null]]);
    expect(rowsOf(await through(impute(), rare, nobody))).toEqual([[2.5, 5, 1]]); // b is usually missing
    expect([...out.observed]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('drops a feature without a single training value', async () => {
    const out = await through(
      impute(),
      block(interval('a', 'b'), [
        [1, null],
        [2, null],
      ]),
    );
    expect(names(out)).toEqual(['a']);
  });
});

describe('encode', () => {
  it('gives a nominal feature one column a level met in training, two levels one column', async () => {
    const features: Feature[] = [
      { name: 'site', scale: 'nominal', levels: ['a', 'b', 'c'] },
      { name: 'sex', scale: 'nominal', levels: ['f', 'm'] },
    ];
    const out = await through(
      encode(),
      block(features, [
        [0, 0],
        [1, 1],
        [2, 1],
      ]),
    );
    expect(names(out)).toEqual(['site = a', 'site = b', 'site = c', 'sex = m']);
    expect(rowsOf(out)).toEqual([
      [1, 0, 0, 0],
      [0, 1, 0, 1],
      [0, 0, 1, 1],
    ]);
  });

  it('leaves a level never met in training at 0 everywhere', async () => {
    const features: Feature[] = [{ name: 'site', scale: 'nominal', levels: ['a', 'b', 'c', 'd'] }];
    const out = await through(encode(), block(features, [[0], [1], [2]]), block(features, [[3]]));
    expect(rowsOf(out)).toEqual([[0, 0, 0]]);
  });

  it('keeps the rank of an ordinal feature', async () => {
    const features: Feature[] = [{ name: 'stage', scale: 'ordinal', levels: ['i', 'ii', 'iii'] }];
    expect(rowsOf(await through(encode(), block(features, [[2], [0]])))).toEqual([[2], [0]]);
  });
});

describe('log1p', () => {
  const skewed = [[0], [1], [2], [3], [1], [0], [900]];

  it('takes the logarithm of skewed counts, and of nothing measured on an interval scale', async () => {
    const counts = await through(log1p(), block([{ name: 'reads', scale: 'count' }], skewed));
    expect(counts.values.data[6]).toBeCloseTo(Math.log1p(900), 12);
    const degrees = await through(log1p(), block([{ name: 'celsius', scale: 'interval' }], skewed));
    expect(degrees.values.data[6]).toBe(900);
  });

  it('leaves what is not skewed as it is, unless told to always', async () => {
    const ages = block([{ name: 'age', scale: 'ratio' }], [[40], [50], [60], [55], [45]]);
    expect((await through(log1p(), ages)).values.data[0]).toBe(40);
    expect((await through(log1p({ when: 'always' }), ages)).values.data[0]).toBeCloseTo(Math.log1p(40), 12);
  });

  it('decides by the training values alone', async () => {
    const calm = block([{ name: 'reads', scale: 'count' }], [[4], [5], [6], [5], [4]]);
    const out = await through(log1p(), calm, block([{ name: 'reads', scale: 'count' }], [[100_000]]));
    expect(out.values.data[0]).toBe(100_000);
  });

  it('refuses a negative value at prediction', async () => {
    const training = block([{ name: 'reads', scale: 'count' }], skewed);
    await expect(through(log1p(), training, block([{ name: 'reads', scale: 'count' }], [[-3]]))).rejects.toThrow(
      'log1p: m: reads: a negative value on the count scale, got -3',
    );
  });
});

describe('varianceFilter', () => {
  it('drops features that say the same of everyone', async () => {
    expect(
      names(
        await through(
          varianceFilter(),
          block(interval('a', 'b'), [
            [1, 5],
            [2, 5],
          ]),
        ),
      ),
    ).toEqual(['a']);
  });

  it('drops a constant whose mean is not exact in binary', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => [i, 0.1]);
    expect(names(await through(varianceFilter(), block(interval('a', 'b'), rows)))).toEqual(['a']);
  });

  it('keeps the most variable features where asked to', async () => {
    const out = await through(
      varianceFilter({ most: 2 }),
      block(interval('a', 'b', 'c'), [
        [1, 10, 0],
        [2, 30, 100],
      ]),
    );
    expect(names(out)).toEqual(['b', 'c']);
  });
});

describe('a preparation', () => {
  it('is the same after saving and opening', async () => {
    for (const one of world().x.blocks) {
      const fitted = await preparation().fit(one, undefined, { seed: 0 });
      const opened = openPreparation(structuredClone(fitted.save()));
      expect([...(await opened.apply(one)).values.data]).toEqual([...(await fitted.apply(one)).values.data]);
      expect(flat(opened.save())).toBe(flat(fitted.save()));
    }
  });

  it('leaves no hole unfilled', async () => {
    for (const one of world({ absent: 0.4 }).x.blocks) {
      const out = await through(preparation(), one);
      expect(out.values.data.every(Number.isFinite)).toBe(true);
    }
  });
});
