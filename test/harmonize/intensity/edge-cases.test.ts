import { describe, expect, it } from 'vitest';
import { random } from '../../../src/array/random.ts';
import { histogramMatch, matchHistogram } from '../../../src/harmonize/intensity/histogram-match.ts';
import { invertIntensityMap, mapIntensities } from '../../../src/harmonize/intensity/intensity-map.ts';
import { kdeMode } from '../../../src/harmonize/intensity/kde-mode.ts';
import { minMax } from '../../../src/harmonize/intensity/min-max.ts';
import { nyul } from '../../../src/harmonize/intensity/nyul.ts';
import { percentileClip } from '../../../src/harmonize/intensity/percentile-clip.ts';
import type { Scan } from '../../../src/harmonize/intensity/scan.ts';
import type { ScanHarmonizer } from '../../../src/harmonize/intensity/scan-harmonizer.ts';
import { tissueModeOf } from '../../../src/harmonize/intensity/tissue-mode.ts';
import { valueCounts } from '../../../src/harmonize/intensity/value-counts.ts';
import { whiteStripe } from '../../../src/harmonize/intensity/white-stripe.ts';
import { zScoreIntensity, zScoreMapBetween } from '../../../src/harmonize/intensity/z-score-intensity.ts';
import { all, oracleScans, run } from './small-scans.ts';

const good = oracleScans()[0];
const applied = async (way: ScanHarmonizer, scan: Scan, training: readonly Scan[] = [good]) =>
  (await (await way.fit(training, undefined, run)).apply([scan]))[0].data;

