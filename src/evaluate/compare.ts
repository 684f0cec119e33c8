/** Strategies compared on the same folds: the folds are run (here or by workers), and what they say is summed up. */
import { matrix } from '../array/matrix.ts';
import { type Cohort, rowsWith } from '../describe/cohort.ts';
import { type Target } from '../describe/target.ts';
import { type Run } from '../estimator.ts';
import { presence } from '../fuse/prediction.ts';
import { calibrationCurve } from '../score/calibration.ts';
import { type Metric, metricLabel } from '../score/metric.ts';
import { rocAt, rocCurve } from '../score/roc.ts';
import type { Cell, Comparison, Paired, StrategyResult, SubjectPrediction, Warning } from './comparison.ts';
import { estimate, estimates, eventProbability, type FoldPart, narrowed, type Sampling } from './estimates.ts';
import { evaluateFold, type FoldOutcome, type Strategy, type StrategyOutcome } from './fold.ts';
import { modalitySubsets } from './grid.ts';
import { adjusted, pairedDifference } from './paired.ts';
import { type Fold, planFolds, type Protocol } from './protocol.ts';
import { verdictOf } from './verdict.ts';

export interface CompareOptions {
  readonly protocol: Protocol;
  readonly seed?: number;
  /** Inner folds on which penalties, weights, stackers and the best single modality are chosen. */
  readonly inner?: number;
  readonly groups?: readonly string[];
  /** The metric that the verdict rests on; declared before looking. Default: AUROC of two classes, balanced error rate of more. */
  readonly metric?: Metric;
  /** Half-width of the band within which a difference is of no practical meaning. */
  readonly margin?: number;
  readonly stopped?: Run['stopped'];
  readonly progress?: (done: number, total: number) => void;
  /** Runs the folds elsewhere, such as on worker threads; outcomes come back in the order of the folds. */
  readonly runFolds?: (folds: readonly Fold[], grid: readonly (readonly string[])[], done: () => void) => Promise<FoldOutcome[]>;
}

export type Compared = Pick<Comparison, 'protocol' | 'seed' | 'strategies' | 'verdict' | 'warnings'> & {
  readonly predictions: readonly SubjectPrediction[];
};

const level = 0.95;

export async function compareStrategies(
  x: Cohort,
  target: Target,
  strategies: readonly Strategy[],
  options: CompareOptions,
): Promise<Compared> {
  const { protocol, seed = 0, inner = 5, groups, margin = 0.02 } = options;
  const metric = options.metric ?? defaultMetric(target);
  const folds = planFolds(target, protocol, { seed, inner, ...(groups && { groups }) });
  const grid = modalitySubsets(testedModalities(x, folds));
  let done = 0;
  const progress = () => options.progress?.(++done, folds.length);
  const outcomes = await (options.runFolds?.(folds, grid, progress) ?? runHere(x, target, folds, strategies, grid, options.stopped, progress));

  const sampling: Sampling = {
    trainSize: mean(folds.map(({ train }) => train.length)),
    testSize: mean(folds.map(({ test }) => test.length)),
    level,
    seed,
    resamples: 2000,
  };
  const summary: Summary = { x, target, folds, outcomes, grid, sampling, metric, margin };
  const best = strategies.find(({ role }) => role === 'best-single');
  const results = strategies.map((strategy) => summarize(summary, strategy, best?.name));
  const judged = withHolm(results, margin);
  const warnings = warningsOf(summary, judged);
  return {
    protocol: {
      kind: protocol.kind,
      folds: protocol.kind === 'cross-validation' ? protocol.folds : protocol.kind === 'given' ? folds.length : 1,
      repeats: protocol.kind === 'given' ? 1 : protocol.repeats,
      ...(protocol.kind === 'holdout' && { testShare: protocol.testShare }),
      inner,
      grouped: groups !== undefined,
      metric,
      margin,
      level,
      words: protocolWords(protocol, { inner, grouped: groups !== undefined, metric, margin, folds: folds.length }),
    },
    seed,
    strategies: judged,
    verdict: verdictOf(judged, margin),
    warnings,
    predictions: predictionsOf(summary),
  };
}

