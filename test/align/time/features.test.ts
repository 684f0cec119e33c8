import { describe, expect, it } from 'vitest';
import { baselineLength, follow, strays } from '../../../src/align/time/baseline.ts';
import type { SensorFeature, Setup } from '../../../src/align/time/setup.ts';
import type { Track } from '../../../src/align/time/track.ts';
import { trackOf } from '../../../src/align/time/track-of.ts';
import { random } from '../../../src/array/random.ts';
import type { Sensor } from '../../../src/describe/sensor.ts';
import { beats, cgm, event, recordingOf, startMs } from './watch.ts';

interface Reading {
  readonly timeMs: number;
  readonly value: number;
  readonly quality?: number;
}

const minutes = 60;

/** One feature of one sensor whose readings arrive at once, and what it said at every tick. */
function told(feature: SensorFeature, readings: readonly Reading[], sensor: Sensor = beats, stepSeconds = 15) {
  const setup: Setup = { stepSeconds, sensors: [cgm, sensor], slow: 'cgm', features: [feature] };
  const rows = readings.map(({ timeMs, value, quality }, at) => ({
    event: event(sensor.name, at, timeMs, value, quality),
    arrivedMs: timeMs,
  }));
  return trackOf(recordingOf(rows, minutes), setup, { warmUpSeconds: 0 });
}

/** A walk of beats, some poor, with a gap of two minutes. */
function walk(seed: number): Reading[] {
  const draw = random(seed);
  const made: Reading[] = [];
  for (let t = startMs, level = 900; t < startMs + minutes * 60000; ) {
    level += 4 * draw.normal() - 0.05 * (level - 900);
    t += Math.round(level) + (draw.uniform() < 0.05 ? 4000 : 0);
    const inGap = t > startMs + 1.2e6 && t < startMs + 1.32e6;
    if (!inGap) made.push({ timeMs: t, value: Math.fround(level), quality: draw.uniform() < 0.1 ? 0.2 : 1 });
  }
  return made;
}

interface Weighed extends Reading {
  readonly weight: number;
  readonly minutes: number;
  readonly jump: number | undefined;
}

/** All readings settled by a tick with their weights, from the definition: no sums kept from tick to tick. */
function weighed(readings: readonly Reading[], tickMs: number, windowSeconds: number, stepSeconds = 15): Weighed[] {
  const stepMs = stepSeconds * 1000;
  const good = readings.filter(({ quality = 1 }) => quality >= 0.5);
  return good
    .map((reading, at) => {
      const apart = at ? reading.timeMs - good[at - 1].timeMs : Number.POSITIVE_INFINITY;
      const jump = apart <= 3000 && apart > 0 ? reading.value - good[at - 1].value : undefined;
      // Settled at the first tick that is more than the lateness after it.
      const settled = startMs + Math.max(0, Math.floor((reading.timeMs + 5000 - startMs) / stepMs) + 1) * stepMs;
      const weight = Math.exp((-2 * (tickMs - settled)) / 1000 / windowSeconds);
      return { ...reading, weight, minutes: (reading.timeMs - tickMs) / 60000, jump, settled };
    })
    .filter(({ settled }) => settled <= tickMs);
}

const sum = (of: readonly Weighed[], what: (one: Weighed) => number) =>
  of.reduce((all, one) => all + one.weight * what(one), 0);
const mean = (of: readonly Weighed[], what: (one: Weighed) => number) => sum(of, what) / sum(of, () => 1);

const definitions: Record<string, (of: readonly Weighed[]) => number> = {
  mean: (of) => mean(of, ({ value }) => value),
  slope(of) {
    const [t, v] = [mean(of, (one) => one.minutes), mean(of, ({ value }) => value)];
    return mean(of, (one) => (one.minutes - t) * (one.value - v)) / mean(of, (one) => (one.minutes - t) ** 2);
  },
  variability(of) {
    const paired = of.filter(({ jump }) => jump !== undefined);
    return Math.log(Math.sqrt(mean(paired, ({ jump }) => (jump as number) ** 2)));
  },
  energy: (of) => Math.log(mean(of, ({ value }) => value ** 2)),
};

