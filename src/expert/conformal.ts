/**
 * Split conformal prediction (Vovk, Gammerman and Shafer 2005): a threshold on how odd a true answer may look, such that a
 * new subject's true answer looks no odder with a chance of at least `level`, whatever the model, provided that calibration
 * subjects and new ones are exchangeable.
 *
 * Here calibration scores come from out-of-fold predictions of the training subjects, while the model applied has learned
 * from all of them (after cross-conformal prediction, Vovk 2015). That spends no subject on calibration, and keeps one
 * model where CV+ (Barber et al. 2021) keeps every fold's; but coverage is then only approximately `level`. CV+ is proven
 * for about 1 − 2 (1 − level), this shortcut only as far as the model hardly changes with the training subjects of a fold.
 * Models of the folds have learned from fewer subjects and err a little more, which widens sets. The evidence is what test
 * subjects show (`evaluate/conformal-coverage.ts`).
 */
import { InputError } from '../errors.ts';
import { checkSubjects } from '../score/survival-times.ts';

/** Plain JSON. */
export interface ConformalThreshold {
  /** Calibration subjects. */
  readonly n: number;
  /** The largest score that conforms; null: every answer does, since there are too few subjects for this level. */
  readonly threshold: number | null;
}

/** A threshold for each stratum with enough subjects of its own, and one of all for the rest (Mondrian, Vovk 2012). */
export interface ConformalThresholds {
  readonly all: ConformalThreshold;
  readonly own: readonly (ConformalThreshold & { readonly pattern: string })[];
}

/**
 * The ⌈(n + 1) level⌉-th smallest score, or null where that is beyond n: fewer than level / (1 − level) subjects.
 *
 * @throws InputError where `level` is not between 0 and 1, or a score is not a number
 */
export function conformalThreshold(scores: ArrayLike<number>, level: number): ConformalThreshold {
  if (!(level > 0 && level < 1)) {
    throw new InputError({
      where: 'conformal: level',
      what: 'not a coverage to aim at',
      expected: 'a number between 0 and 1',
      got: String(level),
    });
  }
  const n = scores.length;
  checkSubjects(scores, n, 'conformal: scores');
  const rank = Math.ceil((n + 1) * level - 1e-9); // 10 * 0.9 is 9, also in binary
  return { n, threshold: rank > n ? null : Float64Array.from(scores).sort()[Math.max(rank, 1) - 1] };
}

/**
 * Thresholds by pattern of present modalities, since a model knows less where one is missing. A pattern with too few
 * subjects for a finite threshold of its own takes that of all, which gives it no guarantee of its own.
 *
 * @param pattern names the modalities each subject has, in any one spelling [subjects]; absent: one threshold for all
 */
export function conformalThresholds(
  scores: ArrayLike<number>,
  level: number,
  pattern: readonly string[] = [],
): ConformalThresholds {
  if (pattern.length > 0) checkPatterns(pattern, scores.length);
  const own = [...subjectsByPattern(pattern)].map(([name, subjects]) => {
    const scoresThere = subjects.map((i) => scores[i]);
    return { pattern: name, ...conformalThreshold(scoresThere, level) };
  });
  return {
    all: conformalThreshold(scores, level),
    own: own.filter(({ threshold }) => threshold !== null).sort((a, b) => (a.pattern < b.pattern ? -1 : 1)),
  };
}

/** The threshold that holds for a pattern, Infinity for none. */
export function thresholdOf({ all, own }: ConformalThresholds, pattern: string | undefined): number {
  const found = own.find((stratum) => stratum.pattern === pattern) ?? all;
  return found.threshold ?? Number.POSITIVE_INFINITY;
}

export function subjectsByPattern(pattern: readonly string[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  pattern.forEach((name, i) => {
    const subjects = found.get(name);
    if (subjects) subjects.push(i);
    else found.set(name, [i]);
  });
  return found;
}

/** @throws InputError where patterns are not one a subject */
export function checkPatterns(pattern: readonly string[], subjects: number): void {
  if (pattern.length === subjects) return;
  throw new InputError({
    where: 'conformal: pattern',
    what: 'not one a subject',
    expected: `${subjects} patterns`,
    got: String(pattern.length),
  });
}
