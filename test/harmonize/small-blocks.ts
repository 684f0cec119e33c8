/** Blocks written out by hand, for tests of single harmonizers. */
import { matrix } from '../../src/array/matrix.ts';
import type { Block } from '../../src/describe/cohort.ts';
import type { Scale } from '../../src/describe/modality.ts';
import type { Harmonizer } from '../../src/harmonize/harmonizer.ts';
import { modality } from '../contract/cohorts.ts';

/** A block of one scale from rows; null is missing. */
export function blockOf(scale: Scale, rows: readonly (readonly (number | null)[])[]): Block {
  const cells = rows.flat();
  const columns = rows[0].length;
  return {
    modality: modality(
      'm',
      Array.from({ length: columns }, (_, j) => ({ name: `f${j}`, scale })),
    ),
    values: matrix(
      rows.length,
      columns,
      Float64Array.from(cells, (cell) => cell ?? 0),
    ),
    observed: Uint8Array.from(cells, (cell) => (cell === null ? 0 : 1)),
    present: Uint8Array.from(rows, (row) => (row.some((cell) => cell !== null) ? 1 : 0)),
  };
}

/** The same from values in a row, all measured. */
export function flatBlock(scale: Scale, [rows, columns]: readonly [number, number], values: readonly number[]): Block {
  return blockOf(
    scale,
    Array.from({ length: rows }, (_, i) => values.slice(i * columns, (i + 1) * columns)),
  );
}

export async function through(harmonizer: Harmonizer, training: Block, applied = training): Promise<Block> {
  return (await harmonizer.fit(training, undefined, { seed: 0 })).apply(applied);
}

export function rowsOf({ values }: Block): number[][] {
  const [n, width] = values.shape;
  return Array.from({ length: n }, (_, i) => [...values.data.subarray(i * width, (i + 1) * width)]);
}
