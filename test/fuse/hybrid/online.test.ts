import { serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Arrival } from '../../../src/align/time/event.ts';
import type { ClockTick } from '../../../src/align/time/in-order.ts';
import { random } from '../../../src/array/random.ts';
import type { AlertChange } from '../../../src/fuse/hybrid/alert/alert.ts';
import { hybridScoring } from '../../../src/fuse/hybrid/filter/hybrid.ts';
import { type HybridInput, type HybridOutput, hybridOnline } from '../../../src/fuse/hybrid/online.ts';
import { beats, cgm, motion, startMs } from '../../align/time/watch.ts';
import { checkOnline } from '../../contract/check-online.ts';

const setup = {
  stepSeconds: 15,
  sensors: [{ ...cgm, latenessSeconds: 480 }, beats, { ...motion, latenessSeconds: 5 }],
  slow: 'cgm',
  features: [
    { name: 'quickening', kind: 'deviation', sensor: 'beats', windowSeconds: 120, baselineSeconds: 1800 },
    { name: 'restlessness', kind: 'energy', sensor: 'motion', windowSeconds: 120 },
  ],
} as const;

const dynamics = {
  levelMean: 130,
  levelSd: 45,
  rateSd: 0.9,
  rateMinutes: 25,
  lagMinutes: 6,
  errorSd: 4,
  errorMinutes: 40,
  noiseSd: 3,
};

const scoring = hybridScoring({
  question: { threshold: 70, beyond: 'below', mode: 'forecast', horizonSeconds: 1200 },
  dynamics,
  stepSeconds: 15,
  evidence: {
    weight: 1,
    correlationSeconds: 300,
    fast: {
      features: ['quickening', 'restlessness'],
      mean: [0, -10],
      sd: [1, 2],
      linear: [-0.3, 0.1],
      square: [0, 0],
      intercept: 0,
      prior: 0,
      enough: 0.5,
    },
  },
});

const make = () => hybridOnline({ setup, scoring, alerts: { raise: 0 }, startMs });

const minuteMs = 60_000;

/** Falls below 70 after an hour, and comes back. */
const glucose = (timeMs: number) => 95 - 40 * Math.sin(Math.max(0, (timeMs - startMs) / minuteMs - 30) / 30);

/** A night's first hours as measured: arrivals in order, one second after measurement. */
function measured(minutes: number, seed = 1): Arrival[] {
  const draw = random(seed);
  const out: Arrival[] = [];
  const add = (sensor: string, sequence: number, timeMs: number, value: number) =>
    out.push({
      arrivedMs: timeMs + 1000,
      event: { stream: 'w', subject: 'p', sensor, sequence, timeMs, value, quality: 1 },
    });
  for (let second = 0; second < minutes * 60; second += 5) {
    const timeMs = startMs + second * 1000;
    if (second % 300 === 0) add('cgm', second / 300, timeMs, Math.round(glucose(timeMs) + 3 * draw.normal()));
    add('beats', second / 5, timeMs + 100, 950 + 40 * draw.normal());
    add('motion', second / 5, timeMs + 200, 0.01 * Math.abs(draw.normal()));
  }
  return out;
}

const end = (minutes: number): ClockTick => ({ clockMs: startMs + (minutes + 15) * minuteMs });

function outputs(inputs: readonly HybridInput[], machine = make()): HybridOutput[] {
  let state = machine.init();
  return inputs.map((input) => {
    const [next, out] = machine.step(state, input);
    state = next;
    return out;
  });
}

const settled = (all: readonly HybridOutput[]): AlertChange[] => all.flatMap((out) => [...out.settled]);
const changes = (all: readonly HybridOutput[]): AlertChange[] => all.flatMap((out) => [...out.changes]);

const night = measured(150);
checkOnline('a hybrid', make, [...night.slice(0, 2500), { clockMs: startMs + 130 * minuteMs }], { stateBytes: 2600 });

