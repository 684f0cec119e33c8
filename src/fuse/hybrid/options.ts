/** Options of the fits are refused by name where they are not known. */
import { InputError } from '../../errors.ts';

/** @throws InputError for an option that is not among the known ones */
export function checkOptions(where: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new InputError({ where, what: `unknown option "${name}"`, expected: `one of ${known.join(', ')}` });
  }
}

export const lineOptions = ['lineSeconds'] as const;
export const fastOptions = ['use', 'enough', 'squares'] as const;
export const filterOptions = ['dynamics', 'scale'] as const;
