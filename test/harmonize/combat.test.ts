import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { random } from '../../src/array/random.ts';
import { type Block, takeBlockRows } from '../../src/describe/cohort.ts';
import type { BatchedBlock } from '../../src/harmonize/batched-block.ts';
import { type ComBatOptions, comBat } from '../../src/harmonize/combat.ts';
import { meanAndSd } from '../../src/harmonize/z-score-map.ts';
import { modality } from '../contract/cohorts.ts';
import { need } from '../require.ts';

const run = { seed: 0 };

/** Features x subjects as a block of all measured. */
function blockOf(byFeature: readonly (readonly number[])[]): Block {
  const [features, subjects] = [byFeature.length, byFeature[0].length];
  const data = new Float64Array(subjects * features); // [subjects, features]
  for (let i = 0; i < subjects; i++) for (let j = 0; j < features; j++) data[i * features + j] = byFeature[j][i];
  return {
    modality: modality(
      'scan',
      byFeature.map((_, j) => ({ name: `f${j}`, scale: 'interval' })),
    ),
    values: matrix(subjects, features, data),
    observed: new Uint8Array(data.length).fill(1),
    present: new Uint8Array(subjects).fill(1),
  };
}

const column = (name: string, values: readonly number[]) => ({
  names: [name],
  values: matrix(values.length, 1, Float64Array.from(values)),
});

async function harmonized(batched: BatchedBlock, options: ComBatOptions = {}): Promise<Block> {
  return (await comBat(options).fit(batched, undefined, run)).apply(batched);
}

const feature = ({ values }: Block, j: number, rows: readonly number[] = [...Array(values.shape[0]).keys()]) =>
  rows.map((i) => values.data[i * values.shape[1] + j]);

/** 40 features of 60 subjects at two scanners, the second of which adds 3 and doubles; age adds to every feature. */
function scanners(subjects = 60): BatchedBlock & { readonly age: number[] } {
  const generator = random(5);
  const batch = Array.from({ length: subjects }, (_, i) => (i % 2 ? 'new' : 'old'));
  const age = batch.map((site) => 50 + (site === 'new' ? 8 : 0) + 10 * generator.normal());
  const byFeature = Array.from({ length: 40 }, (_, j) =>
    batch.map((site, i) => {
      const own = j + 0.1 * age[i];
      return site === 'new' ? own + 3 + 0.1 * generator.normal() + 2 * generator.normal() : own + generator.normal();
    }),
  );
  return { block: blockOf(byFeature), batch, covariates: column('age', age), age };
}

const folder = join(process.env.CONSILIENCE_SHARED ?? '../shared', 'data/combat-reference');
const shared = need('shared', existsSync(folder));

describe('the outputs of the authors’ own code', () => {
  const table = (path: string, header: boolean) =>
    readFileSync(join(folder, path), 'utf8')
      .trim()
      .split('\n')
      .slice(header ? 1 : 0)
      .map((line) => line.split(',').map(Number));
  const files = shared.skip ? [] : readdirSync(join(folder, 'expected'));
  const sex = column('sex', [1, 2, 1, 2, 1, 2, 1, 2, 1, 2]);
  const batch = ['1', '1', '1', '1', '1', '2', '2', '2', '2', '2'];

  it('are 32 of R and 4 of MATLAB', (context) => {
    if (shared.skip) context.skip(shared.reason);
    expect(files.filter((file) => file.endsWith('_r.csv'))).toHaveLength(32);
    expect(files.filter((file) => file.endsWith('_matlab.csv'))).toHaveLength(4);
  });

  it('are reproduced to 1e-3, all of them', async (context) => {
    if (shared.skip) context.skip(shared.reason);
    const block = blockOf(table('testdata.csv', true));
    for (const file of files) {
      const nonparametric = file.startsWith('non');
      const options: ComBatOptions = {
        pooling: file.includes('_noeb') ? 'none' : nonparametric ? 'nonparametric' : 'parametric',
        meanOnly: file.includes('_meanonly'),
        ...(file.includes('_batchref') && { reference: '1' }),
      };
      const out = await harmonized({ block, batch, ...(file.includes('_adjusted') && { covariates: sex }) }, options);
      const expected = table(join('expected', file), file.endsWith('_r.csv'));
      expect(expected).toHaveLength(200);
      const worst = Math.max(
        ...expected.flatMap((row, j) => row.map((value, i) => Math.abs(value - out.values.data[i * 200 + j]))),
      );
      expect(worst, file).toBeLessThan(1e-3);
    }
  });
});

