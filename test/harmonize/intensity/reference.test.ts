import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { matchHistogram } from '../../../src/harmonize/intensity/histogram-match.ts';
import { kdeMode } from '../../../src/harmonize/intensity/kde-mode.ts';
import { nyul } from '../../../src/harmonize/intensity/nyul.ts';
import { voxelsThatCount } from '../../../src/harmonize/intensity/voxels.ts';
import { whiteStripeOf } from '../../../src/harmonize/intensity/white-stripe.ts';
import { zScoreIntensity } from '../../../src/harmonize/intensity/z-score-intensity.ts';
import { readImage } from '../../../src/read/image.ts';
import { expectClose } from '../../fixtures/fixture.ts';
import { need } from '../../require.ts';
import { run } from './small-scans.ts';

const data = join(process.env.CONSILIENCE_SHARED ?? '../shared', 'data');
const folder = join(data, 'intensity-reference');
const shared = need('shared', existsSync(folder));

interface Expected {
  readonly images: Readonly<
    Record<
      string,
      {
        readonly foreground: number;
        readonly zscore: { readonly mean: number; readonly std: number };
        readonly whitestripeT1: {
          readonly mean: number;
          readonly std: number;
          readonly stripeVoxels: number;
          readonly mode: number;
        };
        readonly kdeT1Mode: number;
      }
    >
  >;
  readonly nyul: { readonly standardScale: number[] };
  readonly histogramMatching: readonly {
    readonly source: string;
    readonly reference: string;
    readonly expected: string;
  }[];
}

const read = (name: string) => readImage(new Uint8Array(readFileSync(join(folder, `${name}.nii.gz`))), { name });
const scaleOf = (map: object) => (map as { readonly from: { readonly mean: number; readonly sd: number } }).from;

describe.skipIf(shared.skip)('real T1 slices of four sources (shared data)', async () => {
  if (shared.skip) return;
  const expected: Expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
  const names = Object.keys(expected.images);
  const scans = await Promise.all(names.map(read));

  it('z-score, white stripe and mode are those of intensity-normalization to 1e-4', async () => {
    const z = await zScoreIntensity().fit(scans, undefined, run);
    const kde = await kdeMode({ bandwidth: 'intensity-normalization' }).fit(scans, undefined, run);
    expect(names).toHaveLength(4);
    for (const [s, scan] of scans.entries()) {
      const { foreground, zscore, whitestripeT1, kdeT1Mode } = expected.images[names[s]];
      const voxels = voxelsThatCount({ values: scan.data, where: names[s] }, 'positive');
      expect(voxels.count).toBe(foreground);
      const { mean, sd } = scaleOf(z.mapsOf(scan)[0]);
      expectClose(mean, zscore.mean, 1e-4, `${names[s]}: mean`);
      expectClose(sd, zscore.std, 1e-4, `${names[s]}: sd`);
      const stripe = whiteStripeOf(voxels);
      expectClose(stripe.mean, whitestripeT1.mean, 1e-4, `${names[s]}: stripe mean`);
      expectClose(stripe.sd, whitestripeT1.std, 1e-4, `${names[s]}: stripe sd`);
      expectClose(stripe.mode, whitestripeT1.mode, 1e-4, `${names[s]}: stripe mode`);
      expect(stripe.count).toBe(whitestripeT1.stripeVoxels);
      expectClose(scaleOf(kde.mapsOf(scan)[0]).sd, kdeT1Mode, 1e-4, `${names[s]}: mode`);
    }
  });

  it('the standard scale and each result of Nyúl and Udupa are the same to 1e-4', async () => {
    const fitted = await nyul().fit(scans, undefined, run);
    const scale = new Float64Array(Uint8Array.from(fitted.save().blobs['0/scale']).buffer);
    expected.nyul.standardScale.forEach((value, k) => {
      expectClose(scale[k], value, 1e-4, `landmark ${k}`);
    });
    for (const [s, { data: got }] of (await fitted.apply(scans)).entries()) {
      const { data: want } = await read(names[s].replace('t1_', 'nyul_'));
      const worst = Array.from(got).reduce(
        (most, value, i) => Math.max(most, Math.abs(value - want[i]) / (1 + Math.abs(want[i]))),
        0,
      );
      expect(worst, names[s]).toBeLessThan(1e-4);
    }
  });

  it('histogram matching differs from scikit-image at no pixel', async () => {
    for (const { source, reference, expected: result } of expected.histogramMatching) {
      const [from, to, want] = await Promise.all([source, reference, result].map(read));
      const got = matchHistogram(from, to);
      expect(Array.from(got).reduce((many, value, i) => many + (Math.fround(value) === want.data[i] ? 0 : 1), 0)).toBe(
        0,
      );
    }
  });

  it('the peak of the default bandwidth is nearer to true white matter than the peer’s, which is about the mean', async () => {
    const [template, mask] = await Promise.all(['t1_mni152_z85', 'mni152_z85_wmMask'].map(read));
    const inside = Array.from(template.data).filter((_, i) => mask.data[i]);
    const truth = inside.reduce((sum, value) => sum + value, 0) / inside.length;
    expect(truth).toBeCloseTo(219.63, 2);
    const peak = async (bandwidth: 'scott' | 'intensity-normalization') =>
      scaleOf((await kdeMode({ bandwidth }).fit([template], undefined, run)).mapsOf(template)[0]).sd;
    expect(Math.abs((await peak('scott')) - truth)).toBeLessThan(5);
    expect(Math.abs((await peak('intensity-normalization')) - truth)).toBeGreaterThan(35);
  });
});
