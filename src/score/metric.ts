/** The metrics of a classification, by the names that `results.json` uses. */
export const metrics = [
  'auroc',
  'auprc',
  'accuracy',
  'balancedErrorRate',
  'f1',
  'f1Weighted',
  'logLoss',
  'brier',
] as const;
export type Metric = (typeof metrics)[number];

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
};
