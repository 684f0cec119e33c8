/** Events as lines of CSV (RFC 4180, without line breaks in quotes), each turned into the line of JSON that it means. */
import { InputError } from '../errors.ts';
import { nearestNames } from '../read/table/nearest.ts';

const needed = ['stream', 'subject', 'sensor', 'sequence', 'timeMs', 'value'];
const texts = needed.slice(0, 3);
const allowed = [...needed, 'quality', 'arrivedMs'];

/** Whether a first line is meant as the names of columns. */
export function isCsvHeader(line: string): boolean {
  return cells(line)?.includes('timeMs') ?? false;
}

/**
 * @param header the first line, with the names of columns in any order
 * @returns what turns each line after it into JSON; one that does not have as many cells comes out as text that is none
 * @throws InputError for a column that is missing, unknown or there twice
 */
export function csvLines(header: string, where: string): (line: string) => string {
  const names = cells(header) ?? [];
  const missing = needed.find((name) => !names.includes(name));
  const unknown = names.find((name) => !allowed.includes(name));
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (unknown !== undefined) {
    const [near] = nearestNames(unknown, allowed, 1);
    const what = `unknown column ${JSON.stringify(unknown.slice(0, 80))}, did you mean "${near}"?`;
    throw new InputError({ where: `${where}:1`, what, expected: `one of ${allowed.join(', ')}` });
  }
  if (twice !== undefined) throw new InputError({ where: `${where}:1`, what: `column "${twice}" is there twice` });
  if (missing !== undefined) {
    throw new InputError({ where: `${where}:1`, what: `no column "${missing}"`, expected: needed.join(', ') });
  }
  return (line) => {
    const row = cells(line);
    if (row?.length !== names.length) return 'not as many cells as the header';
    const told = names.flatMap((name, at) => {
      if (texts.includes(name)) return [[name, row[at]]];
      if (row[at] === '' && !needed.includes(name)) return []; // left to its default
      return [[name, number(row[at])]];
    });
    return JSON.stringify(Object.fromEntries(told));
  };
}

/** NaN, which JSON writes as null, for what is none. */
function number(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

/** Undefined where quotes do not match. */
function cells(line: string): string[] | undefined {
  if (!line.includes('"')) return line.split(',');
  const out: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (;;) {
    const found = cell.exec(line);
    if (!found) return undefined;
    out.push(found[1] === undefined ? found[2] : found[1].replaceAll('""', '"'));
    if (found[3] === '') return out;
  }
}