export function defaultMetric({ classes }: Target): Metric {
  return classes.length === 2 ? 'auroc' : 'balancedErrorRate';
}

async function runHere(
  x: Cohort,
  target: Target,
  folds: readonly Fold[],
  strategies: readonly Strategy[],
  grid: readonly (readonly string[])[],
  stopped: Run['stopped'],
  done: () => void,
): Promise<FoldOutcome[]> {
  const outcomes: FoldOutcome[] = [];
  for (const fold of folds) {
    outcomes.push(await evaluateFold(x, target, fold, strategies, grid, { ...(stopped && { stopped }) }));
    done();
  }
  return outcomes;
}

interface Summary {
  readonly x: Cohort;
  readonly target: Target;
  readonly folds: readonly Fold[];
  readonly outcomes: readonly FoldOutcome[];
  readonly grid: readonly (readonly string[])[];
  readonly sampling: Sampling;
  readonly metric: Metric;
  readonly margin: number;
}

function summarize(summary: Summary, { name, role }: Strategy, best: string | undefined): StrategyResult {
  const { target, outcomes, sampling, metric, x } = summary;
  const own = outcomes.map((outcome) => outcomeOf(outcome, name));
  const parts = partsOf(summary, name);
  const modalities = [...new Set(own.flatMap((outcome) => outcome.modalities))];
  const rest = { ...sampling, resamples: 200 };
  const compare = best !== undefined && role === 'fusion' ? pairedWithBest(summary, name, best) : {};
  return {
    name,
    role,
    modalities: x.blocks.map(({ modality }) => modality.name).filter((modality) => modalities.includes(modality)),
    metrics: estimates(parts, sampling),
    wherePresent: cell(summary, modalities, parts, own.map(({ fromPrior }) => where(fromPrior, 0)), rest),
    missing: missingCells(summary, name, rest),
    natural: naturalCells(summary, parts, rest),
    ...compare,
    calibration: calibrationOf(parts, target),
    roc: rocOf(parts, target),
    contributions: modalities.map((modality) => ({ modality, meanAbsolute: meanContribution(own, modality) })),
    latencyMs: { fit: mean(own.map(({ fitMs }) => fitMs)), predict: mean(own.map(({ predictMs }) => predictMs)) },
    notes: notesOf(own, metric),
  };
}

function outcomeOf(outcome: FoldOutcome, name: string): StrategyOutcome {
  return outcome.strategies.find((strategy) => strategy.name === name) as StrategyOutcome;
}

function foldName({ repeat, fold }: { readonly repeat: number; readonly fold: number }): string {
  return `repeat ${repeat} fold ${fold}`;
}

function partsOf({ outcomes, target }: Summary, name: string): FoldPart[] {
  const classes = target.classes.length;
  return outcomes.map((outcome) => ({
    name: foldName(outcome),
    probability: matrix(outcome.test.length, classes, outcomeOf(outcome, name).probability),
    labels: Int32Array.from(outcome.test, (row) => target.labels[row]),
  }));
}

/** Figures on some of the test subjects: `keep` holds positions within each fold's test subjects. */
function cell(
  { target, outcomes, metric, sampling }: Summary,
  present: readonly string[],
  parts: readonly FoldPart[],
  keep: readonly ArrayLike<number>[],
  rest: Sampling,
): Cell {
  const subjects = new Set(outcomes.flatMap(({ test }, f) => Array.from(keep[f], (at) => test[at])));
  const classCounts = new Array<number>(target.classes.length).fill(0);
  for (const row of subjects) classCounts[target.labels[row]]++;
  const narrow = parts.map((part, f) => narrowed(part, keep[f]));
  // On one split only the metric of the verdict gets an interval here: bootstrapping every cell in all metrics is not worth its time.
  const all = parts.length > 1 ? estimates(narrow, sampling) : estimatesWithout(narrow, rest);
  return { present, n: subjects.size, classCounts, metrics: { ...all, [metric]: estimate(metric, narrow, rest) } };
}

