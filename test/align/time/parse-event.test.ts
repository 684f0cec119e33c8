import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestLine, parseEvent, writeEvent } from '../../../src/align/time/parse-event.ts';
import { event, startMs } from './watch.ts';

const good = { stream: 'watch', subject: 'p1', sensor: 'cgm', sequence: 7, timeMs: startMs, value: 104 };
const reasonOf = (line: string, arrivedMs?: number) => {
  const read = parseEvent(line, arrivedMs);
  return 'refused' in read ? `${read.refused}: ${read.why}` : 'taken';
};
const changed = (change: object) => reasonOf(JSON.stringify({ ...good, ...change }), startMs);

describe('a line of a log', () => {
  it('is a reading with the time of its arrival', () => {
    expect(parseEvent(JSON.stringify({ ...good, arrivedMs: startMs + 2 }), 5)).toEqual({
      arrival: { event: { ...good, quality: 1 }, arrivedMs: startMs + 2 },
    });
    expect(parseEvent(JSON.stringify(good), startMs + 3)).toMatchObject({ arrival: { arrivedMs: startMs + 3 } });
    expect(reasonOf(JSON.stringify(good))).toBe('malformed: arrivedMs is no number');
  });

  it('is what writeEvent wrote of any reading', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0);
    fc.assert(
      fc.property(
        fc.record({
          stream: fc.string({ minLength: 1, maxLength: 99 }),
          subject: fc.string({ minLength: 1, maxLength: 99, unit: 'grapheme' }),
          sensor: fc.string({ minLength: 1, maxLength: 99 }),
          sequence: fc.nat(),
          timeMs: number,
          value: number,
          quality: fc.double({ min: 0, max: 1, noNaN: true }).map((x) => x + 0),
        }),
        number,
        (made, arrivedMs) => {
          const line = writeEvent({ event: made, arrivedMs });
          expect(line).not.toMatch(/[\r\n]/);
          expect(parseEvent(line)).toEqual({ arrival: { event: made, arrivedMs } });
        },
      ),
    );
  });

  it.each([
    ['malformed: not a JSON object', 'garbage', '\u0000\u001f\ufffd{'],
    ['malformed: not a JSON object', 'nothing', ''],
    ['malformed: not a JSON object', 'a list', '[1]'],
    ['malformed: not a JSON object', 'null', 'null'],
    ['malformed: not a JSON object', 'cut short', JSON.stringify(good).slice(0, -3)],
    ['malformed: not a JSON object', 'nested without end', '['.repeat(4000)],
    ['malformed: a field that no reading has', 'of another field', JSON.stringify({ ...good, dose: 4 })],
    ['malformed: a field that no reading has', 'that reaches for a prototype', '{"__proto__":{"sensor":"cgm"}}'],
    ['too-large: longer than 4096 characters', 'of a megabyte', JSON.stringify({ ...good, sensor: 'x'.repeat(1e6) })],
  ])('is %s where it is %s', (reason, _, line) => {
    expect(reasonOf(line, startMs)).toBe(reason);
  });

  it.each([
    ['malformed: sensor is no name', { sensor: 7 }],
    ['malformed: sensor is no name', { sensor: '' }],
    ['malformed: subject is no name', { subject: 'x'.repeat(300) }],
    ['malformed: stream is no name', { stream: { deep: { deeper: [] } } }],
    ['malformed: value is no number', { value: '104' }],
    ['malformed: timeMs is no number', { timeMs: '2024-01-01T00:00:00Z' }],
    ['malformed: timeMs is no number', { timeMs: undefined }],
    ['not-a-number: value is no number', { value: null }],
    ['not-a-number: sequence is no number', { sequence: null }],
    ['malformed: sequence is not a whole number from 0 to 2147483647', { sequence: 1.5 }],
    ['malformed: sequence is not a whole number from 0 to 2147483647', { sequence: -1 }],
    ['malformed: quality is not from 0 to 1', { quality: 2 }],
  ])('is %s of %j', (reason, change) => {
    expect(changed(change)).toBe(reason);
  });

  it('of a number too large for one is not a number', () => {
    expect(reasonOf('{"stream":"a","subject":"b","sensor":"c","sequence":1,"timeMs":1,"value":1e999}', 1)).toBe(
      'not-a-number: value is no number',
    );
  });

  it('never throws, and what it takes has the types of a reading', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5000 }),
      fc.json(),
      fc
        .record({ ...Object.fromEntries(Object.keys(good).map((name) => [name, fc.jsonValue()])) })
        .map((x) => JSON.stringify(x)),
      fc
        .tuple(fc.nat({ max: 150 }), fc.string({ unit: 'binary', maxLength: 3 }))
        .map(([at, put]) => JSON.stringify(good).slice(0, at) + put + JSON.stringify(good).slice(at + 1)),
    );
    fc.assert(
      fc.property(line, (text) => {
        const read = parseEvent(text, startMs);
        if ('refused' in read) return;
        const { event: one, arrivedMs } = read.arrival;
        expect(Object.keys(one)).toEqual(Object.keys(event('cgm', 0, 0, 0)));
        for (const name of [one.stream, one.subject, one.sensor]) expect(typeof name).toBe('string');
        for (const number of [one.sequence, one.timeMs, one.value, one.quality, arrivedMs])
          expect(number).toBeTypeOf('number');
        expect(text.length).toBeLessThanOrEqual(longestLine);
      }),
      { numRuns: 2000 },
    );
  });
});
