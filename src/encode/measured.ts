/** What of a prepared block is looked at: what was measured. What preparation put into a missing cell is not. */
import type { Block } from '../describe/cohort.ts';
import { InputError } from '../errors.ts';

export interface Measured {
  /** 0 where not measured. */
  readonly data: Float32Array; // [subjects, columns]
  readonly measured: Float32Array; // [subjects, columns], 1 where measured
}

/** @throws InputError where the block has other columns than the encoder; `where` names it */
export function measuredOnly({ values, observed }: Block, columns: number, where: string): Measured {
  if (values.shape[1] !== columns) {
    const [expected, got] = [`${columns} columns`, `${values.shape[1]}`];
    throw new InputError({ where, what: 'other columns than in training', expected, got });
  }
  const measured = Float32Array.from(observed);
  const data = new Float32Array(measured.length); // [subjects, columns]
  for (let at = 0; at < data.length; at++) if (observed[at]) data[at] = values.data[at];
  return { data, measured };
}

/** Whether somebody who has the modality lacks a cell of it. */
export function hasHoles({ values, observed, present }: Block): boolean {
  const columns = values.shape[1];
  return present.some((there, i) => there === 1 && observed.subarray(i * columns, (i + 1) * columns).includes(0));
}

/** @throws InputError for a number that is none of 1, 2, 3, ... */
export function checkCounts(where: string, counts: Readonly<Record<string, number>>): void {
  for (const [what, value] of Object.entries(counts)) {
    if (Number.isInteger(value) && value > 0) continue;
    throw new InputError({ where, what, expected: 'a positive whole number', got: `${value}` });
  }
}