describe('comBat', () => {
  it('brings the sites to one mean and one spread, and keeps what the covariate explains', async () => {
    const { age, ...batched } = scanners(400);
    const out = await harmonized(batched);
    for (const j of [0, 20, 39]) {
      const rest = feature(out, j).map((value, i) => value - 0.1 * age[i]);
      const of = (site: string) => meanAndSd(rest.filter((_, i) => batched.batch[i] === site));
      expect(Math.abs(of('old').mean - of('new').mean)).toBeLessThan(0.15);
      expect(of('new').sd / of('old').sd).toBeGreaterThan(0.9);
      expect(of('new').sd / of('old').sd).toBeLessThan(1.1);
    }
  });

  it('leaves a reference site as it is', async () => {
    const { age: _, ...batched } = scanners();
    const out = await harmonized(batched, { reference: 'old' });
    const old = Array.from(batched.batch.keys()).filter((i) => batched.batch[i] === 'old');
    expect(takeBlockRows(out, old).values.data).toEqual(takeBlockRows(batched.block, old).values.data);
  });

  it('leaves each site its spread where only means are removed', async () => {
    const { age: _, ...batched } = scanners();
    const out = await harmonized(batched, { meanOnly: true, pooling: 'none' });
    for (const site of ['old', 'new']) {
      const rows = Array.from(batched.batch.keys()).filter((i) => batched.batch[i] === site);
      expect(meanAndSd(feature(out, 7, rows)).sd).toBeCloseTo(meanAndSd(feature(batched.block, 7, rows)).sd, 10);
    }
  });

  it('corrects a new subject of a known site by what training taught, and by nothing else', async () => {
    const { age: _, block, batch, covariates } = scanners();
    const rows = Int32Array.from({ length: 50 }, (_, i) => i);
    const part = (those: ArrayLike<number>): BatchedBlock => ({
      block: takeBlockRows(block, those),
      batch: Array.from(those, (i: number) => batch[i]),
      covariates: column(
        'age',
        Array.from(those, (i: number) => covariates?.values.data[i] as number),
      ),
    });
    const fitted = await comBat().fit(part(rows), undefined, run);
    const together = await fitted.apply(part([50, 51, 52, 53]));
    for (const [at, row] of [50, 51, 52, 53].entries()) {
      const alone = await fitted.apply(part([row]));
      expect(alone.values.data).toEqual(takeBlockRows(together, [at]).values.data);
    }
  });

  it('does the same after saving and opening', async () => {
    const { age: _, ...batched } = scanners();
    const fitted = await comBat({ pooling: 'nonparametric' }).fit(batched, undefined, run);
    const opened = comBat.open(structuredClone(fitted.save()));
    expect((await opened.apply(batched)).values.data).toEqual((await fitted.apply(batched)).values.data);
  });

  it('keeps no subject: what it saves is as large after 60 as after 400', async () => {
    const sizeAt = async (subjects: number) => {
      const { age: _, ...batched } = scanners(subjects);
      const { blobs } = (await comBat().fit(batched, undefined, run)).save();
      return Object.values(blobs).map((bytes) => bytes.length);
    };
    expect(await sizeAt(400)).toEqual(await sizeAt(60));
  });

  it('learns nothing from missing values: poison there changes nothing', async () => {
    const { age: _, ...batched } = scanners();
    const observed = batched.block.observed.slice();
    for (let at = 3; at < observed.length; at += 17) observed[at] = 0;
    const present = batched.block.present.slice();
    present[4] = 0;
    const poisoned = batched.block.values.data.map((value, at) =>
      observed[at] && present[Math.floor(at / 40)] ? value : 1e6,
    );
    const clean = { ...batched, block: { ...batched.block, observed, present } };
    const bad = { ...clean, block: { ...clean.block, values: matrix(60, 40, poisoned) } };
    const saved = async (of: BatchedBlock) => (await comBat().fit(of, undefined, run)).save();
    expect((await saved(bad)).blobs).toEqual((await saved(clean)).blobs);
  });

  it('gives a feature that a site never measured what is typical of the site', async () => {
    const { age: _, ...batched } = scanners();
    const observed = batched.block.observed.slice();
    batched.batch.forEach((site, i) => {
      if (site === 'new') observed[i * 40] = 0;
    });
    for (const pooling of ['parametric', 'nonparametric', 'none'] as const) {
      const of = { ...batched, block: { ...batched.block, observed } };
      const { blobs } = (await comBat({ pooling }).fit(of, undefined, run)).save();
      const shift = new Float64Array(blobs.shift.slice().buffer).subarray(0, 40); // 'new' comes first
      const others = meanAndSd(shift.subarray(1)).mean;
      expect(shift[0] / others).toBeCloseTo(1, 1);
    }
  });

  it('carries a constant feature unchanged', async () => {
    const { age: _, ...batched } = scanners();
    const data = batched.block.values.data.slice();
    for (let i = 0; i < 60; i++) data[i * 40 + 2] = 7;
    const out = await harmonized({ ...batched, block: { ...batched.block, values: matrix(60, 40, data) } });
    expect(new Set(feature(out, 2))).toEqual(new Set([7]));
    expect(out.values.data.every(Number.isFinite)).toBe(true);
  });

  describe('at a site that was not in training', () => {
    const { age: _, ...batched } = scanners();
    const stranger: BatchedBlock = {
      block: takeBlockRows(batched.block, [0]),
      batch: ['other'],
      covariates: column('age', [55]),
    };

    it('refuses by default, naming the ways out', async () => {
      const fitted = await comBat().fit(batched, undefined, run);
      await expect(fitted.apply(stranger)).rejects.toThrow(
        'comBat: scan: site "other" was not in training, expected one of new, old, ' +
          'or the option unseen: pass-through, pooled or own',
      );
    });

    it('leaves the subject as it is, where told to', async () => {
      const fitted = await comBat({ unseen: 'pass-through' }).fit(batched, undefined, run);
      expect((await fitted.apply(stranger)).values.data).toEqual(stranger.block.values.data);
    });

    it('takes out the average effect, where told to: half way between those of two sites of one size', async () => {
      const fitted = await comBat({ unseen: 'pooled', reference: 'old', meanOnly: true }).fit(batched, undefined, run);
      const at = async (batch: string) => (await fitted.apply({ ...stranger, batch: [batch] })).values.data;
      const [other, old, newer] = [await at('other'), await at('old'), await at('new')];
      other.forEach((value, j) => {
        expect(value).toBeCloseTo((old[j] + newer[j]) / 2, 10);
      });
    });
  });

  describe('refuses', () => {
    const { age: _, ...batched } = scanners();
    const fitting = (of: BatchedBlock, options: ComBatOptions = {}) => comBat(options).fit(of, undefined, run);

    it('a single site', async () => {
      await expect(fitting({ ...batched, batch: batched.batch.map(() => 'old') })).rejects.toThrow(
        'comBat: nothing to harmonize, expected two or more sites, got only "old"',
      );
    });

    it('a site of one subject, unless only means are removed', async () => {
      const batch = batched.batch.map((site, i) => (i === 3 ? 'lone' : site));
      await expect(fitting({ ...batched, batch })).rejects.toThrow(
        'comBat: site lone: its spread cannot be told, expected two or more training subjects a site, ' +
          'or the option meanOnly, got 1',
      );
      await expect(fitting({ ...batched, batch }, { meanOnly: true })).resolves.toBeDefined();
    });

    it('a covariate that is the site under another name', async () => {
      const covariates = column(
        'country',
        batched.batch.map((site) => (site === 'old' ? 1 : 2)),
      );
      await expect(fitting({ ...batched, covariates })).rejects.toThrow(
        'comBat: covariate country: cannot be told from the sites and the covariates before it, ' +
          'expected values that vary within at least one of the 2 sites',
      );
    });

    it('options it does not know', () => {
      const wild = { pooling: 'empirical', reference: 'old' } as unknown as ComBatOptions;
      expect(() => comBat(wild)).toThrow(
        'comBat: pooling: unknown, expected one of parametric, nonparametric, none, got empirical',
      );
      expect(() => comBat({ refrence: 'old' } as ComBatOptions)).toThrow(
        'comBat: unknown option, expected pooling, meanOnly, reference or unseen, got refrence',
      );
    });

    it('a reference that no training subject is of', async () => {
      await expect(fitting(batched, { reference: 'third' })).rejects.toThrow(
        'comBat: reference: no training subject is of that site, expected one of new, old, got third',
      );
    });

    it('covariates that are missing, of other names, or not one site a subject', async () => {
      const nan = column('age', [Number.NaN, ...Array(59).fill(50)]);
      await expect(fitting({ ...batched, covariates: nan })).rejects.toThrow(
        'comBat: covariates: a value is missing, expected finite numbers [60 subjects, 1 covariates], ' +
          'got NaN or an infinity',
      );
      const fitted = await fitting(batched);
      await expect(fitted.apply({ block: batched.block, batch: batched.batch })).rejects.toThrow(
        'comBat: covariates: not those that were fitted, expected age, got none',
      );
      await expect(fitted.apply({ ...batched, batch: ['old'] })).rejects.toThrow(
        'comBat: batch: not a site a subject, expected 60, got 1',
      );
    });
  });
});
