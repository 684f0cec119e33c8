import { InputError } from '../errors.ts';

/** Checks of a simulation's options; `where` names the simulation. */
export function optionChecks(where: string) {
  function refuse(name: string, what: string, expected: string, got: string): never {
    throw new InputError({ where: `${where}: ${name}`, what, expected, got });
  }
  return {
    refuse,
    whole(name: string, value: number, least: number): void {
      if (!Number.isInteger(value) || value < least) {
        refuse(name, 'not a count', `a whole number of at least ${least}`, String(value));
      }
    },
    between(name: string, value: number, low: number, high: number): void {
      if (!(value >= low && value <= high && Number.isFinite(value))) {
        const expected = high === Infinity ? `a finite number of at least ${low}` : `a number from ${low} to ${high}`;
        refuse(name, 'out of range', expected, String(value));
      }
    },
  };
}
