/** Images whose numbers are spread over many files, a slice in each: as a list of names, or as a pattern with a counter. */
import { InputError } from '../../errors.ts';
import { besides, type ImageSource } from './source.ts';

export interface SpreadFiles {
  readonly names: readonly string[];
  /** Axes that each file holds, the fastest ones; undefined: all but the slowest. */
  readonly axes: number | undefined;
}

/** More than any scan has slices, fewer than would fill the memory with names. */
const mostFiles = 65536;

const pattern = /%(0?)(\d{0,2})[diu]/;

/** Whether what a header says instead of a file's name stands for many. */
export function isSpread(given: string): boolean {
  return /^LIST(\s|$)/i.test(given) || pattern.test(given);
}

/**
 * @param given `LIST`, or `slice%03d.raw 1 9 1` (counter from, to, step); behind either the number of axes a file holds
 * @param lines those after it, for `LIST`
 * @throws InputError where it is neither
 */
export function spreadFiles(given: string, lines: readonly string[], where: string): SpreadFiles {
  const list = /^LIST(?:\s+(\d)D?)?$/i.exec(given);
  const names = list ? lines.map((line) => line.trim()).filter((line) => line !== '') : counted(given, where);
  const axes = list ? list[1] : /^\S+(?:\s+-?\d+){3}\s+(\d)$/.exec(given)?.[1];
  const twice = repeated(names);
  if (twice !== undefined) {
    throw new InputError({ where, what: 'a data file is named twice', expected: 'each once', got: twice });
  }
  if (names.length > 0 && names.length <= mostFiles) {
    return { names, axes: axes === undefined ? undefined : Number(axes) };
  }
  const expected = `1 to ${mostFiles} names`;
  throw new InputError({ where, what: 'its list of data files is none', expected, got: `${names.length}` });
}

function repeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

function counted(given: string, where: string): string[] {
  const found = /^(\S+)\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)(?:\s+\d)?$/.exec(given);
  const [from, to, step] = (found?.slice(2, 5) ?? []).map(Number);
  if (!found || step === 0 || (to - from) * step < 0 || from < 0 || to < 0) {
    const expected = 'a name with a counter, and from, to and step of it, such as slice%03d.raw 1 9 1';
    throw new InputError({ where, what: 'its pattern of data files is none', expected, got: given });
  }
  const many = Math.min(mostFiles + 1, Math.floor((to - from) / step) + 1);
  const [, zero, wide] = pattern.exec(found[1])!;
  return Array.from({ length: many }, (_, i) =>
    found[1].replace(pattern, `${from + i * step}`.padStart(Number(wide), zero === '' ? ' ' : '0')),
  );
}

/** @throws InputError where the files are not as many as the image has parts of so many axes */
export function checkSpread({ names, axes }: SpreadFiles, sizes: readonly number[], where: string): void {
  const held = axes ?? sizes.length - 1;
  const parts = sizes.slice(held).reduce((product, size) => product * size, 1);
  const slowest = sizes[sizes.length - 1];
  if (held === sizes.length ? slowest % names.length === 0 : held >= 1 && held < sizes.length && names.length === parts)
    return;
  const expected = held === sizes.length ? `a divisor of ${slowest}` : `${parts} for ${sizes.join(' x ')}`;
  throw new InputError({
    where,
    what: 'its data files are not as many as its parts',
    expected,
    got: `${names.length}`,
  });
}

/** @throws InputError where one of them is absent, or stands elsewhere */
export async function openSpread({ names }: SpreadFiles, source: ImageSource): Promise<ImageSource[]> {
  const files: ImageSource[] = [];
  for (const name of names)
    files.push({ ...source, name: `${source.name}: ${name}`, bytes: await besides(source, name) });
  return files;
}
