import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../../src/errors.ts';
import { functionOf, invertIntensityMap, mapIntensities } from '../../../src/harmonize/intensity/intensity-map.ts';
import {
  type FittedJointHarmonize,
  jointHarmonize,
  openJointHarmonize,
} from '../../../src/harmonize/joint/joint-harmonize.ts';
import { distortion } from '../../../src/harmonize/relations/distortion.ts';
import { flat } from '../../contract/check-fusion.ts';
import { phantomSubject, type Scanner, type Slice, scannerGap, tissueNames, zScoredSlices } from './phantom.ts';

const scanners: Scanner[] = [
  { a: [1, 1], noise: 2, hardening: 0.3 },
  { a: [1.6, 0.7], noise: 3, hardening: 0.3 },
];
const trained = [1, 2, 3, 4].map((seed) => phantomSubject(seed, scanners[seed % 2]));
const unseen = [11, 12, 13, 14, 15, 16].map((seed) => phantomSubject(seed, scanners[seed % 2]));
const fitOn = (subjects: typeof trained, options = {}) => jointHarmonize(options).fit(subjects, undefined, { seed: 0 });

type After = readonly (readonly ArrayLike<number>[])[];

/** Of CT soft tissue with the share of bone. */
function dependenceOn(subject: { scans: readonly Slice[] }, after: After): { before: number; after: number } {
  const scans = subject.scans.map((scan, s) => ({ ...scan, after: after[s] }));
  const { subjects } = distortion([{ name: 'p', scans }], { tissues: tissueNames, permutations: 5 });
  const found = subjects[0].composition.find(
    ({ modality, tissue, shareOf }) => modality === 0 && tissue === 'soft' && shareOf === 'bone',
  );
  return { before: found?.before.r as number, after: found?.after.r as number };
}

describe('joint harmonization of unseen phantoms by two scanners', () => {
  let fitted: FittedJointHarmonize;
  let joint: After[];
  const separate: After[] = unseen.map(zScoredSlices);
  beforeAll(async () => {
    fitted = await fitOn(trained);
    joint = (await fitted.apply(unseen)).map(({ scans }) => scans.map(({ values }) => values));
  });

  it('keeps soft tissue from following the share of bone, which z-scores of slices make it do', () => {
    const left = unseen.map((subject, p) => {
      const { before, after } = dependenceOn(subject, separate[p]);
      expect(before).toBeGreaterThan(0.9); // the beam is hardened
      expect(after).toBeLessThan(-0.9);
      return Math.abs(dependenceOn(subject, joint[p]).after);
    });
    expect(left.reduce((sum, r) => sum + r, 0) / left.length).toBeLessThan(0.3);
  });

  it('gives soft tissue nearly one value in all slices, though each slice says another', () => {
    const range = (subject: (typeof unseen)[number], after: After) => {
      const medians = subject.scans.map(({ tissues }, s) => {
        const own = Array.from(after[s][0]).filter((_, i) => tissues[i] === 1);
        return own.sort((a, b) => a - b)[own.length >> 1];
      });
      return (Math.max(...medians) - Math.min(...medians)) / Math.max(...medians);
    };
    unseen.forEach((subject, p) => {
      const raw = subject.scans.map(({ values }) => values);
      expect(range(subject, raw)).toBeGreaterThan(0.1);
      expect(range(subject, joint[p])).toBeLessThan(0.03);
    });
  });

  it('closes the gap between scanners at least as far, in either modality', () => {
    const raw = unseen.map(({ scans }) => scans.map(({ values }) => values));
    for (const modality of [0, 1]) {
      const gap = scannerGap(unseen, joint, modality);
      expect(gap).toBeLessThan(1.1 * scannerGap(unseen, separate, modality));
      expect(gap).toBeLessThan(0.5 * scannerGap(unseen, raw, modality));
    }
  });

  it('carries tissues to the scale of the training scans', () => {
    const soft = (p: number) => {
      const all = unseen[p].scans.flatMap(({ tissues }, s) =>
        Array.from(joint[p][s][0]).filter((_, i) => tissues[i] === 1),
      );
      return all.sort((a, b) => a - b)[all.length >> 1];
    };
    // Half of the training subjects have a gain of 1, half of 1.6; soft tissue is 40, a little brighter beside bone.
    for (const p of [0, 1]) expect(Math.abs(soft(p) - 52 * 1.12)).toBeLessThan(6);
  });

  it('keeps the ranks of every scan, so that the copula of its modalities is what it was', () => {
    const { scans } = unseen[0];
    const { subjects } = distortion([{ name: 'p', scans: [{ ...scans[3], after: joint[0][3] }] }], { permutations: 5 });
    expect(subjects[0].copulaDistance).toBe(0);
    expect(subjects[0].rankCorrelation.after).toBeCloseTo(subjects[0].rankCorrelation.before, 12);
  });

  it('is taken back by its inverse', () => {
    const [[ct]] = fitted.mapsOf(unseen[0]);
    const back = functionOf(invertIntensityMap(ct) as typeof ct);
    const values = unseen[0].scans[0].values[0].slice(1000, 1100);
    mapIntensities(values, ct).forEach((value, i) => {
      expect(back(value)).toBeCloseTo(values[i], 8);
    });
  });

  it('does the same after saving and opening, and saves the same bytes of the same subjects', async () => {
    const opened = openJointHarmonize(structuredClone(fitted.save()));
    expect(opened.mapsOf(unseen[1])).toEqual(fitted.mapsOf(unseen[1]));
    expect(flat((await fitOn(trained)).save())).toBe(flat(fitted.save()));
  });

  it('refuses saved state that is of another kind, or was never learned', () => {
    const saved = fitted.save();
    expect(() => openJointHarmonize({ ...saved, kind: 'nyul' })).toThrow('saved state of another kind');
    const { lengths, ...rest } = saved.state as { lengths: Record<string, number> };
    const without = { ...saved, state: { ...rest, lengths: { ...lengths, modalities: 0 }, tissues: 1.5 } };
    expect(() => openJointHarmonize(without as typeof saved)).toThrow(InputError);
    const width = saved.blobs.width.slice().fill(0);
    expect(() => openJointHarmonize({ ...saved, blobs: { ...saved.blobs, width } })).toThrow(
      'expected 2 numbers above 0',
    );
  });

  it('treats each subject alone, and leaves its numbers as they are', async () => {
    const before = unseen[1].scans[0].values[0].slice();
    const [alone] = await fitted.apply([unseen[1]]);
    expect(alone.scans.map(({ values }) => values)).toEqual(joint[1]);
    expect(unseen[1].scans[0].values[0]).toEqual(before);
  });

  it('holds tissue apart from composition only where asked to', async () => {
    const without = await fitOn(trained, { composition: false });
    const [free] = await without.apply([unseen[0]]);
    const r = dependenceOn(
      unseen[0],
      free.scans.map(({ values }) => values),
    ).after;
    expect(Math.abs(r)).toBeGreaterThan(Math.abs(dependenceOn(unseen[0], joint[0]).after));
  });

  it('maps a subject of a single scan, by landmarks alone', () => {
    const [one] = fitted.mapsOf({ scans: unseen[0].scans.slice(0, 1) });
    for (const map of one) {
      if (map.kind !== 'knots') throw new Error('no knots');
      expect(map.from.every((value, k) => k === 0 || value > map.from[k - 1])).toBe(true);
      expect(map.to.every((value, k) => k === 0 || value > map.to[k - 1])).toBe(true);
    }
  });

  it('carries a constant scan without NaN', async () => {
    const flatScan = { values: [new Float64Array(64).fill(40), new Float64Array(64).fill(7)] };
    const [{ scans }] = await fitted.apply([{ scans: [flatScan] }]);
    expect(scans[0].values.every((own) => own.every(Number.isFinite))).toBe(true);
  });
});