describe('a hybrid over arrivals', () => {
  it('settles the same bytes for readings shuffled within their lateness, doubled, and cut by clocks', () => {
    const short = measured(120);
    const expected = settled(outputs([...short, end(120)]));
    expect(expected.length).toBeGreaterThan(1);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const draw = random(seed);
        const most = { cgm: 470, beats: 4.5, motion: 4.5 } as Record<string, number>;
        const late = (one: Arrival): Arrival => ({
          ...one,
          arrivedMs: one.event.timeMs + draw.uniform() * most[one.event.sensor] * 1000,
        });
        const twice = short.flatMap((one) => (draw.uniform() < 0.1 ? [late(one), late(one)] : [late(one)]));
        const clocks = Array.from({ length: 20 }, () => ({ clockMs: startMs + draw.uniform() * 120 * minuteMs }));
        const timeOf = (one: Arrival | ClockTick) => ('clockMs' in one ? one.clockMs : one.arrivedMs);
        const shuffled = [...twice, ...clocks].sort((a, b) => timeOf(a) - timeOf(b));
        expect(settled(outputs([...shuffled, end(120)]))).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('says live what it settles where readings arrive at once', () => {
    const at = measured(120).map((one) => ({ ...one, arrivedMs: one.event.timeMs }));
    const all = outputs([...at, end(120)]);
    const live = changes(all).filter(({ sensor }) => sensor === undefined);
    const upTo = settled(all).at(-1)?.timeMs as number;
    expect(live.filter(({ timeMs }) => timeMs <= upTo)).toEqual(settled(all));
  });

  it('takes a late reading in where it belongs, and says which ticks it judges otherwise now', () => {
    const low: Arrival[] = measured(60).filter(({ event }) => event.sensor !== 'cgm');
    const reading = (minute: number, value: number, arrives = minute): Arrival => ({
      arrivedMs: startMs + arrives * minuteMs + 1000,
      event: {
        stream: 'w',
        subject: 'p',
        sensor: 'cgm',
        sequence: minute / 5,
        timeMs: startMs + minute * minuteMs,
        value,
        quality: 1,
      },
    });
    const fall = [reading(5, 110), reading(10, 108), reading(15, 95), reading(25, 69), reading(20, 82, 27.5)];
    const inputs = [...low, ...fall].sort((a, b) => a.arrivedMs - b.arrivedMs);
    const wrong = [...low, ...fall.slice(0, 3), reading(25, 69), reading(20, 69, 27.5)].sort(
      (a, b) => a.arrivedMs - b.arrivedMs,
    );
    const inOrder = outputs(
      [...low, ...fall.slice(0, 4).filter((one) => one !== fall[3]), reading(20, 82), reading(25, 69)].sort(
        (a, b) => a.arrivedMs - b.arrivedMs,
      ),
    );
    const all = outputs(inputs);
    expect(settled([...all])).toEqual(settled(inOrder));
    const corrections = outputs(wrong).flatMap((out) => [...out.corrections]);
    expect(corrections.length).toBeGreaterThan(0);
    for (const { fromMs, toMs, ticks } of corrections) {
      expect(fromMs).toBeLessThanOrEqual(toMs);
      expect(ticks).toBeGreaterThan(0);
    }
  });

  it('tells that the slow sensor is silent, and that it is heard again', () => {
    const gap = night.filter(({ event: { sensor, timeMs } }) => {
      const minute = (timeMs - startMs) / minuteMs;
      return sensor !== 'cgm' || minute < 20 || minute > 80;
    });
    const told = changes(outputs(gap)).filter(({ sensor }) => sensor === 'cgm');
    expect(told.map(({ kind }) => kind)).toEqual(['silent', 'heard']);
    expect((told[0].timeMs - startMs) / minuteMs).toBeCloseTo(15 + cgm.silentAfterSeconds / 60, 0);
  });

  it('escalates what nobody answers, and not what was answered', () => {
    const low: Arrival[] = Array.from({ length: 20 }, (_, k) => ({
      arrivedMs: startMs + k * 5 * minuteMs + 1000,
      event: {
        stream: 'w',
        subject: 'p',
        sensor: 'cgm',
        sequence: k,
        timeMs: startMs + k * 5 * minuteMs,
        value: 60,
        quality: 1,
      },
    }));
    const kinds = (inputs: Parameters<typeof outputs>[0]) => changes(outputs(inputs)).map(({ kind }) => kind);
    expect(kinds(low)).toContain('escalated');
    const answered = [...low.slice(0, 3), { answeredMs: startMs + 11 * minuteMs }, ...low.slice(3)];
    expect(kinds(answered)).toContain('confirmed');
    expect(kinds(answered)).not.toContain('escalated');
  });

  it('counts what it refuses, one reason each', () => {
    const bad = (event: Partial<Arrival['event']>): Arrival => ({
      arrivedMs: startMs + 1000,
      event: {
        stream: 'w',
        subject: 'p',
        sensor: 'cgm',
        sequence: 0,
        timeMs: startMs,
        value: 100,
        quality: 1,
        ...event,
      },
    });
    const given = [
      bad({ sensor: 'ghost' }),
      bad({ value: Number.NaN }),
      bad({ value: 0 }),
      bad({ value: 9999 }),
      bad({ value: 5.6 * 1.0001 - 0.0001 }),
      bad({ value: 3.9 }),
      bad({ timeMs: startMs + 365 * 86_400_000 }),
      bad({}),
      bad({}),
      bad({ value: 101 }),
    ];
    expect(outputs(given).map(({ refused }) => refused)).toEqual([
      'unknown-sensor',
      'not-a-number',
      'out-of-range',
      'out-of-range',
      'wrong-unit',
      'wrong-unit',
      'future',
      undefined,
      'duplicate',
      'conflict',
    ]);
  });

  it('refuses a local clock or a start that is no time', () => {
    expect(() => hybridOnline({ setup, scoring, alerts: { raise: 0 }, utcOffsetMs: Number.NaN })).toThrow(
      'hybridOnline: utcOffsetMs: not a time, expected milliseconds, got NaN',
    );
    expect(() => hybridOnline({ setup, scoring, alerts: { raise: 0 }, startMs: Number.NaN })).toThrow('startMs');
  });

  it('keeps its numbers in two kilobytes', () => {
    const machine = make();
    let state = machine.init();
    let most = 0;
    for (const input of night) {
      state = machine.step(state, input)[0];
      most = Math.max(most, numbersIn(state));
    }
    expect(most).toBeLessThanOrEqual(2048);
    expect(serialize(state).length).toBeLessThanOrEqual(2600);
  });
});

function numbersIn(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === 'number') return 8;
  return value && typeof value === 'object'
    ? Object.values(value).reduce((sum: number, one) => sum + numbersIn(one), 0)
    : 0;
}
