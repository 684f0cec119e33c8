/** Who lacks what: the patterns of presence, and whether lacking a modality tells the target or the groups. */
import { holm } from '../array/holm.ts';
import type { Random } from '../array/random.ts';
import type { Cohort } from '../describe/cohort.ts';
import type { ClassTarget } from '../describe/target.ts';
import { association } from './contingency.ts';
import type { Absence, Inspection } from './inspection.ts';

/** The sets of modalities that subjects have, the most frequent first. */
export function presencePatterns(
  { subjects, blocks }: Cohort,
  { classes, labels }: ClassTarget,
): Inspection['patterns'] {
  const found = new Map<string, { present: string[]; n: number; classCounts: number[] }>();
  for (const i of subjects.keys()) {
    const present = blocks.filter((block) => block.present[i]).map(({ modality }) => modality.name);
    const key = JSON.stringify(present);
    const pattern = found.get(key) ?? { present, n: 0, classCounts: classes.map(() => 0) };
    found.set(key, pattern);
    pattern.n++;
    pattern.classCounts[labels[i]]++;
  }
  return [...found.values()].sort((a, b) => b.n - a.n || b.present.length - a.present.length);
}

/** Kinds of subjects: a code each, and what the codes are called. */
export interface Kinds {
  readonly names: readonly string[];
  readonly codes: ArrayLike<number>; // [subjects]
}

/**
 * Informative missingness (Rubin 1976): a test for each modality that some subjects have and some lack, against the target
 * and, where there are groups, against them; adjusted by Holm over all of them.
 */
export function absenceTests({ blocks }: Cohort, target: Kinds, groups: Kinds | undefined, random: Random): Absence[] {
  const against = [['target', target] as const, ...(groups ? [['groups', groups] as const] : [])];
  const found = blocks.flatMap(({ modality, present }) =>
    against.flatMap(([word, kinds]) => {
      const absent = present.map((there) => 1 - there);
      const tested = association(absent, kinds.codes, random);
      if (!tested) return [];
      const cells = kinds.names.map((name) => ({ name, n: 0, absent: 0 }));
      for (let i = 0; i < absent.length; i++) {
        cells[kinds.codes[i]].n++;
        cells[kinds.codes[i]].absent += absent[i];
      }
      return [{ modality: modality.name, with: word, ...tested, cells }];
    }),
  );
  const adjusted = holm(found.map(({ p }) => p));
  return found.map((test, at) => ({ ...test, pHolm: adjusted[at] as number }));
}
