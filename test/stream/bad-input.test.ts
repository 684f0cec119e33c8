/** Whatever comes: counted, refused or bounded, and those who send well are heard as if nothing had been. */
import { describe, expect, it } from 'vitest';
import { parseHybrid } from '../../src/fuse/hybrid/config/config.ts';
import { configuredHybrid } from '../../src/fuse/hybrid/config/model.ts';
import { hybridSubjects } from '../../src/stream/hybrid-subjects.ts';
import type { StreamInput } from '../../src/stream/input.ts';
import { openLog } from '../../src/stream/open-log.ts';
import { saidLines } from '../../src/stream/said-lines.ts';
import { tally } from '../../src/stream/summary.ts';
import { read } from '../structure/sources.ts';
import { nightEvent as event, goodNight } from './plain-night.ts';

const path = 'examples/nocturnal-hypoglycemia.yaml';
const stream = configuredHybrid(parseHybrid(read(path), path));
const names = stream.setup.sensors.map(({ name }) => name);

async function heard(lines: readonly (string | Uint8Array)[]) {
  const bytes = Buffer.concat(
    lines.flatMap((line) => [typeof line === 'string' ? Buffer.from(line) : line, Buffer.of(10)]),
  );
  const pieces = async function* () {
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
  };
  const { inputs } = await openLog(pieces(), { name: 'log' });
  const online = hybridSubjects(stream);
  const counts = tally(names);
  let state = online.init();
  let said = '';
  const take = (input: StreamInput) => {
    const [next, out] = online.step(state, input);
    state = next;
    counts.add(input, out);
    said += saidLines(out);
  };
  for await (const some of inputs) for (const input of some) take(input);
  return { summary: counts.summary(), said };
}

const good = goodNight();
const clean = await heard(good);
const middle = Math.floor(good.length / 2);
const arrivedMs = JSON.parse(good[middle]).arrivedMs as number;

/** A good night with this in the middle. */
const disturbed = (lines: readonly (string | Uint8Array)[]) =>
  heard([...good.slice(0, middle), ...lines, ...good.slice(middle)]);
const odd = (fields: object) =>
  event({ sensor: 'cgm', sequence: 900, timeMs: arrivedMs, value: 120, arrivedMs, ...fields });

describe('a night without faults', () => {
  it('is taken whole', () => {
    expect(clean.summary).toMatchObject({ arrived: good.length, taken: good.length, refused: 0, subjects: 1 });
  });

  it('has an alert, so that there is something to be disturbed', () => {
    expect(clean.said).toMatch(/"kind":"confirmed"/);
  });
});

