/** The metrics, by the names that studies and `results.json` use. */
export const classMetrics = [
  'auroc',
  'auprc',
  'accuracy',
  'balancedErrorRate',
  'f1',
  'f1Weighted',
  'logLoss',
  'brier',
] as const;
export const survivalMetrics = ['harrellC', 'unoC', 'timeDependentAuroc', 'integratedBrier'] as const;
export const valueMetrics = ['rSquared', 'meanAbsoluteError', 'rootMeanSquaredError'] as const;

export const metrics = [...classMetrics, ...survivalMetrics, ...valueMetrics] as const;
export type ClassMetric = (typeof classMetrics)[number];
export type SurvivalMetric = (typeof survivalMetrics)[number];
export type ValueMetric = (typeof valueMetrics)[number];
export type Metric = (typeof metrics)[number];

/** The metrics of each kind of target. */
export const metricsOf = { classes: classMetrics, survival: survivalMetrics, value: valueMetrics } as const;

/** Which way a metric points. */
export const higherIsBetter: { readonly [M in Metric]: boolean } = {
  auroc: true,
  auprc: true,
  accuracy: true,
  balancedErrorRate: false,
  f1: true,
  f1Weighted: true,
  logLoss: false,
  brier: false,
  harrellC: true,
  unoC: true,
  timeDependentAuroc: true,
  integratedBrier: false,
  rSquared: true,
  meanAbsoluteError: false,
  rootMeanSquaredError: false,
};

/** Its name as people write it. */
export const metricLabel: { readonly [M in Metric]: string } = {
  auroc: 'AUROC',
  auprc: 'AUPRC',
  accuracy: 'accuracy',
  balancedErrorRate: 'balanced error rate',
  f1: 'F1',
  f1Weighted: 'weighted F1',
  logLoss: 'log loss',
  brier: 'Brier score',
  harrellC: "Harrell's C",
  unoC: "Uno's C",
  timeDependentAuroc: 'time-dependent AUROC',
  integratedBrier: 'integrated Brier score',
  rSquared: 'R²',
  meanAbsoluteError: 'mean absolute error',
  rootMeanSquaredError: 'root mean squared error',
};

/** Metrics whose figures are in the unit of the target. */
export const inTargetUnit: ReadonlySet<Metric> = new Set(['meanAbsoluteError', 'rootMeanSquaredError']);

/** The values a metric can have; its intervals are held to them. */
export function rangeOf(metric: Metric): { readonly lowest: number; readonly highest: number } {
  if (metric === 'rSquared') return { lowest: Number.NEGATIVE_INFINITY, highest: 1 };
  return { lowest: 0, highest: unbounded.has(metric) ? Number.POSITIVE_INFINITY : 1 };
}

const unbounded: ReadonlySet<Metric> = new Set([
  'logLoss',
  'brier',
  'integratedBrier',
  'meanAbsoluteError',
  'rootMeanSquaredError',
]);
