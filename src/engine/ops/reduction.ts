/** Sums, means, maxima along axes (all, where none are named), and what is made of them. */
import type { Shape } from '../dim.ts';
import { apply, type Tensor } from '../tensor.ts';
import { axisOf } from '../typed.ts';
import { add, exp, log, neg, square, stopGradient, sub } from './arithmetic.ts';
import { reshape } from './layout.ts';

export interface Along {
  /** Leave reduced axes in place with length 1. Default false. */
  readonly keep?: boolean;
}

type Axes = number | readonly number[];

const reduction =
  (op: 'reduceSum' | 'reduceMean' | 'reduceMax') =>
  (x: Tensor, axes?: Axes, { keep = false }: Along = {}): Tensor => {
    const named = axes === undefined ? x.shape.map((_, axis) => axis) : typeof axes === 'number' ? [axes] : axes;
    const ascending = [...new Set(named.map((axis) => axisOf(op, x, axis)))].sort((a, b) => a - b);
    return apply(op, [x], { axes: ascending, keep });
  };

export const sum = reduction('reduceSum');
export const mean = reduction('reduceMean');
/** Equal maxima share the gradient. */
export const max = reduction('reduceMax');

export function min(x: Tensor, axes?: Axes, along?: Along): Tensor {
  return neg(max(neg(x), axes, along));
}

/** The mean squared distance from the mean (divided by n, not n − 1). */
export function variance(x: Tensor, axes?: Axes, along?: Along): Tensor {
  return mean(square(sub(x, mean(x, axes, { keep: true }))), axes, along);
}

/** ln Σ e^x, without overflow. */
export function logSumExp(x: Tensor, axis: number, { keep = false }: Along = {}): Tensor {
  const peak = stopGradient(max(x, axis, { keep: true }));
  const kept = add(log(sum(exp(sub(x, peak)), axis, { keep: true })), peak);
  return keep ? kept : reshape(kept, kept.shape.toSpliced(axisOf('logSumExp', x, axis), 1));
}

/** Running sums from the start of the axis, or with `reverse` from its end, each element included. */
export function cumSum(x: Tensor, axis: number, { reverse = false }: { readonly reverse?: boolean } = {}): Tensor {
  return apply('cumSum', [x], { axis: axisOf('cumSum', x, axis), reverse });
}

export function softmax(x: Tensor, axis = -1): Tensor {
  return apply('softmax', [x], { axis: axisOf('softmax', x, axis) });
}

export function logSoftmax(x: Tensor, axis = -1): Tensor {
  return apply('logSoftmax', [x], { axis: axisOf('logSoftmax', x, axis) });
}

/** How many elements a shape has, as a scalar that is known when the graph runs. */
export function count(shape: Shape): Tensor {
  return apply('count', [], { shape });
}
