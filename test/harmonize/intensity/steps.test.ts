import { describe, expect, it } from 'vitest';
import { type Block, takeBlockRows } from '../../../src/describe/cohort.ts';
import { foregroundRules } from '../../../src/harmonize/intensity/foreground.ts';
import { nyul } from '../../../src/harmonize/intensity/nyul.ts';
import type { intensitySteps } from '../../../src/harmonize/intensity/steps.ts';
import { harmonizers, openPreparation, preparation } from '../../../src/harmonize/prepare.ts';
import { parseStudy } from '../../../src/study/parse.ts';
import { world } from '../../contract/cohorts.ts';
import { imageBlock, run } from './small-scans.ts';

type Kind = keyof typeof intensitySteps;
const withOptions: readonly (readonly [Kind, object])[] = [
  ['intensity-z-score', {}],
  ['intensity-z-score', { by: 'training', mask: 'otsu', to: { mean: 40, sd: 10 } }],
  ['min-max', { to: [-1, 1] }],
  ['min-max', { by: 'training' }],
  ['percentile-clip', { percentiles: [5, 95] }],
  ['percentile-clip', { by: 'training' }],
  ['histogram-match', { quantiles: 32 }],
  ['nyul', {}],
  ['nyul', { percentiles: [5, 50, 95], to: [0, 1], mask: 'all' }],
  ['white-stripe', { width: 0.3 }],
  ['kde-mode', { mode: 'largest', bandwidth: 3, to: 100 }],
];
const make = (kind: Kind, options: object) => harmonizers[kind](options as never);
const plain = ({ modality, values, observed, present }: Block) => ({
  modality,
  values: [...values.data],
  observed: [...observed],
  present: [...present],
});

describe.each(withOptions)('%s %o as a step for images', (kind, options) => {
  it('learns the same bytes again, and does the same after saving and opening', async () => {
    const fitted = await make(kind, options).fit(imageBlock(), undefined, run);
    expect((await make(kind, options).fit(imageBlock(), undefined, run)).save()).toEqual(fitted.save());
    const opened = harmonizers[kind].open(structuredClone(fitted.save()));
    expect(plain(await opened.apply(imageBlock()))).toEqual(plain(await fitted.apply(imageBlock())));
  });

  it('treats each subject alone once fitted, and changes no block it is given', async () => {
    const block = imageBlock();
    const fitted = await make(kind, options).fit(block, undefined, run);
    const rows = Int32Array.of(3, 0, 7);
    const together = takeBlockRows(await fitted.apply(block), rows);
    expect(plain(await fitted.apply(takeBlockRows(block, rows)))).toEqual(plain(together));
    expect(plain(block)).toEqual(plain(imageBlock()));
  });

  it('keeps the image, its masks and its voxels’ order, and learns nothing from voxels that were not measured', async () => {
    const block = imageBlock();
    const fitted = await make(kind, options).fit(block, undefined, run);
    const out = await fitted.apply(block);
    expect(out.modality.image).toEqual(block.modality.image);
    expect([...out.observed]).toEqual([...block.observed]);
    expect(out.values.data.every(Number.isFinite)).toBe(true);
    const poisoned = block.values.data.map((value, at) => (block.observed[at] ? value : 9999));
    const other = { ...block, values: { shape: block.values.shape, data: poisoned } };
    expect((await make(kind, options).fit(other, undefined, run)).save()).toEqual(fitted.save());
    const seen = (await fitted.apply(other)).values.data.map((value, at) => (block.observed[at] ? value : 0));
    expect([...seen]).toEqual(Array.from(out.values.data, (value, at) => (block.observed[at] ? value : 0)));
  });

  it('refuses a table', async () => {
    await expect(make(kind, options).fit(world().x.blocks[0], undefined, run)).rejects.toThrow(
      `${kind}: assay1: a step for images, expected a modality of images`,
    );
  });

  it('is what a study may name', () => {
    const study = `{target: a.csv, modalities: {m: {file: m.csv, scale: ratio, prepare: [{kind: ${kind}, options: ${JSON.stringify(options)}}, ${kind}]}}}`;
    expect(() => parseStudy(study, 'study.yaml')).not.toThrow();
    const unknown = study.replace('options: {', 'options: {"wrong":1,').replace(',}', '}');
    expect(() => parseStudy(unknown, 'study.yaml')).toThrow('wrong');
  });
});

describe('steps for images', () => {
  it('do to each subject and channel what the same harmonizer does to scans', async () => {
    const block = imageBlock();
    const rows = [...block.present.keys()].filter((row) => block.present[row]);
    const scans = rows.map((row) => ({
      data: block.values.data.slice(row * 48, (row + 1) * 48),
      mask: block.observed
        .slice(row * 48, (row + 1) * 48)
        .map((one, at) => (one && block.values.data[row * 48 + at] > 0 ? 1 : 0)),
      channels: 2,
    }));
    const fitted = await nyul().fit(scans, undefined, run);
    const byScan = await fitted.apply(scans);
    const byStep = await (await harmonizers.nyul().fit(block, undefined, run)).apply(block);
    rows.forEach((row, s) => {
      expect([...byStep.values.data.subarray(row * 48, (row + 1) * 48)]).toEqual([...byScan[s].data]);
    });
  });

  it('name the subject and channel that cannot be used', async () => {
    const block = imageBlock();
    const data = block.values.data.map((value, at) => (Math.floor(at / 24) === 5 && block.observed[at] ? 8 : value));
    const flat = { ...block, values: { shape: block.values.shape, data } };
    const fitted = await harmonizers['intensity-z-score']().fit(block, undefined, run);
    await expect(fitted.apply(flat)).rejects.toThrow(
      'intensity-z-score: mri: subject 3 of 12, channel 1: a constant scan',
    );
    const nobody = { ...block, present: new Uint8Array(12), observed: new Uint8Array(block.observed.length) };
    await expect(harmonizers.nyul().fit(nobody, undefined, run)).rejects.toThrow(
      'nyul: mri: no training subject has it',
    );
  });

  it('take each rule of the foreground', async () => {
    for (const mask of foregroundRules) {
      const out = await (await harmonizers['intensity-z-score']({ mask }).fit(imageBlock(), undefined, run)).apply(
        imageBlock(),
      );
      expect(out.values.data.every(Number.isFinite)).toBe(true);
    }
  });

  it('leave intervals without a unit, ratios after division, and what they were after matching and clipping', async () => {
    const featureAfter = async (kind: Kind) =>
      (await (await make(kind, {}).fit(imageBlock(), undefined, run)).apply(imageBlock())).modality.features[0];
    const name = 'channel 0 voxel 0,0,0';
    expect(await featureAfter('intensity-z-score')).toEqual({ name, scale: 'interval' });
    expect(await featureAfter('kde-mode')).toEqual({ name, scale: 'ratio' });
    expect(await featureAfter('histogram-match')).toEqual({ name, scale: 'ratio', unit: 'mg' });
  });

  it('stand in a preparation before the step that fills holes', async () => {
    const steps = [{ kind: 'nyul' }, { kind: 'standardize-image' }] as const;
    const fitted = await preparation(steps).fit(imageBlock(), undefined, run);
    const out = await fitted.apply(imageBlock());
    expect(plain(await openPreparation(structuredClone(fitted.save())).apply(imageBlock()))).toEqual(plain(out));
    expect(out.values.data.every(Number.isFinite)).toBe(true);
  });
});
