import { checkChoice } from './option-checks.ts';

/** Whose numbers the map of a scan is made of: its own, or those of the training scans together. */
export const bases = ['scan', 'training'] as const;
export type Basis = (typeof bases)[number];

/** @param by that of a harmonizer of this kind @throws InputError on another word */
export function checkBasis(by: Basis, kind: string): void {
  checkChoice(by, bases, `${kind}: by`);
}