function estimatesWithout(parts: readonly FoldPart[], rest: Sampling) {
  return Object.fromEntries(
    Object.entries(estimates(parts, { ...rest, resamples: 0 })).map(([name, figure]) => [name, { ...figure, low: null, high: null }]),
  );
}

function missingCells(summary: Summary, name: string, rest: Sampling): Cell[] {
  const { outcomes, grid, target } = summary;
  if (!outcomes.some((outcome) => outcomeOf(outcome, name).complete.length > 0)) return [];
  return grid.map((present) => {
    const parts = outcomes.map((outcome): FoldPart => {
      const own = outcomeOf(outcome, name);
      const left = own.modalities.filter((modality) => present.includes(modality));
      const masked = own.masked.find((entry) => entry.present.length === left.length && entry.present.every((m) => left.includes(m)));
      const n = own.complete.length;
      return {
        name: foldName(outcome),
        probability: matrix(n, target.classes.length, masked?.probability ?? new Float64Array(0)),
        labels: Int32Array.from(own.complete, (at) => target.labels[outcome.test[at]]),
      };
    });
    const rows = outcomes.map((outcome) => outcomeOf(outcome, name).complete);
    const everyone = parts.map(({ labels }) => Int32Array.from(labels, (_, at) => at));
    const { n, classCounts } = cell(summary, present, partsOf(summary, name), rows, { ...rest, resamples: 0 });
    return { present, n, classCounts, metrics: cell(summary, present, parts, everyone, rest).metrics };
  });
}

function naturalCells(summary: Summary, parts: readonly FoldPart[], rest: Sampling): Cell[] {
  return patternsOf(summary.x, summary.target, summary.outcomes.flatMap(({ test }) => [...test]))
    .slice(0, 40)
    .map(({ present }) => cell(summary, present, parts, positionsWith(summary, present), rest));
}

function positionsWith({ x, outcomes }: Summary, present: readonly string[]): number[][] {
  const names = x.blocks.map(({ modality }) => modality.name);
  const there = presence(x, names);
  return outcomes.map(({ test }) =>
    [...test.keys()].filter((at) => names.every((name, m) => there[test[at] * names.length + m] === (present.includes(name) ? 1 : 0))),
  );
}

/** Which sets of modalities the given subjects have, most frequent first. */
export function patternsOf(x: Cohort, { classes, labels }: Target, rows: readonly number[]): Comparison['study']['patterns'] {
  const names = x.blocks.map(({ modality }) => modality.name);
  const there = presence(x, names);
  const found = new Map<string, { present: string[]; n: number; classCounts: number[] }>();
  for (const row of new Set(rows)) {
    const present = names.filter((_, m) => there[row * names.length + m]);
    const key = JSON.stringify(present);
    let pattern = found.get(key);
    if (!pattern) found.set(key, (pattern = { present, n: 0, classCounts: classes.map(() => 0) }));
    pattern.n++;
    pattern.classCounts[labels[row]]++;
  }
  return [...found.values()].sort((a, b) => b.n - a.n || b.present.length - a.present.length);
}

function pairedWithBest(summary: Summary, name: string, best: string): Pick<StrategyResult, 'paired' | 'pairedWherePresent' | 'pairedOther'> {
  const { outcomes, metric, sampling, margin, x } = summary;
  const mine = partsOf(summary, name);
  const theirs = partsOf(summary, best);
  const all = new Set(outcomes.flatMap(({ test }) => [...test])).size;
  const keep = outcomes.map((outcome) => {
    const chosen = outcomeOf(outcome, best).modalities;
    const rows = new Set(rowsWith(x, chosen));
    return [...outcome.test.keys()].filter((at) => rows.has(outcome.test[at]));
  });
  const some = new Set(outcomes.flatMap(({ test }, f) => keep[f].map((at) => test[at]))).size;
  const compare = (of: Metric) => pairedDifference(mine, theirs, of, { against: best, n: all, margin }, sampling);
  const others: Metric[] = (['auroc', 'balancedErrorRate', 'logLoss', 'brier'] as const).filter((other) => other !== metric);
  return {
    paired: compare(metric),
    pairedWherePresent: pairedDifference(
      mine.map((part, f) => narrowed(part, keep[f])),
      theirs.map((part, f) => narrowed(part, keep[f])),
      metric,
      { against: best, n: some, margin },
      sampling,
    ),
    pairedOther: others.map(compare),
  };
}

