import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Arrival } from '../../../src/align/time/event.ts';
import { inOrder } from '../../../src/align/time/in-order.ts';
import { type Refusal, readCounts, refusals } from '../../../src/align/time/refusals.ts';
import type { Sensor } from '../../../src/describe/sensor.ts';
import { beats, cgm, event, startMs } from './watch.ts';

const now = startMs + 1000;
const good = event('cgm', 3, startMs, 104);

/** What becomes of each. */
function verdicts(rows: readonly unknown[], sensors: readonly Sensor[] = [cgm, beats], options = {}) {
  const machine = inOrder(sensors, options);
  let state = machine.init();
  const said: (Refusal | 'taken')[] = [];
  for (const row of rows) {
    const [next, out] = machine.step(state, row as Arrival);
    state = next;
    said.push(out.refused ?? 'taken');
  }
  const counts = readCounts(
    state.admit.counts,
    sensors.map(({ name }) => name),
  );
  return { said, counts };
}
const one = (change: object, arrivedMs = now) => verdicts([{ event: { ...good, ...change }, arrivedMs }]).said[0];

describe('an arrival', () => {
  it.each([
    ['taken', 'a reading', {}],
    ['taken', 'one at the edges of the range', { value: 20 }],
    ['out-of-range', 'a glucose of 0', { value: 0 }],
    ['out-of-range', 'a glucose of 9,999', { value: 9999 }],
    ['out-of-range', 'a negative one', { value: -5 }],
    ['wrong-unit', 'millimoles sent as milligrams', { value: 5.8 }],
    ['not-a-number', 'NaN', { value: Number.NaN }],
    ['not-a-number', 'an infinite value', { value: Number.POSITIVE_INFINITY }],
    ['not-a-number', 'a number beyond float32', { value: 1e300 }],
    ['not-a-number', 'a time that is none', { timeMs: Number.NaN }],
    ['not-a-number', 'a sequence that is none', { sequence: Number.NaN }],
    ['not-a-number', 'an infinite sequence', { sequence: Number.POSITIVE_INFINITY }],
    ['not-a-number', 'a quality that is none', { quality: Number.NaN }],
    ['malformed', 'a broken sequence number', { sequence: 1.5 }],
    ['malformed', 'a negative one', { sequence: -1 }],
    ['malformed', 'one beyond 31 bits', { sequence: 2 ** 31 }],
    ['malformed', 'a quality above 1', { quality: 1.5 }],
    ['malformed', 'a value that is text', { value: '104' }],
    ['malformed', 'a value of null', { value: null }],
    ['malformed', 'a sensor that is a number', { sensor: 4 }],
    ['malformed', 'a missing time', { timeMs: undefined }],
    ['unknown-sensor', 'of a sensor not listened to', { sensor: 'lactate' }],
    ['unknown-sensor', 'of a sensor with the name of a method', { sensor: 'constructor' }],
    ['taken', 'a clock 5 s ahead', { timeMs: now + 5000 }],
    ['future', 'a clock 6 s ahead', { timeMs: now + 6000 }],
    ['future', 'a year ahead', { timeMs: now + 365 * 86_400_000 }],
    ['taken', 'as late as is waited for', { timeMs: now - 900_000 }],
    ['late', 'later than that', { timeMs: now - 900_001 }],
    ['late', 'at the beginning of Unix time', { timeMs: 0 }],
  ])('is %s: %s', (verdict, _, change) => {
    expect(one(change)).toBe(verdict);
  });

  it('is refused where it is nothing of the kind, or bears no time of arrival', () => {
    const rows = [null, undefined, 7, 'x', [], {}, { event: null }, { event: good }, { event: good, arrivedMs: '1' }];
    expect(verdicts(rows).said).toEqual(rows.map(() => 'malformed'));
    expect(verdicts([{ event: good, arrivedMs: Number.NaN }]).said).toEqual(['not-a-number']);
  });

  it('is in the wrong unit too where that makes numbers larger', () => {
    const molar: Sensor = { ...cgm, low: 1.1, high: 33.3, mistakenUnit: { unit: 'mg/dL', factor: 1 / 18.016 } };
    const said = [5.8, 104, 9999].map(
      (value) => verdicts([{ event: { ...good, value }, arrivedMs: now }], [molar]).said[0],
    );
    expect(said).toEqual(['taken', 'wrong-unit', 'out-of-range']);
  });

  it('is a duplicate when it comes again, in conflict when its number does with another content', () => {
    const at = (change: object, arrivedMs = now) => ({ event: { ...good, ...change }, arrivedMs });
    const rows = [
      at({}),
      at({}, now + 60000),
      at({ value: 105 }),
      at({ timeMs: startMs + 1 }),
      at({ quality: 0.5 }),
      at({ sequence: 4 }),
    ];
    expect(verdicts(rows).said).toEqual(['taken', 'duplicate', 'conflict', 'conflict', 'conflict', 'taken']);
  });

  it('is its own where another stream sends the same number', () => {
    const rows = ['watch', 'phone', 'watch', 'phone'].map((stream) => ({ event: { ...good, stream }, arrivedMs: now }));
    expect(verdicts(rows).said).toEqual(['taken', 'taken', 'duplicate', 'duplicate']);
  });

  it('is not shut out by a number far ahead that came before it', () => {
    const rows = [2 ** 31 - 1, 0, 1, 2].map((sequence) => ({ event: { ...good, sequence }, arrivedMs: now }));
    expect(verdicts(rows).said).toEqual(['taken', 'taken', 'taken', 'taken']);
  });

  it('is not remembered when it was refused, so that its correction is taken', () => {
    const rows = [
      { event: { ...good, value: 5.8 }, arrivedMs: now },
      { event: good, arrivedMs: now },
    ];
    expect(verdicts(rows).said).toEqual(['wrong-unit', 'taken']);
  });

  it('is not looked at beyond so many in a second, and is again in the next', () => {
    const rows = Array.from({ length: 12 }, (_, at) => ({
      event: { ...good, sequence: at },
      arrivedMs: now + 200 * at,
    }));
    const { said } = verdicts(rows, [cgm], { perSecond: 3 });
    // Messages come 200 ms apart from the beginning of a second on.
    const each = ['taken', 'taken', 'taken', 'too-many', 'too-many'];
    expect(said).toEqual([...each, ...each, 'taken', 'taken']);
  });

  it('is always counted, whatever it is', () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.record({ event: fc.anything(), arrivedMs: fc.double() }),
      fc.record({
        arrivedMs: fc.oneof(fc.double(), fc.constant(now)),
        event: fc.record({
          stream: fc.oneof(fc.string(), fc.integer()),
          subject: fc.string(),
          sensor: fc.oneof(fc.constantFrom('cgm', 'beats'), fc.string()),
          sequence: fc.oneof(fc.integer(), fc.double()),
          timeMs: fc.oneof(fc.double(), fc.integer({ min: startMs - 1e6, max: startMs + 1e6 })),
          value: fc.oneof(fc.double(), fc.integer({ min: 0, max: 500 })),
          quality: fc.oneof(fc.double(), fc.constant(1)),
        }),
      }),
    );
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 30 }), (rows) => {
        const { said, counts } = verdicts(
          rows.filter((row) => typeof (row as { clockMs?: unknown })?.clockMs !== 'number'),
        );
        for (const reason of refusals) {
          const times = counts.reduce((sum, { refused }) => sum + (refused[reason] ?? 0), 0);
          expect(times).toBe(said.filter((verdict) => verdict === reason).length);
        }
        expect(counts.reduce((sum, { taken }) => sum + taken, 0)).toBe(
          said.filter((verdict) => verdict === 'taken').length,
        );
      }),
      { numRuns: 500 },
    );
  });
});
