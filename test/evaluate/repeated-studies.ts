/**
 * One study made many times: each time on a fresh cohort of the same simulated world, so that what its intervals and its
 * verdict say can be held against the truth. The truth of a strategy is its metric on a large test set that no cohort
 * shares a subject with, averaged over models that were trained on the first training fold of each cohort: what
 * cross-validation at this size estimates (Nadeau and Bengio 2003, section 2).
 */
import { type Cohort, takeSubjects } from '../../src/describe/cohort.ts';
import { type Target, takeTarget } from '../../src/describe/target.ts';
import { truthOf } from '../../src/describe/truth.ts';
import { compareStrategies, defaultMetric } from '../../src/evaluate/compare.ts';
import type { Estimate, Finding, Paired } from '../../src/evaluate/comparison.ts';
import type { Strategy } from '../../src/evaluate/fold.ts';
import { planFolds } from '../../src/evaluate/protocol.ts';
import { early } from '../../src/fuse/early.ts';
import { late } from '../../src/fuse/late.ts';
import { opinionIn } from '../../src/fuse/prediction.ts';
import { bestSingle, single } from '../../src/fuse/single.ts';
import type { Metric } from '../../src/score/metric.ts';
import { scoreMetric } from '../../src/score/score.ts';
import { wilson } from '../../src/score/wilson.ts';

/** Enough subjects for all cohorts and the test set after them. */
export interface World {
  readonly cohort: Cohort;
  readonly target: Target;
}

export interface Repeats {
  /** Subjects of a cohort, cohorts, and subjects of the test set. */
  readonly subjects: number;
  readonly cohorts: number;
  readonly test: number;
  readonly seed: number;
  readonly inner?: number;
}

export interface RepeatedStudies {
  readonly finding: readonly Finding[]; // [cohorts]
  /** Of each strategy; `paired` of those that fuse. */
  readonly strategies: ReadonlyMap<string, Repeated>;
}

export interface Repeated {
  readonly estimates: readonly Estimate[]; // [cohorts]
  readonly paired: readonly Paired[]; // [cohorts]
  /** The metric, and its difference in favour of this strategy over the best single modality, with standard errors. */
  readonly truth: Mean;
  readonly trueDifference: Mean;
}

export interface Mean {
  readonly value: number;
  readonly standardError: number;
}

/** The default comparison of two modalities: 5 x 5 folds, five inner folds. */
const protocol = { kind: 'cross-validation', folds: 5, repeats: 5 } as const;

export function strategiesFor({ blocks }: Cohort, metric: Metric): Strategy[] {
  const singles = blocks.map(({ modality: { name } }): Strategy => {
    return { name: `single:${name}`, role: 'single', fusion: single({ modality: name }) };
  });
  return [
    ...singles,
    { name: 'single:best', role: 'best-single', fusion: bestSingle({ metric }) },
    { name: 'early', role: 'fusion', fusion: early() },
    { name: 'late:mean', role: 'fusion', fusion: late() },
    { name: 'late:weighted', role: 'fusion', fusion: late({ combine: 'weighted' }) },
  ];
}

export async function repeatStudies(world: World, repeats: Repeats): Promise<RepeatedStudies> {
  const { subjects, cohorts, test, inner = 5 } = repeats;
  const metric = defaultMetric(world.target);
  const strategies = strategiesFor(world.cohort, metric);
  const tested = part(world, cohorts * subjects, test);
  const finding: Finding[] = [];
  const told = new Map(
    strategies.map(({ name }) => [
      name,
      { estimates: [] as Estimate[], paired: [] as Paired[], large: [] as number[] },
    ]),
  );
  for (let c = 0; c < cohorts; c++) {
    const seed = repeats.seed + c;
    const own = part(world, c * subjects, subjects);
    const compared = await compareStrategies(own.cohort, own.target, strategies, { protocol, seed, inner });
    finding.push(compared.verdict.finding);
    const [fold] = planFolds(own.target, protocol, { seed, inner });
    const train = { x: takeSubjects(own.cohort, fold.train), target: takeTarget(own.target, fold.train) };
    for (const [s, { name, fusion }] of strategies.entries()) {
      const into = told.get(name) as { estimates: Estimate[]; paired: Paired[]; large: number[] };
      const { metrics, paired } = compared.strategies[s];
      into.estimates.push(metrics[metric] as Estimate);
      if (paired) into.paired.push(paired);
      const fitted = await fusion.fit(train.x, train.target, { seed: fold.seed, inner: fold.inner });
      const said = opinionIn(await fitted.apply(tested.cohort));
      into.large.push(scoreMetric(metric, said, truthOf(tested.target, train.target)) as number);
    }
  }
  const best = told.get('single:best')?.large as number[];
  return {
    finding,
    strategies: new Map(
      [...told].map(([name, { estimates, paired, large }]) => [
        name,
        { estimates, paired, truth: meanOf(large), trueDifference: meanOf(large.map((value, c) => value - best[c])) },
      ]),
    ),
  };
}

function part({ cohort, target }: World, from: number, many: number): World {
  const rows = Int32Array.from({ length: many }, (_, i) => from + i);
  return { cohort: takeSubjects(cohort, rows), target: takeTarget(target, rows) };
}

export function meanOf(values: readonly number[]): Mean {
  const value = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, one) => sum + (one - value) ** 2, 0);
  return { value, standardError: Math.sqrt(squares / Math.max(1, values.length - 1) / values.length) };
}

/** How many of the intervals that were given hold the value; those not given (no spread over folds) are set apart. */
export function covering(intervals: readonly Pick<Estimate, 'low' | 'high'>[], value: number): Count {
  const given = intervals.filter(({ low, high }) => low !== null && high !== null);
  const holding = given.filter(({ low, high }) => (low as number) <= value && value <= (high as number));
  return { found: holding.length, of: given.length };
}

/** Intervals that promise more than is true. */
export function intervalsWhollyAbove(intervals: readonly Pick<Estimate, 'low' | 'high'>[], value: number): Count {
  return count(
    intervals.filter(({ low }) => low !== null),
    ({ low }) => (low as number) > value,
  );
}

export interface Count {
  readonly found: number;
  readonly of: number;
}

export function count<T>(values: readonly T[], which: (value: T) => boolean): Count {
  return { found: values.filter(which).length, of: values.length };
}

/** Most of `of` that a chance of `level` brings about, but for one time in a thousand (normal bound); fewest likewise. */
export const atMost = (level: number, of: number) => Math.ceil(level * of + 3.1 * Math.sqrt(level * (1 - level) * of));
export const atLeast = (level: number, of: number) =>
  Math.floor(level * of - 3.1 * Math.sqrt(level * (1 - level) * of));

/** Prints a count with its share and Wilson's 95 % interval, and hands it on. */
export function tell(what: string, { found, of }: Count): Count {
  const { low, high } = wilson(found, of) ?? { low: 0, high: 1 };
  console.info(`${what}: ${found} of ${of}, ${percent(found / of)} (${percent(low)} to ${percent(high)})`);
  return { found, of };
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