describe('a feature of a sensor', () => {
  it.each(['mean', 'slope', 'variability', 'energy'] as const)(
    '%s is what its definition says at every tick',
    (kind) => {
      const readings = walk(4);
      const track = told({ name: 'it', kind, sensor: 'beats', windowSeconds: 240 }, readings);
      let compared = 0;
      for (let tick = 8; tick < track.ticks; tick += 7) {
        if (!track.heard[tick]) continue;
        const wanted = definitions[kind](weighed(readings, startMs + tick * 15000, 240));
        expect(track.values[tick]).toBeCloseTo(wanted, kind === 'slope' || kind === 'mean' ? 3 : 5);
        compared++;
      }
      expect(compared).toBeGreaterThan(25);
    },
  );

  it('energy about the mean is the log of a variance', () => {
    const readings = walk(6);
    const track = told({ name: 'it', kind: 'energy', sensor: 'beats', windowSeconds: 240, about: 'mean' }, readings);
    const of = weighed(readings, startMs + 200 * 15000, 240);
    const middle = mean(of, ({ value }) => value);
    expect(track.values[200]).toBeCloseTo(Math.log(mean(of, ({ value }) => (value - middle) ** 2)), 4);
  });

  it('slope is the rate of a straight line, whatever its window', () => {
    const line = Array.from({ length: 3600 }, (_, at) => ({ timeMs: startMs + at * 1000, value: 600 + at / 6 }));
    for (const windowSeconds of [30, 300, 3000]) {
      const track = told({ name: 'it', kind: 'slope', sensor: 'beats', windowSeconds }, line);
      expect(track.values[track.ticks - 1]).toBeCloseTo(10, 3);
    }
  });

  it('count is readings a minute, falls in a gap, and is not heard once the sensor is silent', () => {
    const steady = Array.from({ length: 1800 }, (_, at) => ({ timeMs: startMs + at * 1000, value: 900 }));
    const track = told({ name: 'it', kind: 'count', sensor: 'beats', windowSeconds: 60 }, steady);
    expect(track.values[100]).toBeCloseTo(60, 3);
    expect(track.values[123]).toBeLessThan(30);
    expect(track.heard[123]).toBe(1);
    expect(track.heard[125]).toBe(0);
    expect(track.values[125]).toBe(0);
  });

  it('staleness is the age of the newest settled reading, of any quality', () => {
    const poor = Array.from({ length: 60 }, (_, at) => ({ timeMs: startMs + at * 1000, value: 900, quality: 0 }));
    const track = told({ name: 'it', kind: 'staleness', sensor: 'beats' }, poor);
    expect(Array.from(track.values.subarray(0, 8))).toEqual([0, 6, 6, 6, 6, 16, 31, 46]);
    expect(Array.from(track.heard.subarray(0, 3))).toEqual([0, 1, 1]);
  });

  it('is not made of poor readings', () => {
    const mixed = Array.from({ length: 600 }, (_, at) => ({
      timeMs: startMs + at * 1000,
      value: at % 2 ? 900 : 2000,
      quality: at % 2 ? 1 : 0.4,
    }));
    const track = told({ name: 'it', kind: 'mean', sensor: 'beats', windowSeconds: 60 }, mixed);
    expect(track.values[20]).toBe(900);
  });

  it('is heard while a third of its window was measured, and not through a gap', () => {
    const track = told({ name: 'it', kind: 'mean', sensor: 'beats', windowSeconds: 60 }, [
      ...Array.from({ length: 600 }, (_, at) => ({ timeMs: startMs + at * 1000, value: 900 })),
      ...Array.from({ length: 600 }, (_, at) => ({ timeMs: startMs + 1200000 + at * 1000, value: 700 })),
    ]);
    const heardAt = (second: number) => track.heard[second / 15];
    expect(heardAt(15)).toBe(0);
    expect(heardAt(30)).toBe(1);
    // The window has a time constant of 30 s: a third is left after 33 s, on top of what is waited for.
    expect(heardAt(630)).toBe(1);
    expect(heardAt(660)).toBe(0);
    expect(heardAt(1200)).toBe(0);
    expect(heardAt(1260)).toBe(1);
    expect(track.values[1290 / 15]).toBeCloseTo(700, 3);
  });

  it('day-sine and day-cosine turn with the local clock', () => {
    const feature = (kind: 'day-sine' | 'day-cosine') => told({ name: 'it', kind }, []);
    const localHour = (((startMs + 3600000) / 3600000) % 24) * ((2 * Math.PI) / 24);
    const hour: [Track, (x: number) => number][] = [
      [feature('day-sine'), Math.sin],
      [feature('day-cosine'), Math.cos],
    ];
    for (const [track, turn] of hour) {
      expect(track.values[0]).toBeCloseTo(turn(localHour), 6);
      expect(track.values[120]).toBeCloseTo(turn(localHour + Math.PI / 24), 6);
    }
  });
});

