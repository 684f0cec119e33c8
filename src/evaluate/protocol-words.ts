import type { TargetKind } from '../describe/target.ts';
import { type Metric, metricLabel } from '../score/metric.ts';
import type { Protocol } from './protocol.ts';

interface Choices {
  readonly kind: TargetKind;
  /** Whether a step of preparation reads the target. */
  readonly supervised: boolean;
  /** Whether a step scales unseen sites by their own subjects. */
  readonly ownScale: boolean;
  readonly inner: number;
  readonly grouped: boolean;
  readonly metric: Metric;
  readonly margin: number;
  /** Splits in all. */
  readonly folds: number;
}

/** What stands in for a prediction where there is no modality. */
export const priorWords: { readonly [K in TargetKind]: string } = {
  classes: 'class shares',
  survival: 'mean risk',
  value: 'mean',
};

const oneSplit: { readonly [K in TargetKind]: string } = {
  classes:
    'Intervals and paired tests on the one split: DeLong for the AUROC of two classes, bootstrap over subjects (paired, stratified by class) otherwise.',
  survival: 'Intervals and paired tests on the one split: bootstrap over subjects (paired, stratified by event).',
  value: 'Intervals and paired tests on the one split: bootstrap over subjects (paired).',
};

/** What the metrics of a kind of target rest on. */
const scoring: { readonly [K in TargetKind]: readonly string[] } = {
  classes: [],
  survival: [
    'Censoring is described by the training subjects of each fold (Kaplan-Meier); scores at times are taken between the 10th and the 80th percentile of their event times. Experts of survival speak in standard deviations of their linear predictors over training subjects; risks (log hazard ratios) and survival probabilities come from a Cox model of what was said out of fold.',
  ],
  value: [],
};

/** The protocol as a methods section would tell it. */
export function protocolWords(protocol: Protocol, choices: Choices): string[] {
  const { kind, inner, grouped, metric, margin, folds, supervised, ownScale } = choices;
  const preparation = supervised
    ? 'Preparation is fitted once a training fold, but for the selection of features by the target, which is fitted anew in every inner fold.'
    : 'Preparation reads no labels and is fitted once a training fold.';
  const exception = ownScale
    ? ' One exception: a site that was not in training is scaled by its own subjects, without their labels.'
    : '';
  return [
    `${outer(protocol)}${grouped && protocol.kind !== 'leave-one-group-out' ? ', groups kept together' : ''}; every strategy on the same folds.`,
    `Everything that learns (imputation, scaling, penalties, weights, stackers, the choice of the best single modality) sees training subjects only; choices are made on ${inner} inner folds of them. ${preparation}${exception}`,
    folds === 1
      ? oneSplit[kind]
      : `A metric is computed in each fold and averaged; scores of models from different folds are never pooled. Intervals and paired tests: corrected resampled t (Nadeau and Bengio 2003)${protocol.kind === 'leave-one-group-out' ? '; each group counts once, however many subjects it has' : ''}.`,
    ...scoring[kind],
    `Verdict: ${metricLabel[metric]} against the best single modality over all test subjects (who lacks it is predicted by the ${priorWords[kind]} of training); p-values adjusted by Holm over the fused strategies; differences within ± ${margin} count as none, declared beforehand.`,
  ];
}

function outer(protocol: Protocol): string {
  switch (protocol.kind) {
    case 'cross-validation':
      return `${protocol.repeats} × ${protocol.folds}-fold stratified cross-validation`;
    case 'holdout':
      return `${protocol.repeats} stratified random split${protocol.repeats === 1 ? '' : 's'}, ${Math.round(100 * protocol.testShare)} % tested`;
    case 'leave-one-group-out':
      return 'Leave one group out: each group is tested by models of the others';
    case 'given':
      return protocol.splits.length === 1
        ? "The study's own split into training and test subjects"
        : `The study's own ${protocol.splits.length} splits`;
  }
}
