/** Strategies compared on the same folds: the folds are run (here or by workers), and what they say is summed up. */
import type { Cohort } from '../describe/cohort.ts';
import { asClasses, classCounts, subjectsOf, type Target, takeTarget } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import type { Run } from '../estimator.ts';
import { readsTarget, type Step, scalesUnseenSites } from '../harmonize/prepare.ts';
import { inTargetUnit, type Metric, metricLabel, metricsOf } from '../score/metric.ts';
import { checkSubjects, checkSurvivalTimes } from '../score/survival-times.ts';
import type { Comparison, StrategyResult, SubjectPrediction, Warning } from './comparison.ts';
import { evaluateFold, type FoldOutcome, type Strategy } from './fold.ts';
import { modalitySubsets } from './grid.ts';
import { independenceOf } from './independence-of.ts';
import { predictionsOf, type Ran } from './outcomes.ts';
import { type Fold, type Protocol, planFolds } from './protocol.ts';
import { protocolWords } from './protocol-words.ts';
import { summarize } from './summarize.ts';
import { verdictOf } from './verdict.ts';

export interface CompareOptions {
  readonly protocol: Protocol;
  readonly seed?: number;
  /** Inner folds on which penalties, weights, stackers and the best single modality are chosen. */
  readonly inner?: number;
  readonly groups?: readonly string[];
  /**
   * The metric that the verdict rests on, declared before looking. Default: AUROC of two classes, balanced error rate of
   * more; Harrell's C of survival; R² of values.
   */
  readonly metric?: Metric;
  /**
   * Half-width of the band within which a difference is of no practical meaning. Default: 0.02; of errors in the unit of
   * the target, 0.02 of its standard deviations.
   */
  readonly margin?: number;
  readonly stopped?: Run['stopped'];
  readonly progress?: (done: number, total: number) => void;
  /** Runs the folds elsewhere, such as on worker threads; outcomes come back in the order of the folds. */
  readonly runFolds?: (folds: readonly Fold[], grid: Ran['grid']) => Promise<FoldOutcome[]>;
}

export type Compared = Pick<
  Comparison,
  'protocol' | 'seed' | 'strategies' | 'independence' | 'verdict' | 'warnings'
> & {
  readonly predictions: readonly SubjectPrediction[];
};

const level = 0.95;
const resamples = 2000;

export async function compareStrategies(
  x: Cohort,
  target: Target,
  strategies: readonly Strategy[],
  options: CompareOptions,
): Promise<Compared> {
  const { protocol, seed = 0, inner = 5, groups, metric = defaultMetric(target) } = options;
  const { margin = defaultMargin(metric, target) } = options;
  checkTarget(target, x);
  checkMetric(metric, target);
  const folds = planFolds(target, protocol, { seed, inner, ...(groups && { groups }) });
  const grid = modalitySubsets(testedModalities(x, folds));
  const runFolds = options.runFolds ?? ((plan) => runHere(x, target, plan, strategies, grid, options));
  const trainSize = folds.reduce((sum, { train }) => sum + train.length, 0) / folds.length;
  const testSize = folds.reduce((sum, { test }) => sum + test.length, 0) / folds.length;
  const ran: Ran = {
    x,
    target,
    outcomes: await runFolds(folds, grid),
    grid,
    sampling: { trainSize, testSize, level, seed, resamples },
    metric,
    margin,
  };
  const independence = independenceOf(ran, strategies);
  const results = summarize(ran, strategies, independence);
  const grouped = groups !== undefined;
  return {
    protocol: {
      kind: protocol.kind,
      ...sizeOf(protocol, folds.length),
      ...(protocol.kind === 'holdout' && { testShare: protocol.testShare }),
      inner,
      grouped,
      metric,
      margin,
      level,
      words: protocolWords(protocol, {
        kind: target.kind,
        ...stepsOf(strategies),
        inner,
        grouped,
        metric,
        margin,
        folds: folds.length,
      }),
    },
    seed,
    strategies: results,
    ...(independence && { independence }),
    verdict: verdictOf(results, margin, target.kind === 'value' ? target.unit : undefined),
    warnings: [...copiedSplits(protocol, folds), ...undefinedFolds(results, metric, folds.length), ...fewEvents(ran)],
    predictions: predictionsOf(ran),
  };
}

function checkTarget(target: Target, { subjects }: Cohort): void {
  const where = `target ${target.name}`;
  const told = subjectsOf(target);
  if (told !== subjects.length) {
    const what = target.kind === 'classes' ? 'one label a subject' : 'one value a subject';
    throw new InputError({ where, what, expected: String(subjects.length), got: String(told) });
  }
  if (target.kind === 'survival') checkSurvivalTimes(target, where);
  if (target.kind === 'value') checkSubjects(target.values, subjects.length, where);
  if (target.kind !== 'classes') return;
  const { labels, classes } = target;
  const wrong = labels.findIndex((label) => label < 0 || label >= classes.length);
  if (wrong >= 0) {
    throw new InputError({
      where: `${where}: ${subjects[wrong]}`,
      what: 'a label that names no class',
      expected: `0 to ${classes.length - 1}`,
      got: String(labels[wrong]),
    });
  }
}

