import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamInput } from '../../src/stream/input.ts';
import { readInput, readSent, writeHead, writeInput } from '../../src/stream/log-lines.ts';
import { openLog } from '../../src/stream/open-log.ts';

async function* pieces(text: string, size: number) {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function opened(text: string, name = 'log.ndjson', size = 1000) {
  const { head, inputs } = await openLog(pieces(text, size), { name });
  const all: StreamInput[] = [];
  for await (const some of inputs) all.push(...some);
  return { head, inputs: all };
}

const event = (timeMs: number, sequence = 0) => ({
  stream: 'watch',
  subject: 'p1',
  sensor: 'pulse',
  sequence,
  timeMs,
  value: 61,
  quality: 1,
});

describe('a log', () => {
  it('gives back what was written to it: events, marks of time, and what could not be read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.record({
              event: fc.record({
                stream: fc.string({ minLength: 1, maxLength: 20 }),
                subject: fc.string({ minLength: 1, maxLength: 20 }),
                sensor: fc.constantFrom('pulse', 'clockMs', 'ü'),
                sequence: fc.nat(2 ** 31 - 1),
                timeMs: fc.nat(2 ** 40),
                value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
                quality: fc.constantFrom(0, 0.5, 1),
              }),
              arrivedMs: fc.nat(2 ** 40),
            }),
            fc.record({ clockMs: fc.nat(2 ** 40) }),
            fc.record({ refused: fc.constantFrom('malformed', 'too-large'), arrivedMs: fc.nat(2 ** 40) }),
          ),
        ),
        fc.integer({ min: 1, max: 500 }),
        async (inputs, size) => {
          const text = `${writeHead({ name: 'x' })}\n${inputs.map((input) => `${writeInput(input)}\n`).join('')}`;
          const back = await opened(text, 'log.ndjson', size);
          expect(back.head).toEqual({ kind: 'stream-log', version: 1, config: { name: 'x' } });
          expect(back.inputs).toEqual(inputs);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('may be a plain list of events; one that does not say when it arrived, arrived in its turn', async () => {
    const lines = [{ ...event(1000), arrivedMs: 1500 }, event(1200, 1), event(2000, 2)];
    const { head, inputs } = await opened(lines.map((line) => JSON.stringify(line)).join('\n'));
    expect(head).toBeUndefined();
    expect(inputs.map((input) => ('event' in input ? input.arrivedMs : 'none'))).toEqual([1500, 1500, 2000]);
  });

  it('is not led astray by one event a year ahead, while two that agree are a gap', async () => {
    const year = 365 * 86_400_000;
    const times = [1000, year, 2000, year, year + 5, 3000];
    const { inputs } = await opened(times.map((time, i) => JSON.stringify(event(time, i))).join('\n'));
    const arrived = inputs.map((input) => ('event' in input ? input.arrivedMs : 'none'));
    expect(arrived).toEqual([1000, year, 2000, year, year + 5, year + 5]);
  });

  it('may be CSV, its columns in any order, quoted or not', async () => {
    const text =
      'value,subject,sensor,sequence,timeMs,stream,arrivedMs,quality\r\n' +
      '61,"p, ""1""",pulse,0,1000,watch,1500,\r\n62,p1,pulse,1,2000,watch,,.5\r\nx,p1,pulse,2,3000,watch,,\r\n1,2\r\n';
    const { inputs } = await opened(text, 'events.csv');
    expect(inputs).toEqual([
      { event: { ...event(1000), subject: 'p, "1"' }, arrivedMs: 1500 },
      { event: { ...event(2000, 1), value: 62, quality: 0.5 }, arrivedMs: 2000 },
      { refused: 'not-a-number', arrivedMs: 2000 },
      { refused: 'malformed', arrivedMs: 2000 },
    ]);
  });

  it.each([
    [
      'stream,subject,sensor,sequence,timeMs,vlaue',
      'events.csv:1: unknown column "vlaue", did you mean "value"?, expected one of stream, subject, sensor, sequence, timeMs, value, quality, arrivedMs',
    ],
    [
      'stream,subject,sensor,timeMs,value',
      'events.csv:1: no column "sequence", expected stream, subject, sensor, sequence, timeMs, value',
    ],
    ['timeMs,timeMs', 'events.csv:1: column "timeMs" is there twice'],
    [
      'a,b',
      'events.csv:1: no header of events, expected stream,subject,sensor,sequence,timeMs,value, and quality and arrivedMs if you like, got a,b',
    ],
  ])('of CSV needs its columns: %s', async (text, words) => {
    await expect(opened(`${text}\n`, 'events.csv')).rejects.toThrow(words);
  });

  it('of a newer version is refused', async () => {
    await expect(opened('{"kind":"stream-log","version":2,"config":{}}\n')).rejects.toThrow(
      'log.ndjson: the log was written by another version of consilience, expected version 1, got 2',
    );
  });

  it('of any bytes is read to its end: nothing throws, nothing is lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(fc.string(), fc.json(), fc.constantFrom('{"clockMs":"x"}', '{"refused":1,"arrivedMs":2}', '[', '{')),
        ),
        async (lines) => {
          const flat = lines.map((line) => line.replaceAll(/[\r\n]/g, ' ')).filter((line) => line !== '');
          if (flat[0]?.includes('timeMs')) return;
          const { inputs } = await opened(flat.join('\n'));
          expect(inputs).toHaveLength(flat.length);
        },
      ),
    );
  });
});

describe('a compressed log', () => {
  it('is refused, and not taken for a log of garbage', async () => {
    const bytes = gzipSync(JSON.stringify(event(1000)));
    async function* whole() {
      yield bytes;
    }
    await expect(openLog(whole(), { name: 'log.gz' })).rejects.toThrow(
      'log.gz: is compressed (gzip), expected it unpacked',
    );
  });
});

describe('what a device sends', () => {
  it('arrived when we say so, not when it says so', () => {
    const line = JSON.stringify({ ...event(1000), arrivedMs: 5 });
    expect(readSent(line, 1234)).toEqual({ event: event(1000), arrivedMs: 1234 });
    expect(readInput(line, 0)).toEqual({ event: event(1000), arrivedMs: 5 });
  });

  it('cannot set the clock', () => {
    expect(readSent('{"answered":"p1"}', 7)).toEqual({ answered: 'p1', arrivedMs: 7 });
    expect(readInput(writeInput({ answered: 'p1', arrivedMs: 7 }), 0)).toEqual({ answered: 'p1', arrivedMs: 7 });
    expect(readSent('{"answered":7}', 7)).toEqual({ refused: 'malformed', arrivedMs: 7 });
    expect(readSent('{"clockMs":99999999999999}', 7)).toEqual({ refused: 'malformed', arrivedMs: 7 });
    expect(readSent(undefined, 7)).toEqual({ refused: 'too-large', arrivedMs: 7 });
  });
});
