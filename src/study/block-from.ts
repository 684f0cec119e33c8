import { matrix } from '../array/matrix.ts';
import type { Block } from '../describe/cohort.ts';
import type { DescribedTable } from '../describe/describe-table.ts';
import type { Modality } from '../describe/modality.ts';

/**
 * A described table as a block.
 *
 * @param rows the table's row of each subject, or -1
 * @param wide whether to hold float64; by default where float32 would lose digits of whole numbers, or the number itself
 */
export function blockFrom(
  { modality, columns }: DescribedTable,
  rows: Int32Array,
  wide: boolean = columns.some(({ values }) => values.some(needsFloat64)),
): Block {
  const width = columns.length;
  const data = wide ? new Float64Array(rows.length * width) : new Float32Array(rows.length * width); // [subjects, features]
  const observed = new Uint8Array(rows.length * width); // [subjects, features]
  const present = new Uint8Array(rows.length); // [subjects]
  columns.forEach((column, j) => {
    for (let i = 0; i < rows.length; i++) {
      if (rows[i] < 0 || !column.observed[rows[i]]) continue;
      data[i * width + j] = column.values[rows[i]];
      observed[i * width + j] = 1;
      present[i] = 1; // a row without a single value is a subject without the modality
    }
  });
  return { modality, values: matrix(rows.length, width, data), observed, present };
}

/** Whole numbers beyond float32's 24 bits, fractions of such size, and what would vanish in it. */
function needsFloat64(value: number): boolean {
  const size = Math.abs(value);
  return size > 2 ** 24 || (size > 0 && size < 1e-30);
}

/** A modality that nobody has. */
export function absentBlock(modality: Modality, subjects: number): Block {
  const width = modality.features.length;
  return {
    modality,
    values: matrix(subjects, width, new Float32Array(subjects * width)),
    observed: new Uint8Array(subjects * width),
    present: new Uint8Array(subjects),
  };
}
