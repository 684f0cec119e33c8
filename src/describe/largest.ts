import { InputError } from '../errors.ts';
import type { NumberColumn, Table } from '../read/table/table.ts';

const largest = 3.4e38; // just below the largest float32, which a matrix of features holds

/** @throws InputError at a measured value whose size is beyond float32, with its subject */
export function refuseTooLarge({ name, values, observed, min, max }: NumberColumn, { name: file, ids }: Table): void {
  if (min >= -largest && max <= largest) return;
  const row = values.findIndex((value, at) => observed[at] === 1 && Math.abs(value) > largest);
  if (row < 0) return;
  throw new InputError({
    where: `${file}: subject ${JSON.stringify(ids[row])}, column "${name}"`,
    what: 'beyond what can be held',
    expected: `a number between -${largest} and ${largest} (or, if it stands for a missing value, its spelling under "missing")`,
    got: String(values[row]),
  });
}
