import { type Random, random } from '../../src/array/random.ts';
import type {
  Cell,
  Comparison,
  Estimate,
  Estimates,
  Finding,
  ModalitySummary,
  Paired,
  StrategyResult,
  SubjectPrediction,
} from '../../src/evaluate/comparison.ts';
import { higherIsBetter, type Metric, metricsOf, rangeOf } from '../../src/score/metric.ts';
import { conversation } from './conversation.fixture.ts';
import { agreement, groupedCalibration, independence, type Kind, trust } from './trust.fixture.ts';

export interface Wanted {
  readonly kind?: Kind;
  readonly seed?: number;
  readonly subjects?: number;
  readonly modalities?: readonly string[];
  readonly classes?: readonly string[];
  readonly fusions?: readonly string[];
  readonly metric?: Metric;
  readonly finding?: Finding;
  readonly title?: string;
  /** As a study whose folds never define a metric: every estimate is null, every paired value too. */
  readonly undefinedFigures?: boolean;
}

const sentences: { readonly [F in Finding]: string } = {
  helps: 'Fusion helps here: late:stacked beats the best single modality.',
  harms: 'Fusion harms here: late:stacked does worse than the best single modality.',
  'no-meaningful-difference': 'No meaningful difference: late:stacked and the best single modality are alike.',
  'cannot-tell': 'Cannot tell at this size whether fusion helps.',
};

const defaults = {
  classes: { classes: ['alive', 'dead'], metric: 'auroc', name: 'vital_status' },
  survival: { classes: ['censored', 'event'], metric: 'harrellC', name: 'overall_survival' },
  value: { classes: [], metric: 'rSquared', name: 'age' },
} as const;