describe('deviation from a baseline', () => {
  const feature: SensorFeature = {
    name: 'it',
    kind: 'deviation',
    sensor: 'beats',
    windowSeconds: 15,
    baselineSeconds: 1200,
  };
  /** One reading a second, normal about 900 with 50, and something added. */
  const noisy = (seed: number, added: (second: number) => number) => {
    const draw = random(seed);
    return Array.from({ length: 3600 }, (_, at) => ({
      timeMs: startMs + at * 1000,
      value: 900 + 50 * draw.normal() + added(at),
    }));
  };
  const spreadOf = (of: ArrayLike<number>) => {
    const all = Array.from(of);
    const middle = all.reduce((a, b) => a + b) / all.length;
    return Math.sqrt(all.reduce((a, b) => a + (b - middle) ** 2, 0) / all.length);
  };

  it('is a standard normal quantity while nothing happens', () => {
    const all: number[] = [];
    for (let seed = 0; seed < 10; seed++)
      all.push(
        ...told(
          feature,
          noisy(seed, () => 0),
        ).values.subarray(60),
      );
    expect(Math.abs(all.reduce((a, b) => a + b) / all.length)).toBeLessThan(0.1);
    expect(spreadOf(all)).toBeGreaterThan(0.85);
    expect(spreadOf(all)).toBeLessThan(1.25);
  });

  it('is not heard before a quarter of the baseline was measured', () => {
    const { heard } = told(
      feature,
      noisy(1, () => 0),
    );
    expect(heard.indexOf(1)).toBe(21);
  });

  it('is moved a little by outliers, and shows a shift while the baseline follows it', () => {
    const outliers = told(
      feature,
      noisy(2, (second) => (second % 100 < 8 ? 900 : 0)),
    );
    const plain = told(
      feature,
      noisy(2, () => 0),
    );
    const middle = (track: Track) =>
      Array.from(track.values.subarray(60)).sort((a, b) => a - b)[Math.floor((track.ticks - 60) / 2)];
    expect(Math.abs(middle(outliers) - middle(plain))).toBeLessThan(0.5);

    const shifted = told(
      feature,
      noisy(3, (second) => (second > 2400 ? -60 : 0)),
    );
    const after = Array.from(shifted.values.subarray(163, 171));
    expect(after.reduce((a, b) => a + b) / after.length).toBeLessThan(-2.5);
    expect(Math.abs(shifted.values[shifted.ticks - 1])).toBeLessThan(Math.abs(Math.min(...after)));
  });

  it('follows the centre that clipped steps balance and the median distance from it, also of a lopsided quantity', () => {
    const draw = random(9);
    const state = new Float64Array(baselineLength);
    for (let at = 0; at < 20000; at++) follow(state, 0, -Math.log(1 - draw.uniform()), 0.002, 0.1);
    // Of the exponential distribution: E clip(x - m, -s, s) = 0 and P(|x - m| < s) = 1/2 at m = 0.7345, s = 0.5.
    expect(Math.abs(state[0] - 0.7345)).toBeLessThan(0.05);
    expect(Math.abs(state[1] - 0.5)).toBeLessThan(0.05);
    expect(strays(state, 0, 1e9, 1)).toBe(8);
    expect(strays(state, 0, -1e9, 1)).toBe(-8);
  });

  it('is 0 rather than infinite where nothing ever changes', () => {
    const still = Array.from({ length: 3600 }, (_, at) => ({ timeMs: startMs + at * 1000, value: 900 }));
    const track = told(feature, still);
    expect(track.values.every((value) => Math.abs(value) < 1e-9)).toBe(true);
    expect(track.heard[200]).toBe(1);
  });
});
