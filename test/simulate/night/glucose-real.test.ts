/** Simulated CGM nights beside real ones, where shared data is there. Ranges are stated; the real figures are computed here. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { episodesOf } from '../../../src/align/time/episodes.ts';
import { cgmNight } from '../../../src/simulate/night/cgm.ts';
import { glucoseNight } from '../../../src/simulate/night/glucose-night.ts';
import { drawPerson } from '../../../src/simulate/night/person.ts';
import { need } from '../../require.ts';

const folder = join(process.env.CONSILIENCE_SHARED ?? '../shared', 'data');
const { skip, reason } = need('shared', existsSync(join(folder, 't1d-uom')) && existsSync(join(folder, 'hupa-ucm')));

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
/** Of local time written as if it were UTC: the night by its evening's date, or -1 outside 22:00-07:00. */
function nightOf(timeMs: number): number {
  const hour = (timeMs % dayMs) / (60 * minuteMs);
  if (hour >= 7 && hour < 22) return -1;
  return Math.floor((timeMs - 12 * 60 * minuteMs) / dayMs);
}

interface Trace {
  readonly timeMs: number[];
  readonly value: number[];
  readonly everyMinutes: number;
}

interface Measures {
  /** Events that begin in 22:00-07:00 over nights of which four fifths were read, by person. */
  readonly perNight: number[];
  /** mg/dL/min over the 15 min before an event. */
  readonly fall: number[];
  readonly minutes: number[];
  readonly nadir: number[];
  readonly glucose: number[];
  readonly hourly: number[];
}

function measure(traces: readonly Trace[]): Measures {
  const found: Measures = { perNight: [], fall: [], minutes: [], nadir: [], glucose: [], hourly: [] };
  for (const { timeMs, value, everyMinutes } of traces) {
    const counts = new Map<number, number>();
    for (const time of timeMs) counts.set(nightOf(time), (counts.get(nightOf(time)) ?? 0) + 1);
    counts.delete(-1);
    const full = new Set(
      [...counts].filter(([, count]) => count >= (0.8 * 540) / everyMinutes).map(([night]) => night),
    );
    const at = new Map(timeMs.map((time, i) => [Math.round(time / minuteMs), value[i]]));
    timeMs.forEach((time, i) => {
      if (!full.has(nightOf(time))) return;
      found.glucose.push(value[i]);
      const hourAgo = at.get(Math.round(time / minuteMs) - 60);
      if (hourAgo !== undefined) found.hourly.push(value[i] - hourAgo);
    });
    const options = { threshold: 70, beyond: 'below', everySeconds: everyMinutes * 60 } as const;
    const events = episodesOf(timeMs, value, options).filter(({ onsetMs }) => full.has(nightOf(onsetMs)));
    if (full.size > 0) found.perNight.push(events.length / full.size);
    for (const { onsetMs, endMs, extreme } of events) {
      found.minutes.push((endMs - onsetMs) / minuteMs);
      found.nadir.push(extreme);
      const onset = Math.round(onsetMs / minuteMs);
      const [now, ago] = [at.get(onset), at.get(onset - 15)];
      if (now !== undefined && ago !== undefined) found.fall.push((ago - now) / 15);
    }
  }
  return found;
}

function traceOf(file: string, everyMinutes: number, keep: (row: Record<string, string>) => boolean): Trace {
  const [header, ...lines] = gunzipSync(readFileSync(file)).toString('utf8').trim().split(/\r?\n/);
  const names = header.split(',');
  const readings = new Map<number, number>();
  for (const line of lines) {
    const row = Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell]));
    const glucose = Number(row.glucose_mg_dl);
    if (glucose >= 36 && keep(row)) readings.set(Date.parse(`${row.ts_local}Z`), glucose);
  }
  const timeMs = [...readings.keys()].sort((a, b) => a - b);
  return { timeMs, value: timeMs.map((time) => readings.get(time) as number), everyMinutes };
}

/** Left out: two people of whom the readings were put on another grid (README of the data). */
const regridded = ['HUPA0009P', 'HUPA0010P'];

