/** Delimited text to rows of cells. Papa Parse does the quoting (RFC 4180); here are lines, refusals, the separator. */
import Papa from 'papaparse';
import { InputError } from '../../errors.ts';

export const separators = [',', '\t', ';'] as const;
export type Separator = (typeof separators)[number];
export const separatorName: { readonly [S in Separator]: string } = { ',': 'comma', '\t': 'tab', ';': 'semicolon' };

/** `\r\n` becomes `\n`, also inside quotes, so that files which mix the two read alike. A lone `\r` is an old Mac's. */
export function unifyLines(text: string): string {
  if (!text.includes('\r')) return text;
  return text.includes('\n') ? text.replaceAll('\r\n', '\n') : text.replaceAll('\r', '\n');
}

/**
 * Calls `take` with each record and the line it starts on, until it returns false.
 * @throws InputError on a quote that is not closed or is followed by text.
 */
export function eachRow(
  text: string,
  separator: Separator,
  name: string,
  take: (cells: string[], line: number) => boolean,
): void {
  let line = 1;
  const multiline = text.includes('"');
  Papa.parse<string[]>(text, {
    delimiter: separator,
    newline: '\n',
    step({ data, errors }, parser) {
      const fault = errors.find(({ type }) => type === 'Quotes');
      if (fault) throw badQuote(name, line, fault.code);
      if (!take(data, line)) parser.abort();
      line++;
      if (multiline) for (const cell of data) if (cell.includes('\n')) line += cell.split('\n').length - 1;
    },
  });
}

function badQuote(where: string, line: number, code: string): InputError {
  return new InputError({
    where: `${where}: line ${line}`,
    what: code === 'MissingQuotes' ? 'a quote is opened and never closed' : 'text follows a closing quote',
    expected: 'quotes around the whole cell, those inside it doubled',
  });
}

export interface Sniffed {
  readonly separator: Separator | undefined;
  /** Where the second record ends: all that a header needs to be understood. */
  readonly end: number;
}

/**
 * The separator by the first two records: one that both have the same number of times (or the second once more, as R
 * writes row names) before one that the header merely has most often, since names may hold commas or semicolons.
 */
export function sniff(text: string): Sniffed {
  const header = countSeparators(text, 0);
  const first = countSeparators(text, header.end);
  let best: Separator | undefined;
  let bestScore = 0;
  separators.forEach((separator, at) => {
    const extra = first.counts[at] - header.counts[at];
    const even = header.counts[at] + first.counts[at] > 0 && (extra === 0 || extra === 1);
    const score = header.counts[at] + (even ? 2 ** 31 : 0);
    if (score > bestScore) {
      best = separator;
      bestScore = score;
    }
  });
  return { separator: best, end: first.end };
}

/** Separators outside quotes from `from` to the end of that record, and where the next starts. */
function countSeparators(text: string, from: number): { counts: number[]; end: number } {
  const counts = [0, 0, 0]; // [separators]
  let fresh = true; // at the start of a cell, the only place where a quote opens
  for (let at = from; at < text.length; at++) {
    const c = text[at];
    if (fresh && c === '"') {
      at = closingQuote(text, at + 1);
      continue;
    }
    if (c === '\n') return { counts, end: at + 1 };
    const which = separators.indexOf(c as Separator);
    fresh = which >= 0;
    if (fresh) counts[which]++;
  }
  return { counts, end: text.length };
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at < 0 ? text.length : at;
}