export function checkMetric(metric: Metric, { kind, name }: Target): void {
  const known: readonly Metric[] = metricsOf[kind];
  if (known.includes(metric)) return;
  const what = `a metric that does not fit the target ${name} (${kind})`;
  throw new InputError({ where: 'metric', what, expected: `one of ${known.join(', ')}`, got: metric });
}

function defaultMargin(metric: Metric, target: Target): number {
  if (target.kind !== 'value' || !inTargetUnit.has(metric)) return 0.02;
  const { values } = target;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return Number((0.02 * sd).toPrecision(2));
}

export function defaultMetric(target: Target): Metric {
  if (target.kind === 'survival') return 'harrellC';
  if (target.kind === 'value') return 'rSquared';
  return target.classes.length === 2 ? 'auroc' : 'balancedErrorRate';
}

/** What the preparations of the strategies do that a method section has to say. */
function stepsOf(strategies: readonly Strategy[]): { readonly supervised: boolean; readonly ownScale: boolean } {
  const all = strategies.flatMap(({ fusion }) =>
    Object.values(
      (fusion.spec.options as { prepare?: { readonly [modality: string]: readonly Step[] } }).prepare ?? {},
    ),
  );
  return { supervised: all.some(readsTarget), ownScale: all.some(scalesUnseenSites) };
}

async function runHere(
  x: Cohort,
  target: Target,
  folds: readonly Fold[],
  strategies: readonly Strategy[],
  grid: Ran['grid'],
  { stopped, progress }: CompareOptions,
): Promise<FoldOutcome[]> {
  const outcomes: FoldOutcome[] = [];
  for (const fold of folds) {
    outcomes.push(await evaluateFold(x, target, fold, strategies, grid, { ...(stopped && { stopped }) }));
    progress?.(outcomes.length, folds.length);
  }
  return outcomes;
}

/** Modalities that at least one test subject has; the others cannot be masked, only be missing. */
function testedModalities(x: Cohort, folds: readonly Fold[]): string[] {
  const tested = new Set(folds.flatMap(({ test }) => [...test]));
  return x.blocks
    .filter(({ present }) => [...tested].some((row) => present[row] === 1))
    .map(({ modality }) => modality.name);
}

/** Folds of a repeat, and repeats, as asked for. */
function sizeOf(protocol: Protocol, planned: number): { readonly folds: number; readonly repeats: number } {
  switch (protocol.kind) {
    case 'cross-validation':
      return { folds: protocol.folds, repeats: protocol.repeats };
    case 'holdout':
      return { folds: 1, repeats: protocol.repeats };
    default:
      return { folds: planned, repeats: 1 };
  }
}

/** Splits that came out alike were run once. */
function copiedSplits(protocol: Protocol, folds: readonly Fold[]): Warning[] {
  const { folds: each, repeats } = sizeOf(protocol, folds.length);
  const wanted = each * repeats;
  if (folds.length === wanted) return [];
  const message = `${wanted - folds.length} of ${wanted} splits repeat others, since there are few ways to part these subjects or groups; each was run once`;
  return [{ code: 'repeated-splits', message }];
}

function undefinedFolds(results: readonly StrategyResult[], metric: Metric, many: number): Warning[] {
  const names = new Map<string, string[]>(); // folds -> strategies
  for (const { name, metrics } of results) {
    const folds = metrics[metric]?.undefinedFolds ?? [];
    const said = folds.length === many && many > 1 ? `all ${many} folds` : folds.join(', ');
    if (said) names.set(said, [...(names.get(said) ?? []), name]);
  }
  return [...names].map(([folds, strategies]) => ({
    code: 'undefined-folds',
    message: `${metricLabel[metric]} is undefined in ${folds} (${strategies.join(', ')})`,
  }));
}

const enoughValues = 10; // subjects in a test fold
const enough = 5; // subjects of a class, or events, in a test fold

function fewEvents({ outcomes, target }: Ran): Warning[] {
  if (target.kind === 'value') {
    const least = Math.min(...outcomes.map(({ test }) => test.length));
    if (least >= enoughValues) return [];
    const message = `some test folds hold only ${least} subjects, of which R² swings widely`;
    return [{ code: 'few-subjects', message }];
  }
  const classes = asClasses(target);
  const fewest = outcomes.map(({ test }) => {
    const counts = classCounts(takeTarget(classes, test));
    return target.kind === 'survival' ? counts[1] : counts.reduce((a, b) => Math.min(a, b));
  });
  const least = Math.min(...fewest);
  if (least >= enough) return [];
  const lacking = fewest.filter((n) => n === 0).length;
  if (target.kind === 'survival') {
    const few =
      lacking > 0
        ? `${lacking} of ${fewest.length} test folds hold no event`
        : `some test folds hold only ${least} ${least === 1 ? 'event' : 'events'}`;
    return [{ code: 'few-events', message: `${few}, so figures of single folds mean little` }];
  }
  if (lacking > 0) {
    const message = `${lacking} of ${fewest.length} test folds lack a class, so that metrics averaged over classes measure different things there`;
    return [{ code: 'few-events', message }];
  }
  const subjects = `${least} subject${least === 1 ? '' : 's'}`;
  return [
    {
      code: 'few-events',
      message: `some test folds hold only ${subjects} of a class, so figures of single folds mean little`,
    },
  ];
}