/** Adjusts each family of paired comparisons for its number. */
function withHolm(results: readonly StrategyResult[], margin: number): StrategyResult[] {
  const family = (of: 'paired' | 'pairedWherePresent') => {
    const members = results.flatMap((result) => result[of] ?? []);
    return new Map(adjusted(members, margin).map((paired, i) => [members[i] as Paired, paired]));
  };
  const primary = family('paired');
  const secondary = family('pairedWherePresent');
  return results.map((result) => ({
    ...result,
    ...(result.paired && { paired: primary.get(result.paired) as Paired }),
    ...(result.pairedWherePresent && { pairedWherePresent: secondary.get(result.pairedWherePresent) as Paired }),
  }));
}

/**
 * Two classes: probability of the event; more: probability of the predicted class against whether it is right. Counts are
 * added over folds: unlike a score, a probability claims the same in every fold.
 */
function calibrationOf(parts: readonly FoldPart[], { classes }: Target): StrategyResult['calibration'] {
  const said: number[] = [];
  const happened: number[] = [];
  for (const { probability, labels } of parts) {
    const [n, many] = probability.shape;
    for (let i = 0; i < n; i++) {
      const row = probability.data.subarray(i * many, (i + 1) * many);
      const top = classes.length === 2 ? 1 : row.indexOf(row.reduce((a, b) => Math.max(a, b)));
      said.push(row[top]);
      happened.push(labels[i] === top ? 1 : 0);
    }
  }
  return calibrationCurve(said, happened);
}

function rocOf(parts: readonly FoldPart[], { classes }: Target): StrategyResult['roc'] {
  if (classes.length !== 2) return [];
  const grid = Float64Array.from({ length: 51 }, (_, i) => i / 50);
  const sums = new Float64Array(grid.length);
  let curves = 0;
  for (const { probability, labels } of parts) {
    const curve = rocCurve(eventProbability(probability), labels);
    if (!curve) continue;
    rocAt(curve, grid).forEach((value, i) => {
      sums[i] += value;
    });
    curves++;
  }
  if (curves === 0) return [];
  return Array.from(grid, (falsePositiveRate, i) => ({ falsePositiveRate, truePositiveRate: sums[i] / curves }));
}

function meanContribution(own: readonly StrategyOutcome[], modality: string): number {
  let sum = 0;
  let subjects = 0;
  for (const { modalities, contributions, fromPrior } of own) {
    const m = modalities.indexOf(modality);
    if (m >= 0) sum += contributions[m];
    subjects += fromPrior.length;
  }
  return subjects ? sum / subjects : 0;
}

/** What the fits had to say, counted over folds. */
function notesOf(own: readonly StrategyOutcome[], _: Metric): string[] {
  const counts = new Map<string, number>();
  for (const { notes } of own) for (const note of notes) counts.set(note, (counts.get(note) ?? 0) + 1);
  const out = [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 12)
    .map(([note, times]) => (own.length > 1 ? `${note} (${times} of ${own.length} folds)` : note));
  const fromPrior = sum(own.map((outcome) => sum(outcome.fromPrior)));
  const tested = sum(own.map((outcome) => outcome.fromPrior.length));
  if (fromPrior > 0) out.push(`the class shares of training stood in for ${fromPrior} of ${tested} test predictions: no modality there`);
  const filled = mean(own.flatMap((outcome) => [...outcome.filled]));
  if (filled > 0) out.push(`${(100 * filled).toFixed(1)} % of the inputs at test were filled in`);
  return out;
}

