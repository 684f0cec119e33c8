import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { random } from '../../src/array/random.ts';
import { type Block, takeBlockRows } from '../../src/describe/cohort.ts';
import type { Feature } from '../../src/describe/modality.ts';
import { comBat } from '../../src/harmonize/combat.ts';
import { type CombatStepOptions, combat } from '../../src/harmonize/combat-step.ts';
import { impute } from '../../src/harmonize/impute.ts';
import { preparation } from '../../src/harmonize/prepare.ts';
import { meanAndSd } from '../../src/harmonize/z-score-map.ts';
import { modality } from '../contract/cohorts.ts';

const run = { seed: 0 };
const features: readonly Feature[] = [
  { name: 'age', scale: 'ratio', unit: 'a' },
  { name: 'sex', scale: 'nominal', levels: ['f', 'm'] },
  ...Array.from({ length: 12 }, (_, j): Feature => ({ name: `v${j}`, scale: 'ratio', unit: 'mm' })),
];
const width = features.length;
const effects: Record<string, readonly [number, number]> = { old: [0, 1], new: [3, 2], far: [-5, 0.5] };

/** Age, sex, and 12 volumes that grow with age; each site adds to them and spreads them in its own way. */
function scanned(sites: readonly string[], seed = 5): Block {
  const draw = random(seed);
  const data = new Float64Array(sites.length * width); // [subjects, features]
  sites.forEach((site, i) => {
    const age = 50 + (site === 'new' ? 8 : 0) + 10 * draw.normal();
    data.set([age, draw.integer(2)], i * width);
    const [shift, spread] = effects[site];
    for (let j = 0; j < 12; j++) data[i * width + 2 + j] = 20 + j + 0.2 * age + shift + spread * draw.normal();
  });
  return {
    modality: modality('volumes', features),
    values: matrix(sites.length, width, data),
    observed: new Uint8Array(data.length).fill(1),
    present: new Uint8Array(sites.length).fill(1),
    sites,
  };
}

const two = Array.from({ length: 120 }, (_, i) => (i % 3 ? 'old' : 'new'));
const fitOn = (block: Block, options: CombatStepOptions = {}) => combat(options).fit(block, undefined, run);
const column = ({ values }: Block, j: number) =>
  Array.from({ length: values.shape[0] }, (_, i) => values.data[i * values.shape[1] + j]);
const ofSite = (block: Block, j: number, site: string) =>
  meanAndSd(column(block, j).filter((_, i) => block.sites?.[i] === site));

describe('the step combat', () => {
  it('is comBat on the measured columns, with covariates of the same modality', async () => {
    const block = scanned(two);
    const out = await (await fitOn(block, { covariates: ['age'] })).apply(block);
    const measured: Block = {
      ...block,
      modality: modality('volumes', features.slice(2)),
      values: matrix(120, 12, volumes(block)),
      observed: new Uint8Array(120 * 12).fill(1),
    };
    const covariates = { names: ['age'], values: matrix(120, 1, Float64Array.from(column(block, 0))) };
    const given = { block: measured, batch: two, covariates };
    const alone = await (await comBat().fit(given, undefined, run)).apply(given);
    for (let j = 0; j < 12; j++) expect(column(out, 2 + j)).toEqual(column(alone, j));
  });

  it('leaves covariates and levels as they are, and makes intervals of what it changes', async () => {
    const block = scanned(two);
    const out = await (await fitOn(block, { covariates: ['age'] })).apply(block);
    for (const j of [0, 1]) expect(column(out, j)).toEqual(column(block, j));
    expect(out.modality.features.slice(0, 3).map(({ scale }) => scale)).toEqual(['ratio', 'nominal', 'interval']);
    expect(out.modality.features[2]).toMatchObject({ name: 'v0', unit: 'mm' });
  });

  it('keeps what age explains only where it is told of age', async () => {
    const block = scanned(two);
    const gap = (out: Block) => ofSite(out, 4, 'new').mean - ofSite(out, 4, 'old').mean;
    const ages = ofSite(block, 0, 'new').mean - ofSite(block, 0, 'old').mean;
    const told = await (await fitOn(block, { covariates: ['age'], pooling: 'none' })).apply(block);
    const untold = await (await fitOn(block, { pooling: 'none' })).apply(block);
    expect(ages).toBeGreaterThan(4);
    expect(gap(told) / (0.2 * ages)).toBeGreaterThan(0.8);
    expect(Math.abs(gap(untold))).toBeLessThan(1e-9);
  });

  it('takes who lacks a covariate for average, filled in before or not', async () => {
    const block = scanned(two);
    const observed = block.observed.slice();
    observed[0] = 0;
    const poisoned = block.values.data.slice();
    poisoned[0] = 1e6;
    const [holed, wild] = [
      { ...block, observed },
      { ...block, observed, values: matrix(120, width, poisoned) },
    ];
    const options = { covariates: ['age'] };
    expect((await fitOn(wild, options)).save()).toEqual((await fitOn(holed, options)).save());
    const filled = await (await impute({ indicatorsFrom: 1 }).fit(holed, undefined, run)).apply(holed);
    expect((await fitOn(filled, options)).save()).toEqual((await fitOn(holed, options)).save());
  });

  it('never looks at the target: any target teaches the same bytes', async () => {
    const block = scanned(two);
    const labels = (of: (i: number) => number) => Int32Array.from(two.keys(), of);
    const saved = async (of: (i: number) => number) => {
      const target = { kind: 'classes', name: 'ill', classes: ['no', 'yes'], labels: labels(of) } as const;
      return (await combat({ unseen: 'own' }).fit(block, target, run)).save();
    };
    expect(await saved((i) => i % 2)).toEqual(await saved((i) => (two[i] === 'new' ? 1 : 0)));
  });

  it('stands among the other steps of a preparation and after opening does the same', async () => {
    const block = scanned(two);
    const steps = [{ kind: 'combat', options: { covariates: ['age'] } }, { kind: 'encode' }, { kind: 'standardize' }];
    const out = await (await preparation(steps as never).fit(block, undefined, run)).apply(block);
    expect(Math.abs(meanAndSd(column(out, 5)).mean)).toBeLessThan(1e-9);
  });

  it('refuses a covariate that is not there, or is no number', async () => {
    const block = scanned(two);
    await expect(fitOn(block, { covariates: ['agee'] })).rejects.toThrow(
      'combat: volumes: covariates: unknown column "agee", expected a column of numbers of this modality, such as age, v0, v1',
    );
    await expect(fitOn(block, { covariates: ['sex'] })).rejects.toThrow(
      'combat: volumes: covariates: "sex" is nominal: its levels are no numbers, expected a column of numbers',
    );
  });

  it('refuses a block without sites, one site only, and a site of one subject', async () => {
    const { sites: _, ...plain } = scanned(two);
    await expect(fitOn(plain)).rejects.toThrow('combat: volumes: the step adjusts for sites, and no site');
    await expect(fitOn(scanned(two.map(() => 'old')))).rejects.toThrow(
      'comBat: nothing to harmonize, expected two or more sites, got only "old"',
    );
    await expect(fitOn(scanned(['new', 'old', 'old', 'old']))).rejects.toThrow(
      'comBat: site new: its spread cannot be told, expected two or more training subjects a site, or the option meanOnly, got 1',
    );
  });
});