/** A seeded, invented comparison that looks like what `compare` returns. Numbers mean nothing, shapes are exact. */
export function syntheticComparison({
  kind = 'classes',
  seed = 1,
  subjects = 92,
  modalities = ['clinical', 'rna', 'mirna', 'copy-number', 'protein', 'mutations'],
  classes = defaults[kind].classes,
  fusions = ['early:logistic', 'late:mean', 'late:weighted', 'late:stacked'],
  metric = defaults[kind].metric,
  finding = 'cannot-tell',
  title = 'Adrenocortical carcinoma: vital status',
  undefinedFigures = false,
}: Wanted = {}): Comparison {
  const draw = random(seed);
  const ofTrust = random(seed + 1); // apart, so that new figures leave the others as they were
  const weights = classes.map((_, k) => 1 + ((k * 7) % 3));
  const counts = (n: number) => split(n, weights);
  const sets = subsets(modalities);
  const has = Array.from({ length: subjects }, () => modalities.filter(() => draw.uniform() < 0.85));
  const patterns = tally(has, modalities).map(({ present, n }) => ({ present, n, classCounts: counts(n) }));
  const complete = patterns.find(({ present }) => present.length === modalities.length)?.n ?? 0;
  const strength = modalities.map((_, at) => 0.83 - 0.04 * at);

  const estimates = (level: number): Estimates =>
    Object.fromEntries(
      metricsOf[kind]
        .filter((name) => classes.length === 2 || name !== 'auprc')
        .map((name) => [name, undefinedFigures ? undefinedEstimate : estimate(draw, name, level)]),
    );
  const cell = (present: readonly string[], n: number, mine: readonly string[]): Cell => ({
    present,
    n,
    classCounts: counts(n),
    metrics: estimates(
      levelOf(
        present.filter((name) => mine.includes(name)),
        modalities,
        strength,
      ),
    ),
  });
  const strategy = (name: string, mine: readonly string[], role: StrategyResult['role']): StrategyResult => {
    const level = levelOf(mine, modalities, strength);
    const shift = { helps: 0.09, harms: -0.09, 'no-meaningful-difference': 0, 'cannot-tell': 0.01 }[finding];
    const gain = role === 'fusion' ? shift + 0.02 * draw.normal() : 0;
    return {
      name,
      modalities: mine,
      role,
      n: subjects,
      metrics: estimates(level),
      wherePresent: cell(mine, role === 'single' ? Math.round(subjects * 0.85) : subjects, mine),
      missing: sets.map((present) => cell(present, complete, mine)),
      natural: patterns.slice(0, 8).map(({ present, n }) => cell(present, n, mine)),
      ...(role !== 'fusion'
        ? {}
        : {
            paired: paired(gain, metric, subjects, finding, undefinedFigures),
            pairedWherePresent: paired(gain, metric, subjects - 7, finding, undefinedFigures),
            pairedInHindsight: {
              ...paired(gain - 0.02, metric, subjects, finding, undefinedFigures),
              against: `single:${modalities[0]}`,
            },
            pairedOther: [paired(gain / 2, metricsOf[kind][2], subjects, finding, undefinedFigures)],
          }),
      calibration: undefinedFigures
        ? []
        : kind === 'classes'
          ? calibration(draw, subjects)
          : groupedCalibration(draw, kind, subjects),
      ...trust({ draw: ofTrust, kind, classes: classes.length, subjects, patterns, undefinedFigures }),
      ...(role === 'fusion' && {
        drivers: mine.map((modality, at) => ({ modality, decisions: 10 * at, against: at })),
        ...(name.startsWith('late:') && {
          ...(kind === 'classes' && { agreement: agreement(mine) }),
          ...(kind !== 'survival' && { independenceMeans: [`What that means for ${name}: invented.`] }),
        }),
      }),
      ...(name.startsWith('intermediate:') && { conversation: conversation(random(seed + 2), mine, subjects) }),
      roc: kind === 'classes' && classes.length === 2 && !undefinedFigures ? roc(level) : [],
      contributions:
        role === 'fusion'
          ? mine.map((modality, at) => ({ modality, meanAbsolute: 0.12 / (1 + at) + 0.01 * draw.uniform() }))
          : [],
      latencyMs: { fit: 20 + 400 * draw.uniform(), predict: 0.02 + 0.1 * draw.uniform() },
      notes:
        role === 'fusion'
          ? [`Penalty chosen on inner folds: 0.01 in most folds.`, 'Imputed a modality for 49 subjects.']
          : [],
    };
  };

  return {
    kind: 'comparison',
    version: 1,
    study: {
      name: 'synthetic',
      title,
      description: 'An invented cohort: every modality misses some subjects.',
      source: 'test/report/comparison.fixture.ts',
      subjects,
      modalities: modalities.map((name, at) => summary(name, at, subjects)),
      target: {
        kind,
        name: defaults[kind].name,
        ...(kind === 'value' && { unit: 'years' }),
        classes,
        classCounts: counts(subjects),
      },
      patterns,
    },
    protocol: {
      kind: 'cross-validation',
      folds: 5,
      repeats: 5,
      inner: 5,
      grouped: false,
      metric,
      margin: 0.02,
      level: 0.95,
      words: [
        'Stratified 5-fold cross-validation, repeated 5 times; every strategy sees the same folds.',
        'Penalties, weights and the best single modality are chosen on 5 inner folds of the training subjects.',
        'Metrics are computed in each test fold and then averaged; intervals by the corrected resampled t.',
      ],
    },
    seed,
    strategies: [
      ...modalities.map((name) => strategy(`single:${name}`, [name], 'single')),
      strategy('single:best', modalities, 'best-single'),
      ...fusions.map((name) => strategy(name, modalities, 'fusion')),
    ],
    ...(modalities.length > 1 && { independence: independence(kind, modalities) }),
    verdict: { finding, strategy: fusions.at(-1) ?? null, sentence: sentences[finding] },
    warnings: [
      { code: 'small-classes', message: 'Some classes have fewer than 50 subjects; intervals are wide.' },
      { code: 'undefined-folds', message: 'One test fold (repeat 2 fold 4) has no event: it is left out of the mean.' },
    ],
    environment: { consilience: '0.1.0', node: '20.20.0', platform: 'linux x64', cpu: '2 cores' },
  };
}

export function syntheticPredictions(comparison: Comparison): SubjectPrediction[] {
  const draw = random(comparison.seed);
  const { classes } = comparison.study.target;
  return comparison.strategies.flatMap(({ name, modalities }) =>
    Array.from({ length: 3 }, (_, at): SubjectPrediction => {
      const raw = classes.map(() => 0.05 + draw.uniform());
      const total = raw.reduce((sum, value) => sum + value, 0);
      return {
        repeat: 1,
        fold: 1 + at,
        subject: `s${at}`,
        strategy: name,
        truth: classes[at % classes.length],
        probability: raw.map((value) => value / total),
        present: at === 2 ? [] : modalities,
        basis: at === 2 ? 'prior' : 'modalities',
      };
    }),
  );
}