function realTraces(): Trace[] {
  const everyFifteen = ['2302', '2306', '2314', '2404', '2405'];
  const uom = readdirSync(join(folder, 't1d-uom')).filter((name) => /^2\d{3}$/.test(name));
  const hupa = readdirSync(join(folder, 'hupa-ucm')).filter((name) => name.endsWith('.csv.gz'));
  return [
    ...uom.map((name) =>
      traceOf(join(folder, 't1d-uom', name, 'cgm.csv.gz'), everyFifteen.includes(name) ? 15 : 5, () => true),
    ),
    ...hupa
      .filter((name) => !regridded.some((one) => name.startsWith(one)))
      .map((name) => traceOf(join(folder, 'hupa-ucm', name), 15, (row) => row.on_15min_grid === '1')),
  ];
}

function simulatedTraces(seed: number, people: number, nights: number): Trace[] {
  return Array.from({ length: people }, (_, index) => {
    const person = drawPerson(seed, index);
    const timeMs: number[] = [];
    const value: number[] = [];
    for (let night = 0; night < nights; night++) {
      const cgm = cgmNight(person, glucoseNight(person, { seed, night }), { seed, night });
      timeMs.push(...cgm.timeMs);
      value.push(...cgm.value);
    }
    return { timeMs, value, everyMinutes: 5 };
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.round(share * (sorted.length - 1))];
}

describe.skipIf(skip)(`simulated CGM nights beside those of 29 people ${reason}`, () => {
  const real = skip ? undefined : measure(realTraces());
  const simulated = measure(simulatedTraces(1, 150, 10));
  const both = () => [real as Measures, simulated] as const;
  const ratio = (pick: (of: Measures) => number) => {
    const [theirs, ours] = both();
    return pick(ours) / pick(theirs);
  };

  test('the real nights are what the simulation was set by: .26 events a night on average over people', () => {
    const [theirs] = both();
    expect(theirs.perNight.length).toBe(29);
    expect(mean(theirs.perNight)).toBeGreaterThan(0.22);
    expect(mean(theirs.perNight)).toBeLessThan(0.3);
  });

  test('events a night: within .2 and .36, as the real interval and a little more', () => {
    expect(mean(simulated.perNight)).toBeGreaterThan(0.2);
    expect(mean(simulated.perNight)).toBeLessThan(0.36);
    const none = simulated.perNight.filter((one) => one === 0).length / simulated.perNight.length;
    expect(none).toBeGreaterThan(0.02); // people differ: some have no event in ten nights, some one every other night
    expect(quantile(simulated.perNight, 0.9)).toBeGreaterThan(0.45);
  });

  test('fall in the last 15 min before an event: quartiles within 30 % of the real ones', () => {
    for (const share of [0.25, 0.5, 0.75]) {
      const of = ratio(({ fall }) => quantile(fall, share));
      expect(of).toBeGreaterThan(0.7);
      expect(of).toBeLessThan(1.3);
    }
  });

  test('lowest reading: median within 5 mg/dL, and as many below 54 within .1', () => {
    const [theirs, ours] = both();
    expect(Math.abs(quantile(ours.nadir, 0.5) - quantile(theirs.nadir, 0.5))).toBeLessThan(5);
    const deep = ({ nadir }: Measures) => mean(nadir.map((one) => (one < 54 ? 1 : 0)));
    expect(Math.abs(deep(ours) - deep(theirs))).toBeLessThan(0.1);
  });

  test('duration: quartiles within 35 %', () => {
    for (const share of [0.25, 0.5, 0.75]) {
      const of = ratio(({ minutes }) => quantile(minutes, share));
      expect(of).toBeGreaterThan(0.65);
      expect(of).toBeLessThan(1.35);
    }
  });

  test('glucose in the night: twentieths and quartiles within 20 %; change in an hour: width between quartiles within 25 %', () => {
    for (const share of [0.05, 0.25, 0.5, 0.75, 0.95]) {
      const of = ratio(({ glucose }) => quantile(glucose, share));
      expect(of).toBeGreaterThan(0.8);
      expect(of).toBeLessThan(1.2);
    }
    const width = ratio(({ hourly }) => quantile(hourly, 0.75) - quantile(hourly, 0.25));
    expect(width).toBeGreaterThan(0.75);
    expect(width).toBeLessThan(1.25);
  });
});