describe('scans that cannot be used are refused by name', () => {
  const ways = [zScoreIntensity(), minMax(), percentileClip(), histogramMatch(), nyul(), whiteStripe(), kdeMode()];

  it('an empty mask, and one of another size', async () => {
    const data = Uint8Array.of(1, 2, 3);
    for (const way of ways) {
      const { kind } = way.spec;
      await expect(applied(way, { data, mask: new Uint8Array(3) })).rejects.toThrow(
        `${kind}: scan 1 of 1: an empty mask, expected one or more voxels that count, got 0`,
      );
      await expect(applied(way, { data, mask: new Uint8Array(2) })).rejects.toThrow(
        `${kind}: scan 1 of 1: mask: of another size, expected 3 voxels, got 2`,
      );
    }
    await expect(applied(nyul(), { data: Int8Array.of(-1, -2) })).rejects.toThrow('got 0 by the rule positive');
  });

  it('a choice that there is not', async () => {
    const told = async (way: ScanHarmonizer) => applied(way, good).then(String, ({ message }) => message);
    const unknown = 'ostu' as never;
    expect(await told(minMax({ mask: unknown }))).toBe(
      'min-max: scan 1 of 1: mask: unknown, expected one of positive, otsu, head, all, got ostu',
    );
    for (const way of [zScoreIntensity, minMax, percentileClip]) {
      expect(await told(way({ by: 'Training' as never }))).toMatch(
        /: by: unknown, expected one of scan, training, got Training$/,
      );
    }
    expect(await told(kdeMode({ mode: unknown }))).toMatch(
      /mode: unknown, expected one of last, largest, first, got ostu$/,
    );
    expect(await told(whiteStripe({ bandwidth: unknown }))).toMatch(
      /bandwidth: unknown, expected one of scott, intensity-normalization, got ostu$/,
    );
    expect(await told(zScoreIntensity({ to: { mean: 0, sd: 0 } }))).toBe(
      'intensity-z-score: to.sd: unusable, expected a positive number, got 0',
    );
    expect(() => zScoreMapBetween(good, { mean: Number.NaN, sd: 1 })).toThrow('zScoreMapBetween: to.mean: unusable');
  });

  it('NaN and infinities among the voxels that count; outside the mask NaN stays NaN', async () => {
    const data = Float32Array.of(1, Number.NaN, 3, 5);
    const mask = Uint8Array.of(1, 1, 1, 1);
    for (const way of ways) {
      await expect(applied(way, { data, mask })).rejects.toThrow(
        'scan 1 of 1: voxel 1: no number, expected finite values, or a mask that leaves such voxels out, got NaN',
      );
    }
    const out = await applied(minMax(), { data, mask: Uint8Array.of(1, 0, 1, 1) });
    expect([...out]).toEqual([0, Number.NaN, 0.5, 1]);
  });

  it('no scans, several frames, another number of channels, and another shape', async () => {
    await expect(nyul().fit([], undefined, run)).rejects.toThrow('nyul: training: no scans, expected one or more');
    await expect(applied(nyul(), { ...good, frames: 3 })).rejects.toThrow('several frames, expected one, got 3');
    await expect(applied(nyul(), { data: good.data, channels: 2 })).rejects.toThrow(
      'nyul: scan 1 of 1: another number of channels, expected 1 channel, got 2 channels',
    );
    await expect(applied(minMax(), { data: Uint8Array.of(1, 2, 3), shape: [1, 2, 2] })).rejects.toThrow(
      'shape: of another size, expected 3 voxels, got [1, 2, 2]',
    );
  });

  it('a constant scan and one of a single voxel, where a spread is divided by', async () => {
    for (const data of [Uint8Array.of(9, 9, 9), Float32Array.of(9)]) {
      for (const way of [zScoreIntensity(), minMax()]) {
        await expect(applied(way, { data })).rejects.toThrow('a constant scan');
      }
      await expect(applied(nyul(), { data })).rejects.toThrow('percentiles 1 and 99 are one value');
      await expect(applied(whiteStripe(), { data })).rejects.toThrow('a white stripe of no voxels about 9');
      expect([...(await applied(percentileClip(), { data }))]).toEqual([...data]);
      expect((await applied(kdeMode(), { data }))[0]).toBe(1);
      expect((await applied(histogramMatch(), { data }))[0]).toBe(Math.max(...good.data));
    }
    await expect(
      zScoreIntensity({ by: 'training' }).fit([{ data: Uint8Array.of(9, 9) }], undefined, run),
    ).rejects.toThrow('constant training scans');
  });

  it('a peak that is not above 0, and options that make no sense', async () => {
    const cold = { data: Float64Array.from({ length: 500 }, (_, i) => -100 + (i % 7)) };
    await expect(applied(kdeMode({ mask: 'all' }), cold)).rejects.toThrow(
      'nothing to divide by, expected a peak above 0',
    );
    const tries: [ScanHarmonizer, string][] = [
      [kdeMode({ to: 0 }), 'kde-mode: to: unusable, expected a positive number, got 0'],
      [kdeMode({ bandwidth: -1 }), 'bandwidth: unusable, expected a positive number of intensities, got -1'],
      [nyul({ percentiles: [5, 5] }), 'nyul: percentiles: unusable'],
      [nyul({ to: [3, 1] }), 'nyul: to: unusable, expected a rising range, got 3 to 1'],
      [minMax({ to: [1, 1] }), 'min-max: to: unusable'],
      [percentileClip({ percentiles: [99, 1] }), 'percentile-clip: percentiles: unusable'],
      [histogramMatch({ quantiles: 1 }), 'histogram-match: quantiles: unusable'],
      [whiteStripe({ width: 0 }), 'white-stripe: width: unusable, expected a share above 0, up to 1, got 0'],
    ];
    for (const [way, message] of tries) await expect(applied(way, good)).rejects.toThrow(message);
  });
});

