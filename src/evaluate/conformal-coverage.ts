/** What conformal sets and intervals did on subjects that neither the model nor its thresholds had seen. */

import { checkPatterns, subjectsByPattern } from '../expert/conformal.ts';
import { sizeAt } from '../expert/conformal-classes.ts';
import type { ConformalIntervals } from '../expert/conformal-values.ts';
import { checkSubjects } from '../score/survival-times.ts';
import { wilson } from '../score/wilson.ts';

/** Plain JSON. */
export interface Coverage {
  readonly n: number;
  /** Subjects whose set holds the truth. */
  readonly covered: number;
  /** Their share with Wilson's interval; subjects have to be counted once, so use one repeat at a time. */
  readonly coverage: { readonly estimate: number; readonly low: number; readonly high: number };
  /** Mean number of classes, or mean width in the unit of the values; null where all are infinite. */
  readonly meanSize: number | null;
  /** Infinite intervals, which `meanSize` leaves out. */
  readonly infinite: number;
}

export interface CoverageByPattern {
  /** Absent for no subjects. */
  readonly all?: Coverage;
  readonly byPattern: readonly (Coverage & { readonly pattern: string })[];
}

export interface CoverageOptions {
  /** The modalities each subject has, in one spelling; absent: not told apart. */
  readonly pattern?: readonly string[];
  /** Of the interval of the coverage. */
  readonly level?: number;
}

/** @param sets 1 where a class belongs to a subject's set [subjects, classes] */
export function coverageOfClasses(
  sets: Uint8Array,
  labels: ArrayLike<number>,
  options: CoverageOptions = {},
): CoverageByPattern {
  const classes = labels.length === 0 ? 0 : sets.length / labels.length;
  const covered = Uint8Array.from(labels, (label, i) => sets[i * classes + label]);
  const sizes = Float64Array.from(labels, (_, i) => sizeAt(sets, i * classes, classes));
  return conformalCoverage(covered, sizes, options);
}

export function coverageOfValues(
  { low, high }: ConformalIntervals,
  truth: ArrayLike<number>,
  options: CoverageOptions = {},
): CoverageByPattern {
  const covered = Uint8Array.from(low, (from, i) => (from <= truth[i] && truth[i] <= high[i] ? 1 : 0));
  const widths = Float64Array.from(low, (from, i) => high[i] - from);
  return conformalCoverage(covered, widths, options);
}

/** @param sizes numbers of classes, or widths, perhaps infinite [subjects] */
function conformalCoverage(
  covered: Uint8Array,
  sizes: Float64Array,
  { pattern = [], level = 0.95 }: CoverageOptions,
): CoverageByPattern {
  checkSubjects(sizes, covered.length, 'conformalCoverage: sizes');
  if (pattern.length > 0) checkPatterns(pattern, covered.length);
  const all = coverageOf([...covered.keys()], covered, sizes, level);
  const byPattern = [...subjectsByPattern(pattern)].flatMap(([name, subjects]) => {
    const own = coverageOf(subjects, covered, sizes, level);
    return own ? [{ pattern: name, ...own }] : [];
  });
  return { ...(all && { all }), byPattern: byPattern.sort((a, b) => b.n - a.n || (a.pattern < b.pattern ? -1 : 1)) };
}

function coverageOf(
  subjects: readonly number[],
  covered: Uint8Array,
  sizes: Float64Array,
  level: number,
): Coverage | undefined {
  const hits = subjects.filter((i) => covered[i]).length;
  const coverage = wilson(hits, subjects.length, level);
  if (!coverage) return undefined;
  const finite = subjects.map((i) => sizes[i]).filter(Number.isFinite);
  return {
    n: subjects.length,
    covered: hits,
    coverage,
    meanSize: finite.length > 0 ? finite.reduce((a, b) => a + b, 0) / finite.length : null,
    infinite: subjects.length - finite.length,
  };
}
