import type { Attributes, Op } from '../op.ts';
import { axisOf, type Typed } from '../typed.ts';
import { checkDType, type ShapeRule } from './rule.ts';

function reduced(where: Op) {
  return ([x]: readonly Typed[], { axes, keep }: Attributes['reduceSum']): Typed => {
    checkDType(where, x, 'float32');
    for (const axis of axes) axisOf(where, x, axis);
    const shape = x.shape.flatMap((dim, axis) => (axes.includes(axis) ? (keep ? [1] : []) : [dim]));
    return { shape, dtype: 'float32' };
  };
}

function along(where: Op) {
  return ([x]: readonly Typed[], { axis }: { readonly axis: number }): Typed => {
    checkDType(where, x, 'float32');
    axisOf(where, x, axis);
    return { shape: x.shape, dtype: 'float32' };
  };
}

export const reductionShapes = {
  reduceSum: reduced('reduceSum'),
  reduceMean: reduced('reduceMean'),
  reduceMax: reduced('reduceMax'),
  cumSum: along('cumSum'),
  softmax: along('softmax'),
  logSoftmax: along('logSoftmax'),
  count: () => ({ shape: [], dtype: 'float32' }),
} satisfies { readonly [K in Op]?: ShapeRule<K> };
