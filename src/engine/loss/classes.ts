/** Losses of classes. All give a scalar. */
import { InputError } from '../../errors.ts';
import { div, mul, neg, softplus, sub } from '../ops/arithmetic.ts';
import { gather, oneHot } from '../ops/layout.ts';
import { logSoftmax, mean, sum } from '../ops/reduction.ts';
import { constant, type Tensor } from '../tensor.ts';
import { lengthOf } from '../typed.ts';

export interface ClassLossOptions {
  /** How much a sample of each class counts, [classes]. Default 1. */
  readonly classWeights?: ArrayLike<number>;
  /** How much each sample counts, [batch]; 0 leaves it out. Default 1. */
  readonly weights?: Tensor;
}

/**
 * The mean of −log p(label), weighted; p is the softmax of the logits.
 *
 * @param logits `[batch, classes]`
 * @param labels int32 `[batch]`, from 0
 */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor, options: ClassLossOptions = {}): Tensor {
  const { classWeights, weights } = options;
  const classes = lengthOf('softmaxCrossEntropy', logits, -1);
  const losses = neg(sum(mul(logSoftmax(logits), oneHot(labels, classes)), -1));
  if (!classWeights) return weightedMean(losses, weights);
  if (classWeights.length !== classes) {
    const [expected, got] = [`${classes}`, `${classWeights.length}`];
    throw new InputError({ where: 'softmaxCrossEntropy', what: 'class weights', expected, got });
  }
  const ofClass = gather(constant(Float32Array.from(classWeights)), labels);
  return weightedMean(losses, weights ? mul(weights, ofClass) : ofClass);
}

/**
 * The mean of −log p for events with p = sigmoid(logit), of −log(1 − p) for others.
 *
 * @param logits any shape
 * @param events 0 or 1, float32, of the same shape
 */
export function binaryCrossEntropy(logits: Tensor, events: Tensor, weights?: Tensor): Tensor {
  return weightedMean(sub(softplus(logits), mul(logits, events)), weights);
}

/** Σ w x / Σ w, or the plain mean. */
export function weightedMean(values: Tensor, weights?: Tensor): Tensor {
  return weights ? div(sum(mul(values, weights)), sum(weights)) : mean(values);
}
