/** Arrivals as lines of text (NDJSON), as a log holds them and a device sends them. */
import type { Arrival, SensorEvent } from './event.ts';
import type { Refusal } from './refusals.ts';

export type Parsed =
  | { readonly arrival: Arrival }
  | {
      readonly refused: Extract<Refusal, 'malformed' | 'too-large' | 'not-a-number'>;
      /** What is wrong, without what was sent: that may be long, or private. */
      readonly why: string;
    };

/** Longest line that is parsed, in UTF-16 units: many times what a reading needs. */
export const longestLine = 4096;
const longestName = 256;

const fields = ['stream', 'subject', 'sensor', 'sequence', 'timeMs', 'value', 'quality', 'arrivedMs'];

/**
 * Reads one line, `{"stream":"watch","subject":"p1","sensor":"heart-rate","sequence":7,"timeMs":1700000000000,"value":61}`;
 * `quality` is 1 where it is not said. It throws for no line.
 *
 * @param arrivedMs when it came, for a line that does not say so; a line's own `arrivedMs` (a log's) goes before
 */
export function parseEvent(line: string, arrivedMs?: number): Parsed {
  if (line.length > longestLine) return { refused: 'too-large', why: `longer than ${longestLine} characters` };
  const given = objectIn(line);
  if (!given) return malformed('not a JSON object');
  for (const name of Object.keys(given)) {
    if (!fields.includes(name)) return malformed('a field that no reading has');
  }
  for (const name of ['stream', 'subject', 'sensor']) {
    const text = given[name];
    if (typeof text !== 'string' || text === '' || text.length > longestName) return malformed(`${name} is no name`);
  }
  const numbers = { quality: 1, ...(arrivedMs === undefined ? {} : { arrivedMs }), ...given } as Record<
    string,
    unknown
  >;
  for (const name of ['sequence', 'timeMs', 'value', 'quality', 'arrivedMs']) {
    const number = numbers[name];
    // JSON has no NaN: serializers write null, and 1e999 reads as infinite.
    if (number === null || (typeof number === 'number' && !Number.isFinite(number))) {
      return { refused: 'not-a-number', why: `${name} is no number` };
    }
    if (typeof number !== 'number') return malformed(`${name} is no number`);
  }
  const { sequence, timeMs, value, quality } = numbers as unknown as SensorEvent;
  if (!Number.isInteger(sequence) || sequence < 0 || sequence > 0x7fffffff) {
    return malformed('sequence is not a whole number from 0 to 2147483647');
  }
  if (quality < 0 || quality > 1) return malformed('quality is not from 0 to 1');
  const { stream, subject, sensor } = given as unknown as SensorEvent;
  const event = { stream, subject, sensor, sequence, timeMs, value, quality };
  return { arrival: { event, arrivedMs: numbers.arrivedMs as number } };
}

/** The line that `parseEvent` reads as this arrival, without a line break. */
export function writeEvent({ event, arrivedMs }: Arrival): string {
  const { stream, subject, sensor, sequence, timeMs, value, quality } = event;
  return JSON.stringify({ stream, subject, sensor, sequence, timeMs, value, quality, arrivedMs });
}

/** The JSON object that a line is; undefined where it is none. */
export function objectIn(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = JSON.parse(line);
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as never) : undefined;
  } catch {
    return undefined;
  }
}

function malformed(why: string): Parsed {
  return { refused: 'malformed', why };
}
