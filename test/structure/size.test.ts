import { expect, it } from 'vitest';
import { read, sources } from './sources.ts';

/** Files over 500 lines, each with its reason. */
const exceptions: Readonly<Record<string, string>> = {};

const lines = new Map(sources().map((path) => [path, read(path).trimEnd().split('\n').length]));

it('has no source file over 500 lines without a reason', () => {
  const long = [...lines].filter(([path, n]) => n > 500 && !(path in exceptions)).map(([path, n]) => `${path}: ${n}`);
  expect(long).toEqual([]);
});

it('keeps no reason for a file that is short or gone', () => {
  expect(Object.keys(exceptions).filter((path) => (lines.get(path) ?? 0) <= 500)).toEqual([]);
});

it('has a median file of at most 150 lines', async ({ annotate }) => {
  const sorted = [...lines.values()].sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1];
  await annotate(`${sorted.length} files, median ${median} lines, longest ${sorted.at(-1)}`);
  expect(median).toBeLessThanOrEqual(150);
});