describe('what harmonizers do where peers stumble', () => {
  it('the standard scale goes on where landmarks at its ends coincide, and stays finite and in order', async () => {
    const data = Uint8Array.from({ length: 2000 }, (_, i) => (i % 4 === 0 ? 0 : i % 4 === 1 ? 255 : i % 256));
    const out = await applied(nyul({ mask: 'all' }), { data }, [{ data }]);
    expect(out.every(Number.isFinite)).toBe(true);
    const order = [...data.keys()].sort((a, b) => data[a] - data[b]);
    expect(order.every((at, k) => k === 0 || out[at] >= out[order[k - 1]])).toBe(true);
  });

  it('the peak of a scan follows its unit by the default bandwidth, which it does not by the peer’s', () => {
    const { data } = oracleScans()[1];
    const one = Float64Array.from(data).filter((value) => value > 0);
    const small = one.map((value) => value / 100);
    expect(tissueModeOf(all(one)) / tissueModeOf(all(small))).toBeCloseTo(100, 9);
    const peer = { bandwidth: 'intensity-normalization' } as const;
    expect(Math.abs(tissueModeOf(all(one), peer) / tissueModeOf(all(small), peer) - 100)).toBeGreaterThan(10);
  });

  it('peaks of many values with fractions, which are binned, are those of exact kernels', () => {
    const generator = random(3);
    const values = Float64Array.from({ length: 70_000 }, (_, i) => (i % 3 ? 180 : 110) + 9 * generator.normal());
    const rounded = values.map((value) => Math.round(value * 50));
    const exact = tissueModeOf(all(Int16Array.from(rounded)));
    expect(tissueModeOf(all(rounded))).toBeCloseTo(exact, 6);
    expect(Math.abs(exact / 50 - 180)).toBeLessThan(1);
  });

  it('a wild voxel does not hide the tissues from the largest peak', () => {
    const generator = random(4);
    const values = Float32Array.from({ length: 60_000 }, (_, i) => (i % 3 ? 200 : 120) + 8 * generator.normal());
    values[7] = 20_000;
    expect(Math.abs(tissueModeOf(all(values), { mode: 'largest' }) - 200)).toBeLessThan(10); // two kernel widths
  });

  it('of several training scans the reference is the mean of their quantiles', async () => {
    const ramp = (low: number, high: number) => ({
      data: Float64Array.from({ length: 4096 }, (_, i) => low + ((high - low) * i) / 4095),
    });
    const fitted = await histogramMatch().fit([ramp(0, 100), ramp(200, 1000)], undefined, run);
    const [{ data }] = await fitted.apply([ramp(-7, 3)]);
    expect(data[4095]).toBe(550);
    expect(data[2047]).toBeCloseTo(325, 0);
  });

  it('matching counts doubles that are one single apart, as they are', () => {
    const data = Float64Array.of(1 + 3e-12, 1, 1 + 1e-12, 2);
    expect([...valueCounts(all(data)).values]).toEqual([1, 1 + 1e-12, 1 + 3e-12, 2]);
    const matched = matchHistogram({ data }, { data: Uint8Array.of(10, 20, 30, 40) });
    expect([...matched]).toEqual([30, 10, 20, 40]);
  });

  it('by training, what differs between scans stays', async () => {
    const [a, b] = [Float64Array.of(1, 2, 3), Float64Array.of(5, 6, 7)].map((data) => ({ data }));
    for (const way of [zScoreIntensity({ by: 'training' }), minMax({ by: 'training' })]) {
      const fitted = await way.fit([a, b], undefined, run);
      const [first, second] = await fitted.apply([a, b]);
      expect(second.data[0] - first.data[0]).toBeCloseTo((first.data[1] - first.data[0]) * 4, 12);
    }
    const fitted = await zScoreIntensity({ by: 'training' }).fit([a, b], undefined, run);
    const all = (await fitted.apply([a, b])).flatMap(({ data }) => [...data]);
    expect(all.reduce((sum, z) => sum + z, 0)).toBeCloseTo(0, 12);
    expect(all.reduce((sum, z) => sum + z * z, 0) / 6).toBeCloseTo(1, 12);
    const clipped = await percentileClip({ by: 'training', percentiles: [0, 100] }).fit([a, b], undefined, run);
    expect([...(await clipped.apply([{ data: Float64Array.of(-9, 4, 9) }]))[0].data]).toEqual([3, 4, 5]);
  });

  it('negative values are harmonized by the rule that counts them', async () => {
    const hounsfield = { data: Int16Array.of(-1000, -1000, -80, 40, 60, 900) };
    const out = await applied(minMax(), hounsfield, [hounsfield]);
    expect([...out]).toEqual([0, 0, 920 / 1900, 1040 / 1900, 1060 / 1900, 1]);
    const [map] = (await zScoreIntensity({ mask: 'all' }).fit([hounsfield], undefined, run)).mapsOf(hounsfield);
    const z = mapIntensities(hounsfield.data, map);
    expect(Array.from(z).reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
    expect(invertIntensityMap(map)).toBeDefined();
  });
});
