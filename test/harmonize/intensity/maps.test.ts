import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random } from '../../../src/array/random.ts';
import { histogramMatch } from '../../../src/harmonize/intensity/histogram-match.ts';
import { functionOf, invertIntensityMap, mapIntensities } from '../../../src/harmonize/intensity/intensity-map.ts';
import { kdeMode } from '../../../src/harmonize/intensity/kde-mode.ts';
import { minMax } from '../../../src/harmonize/intensity/min-max.ts';
import { nyul } from '../../../src/harmonize/intensity/nyul.ts';
import { percentilesOf } from '../../../src/harmonize/intensity/order-statistics.ts';
import { percentileClip } from '../../../src/harmonize/intensity/percentile-clip.ts';
import { whiteStripe } from '../../../src/harmonize/intensity/white-stripe.ts';
import { zScoreIntensity, zScoreMapBetween } from '../../../src/harmonize/intensity/z-score-intensity.ts';
import { quantile } from '../../../src/harmonize/quantiles.ts';
import { all, oracleScans, run } from './small-scans.ts';

describe('the z-score map between two scans', () => {
  // Mean 1000, sd 200 and mean 40, sd 10 within the masks, which leave wild voxels out.
  const from = { data: Int16Array.of(800, 1200, 800, 1200, 30_000), mask: Uint8Array.of(1, 1, 1, 1, 0) };
  const to = { data: Float32Array.of(Number.NaN, 30, 50), mask: Uint8Array.of(0, 1, 1) };

  it('takes 1200 to 50, voxel by voxel, with masks and back', () => {
    const [map] = zScoreMapBetween(from, to);
    const mapped = mapIntensities(from.data, map);
    expect([...mapped]).toEqual([30, 50, 30, 50, 1490]);
    const back = invertIntensityMap(map);
    expect(back && [...mapIntensities(mapped, back)]).toEqual([...from.data]);
    expect(zScoreMapBetween(from, { mean: 40, sd: 10 })).toEqual([map]);
  });

  it('goes channel by channel, and refuses a scan without spread', () => {
    const two = { data: Uint8Array.of(1, 3, 10, 30), channels: 2 };
    const maps = zScoreMapBetween(two, { data: Float64Array.of(0.1, 0.2, 5, 6), channels: 2 });
    expect(maps).toHaveLength(2);
    expect(functionOf(maps[1])(30)).toBeCloseTo(6, 12);
    expect(() => zScoreMapBetween({ data: Uint8Array.of(7, 7) }, to)).toThrow(
      'zScoreMapBetween: from: a constant scan, expected two or more values, got 7 at every voxel that counts',
    );
    expect(() => zScoreMapBetween(two, to)).toThrow('zScoreMapBetween: to: another number of channels');
  });
});

const ways = {
  zScoreIntensity: zScoreIntensity({ to: { mean: 40, sd: 10 } }),
  minMax: minMax({ to: [-1, 1] }),
  nyul: nyul(),
  whiteStripe: whiteStripe(),
  kdeMode: kdeMode(),
  histogramMatch: histogramMatch(),
  percentileClip: percentileClip(),
};