describe('what joint harmonization refuses', () => {
  const message = async (work: () => Promise<unknown>) =>
    work().then(
      () => 'nothing',
      (error: Error) => error.message,
    );
  const scan = { values: [Float64Array.of(1, 2), Float64Array.of(3, 4)] };

  it('says what is wrong with scans', async () => {
    const told = await Promise.all([
      message(() => fitOn([])),
      message(() => fitOn([{ scans: [] }])),
      message(() => fitOn([{ scans: [{ values: [scan.values[0]] }] }] as never)),
      message(() => fitOn([{ scans: [{ values: [scan.values[0], Float64Array.of(1)] }] }] as never)),
      message(() => fitOn([{ scans: [{ ...scan, mask: Uint8Array.of(1) }] }] as never)),
      message(() => fitOn([{ scans: [{ ...scan, mask: Uint8Array.of(0, 0) }] }] as never)),
      message(async () => jointHarmonize({ tissues: 1 })),
    ]);
    expect(told).toEqual([
      'joint-harmonize: training: no subjects, expected one or more',
      'joint-harmonize: training: subject 1 of 1: no scans, expected one or more',
      'joint-harmonize: training: subject 1 of 1, scan 1 of 1: number of modalities, expected two or more, on one grid, got 1',
      'joint-harmonize: training: subject 1 of 1, scan 1 of 1, modality 1: of another size, expected 2 voxels, got 1',
      'joint-harmonize: training: subject 1 of 1, scan 1 of 1: mask: of another size, expected 2 voxels, got 1',
      'joint-harmonize: training: subject 1 of 1, scan 1 of 1: no voxel counts, expected a mask with voxels, or values above 0',
      'joint-harmonize: tissues: unusable, expected a whole number from 2 to 12, got 1',
    ]);
  });
});
