/** Bytes to text: byte order marks, encodings, and refusals that say where and what instead. */
import { InputError } from '../../errors.ts';

export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type Encoding = (typeof encodings)[number];

/** Formats that are no text, by their first bytes. A text may begin like some: those need a NUL byte too. */
const formats: readonly (readonly [string, readonly number[]])[] = [
  ['a zip archive (an .xlsx workbook is one: save the sheet as CSV)', [0x50, 0x4b, 0x03, 0x04]],
  ['an old Excel workbook (save the sheet as CSV)', [0xd0, 0xcf, 0x11, 0xe0]],
  ['an HDF5 file', [0x89, 0x48, 0x44, 0x46]],
  ['a Parquet file', [0x50, 0x41, 0x52, 0x31]],
  ['a PDF', [0x25, 0x50, 0x44, 0x46]],
  ['a zstd file', [0x28, 0xb5, 0x2f, 0xfd]],
  ['an xz file', [0xfd, 0x37, 0x7a, 0x58]],
  ['a bzip2 file', [0x42, 0x5a, 0x68]],
  ['a gzip file inside a gzip file', [0x1f, 0x8b]],
];

const marks: readonly (readonly [Encoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/**
 * The text of a file, without byte order mark. A mark outweighs the encoding given; without either it is UTF-8.
 * @throws InputError on bytes that are no text in that encoding, with their offset and line, and on other formats.
 */
export function decodeText(bytes: Uint8Array, name: string, given?: Encoding): string {
  if (bytes.length === 0) {
    throw new InputError({ where: name, what: 'empty file', expected: 'a header and rows', got: '0 bytes' });
  }
  const marked = marks.find(([, mark]) => startsWith(bytes, mark));
  const body = marked ? bytes.subarray(marked[1].length) : bytes;
  const encoding = marked?.[0] ?? given ?? 'utf-8';
  if (!marked) refuseOtherFormats(bytes, name);
  if (encoding === 'utf-8' || encoding === 'windows-1252') refuseNul(body, bytes.length - body.length, name);
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(body);
  } catch (cause) {
    throw undecodable(body, bytes.length - body.length, name, encoding, cause);
  }
  if (text.includes('\0')) {
    throw new InputError({ where: name, what: 'not a text table', expected: 'CSV or TSV', got: 'a NUL character' });
  }
  return encoding === 'windows-1252' ? text.replace(/[\x80-\x9f]/g, (c) => windows1252[c.charCodeAt(0) - 0x80]) : text;
}

/** 0x80 to 0x9f, which Node 20 decodes as if they were ISO 8859-1. The five that are undefined stay as they are. */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, at) => bytes[at] === byte);
}

function refuseOtherFormats(bytes: Uint8Array, name: string): void {
  const format = formats.find(
    ([, magic]) => startsWith(bytes, magic) && (!magic.every(isPrintable) || bytes.includes(0)),
  );
  if (format) throw new InputError({ where: name, what: 'not a text table', expected: 'CSV or TSV', got: format[0] });
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}

function refuseNul(bytes: Uint8Array, skipped: number, name: string): void {
  const at = bytes.indexOf(0);
  if (at < 0) return;
  const advice = utf16Guess(bytes);
  throw new InputError({
    where: `${name}: line ${lineAt(bytes, at)}`,
    what: advice ? `looks like UTF-16 without a byte order mark (then give "encoding: ${advice}")` : 'not a text table',
    expected: 'CSV or TSV',
    got: `a NUL byte at byte ${skipped + at}`,
  });
}

function utf16Guess(bytes: Uint8Array): Encoding | undefined {
  const pairs = Math.min(bytes.length, 200) >> 1;
  const nul = [0, 0];
  for (let i = 0; i < 2 * pairs; i++) if (bytes[i] === 0) nul[i % 2]++;
  if (nul[1] > 0.8 * pairs && nul[0] === 0) return 'utf-16le';
  if (nul[0] > 0.8 * pairs && nul[1] === 0) return 'utf-16be';
  return undefined;
}

function undecodable(body: Uint8Array, skipped: number, name: string, encoding: Encoding, cause: unknown): InputError {
  if (encoding !== 'utf-8') {
    const got = `${body.length} bytes that do not decode`;
    return new InputError({ where: name, what: `not ${encoding} text`, expected: encoding, got, cause });
  }
  const at = firstInvalid(body);
  return new InputError({
    where: `${name}: line ${lineAt(body, at)}`,
    what: 'not UTF-8 text (if the file comes from Windows or Excel, give "encoding: windows-1252")',
    expected: 'UTF-8',
    got: `byte 0x${(body[at] ?? 0).toString(16).padStart(2, '0')} at byte ${skipped + at}`,
    cause,
  });
}

function lineAt(bytes: Uint8Array, end: number): number {
  let line = 1;
  for (let i = 0; i < end; i++) if (bytes[i] === 0x0a) line++;
  return line;
}

/** Offset of the first sequence that is not well-formed UTF-8 (Unicode 15, table 3-7). */
function firstInvalid(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at];
    const extra = lead < 0x80 ? 0 : lead < 0xc2 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : -1;
    if (extra < 0) return at;
    for (let k = 1; k <= extra; k++) {
      const low = k > 1 ? 0x80 : lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
      const high = k > 1 ? 0xbf : lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
      const byte = bytes[at + k];
      if (!(byte >= low && byte <= high)) return at;
    }
    at += extra + 1;
  }
  return at;
}