const undefinedEstimate: Estimate = {
  value: null,
  low: null,
  high: null,
  folds: 0,
  undefinedFolds: ['repeat 1 fold 1'],
};

function estimate(draw: Random, metric: Metric, level: number): Estimate {
  const better = Math.min(0.99, Math.max(0.4, level + 0.015 * draw.normal()));
  const inUnit = metric === 'meanAbsoluteError' || metric === 'rootMeanSquaredError' ? 40 : 1;
  const value = higherIsBetter[metric]
    ? better
    : metric === 'logLoss'
      ? 1.4 * (1 - better) + 0.2
      : inUnit * (1 - better);
  const half = inUnit * (0.03 + 0.03 * draw.uniform());
  const { lowest, highest } = rangeOf(metric);
  return {
    value,
    low: Math.max(lowest, value - half),
    high: Math.min(highest, value + half),
    folds: 25,
    undefinedFolds: [],
  };
}

function paired(difference: number, metric: Metric, n: number, finding: Finding, undefinedFigures: boolean): Paired {
  const known = undefinedFigures ? null : 1;
  return {
    against: 'single:best',
    metric,
    difference: known && difference,
    low: known && difference - 0.06,
    high: known && difference + 0.06,
    p: known && Math.exp(-Math.abs(difference) * 60),
    pHolm: known && Math.min(1, 4 * Math.exp(-Math.abs(difference) * 60)),
    method: 'corrected-resampled-t',
    n,
    smallestDetectable: known && 0.086,
    finding,
  };
}

function levelOf(present: readonly string[], all: readonly string[], strength: readonly number[]): number {
  if (present.length === 0) return 0.5;
  const best = Math.max(...present.map((name) => strength[all.indexOf(name)]));
  return Math.max(0.5, best + 0.008 * (present.length - 1));
}

function calibration(draw: Random, subjects: number): StrategyResult['calibration'] {
  return Array.from({ length: 10 }, (_, at) => ({
    low: at / 10,
    high: (at + 1) / 10,
    meanPredicted: (at + 0.3 + 0.4 * draw.uniform()) / 10,
    observed: Math.min(1, Math.max(0, (at + 0.5) / 10 + 0.1 * draw.normal())),
    n: Math.round((subjects / 5) * Math.exp(-at / 4)),
  })).filter(({ n }) => n > 0);
}

function roc(level: number): StrategyResult['roc'] {
  const power = (1 - level) / level; // area of x^power is 1 / (1 + power)
  return Array.from({ length: 51 }, (_, at) => ({ falsePositiveRate: at / 50, truePositiveRate: (at / 50) ** power }));
}

function subsets(names: readonly string[]): string[][] {
  return Array.from({ length: 2 ** names.length - 1 }, (_, bits) => names.filter((_, at) => ((bits + 1) >> at) & 1));
}

function tally(sets: readonly (readonly string[])[], names: readonly string[]) {
  const found = new Map<string, number>();
  for (const set of sets) {
    const key = names.map((name) => (set.includes(name) ? '1' : '0')).join('');
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  return [...found]
    .map(([key, n]) => ({ present: names.filter((_, at) => key[at] === '1'), n }))
    .sort((a, b) => b.n - a.n || b.present.length - a.present.length);
}

function split(n: number, weights: readonly number[]): number[] {
  if (weights.length === 0) return [];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const counts = weights.map((weight) => Math.floor((n * weight) / total));
  counts[0] += n - counts.reduce((sum, part) => sum + part, 0);
  return counts;
}

function summary(name: string, at: number, subjects: number): ModalitySummary {
  const features = [5, 198, 471, 198, 33, 97][at % 6];
  const scale = ['ratio', 'count', 'ordinal', 'interval', 'nominal'][at % 5];
  return {
    name,
    features,
    subjects: Math.round(subjects * (1 - 0.07 * at)),
    ...(at % 2 ? { unit: 'normalized counts' } : {}),
    scales: at === 0 ? { ratio: 1, ordinal: 3, nominal: 1 } : { [scale]: features },
    noise: at % 2 ? 'negative-binomial' : 'unknown',
    constraint: at % 3 ? 'none' : 'compositional',
    missingShare: at === 0 ? 0.041 : 0.004 * at,
    preparation: 'log1p, median imputation with indicators, standardization',
  };
}