function warningsOf({ outcomes, target, metric }: Summary, results: readonly StrategyResult[]): Warning[] {
  const warnings: Warning[] = [];
  const lost = new Map<string, string[]>();
  for (const { name, metrics } of results) {
    const undefinedFolds = metrics[metric]?.undefinedFolds ?? [];
    if (undefinedFolds.length) lost.set(undefinedFolds.join(', '), [...(lost.get(undefinedFolds.join(', ')) ?? []), name]);
  }
  for (const [folds, names] of lost) {
    warnings.push({ code: 'undefined-folds', message: `${metricLabel[metric]} is undefined in ${folds} (${names.join(', ')})` });
  }
  const smallest = Math.min(...outcomes.map(({ test }) => {
    const met = new Set(Array.from(test, (row) => target.labels[row]));
    return Math.min(...[...met].map((label) => Array.from(test).filter((row) => target.labels[row] === label).length));
  }));
  if (smallest < 5) {
    warnings.push({ code: 'few-events', message: `some test folds hold only ${smallest} subject${smallest === 1 ? '' : 's'} of a class; figures of single folds mean little` });
  }
  return warnings;
}

function predictionsOf({ x, target, outcomes }: Summary): SubjectPrediction[] {
  const names = x.blocks.map(({ modality }) => modality.name);
  const there = presence(x, names);
  const classes = target.classes.length;
  return outcomes.flatMap(({ repeat, fold, test, strategies }) =>
    strategies.flatMap(({ name, probability, fromPrior }) =>
      Array.from(test, (row, at): SubjectPrediction => ({
        repeat,
        fold,
        subject: x.subjects[row],
        strategy: name,
        truth: target.classes[target.labels[row]],
        probability: Array.from(probability.subarray(at * classes, (at + 1) * classes)),
        present: names.filter((_, m) => there[row * names.length + m]),
        basis: fromPrior[at] ? 'prior' : 'modalities',
      })),
    ),
  );
}

function testedModalities(x: Cohort, folds: readonly Fold[]): string[] {
  const tested = new Set(folds.flatMap(({ test }) => [...test]));
  return x.blocks.filter(({ present }) => [...tested].some((row) => present[row] === 1)).map(({ modality }) => modality.name);
}

function protocolWords(
  protocol: Protocol,
  { inner, grouped, metric, margin, folds }: { inner: number; grouped: boolean; metric: Metric; margin: number; folds: number },
): string[] {
  const outer = {
    'cross-validation': protocol.kind === 'cross-validation' ? `${protocol.repeats} × ${protocol.folds}-fold stratified cross-validation` : '',
    holdout: protocol.kind === 'holdout' ? `${protocol.repeats} stratified random splits, ${Math.round(100 * protocol.testShare)} % tested` : '',
    given: folds === 1 ? "the study's own split into training and test subjects" : `the study's own ${folds} splits`,
  }[protocol.kind];
  return [
    `${outer}${grouped ? ', groups kept together' : ''}; every strategy on the same folds.`,
    `Everything that learns (imputation, scaling, penalties, weights, stackers, the choice of the best single modality) sees training subjects only; choices are made on ${inner} inner folds of them. Label-free preparation is fitted once a training fold.`,
    folds > 1
      ? 'A metric is computed in each fold and averaged; scores of models from different folds are never pooled. Intervals and paired tests: corrected resampled t (Nadeau and Bengio 2003).'
      : 'Intervals and paired tests on the one split: DeLong for the AUROC of two classes, bootstrap over subjects (paired, stratified by class) otherwise.',
    `Verdict: ${metricLabel[metric]} against the best single modality over all test subjects (who lacks it is predicted by the class shares of training); p-values adjusted by Holm over the fused strategies; differences within ± ${margin} count as none, declared beforehand.`,
  ];
}

function where(mask: Uint8Array, value: number): number[] {
  return [...mask.keys()].filter((at) => mask[at] === value);
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function mean(values: readonly number[]): number {
  return values.length ? sum(values) / values.length : 0;
}
