/** Looks at a cohort before anything is learned from it: what each modality is, who lacks what, and what seems wrong. */
import { deriveSeed, random } from '../array/random.ts';
import type { Cohort } from '../describe/cohort.ts';
import { asClasses, classCounts, subjectsOf, type Target } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import { absenceTests, type Kinds, presencePatterns } from './absence.ts';
import { modalityCard } from './card.ts';
import { association } from './contingency.ts';
import { deltaShifts } from './delta-shift.ts';
import type { Inspection, Note } from './inspection.ts';
import { suspectedLeaks } from './leaks.ts';
import { littleOnCohort } from './little-columns.ts';
import { notes } from './notes.ts';

export interface InspectCohortOptions {
  readonly name?: string;
  readonly title?: string;
  /** The group (site, family) of each subject. */
  readonly groups?: readonly string[];
  /** Of the permutations behind some p-values. */
  readonly seed?: number;
  /** What was noticed before, to stand among the warnings. */
  readonly noticed?: readonly Note[];
}

/**
 * Survival is looked at as event or censored, a value as above its median or not. The inspection looks at the target of
 * every subject. It is for understanding a cohort and mending a study file; columns chosen by what it says have seen the
 * test subjects.
 *
 * @throws InputError where target or groups are not of the cohort's length
 */
export function inspectCohort(x: Cohort, given: Target, options: InspectCohortOptions = {}): Inspection {
  const { name = 'cohort', title = name, groups, seed = 0, noticed = [] } = options;
  const subjects = x.subjects.length;
  checkLength('target', subjectsOf(given), subjects);
  const target = asClasses(given);
  if (groups) checkLength('groups', groups.length, subjects);
  const byTarget: Kinds = { names: target.classes, codes: target.labels };
  const byGroup = groups && kindsOf(groups);
  const randomFor = (what: string) => random(deriveSeed(seed, 'inspect', what));
  const groupsWithTarget = byGroup && association(byGroup.codes, target.labels, randomFor('groups'));
  const found: Omit<Inspection, 'warnings'> = {
    kind: 'inspection',
    version: 1,
    study: {
      name,
      title,
      subjects,
      target: { name: target.name, classes: target.classes, classCounts: [...classCounts(target)] },
      ...(byGroup && { groups: byGroup.names.length }),
    },
    seed,
    modalities: x.blocks.map(modalityCard),
    patterns: presencePatterns(x, target),
    absence: absenceTests(x, byTarget, byGroup, randomFor('absence')),
    ...(groupsWithTarget && { groupsWithTarget }),
    little: littleOnCohort(x),
    deltaShift: deltaShifts(x, target),
    leaks: suspectedLeaks(x.blocks, target),
  };
  return { ...found, warnings: [...noticed, ...asClassesNote(given), ...notes(found, x)] };
}

/** What looking at classes leaves aside. */
function asClassesNote({ kind, name }: Target): Note[] {
  if (kind === 'classes') return [];
  const message =
    kind === 'survival'
      ? `${name} is looked at here as event or censored, which leaves aside for how long each subject was watched`
      : `${name} is looked at here as above its median or not`;
  return [{ code: 'target-as-classes', message }];
}

function kindsOf(groups: readonly string[]): Kinds {
  const names = [...new Set(groups)].sort();
  const code = new Map(names.map((name, k) => [name, k]));
  return { names, codes: Int32Array.from(groups, (group) => code.get(group) as number) };
}

function checkLength(what: string, got: number, expected: number): void {
  if (got === expected) return;
  throw new InputError({
    where: `inspectCohort: ${what}`,
    what: 'not of the cohort',
    expected: `${expected} subjects`,
    got: `${got}`,
  });
}
