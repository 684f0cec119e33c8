import { InputError } from '../errors.ts';
import { believe, newBelieved } from './believed.ts';
import { csvLines, isCsvHeader } from './csv-lines.ts';
import { inputTime, type StreamInput } from './input.ts';
import { type Line, linesOf } from './lines.ts';
import { type LogHead, readHead, readInput } from './log-lines.ts';

export interface OpenedLog {
  /** What it was run with, where a run of this program wrote it. */
  readonly head?: LogHead;
  /** Everything that came in, in order; whatever cannot be read is an input that is refused. */
  readonly inputs: AsyncIterable<readonly StreamInput[]>;
}

export interface OpenLogOptions {
  /** For messages. A name that ends in `.csv` says that it is CSV; else the first line does. */
  readonly name: string;
}

const gzip = '\u001f\ufffd\u0008'; // its first bytes, read as text

/**
 * Reads a log piece by piece: lines of JSON, or CSV with a header.
 *
 * @throws InputError for a log of a newer version or a compressed one, and for CSV whose header is none
 */
export async function openLog(bytes: AsyncIterable<Uint8Array>, { name }: OpenLogOptions): Promise<OpenedLog> {
  const lines = linesOf(bytes)[Symbol.asyncIterator]();
  const first = await lines.next();
  const [top, ...rest]: readonly Line[] = first.done ? [] : first.value;
  if (top?.startsWith(gzip))
    throw new InputError({ where: name, what: 'is compressed (gzip)', expected: 'it unpacked' });
  const head = readHead(top, name);
  let asJson = (line: string) => line;
  let body = head ? rest : first.done ? [] : [top, ...rest];
  if (!head && top !== undefined && (/\.csv$/i.test(name) || isCsvHeader(top))) {
    if (!isCsvHeader(top)) {
      const expected = 'stream,subject,sensor,sequence,timeMs,value, and quality and arrivedMs if you like';
      throw new InputError({ where: `${name}:1`, what: 'no header of events', expected, got: top.slice(0, 80) });
    }
    asJson = csvLines(top, name);
    body = rest;
  }
  const clock = newBelieved();
  const read = (some: readonly Line[]): StreamInput[] =>
    some
      .filter((line) => line !== '')
      .map((line) => {
        const input = readInput(line === undefined ? line : asJson(line), clock.nowMs);
        believe(clock, inputTime(input));
        return input;
      });
  async function* inputs() {
    yield read(body);
    for (let next = await lines.next(); !next.done; next = await lines.next()) yield read(next.value);
  }
  return { ...(head && { head }), inputs: inputs() };
}