describe.each(Object.entries(ways))('%s', (name, way) => {
  it('learns from training scans, keeps order, and is taken back wherever no two values became one', async () => {
    const scans = oracleScans();
    const fitted = await way.fit(scans.slice(0, 2), undefined, run);
    const fresh = scans[2];
    const [map] = fitted.mapsOf(fresh);
    const out = mapIntensities(fresh.data, map);
    const order = [...out.keys()].sort((a, b) => fresh.data[a] - fresh.data[b]);
    expect(order.every((at, k) => k === 0 || out[at] >= out[order[k - 1]])).toBe(true);
    const back = invertIntensityMap(map);
    if (name === 'percentileClip') return expect(back).toBeUndefined();
    if (!back) return expect(name).toBe('histogramMatch');
    const again = mapIntensities(out, back);
    const worst = Array.from(again).reduce((most, value, i) => Math.max(most, Math.abs(value - fresh.data[i])), 0);
    expect(worst).toBeLessThan(1e-9);
  });

  it('saves and opens to the same, learns the same bytes again, and changes no scan it is given', async () => {
    const builders = { zScoreIntensity, minMax, nyul, whiteStripe, kdeMode, histogramMatch, percentileClip };
    const scans = oracleScans();
    const fitted = await way.fit(scans, undefined, run);
    const opened = builders[name as keyof typeof builders].open(structuredClone(fitted.save()));
    expect(await opened.apply(scans)).toEqual(await fitted.apply(scans));
    expect((await way.fit(oracleScans(), undefined, run)).save()).toEqual(fitted.save());
    expect(scans).toEqual(oracleScans());
  });

  it('harmonizes each channel as if it were alone', async () => {
    const [a, b] = oracleScans();
    const both = { data: Float64Array.from([...a.data, ...b.data]), channels: 2 };
    const [together] = await (await way.fit([both], undefined, run)).apply([both]);
    const alone = await Promise.all(
      [a, b].map(async ({ data }) => {
        const scan = { data: Float64Array.from(data) };
        return [...(await (await way.fit([scan], undefined, run)).apply([scan]))[0].data];
      }),
    );
    expect([...together.data]).toEqual(alone.flat());
  });
});

describe('maps', () => {
  it('of integers by a table are those of each value', () => {
    const map = {
      kind: 'knots',
      from: Float64Array.of(-50, 0, 90),
      to: Float64Array.of(0, 1, 5),
      beyond: 'extend',
    } as const;
    const data = Int8Array.from({ length: 1000 }, (_, i) => (i % 256) - 128);
    expect([...mapIntensities(data, map)]).toEqual(Array.from(data, functionOf(map)));
    expect(functionOf(map)(-100)).toBe(-1);
    expect(functionOf({ ...map, beyond: 'hold' })(-100)).toBe(0);
    expect(functionOf(map)(Number.NaN)).toBeNaN();
  });

  it('gives floats the same numbers many at once as one by one, also where knots coincide and on them', () => {
    const draw = random(5);
    for (const beyond of ['extend', 'hold'] as const) {
      for (let world = 0; world < 50; world++) {
        const many = 2 + draw.integer(12);
        const knots = () => Float64Array.from({ length: many }, () => Math.round(20 * draw.normal()) / 4).sort();
        const map = { kind: 'knots', from: knots(), to: knots(), beyond } as const;
        const between = Array.from({ length: 500 }, () => 6 * draw.normal());
        const values = Float64Array.of(...map.from, ...between, Number.NaN, Infinity, -Infinity, -0);
        expect([...mapIntensities(values, map)]).toEqual(Array.from(values, functionOf(map)));
      }
    }
  });

  it('between knots find the same segment whatever value came before', () => {
    const sorted = fc.uniqueArray(fc.integer({ min: -99, max: 99 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(sorted, fc.array(fc.integer({ min: -120, max: 120 })), (knots, values) => {
        const from = Float64Array.from(knots).sort();
        const map = { kind: 'knots', from, to: from.map((x) => x ** 3), beyond: 'extend' } as const;
        const walked = functionOf(map);
        for (const value of values) expect(walked(value)).toBe(functionOf(map)(value));
        for (const knot of from) expect(walked(knot)).toBe(knot ** 3);
      }),
    );
  });
});

it('percentiles are those of sorted values, whatever array holds them', () => {
  const value = fc.oneof(fc.integer({ min: -128, max: 127 }), fc.constantFrom(0, -0, 1, 5));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 999 }), (values, scale) => {
      const sorted = Float64Array.from(values).sort();
      const percents = [0, 1, 33.3, 50, 99, 100];
      const expected = percents.map((percent) => quantile(sorted, percent / 100));
      const got = [Int8Array, Int16Array, Int32Array, Float32Array, Float64Array].map((array) =>
        percentilesOf(all(array.from(values)), percents),
      );
      for (const one of got) one.forEach((found, k) => expect(found).toBeCloseTo(expected[k], 9));
      const fractions = Float64Array.from(values, (one) => one / scale + 1e-12 * one);
      const exact = percentilesOf(all(fractions), [0, 100]);
      expect([...exact]).toEqual([Math.min(...fractions) + 0, Math.max(...fractions) + 0]);
    }),
  );
});
