/**
 * A log as lines of JSON: first, where a run of this program wrote it, what it ran with; then everything that came in, in
 * order. A list of events that something else wrote is such a log as well.
 */
import { objectIn, parseEvent, writeEvent } from '../align/time/parse-event.ts';
import { InputError } from '../errors.ts';
import type { StreamInput } from './input.ts';
import type { Line } from './lines.ts';

const logVersion = 1;

/** The first line of a log. */
export interface LogHead {
  readonly kind: 'stream-log';
  readonly version: typeof logVersion;
  /** The configuration, as its file holds it. */
  readonly config: unknown;
}

export function writeHead(config: unknown): string {
  return JSON.stringify({ kind: 'stream-log', version: logVersion, config } satisfies LogHead);
}

/** The head where the line is one. @throws InputError for a log of a newer version */
export function readHead(line: Line, name: string): LogHead | undefined {
  if (!line?.startsWith('{"kind":"stream-log"')) return undefined;
  const head = objectIn(line);
  if (!head) return undefined;
  if (head.version !== logVersion) {
    const what = 'the log was written by another version of consilience';
    throw new InputError({ where: name, what, expected: `version ${logVersion}`, got: `${head.version}` });
  }
  return head as unknown as LogHead;
}

export function writeInput(input: StreamInput): string {
  return 'event' in input ? writeEvent(input) : JSON.stringify(input);
}

/** How a line begins that says whose alert was answered. */
const answer = '{"answered":';

const unsaid = -1; // no time of arrival is

/**
 * A line of a log. One that cannot be read is an input too: it is counted.
 *
 * @param lastMs when the input before it came in. An event that does not say when it arrived arrived when it was measured, but
 * not before that.
 */
export function readInput(line: Line, lastMs: number): StreamInput {
  if (line === undefined) return { refused: 'too-large', arrivedMs: lastMs };
  if (line.startsWith('{"clockMs":') || line.startsWith('{"refused":') || line.startsWith(answer)) {
    const given = objectIn(line) ?? {};
    const { clockMs, refused, answered, arrivedMs } = given;
    const keys = Object.keys(given).join();
    if (keys === 'clockMs' && typeof clockMs === 'number') return { clockMs };
    if (keys === 'answered,arrivedMs' && typeof answered === 'string' && typeof arrivedMs === 'number') {
      return { answered, arrivedMs };
    }
    if (keys === 'refused,arrivedMs' && typeof refused === 'string' && typeof arrivedMs === 'number') {
      return { refused, arrivedMs };
    }
  }
  const parsed = parseEvent(line, unsaid);
  if ('refused' in parsed) return { refused: parsed.refused, arrivedMs: lastMs };
  const { event, arrivedMs } = parsed.arrival;
  return { event, arrivedMs: arrivedMs === unsaid ? Math.max(lastMs, event.timeMs) : arrivedMs };
}

/** A line that a device sent; it arrived when we say so, whatever it says itself. */
export function readSent(line: Line, nowMs: number): StreamInput {
  if (line === undefined) return { refused: 'too-large', arrivedMs: nowMs };
  if (line.startsWith(answer)) {
    const { answered } = objectIn(line) ?? {};
    if (typeof answered === 'string') return { answered, arrivedMs: nowMs };
  }
  const parsed = parseEvent(line, nowMs);
  if ('refused' in parsed) return { refused: parsed.refused, arrivedMs: nowMs };
  return { event: parsed.arrival.event, arrivedMs: nowMs };
}
