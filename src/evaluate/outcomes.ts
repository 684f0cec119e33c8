/** What the folds brought home, and how to look at it by strategy. */
import { matrix } from '../array/matrix.ts';
import type { Cohort } from '../describe/cohort.ts';
import type { Target } from '../describe/target.ts';
import { presence } from '../fuse/prediction.ts';
import type { Metric } from '../score/metric.ts';
import type { Comparison, SubjectPrediction } from './comparison.ts';
import type { FoldPart, Sampling } from './estimates.ts';
import type { FoldOutcome, StrategyOutcome } from './fold.ts';

/** A comparison after its folds have run, before it is summed up. */
export interface Ran {
  readonly x: Cohort;
  readonly target: Target;
  readonly outcomes: readonly FoldOutcome[];
  /** Sets of modalities tried by masking. */
  readonly grid: readonly (readonly string[])[];
  readonly sampling: Sampling;
  readonly metric: Metric;
  readonly margin: number;
}

export function outcomeOf(outcome: FoldOutcome, strategy: string): StrategyOutcome {
  return outcome.strategies.find(({ name }) => name === strategy) as StrategyOutcome;
}

export function foldName({ repeat, fold }: { readonly repeat: number; readonly fold: number }): string {
  return `repeat ${repeat} fold ${fold}`;
}

/** What a strategy said of each fold's test subjects, beside the truth. */
export function partsOf({ outcomes, target }: Ran, strategy: string): FoldPart[] {
  return outcomes.map((outcome) => ({
    name: foldName(outcome),
    probability: matrix(outcome.test.length, target.classes.length, outcomeOf(outcome, strategy).probability),
    labels: labelsOf(target, outcome.test),
  }));
}

export function labelsOf({ labels }: Target, rows: ArrayLike<number>): Int32Array {
  return Int32Array.from(rows, (row: number) => labels[row]);
}

/** Distinct test subjects and how many of them each class has; `keep`: positions within each fold's test subjects. */
export function countTested(
  { outcomes, target }: Ran,
  keep: readonly ArrayLike<number>[] = outcomes.map(({ test }) => Array.from(test.keys())),
): { readonly n: number; readonly classCounts: readonly number[] } {
  const rows = new Set(outcomes.flatMap(({ test }, f) => Array.from(keep[f], (at) => test[at])));
  const classCounts = new Array<number>(target.classes.length).fill(0);
  for (const row of rows) classCounts[target.labels[row]]++;
  return { n: rows.size, classCounts };
}

/** Which sets of modalities the given subjects have, most frequent first. */
export function patternsOf(
  x: Cohort,
  { classes, labels }: Target,
  rows: Iterable<number>,
): Comparison['study']['patterns'] {
  const names = x.blocks.map(({ modality }) => modality.name);
  const there = presence(x, names);
  const found = new Map<string, { present: string[]; n: number; classCounts: number[] }>();
  for (const row of new Set(rows)) {
    const present = names.filter((_, m) => there[row * names.length + m]);
    const key = JSON.stringify(present);
    const pattern = found.get(key) ?? { present, n: 0, classCounts: classes.map(() => 0) };
    found.set(key, pattern);
    pattern.n++;
    pattern.classCounts[labels[row]]++;
  }
  return [...found.values()].sort((a, b) => b.n - a.n || b.present.length - a.present.length);
}

export function predictionsOf({ x, target, outcomes }: Ran): SubjectPrediction[] {
  const names = x.blocks.map(({ modality }) => modality.name);
  const there = presence(x, names);
  const classes = target.classes.length;
  return outcomes.flatMap(({ repeat, fold, test, strategies }) =>
    strategies.flatMap(({ name, probability, fromPrior }) =>
      Array.from(
        test,
        (row, at): SubjectPrediction => ({
          repeat,
          fold,
          subject: x.subjects[row],
          strategy: name,
          truth: target.classes[target.labels[row]],
          probability: Array.from(probability.subarray(at * classes, (at + 1) * classes)),
          present: names.filter((_, m) => there[row * names.length + m]),
          basis: fromPrior[at] ? 'prior' : 'modalities',
        }),
      ),
    ),
  );
}