describe('counted by sensor and reason, and without any effect on what is said, is', () => {
  const year = 365 * 86_400_000;
  it.each<[string, readonly (string | Uint8Array)[], string | null, string]>([
    ['a time a year in the future', [odd({ timeMs: arrivedMs + year })], 'cgm', 'future'],
    ['a clock of arrivals that jumps a year', [odd({ arrivedMs: arrivedMs + year })], 'cgm', 'clock-jump'],
    ['a reading of yesterday', [odd({ timeMs: arrivedMs - 86_400_000 })], 'cgm', 'late'],
    ['a time before 1970', [odd({ timeMs: -1e15 })], 'cgm', 'late'],
    ['NaN, as serializers write it', [odd({ value: Number.NaN })], null, 'not-a-number'],
    ['an infinite value', [odd({ value: 7 }).replace('"value":7', '"value":1e999')], null, 'not-a-number'],
    ['NaN, as it is not written in JSON', [odd({ value: 7 }).replace('"value":7', '"value":NaN')], null, 'malformed'],
    ['a glucose of 0', [odd({ value: 0 })], 'cgm', 'out-of-range'],
    ['a glucose of 9,999', [odd({ value: 9999 })], 'cgm', 'out-of-range'],
    ['mmol/L sent as mg/dL', [odd({ value: 5.4 })], 'cgm', 'wrong-unit'],
    ['a reading come again', [good[middle - 1]], null, 'duplicate'],
    ['a sensor that nobody listens to', [odd({ sensor: 'thermometer' })], null, 'unknown-sensor'],
    [
      'a sensor named like a method',
      [odd({ sensor: '__proto__' }), odd({ sensor: 'constructor' })],
      null,
      'unknown-sensor',
    ],
    ['a line of 1 MB', ['x'.repeat(1_000_000)], null, 'too-large'],
    ['a reading of 1 MB', [odd({ subject: 'p'.repeat(1_000_000) })], null, 'too-large'],
    ['a line of 10,000 characters', [odd({ subject: 'p'.repeat(10_000) })], null, 'too-large'],
    [
      'garbage bytes',
      [Uint8Array.from({ length: 300 }, (_, i) => (i * 89 + 11) % 256).filter((b) => b !== 10)],
      null,
      'malformed',
    ],
    ['a field that no reading has', [odd({ dose: 7 })], null, 'malformed'],
    ['a number as text', [odd({ value: '120' })], null, 'malformed'],
    ['half a line', [odd({}).slice(0, 40)], null, 'malformed'],
    ['deep JSON', ['['.repeat(2000) + ']'.repeat(2000), '['.repeat(2000)], null, 'malformed'],
    ['null', ['null', '[]', '7', '""', 'true'], null, 'malformed'],
  ])('%s', async (_, lines, sensor, reason) => {
    const { summary, said } = await disturbed(lines);
    expect(said).toBe(clean.said);
    expect(summary).toMatchObject({ arrived: good.length + lines.length, taken: good.length, refused: lines.length });
    const rows = summary.sensors.flatMap((row) => Object.keys(row.refused).map((why) => ({ of: row.sensor, why })));
    if (reason === 'duplicate') expect(rows).toEqual([{ of: JSON.parse(good[middle - 1]).sensor, why: reason }]);
    else expect(rows).toContainEqual({ of: sensor, why: reason });
    expect(rows.every(({ why }) => why === reason)).toBe(true);
  });

  it('a clock of arrivals that goes back', async () => {
    const back = good.map((line, i) => {
      const reading = JSON.parse(line);
      return i % 7 === 3 ? event({ ...reading, arrivedMs: reading.arrivedMs - 3_600_000 }) : line;
    });
    const { summary } = await heard(back);
    expect(summary.arrived).toBe(good.length);
    expect(summary.taken + summary.refused).toBe(good.length);
    expect(summary.taken).toBeGreaterThan(0.99 * good.length);
  });
});

describe('100,000 messages in a second from one device', () => {
  const flood = Array.from({ length: 100_000 }, (_, i) =>
    event({ sensor: 'motion', sequence: 1_000_000 + i, timeMs: arrivedMs - (i % 1000), value: 7, arrivedMs }),
  );

  it('are counted and bounded: the alerts of the slow sensor stand', async () => {
    const { summary, said } = await disturbed(flood);
    expect(summary.arrived).toBe(good.length + flood.length);
    const motion = summary.sensors.find(({ sensor }) => sensor === 'motion');
    expect(motion?.refused['too-many']).toBeGreaterThan(99_000);
    expect(summary.taken + summary.refused).toBe(summary.arrived);
    const kinds = (lines: string) =>
      [...lines.matchAll(/"kind":"(provisional|confirmed|retracted)"/g)].map(([, k]) => k);
    expect(kinds(said)).toEqual(kinds(clean.said));
  });

  it('of as many subjects that nobody knows are bounded too', async () => {
    const online = hybridSubjects(stream, { mostSubjects: 100 });
    const counts = tally(names);
    let state = online.init();
    for (let i = 0; i < 1000; i++) {
      const { arrivedMs: at, ...rest } = JSON.parse(event({ ...JSON.parse(good[0]), subject: `s${i}` }));
      const input = { event: rest, arrivedMs: at };
      const [next, out] = online.step(state, input);
      state = next;
      counts.add(input, out);
    }
    expect(state.subjects.size).toBe(100);
    expect(counts.summary()).toMatchObject({ arrived: 1000, taken: 100, refused: 900, subjects: 100 });
  });
});