function volumes(block: Block): Float64Array {
  return Float64Array.from(
    { length: 120 * 12 },
    (_, at) => block.values.data[Math.floor(at / 12) * width + 2 + (at % 12)],
  );
}

describe('at a site that was not in training, the step combat', () => {
  const stranger = scanned(
    Array.from({ length: 40 }, () => 'far'),
    6,
  );

  it('refuses by default, naming the ways out', async () => {
    await expect((await fitOn(scanned(two))).apply(stranger)).rejects.toThrow(
      'comBat: volumes: site "far" was not in training, expected one of new, old, or the option unseen: pass-through, pooled or own',
    );
  });

  it('passes through: not a digit changes', async () => {
    const out = await (await fitOn(scanned(two), { unseen: 'pass-through' })).apply(stranger);
    expect(out.values.data).toEqual(stranger.values.data);
  });

  it('pooled: takes it for an average site, which without a reference moves nothing by more than a tenth of an sd', async () => {
    const out = await (await fitOn(scanned(two), { unseen: 'pooled' })).apply(stranger);
    expect(ofSite(out, 5, 'far').mean).toBeCloseTo(ofSite(stranger, 5, 'far').mean, 0);
    const { sd } = meanAndSd(column(scanned(two), 5));
    const moved = column(out, 5).map((value, i) => Math.abs(value - column(stranger, 5)[i]) / sd);
    expect(Math.max(...moved)).toBeLessThan(0.1);
  });

  it('own: brings it where training is, by its own subjects', async () => {
    const training = scanned(two);
    const fitted = await fitOn(training, { unseen: 'own', pooling: 'none' });
    const [out, known] = [await fitted.apply(stranger), await fitted.apply(training)];
    for (const j of [2, 8, 13]) {
      expect(ofSite(out, j, 'far').mean).toBeCloseTo(meanAndSd(column(known, j)).mean, 9);
      expect(ofSite(out, j, 'far').sd / meanAndSd(column(known, j)).sd).toBeCloseTo(1, 1);
    }
  });

  it('own: does to a training site nearly what training did to it', async () => {
    const training = scanned(two);
    const fitted = await fitOn(training, { unseen: 'own' });
    const renamed = { ...training, sites: two.map((site) => (site === 'new' ? 'alias' : site)) };
    const [out, known] = [await fitted.apply(renamed), await fitted.apply(training)];
    out.values.data.forEach((value, at) => {
      expect(Math.abs(value - known.values.data[at])).toBeLessThan(1e-6);
    });
  });

  it('own: refuses a single subject, unless only means are removed', async () => {
    const one = takeBlockRows(stranger, [0]);
    const fitted = await fitOn(scanned(two), { unseen: 'own' });
    await expect(fitted.apply(one)).rejects.toThrow(
      'comBat: unseen: own: site far: its spread cannot be told, expected two or more subjects of the site who have the modality, got 1',
    );
    const means = await (await fitOn(scanned(two), { unseen: 'own', meanOnly: true })).apply(one);
    expect(means.values.data.every(Number.isFinite)).toBe(true);
  });
});
