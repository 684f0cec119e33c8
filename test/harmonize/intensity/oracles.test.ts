import { describe, expect, it } from 'vitest';
import { histogramMatch, matchHistogram } from '../../../src/harmonize/intensity/histogram-match.ts';
import { kdeMode } from '../../../src/harmonize/intensity/kde-mode.ts';
import { nyul } from '../../../src/harmonize/intensity/nyul.ts';
import { tissueModes } from '../../../src/harmonize/intensity/tissue-mode.ts';
import { voxelsThatCount } from '../../../src/harmonize/intensity/voxels.ts';
import { whiteStripe, whiteStripeOf } from '../../../src/harmonize/intensity/white-stripe.ts';
import { zScoreIntensity } from '../../../src/harmonize/intensity/z-score-intensity.ts';
import { expectClose } from '../../fixtures/fixture.ts';
import { oracle, oracleScans, run, typed } from './small-scans.ts';

const scaleOf = (map: object) => (map as { readonly from: { readonly mean: number; readonly sd: number } }).from;

describe('the figures of intensity-normalization 3.0.1', () => {
  it('mean and spread of the z-score', async () => {
    const fitted = await zScoreIntensity().fit(oracleScans(), undefined, run);
    for (const [s, scan] of oracleScans().entries()) {
      const { mean, sd } = scaleOf(fitted.mapsOf(scan)[0]);
      expectClose(mean, oracle.scans[s].zScore[0], 1e-6, 'mean');
      expectClose(sd, oracle.scans[s].zScore[1], 1e-6, 'sd');
    }
  });

  it('mean, spread and size of the white stripe at each peak, and a refusal where it refuses', async () => {
    let refused = 0;
    for (const [s, scan] of oracleScans().entries()) {
      for (const mode of tissueModes) {
        const expected = oracle.scans[s][mode].whiteStripe;
        const fitted = await whiteStripe({ mode }).fit([scan], undefined, run);
        if (!expected) {
          expect(() => fitted.mapsOf(scan)).toThrow('white-stripe: a white stripe of one value about');
          refused++;
          continue;
        }
        const { mean, sd } = scaleOf(fitted.mapsOf(scan)[0]);
        expectClose(mean, expected[0], 1e-6, `${mode} of scan ${s}: mean`);
        expectClose(sd, expected[1], 1e-5, `${mode} of scan ${s}: sd`);
        const voxels = voxelsThatCount({ values: scan.data, where: '' }, 'positive');
        expect(whiteStripeOf(voxels, { mode }).count).toBe(expected[2]);
      }
    }
    expect(refused).toBe(2);
  });

  it('the mode of its kernel density, by its own bandwidth', async () => {
    for (const [s, scan] of oracleScans().entries()) {
      for (const mode of tissueModes) {
        const fitted = await kdeMode({ mode, bandwidth: 'intensity-normalization' }).fit([scan], undefined, run);
        expectClose(scaleOf(fitted.mapsOf(scan)[0]).sd, oracle.scans[s][mode].kde, 1e-9, `${mode} of scan ${s}`);
      }
    }
  });

  it('the standard scale of Nyúl and Udupa and what becomes of scans', async () => {
    for (const [o, { percentiles, scale, everySeventh }] of oracle.nyul.entries()) {
      const options = o === 0 ? {} : { percentiles, to: [0, 10] as const };
      const fitted = await nyul(options).fit(oracleScans(), undefined, run);
      const learned = new Float64Array(Uint8Array.from(fitted.save().blobs['0/scale']).buffer);
      scale.forEach((value, k) => {
        expectClose(learned[k], value, 1e-6, `landmark ${k}`, 1e-9);
      });
      for (const [s, { data }] of (await fitted.apply(oracleScans())).entries()) {
        everySeventh[s].forEach((value, k) => {
          expectClose(data[7 * k], value, 1e-5, `scan ${s}, voxel ${7 * k}`, 1e-5);
        });
      }
    }
  });
});

describe('histogram matching is that of scikit-image 0.19.3, to the last bit', () => {
  it('of bytes, short integers with negative ones, singles and doubles', () => {
    for (const { type, source, reference, matched } of oracle.matching.single) {
      const [from, to] = [typed(type, source), typed(type, reference)].map((data) => ({ data }));
      expect(Array.from(matchHistogram(from, to)), type).toEqual(matched);
    }
  });

  it('of integers whichever array holds them', () => {
    const [{ source, reference, matched }] = oracle.matching.single;
    for (const array of [Uint16Array, Int16Array, Int32Array, Uint32Array, Float64Array]) {
      expect(Array.from(matchHistogram({ data: array.from(source) }, { data: array.from(reference) }))).toEqual(
        matched,
      );
    }
  });

  it('channel by channel, before scikit-image cuts off what follows the point', () => {
    const { source, reference, matched } = oracle.matching.channels;
    const scan = (rows: number[][]) => ({ data: Uint8Array.from(rows.flat()), channels: rows.length });
    const out = matchHistogram(scan(source), scan(reference));
    expect(Array.from(out, Math.trunc)).toEqual(matched.flat());
    expect(out.some((value) => !Number.isInteger(value))).toBe(true);
  });

  it('of the voxels in a mask', () => {
    const { source, mask, reference, matchedInMask } = oracle.matching.masked;
    const data = Float32Array.from(source);
    const out = matchHistogram({ data, mask: Uint8Array.from(mask) }, { data: Float32Array.from(reference) });
    expect(Array.from(out).filter((_, i) => mask[i])).toEqual(matchedInMask);
    const order = [...out.keys()].sort((a, b) => data[a] - data[b]);
    expect(order.every((at, k) => k === 0 || out[at] >= out[order[k - 1]])).toBe(true);
  });

  it('the estimator, fitted on one scan, does the same inside its mask and outside', async () => {
    const { source, mask, reference } = oracle.matching.masked;
    const scan = {
      data: Float32Array.from([...source, 1e4, -1e4, Number.NaN]),
      mask: Uint8Array.from([...mask, 0, 0, 0]),
    };
    const goal = { data: Float32Array.from(reference) };
    const fitted = await histogramMatch().fit([goal], undefined, run);
    const [{ data }] = await fitted.apply([scan]);
    expect([...data]).toEqual([...matchHistogram(scan, goal)]);
    expect(data.at(-3)).toBe(Math.max(...matchHistogram(scan, goal).filter(Number.isFinite)));
    expect(data.at(-1)).toBeNaN();
  });
});
