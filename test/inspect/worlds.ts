/** Small blocks with a known fault, for the tests of inspections. */
import { matrix } from '../../src/array/matrix.ts';
import type { Block } from '../../src/describe/cohort.ts';
import type { Scale } from '../../src/describe/modality.ts';
import type { ClassTarget } from '../../src/describe/target.ts';
import { modality } from '../contract/cohorts.ts';

/** A modality from its columns; null is a gap, and a row of gaps a subject without it. */
export function blockOf(
  name: string,
  columns: Record<string, readonly (number | null)[]>,
  scale: Scale = 'interval',
): Block {
  const names = Object.keys(columns);
  const rows = columns[names[0]].length;
  const data = new Float64Array(rows * names.length); // [subjects, features]
  const observed = new Uint8Array(rows * names.length); // [subjects, features]
  const present = new Uint8Array(rows); // [subjects]
  names.forEach((column, j) => {
    columns[column].forEach((value, i) => {
      if (value === null) return;
      data[i * names.length + j] = value;
      observed[i * names.length + j] = 1;
      present[i] = 1;
    });
  });
  const features = names.map((column) => ({ name: column, scale }));
  return { modality: modality(name, features), values: matrix(rows, names.length, data), observed, present };
}

export function targetOf(labels: readonly number[], classes = ['well', 'ill']): ClassTarget {
  return { kind: 'classes', name: 'outcome', classes, labels: Int32Array.from(labels) };
}

export function ids(n: number): string[] {
  return Array.from({ length: n }, (_, i) => `s${String(i).padStart(4, '0')}`);
}
