/** What the folds brought home, and how to look at it by strategy. */
import { matrix } from '../array/matrix.ts';
import type { Cohort } from '../describe/cohort.ts';
import { type ClassTarget, countsOf, type Target, takeTarget } from '../describe/target.ts';
import { truthOf } from '../describe/truth.ts';
import { presence } from '../fuse/prediction.ts';
import type { Metric } from '../score/metric.ts';
import type { Comparison, SubjectPrediction, Told } from './comparison.ts';
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
export function partsOf(ran: Ran, strategy: string): FoldPart[] {
  return ran.outcomes.map((outcome) => partOf(ran, outcome, outcome.test, outcomeOf(outcome, strategy).said));
}

export function labelsIn({ labels }: ClassTarget, rows: ArrayLike<number>): Int32Array {
  return Int32Array.from(rows, (row: number) => labels[row]);
}

/** What was said of these test subjects of a fold, beside the truth. */
export function partOf({ target }: Ran, outcome: FoldOutcome, rows: ArrayLike<number>, said: Float64Array): FoldPart {
  return {
    name: foldName(outcome),
    said: matrix(rows.length, rows.length ? said.length / rows.length : 0, said),
    truth: truthOf(takeTarget(target, rows), takeTarget(target, outcome.train)),
  };
}

/** Distinct test subjects and how many of them each class has; `keep`: positions within each fold's test subjects. */
export function countTested(
  { outcomes, target }: Ran,
  keep: readonly ArrayLike<number>[] = outcomes.map(({ test }) => Array.from(test.keys())),
): { readonly n: number; readonly classCounts: readonly number[] } {
  const rows = new Set(outcomes.flatMap(({ test }, f) => Array.from(keep[f], (at) => test[at])));
  return { n: rows.size, classCounts: countsOf(takeTarget(target, [...rows])).classCounts };
}

/** The modalities that each of the given subjects has. */
export function presentIn(x: Cohort, rows: ArrayLike<number>): string[][] {
  const names = x.blocks.map(({ modality }) => modality.name);
  const there = presence(x, names);
  return Array.from(rows, (row) => names.filter((_, m) => there[row * names.length + m]));
}

/** Which sets of modalities the given subjects have, most frequent first. */
export function patternsOf(x: Cohort, target: Target, rows: Iterable<number>): Comparison['study']['patterns'] {
  const found = new Map<string, { present: string[]; own: number[] }>();
  const distinct = [...new Set(rows)];
  for (const [at, present] of presentIn(x, distinct).entries()) {
    const key = JSON.stringify(present);
    const pattern = found.get(key) ?? { present, own: [] };
    found.set(key, pattern);
    pattern.own.push(distinct[at]);
  }
  return [...found.values()]
    .map(({ present, own }) => ({
      present,
      n: own.length,
      classCounts: countsOf(takeTarget(target, own)).classCounts,
    }))
    .sort((a, b) => b.n - a.n || b.present.length - a.present.length);
}

export function predictionsOf({ x, target, outcomes }: Ran): SubjectPrediction[] {
  return outcomes.flatMap(({ repeat, fold, test, strategies }) => {
    const present = presentIn(x, test);
    return strategies.flatMap(({ name, said, fromPrior, driver, modalities }) =>
      Array.from(
        test,
        (row, at): SubjectPrediction => ({
          repeat,
          fold,
          subject: x.subjects[row],
          strategy: name,
          ...toldOf(
            target,
            row,
            said.subarray((at * said.length) / test.length, ((at + 1) * said.length) / test.length),
          ),
          present: present[at],
          ...(driver[at] >= 0 && { driver: modalities[driver[at]] }),
          basis: fromPrior[at] ? 'prior' : 'modalities',
        }),
      ),
    );
  });
}

/** The truth of a subject and what was said of it. */
function toldOf(target: Target, row: number, said: Float64Array): Told {
  switch (target.kind) {
    case 'classes':
      return { truth: target.classes[target.labels[row]], probability: [...said] };
    case 'survival':
      return { truth: String(target.timeDays[row]), event: target.event[row] === 1, risk: said[0] };
    case 'value':
      return { truth: String(target.values[row]), value: said[0] };
  }
}
