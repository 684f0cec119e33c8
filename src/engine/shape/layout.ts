import { batchMultiple, type Dim, formatShape, isStatic, mergedDim, type Shape, sameSize } from '../dim.ts';
import type { Op } from '../op.ts';
import { axisOf, lengthOf, type Typed } from '../typed.ts';
import { checkDType, refuse, type ShapeRule, shapes } from './rule.ts';

const replaced = (shape: Shape, axis: number, ...dims: readonly Dim[]): Shape => shape.toSpliced(axis, 1, ...dims);

/** The axis lengths side by side: static ones added, or so many times the batch. */
function together(where: string, inputs: readonly Typed[], axis: number): Dim {
  const dims: Shape = inputs.map(({ shape }) => shape[axis]);
  if (isStatic(dims)) return [...dims].reduce((a, b) => a + b, 0);
  if (dims.some((dim) => typeof dim === 'number')) {
    refuse(where, `${shapes(inputs)} along axis ${axis}, of which some are the batch and some are not`);
  }
  return mergedDim([dims.reduce<number>((all, dim) => all + batchMultiple(dim), 0), 'batch']);
}

export const layoutShapes = {
  reshape([x], { shape }) {
    if (!sameSize(x.shape, shape)) refuse('reshape', `${formatShape(x.shape)} to ${formatShape(shape)}, sizes differ`);
    return { shape, dtype: x.dtype };
  },
  expand([x], { shape }) {
    const lead = shape.length - x.shape.length;
    const fits = lead >= 0 && x.shape.every((dim, axis) => dim === 1 || dim === shape[axis + lead]);
    if (!fits) refuse('expand', `${formatShape(x.shape)} to ${formatShape(shape)}, only axes of length 1 stretch`);
    return { shape, dtype: x.dtype };
  },
  transpose([x], { order }) {
    if (order.length !== x.shape.length || order.some((_, axis) => !order.includes(axis))) {
      refuse('transpose', `${formatShape(x.shape)} in order [${order.join(', ')}]`, 'every axis once');
    }
    return { shape: order.map((axis) => x.shape[axis]), dtype: x.dtype };
  },
  concat(inputs, { axis }) {
    const [first] = inputs;
    if (!first) refuse('concat', 'no tensors');
    axisOf('concat', first, axis);
    const differ = inputs.some(
      ({ shape, dtype }) =>
        dtype !== first.dtype ||
        shape.length !== first.shape.length ||
        shape.some((dim, at) => at !== axis && dim !== first.shape[at]),
    );
    if (differ) refuse('concat', `${shapes(inputs)} along axis ${axis}, other axes differ`);
    return { shape: replaced(first.shape, axis, together('concat', inputs, axis)), dtype: first.dtype };
  },
  slice([x], { axes, starts, ends, steps }) {
    const shape = [...x.shape];
    for (const [at, axis] of axes.entries()) {
      const length = lengthOf('slice', x, axis);
      const [start, end, step] = [starts[at], ends[at], steps[at]];
      if (!(start >= 0 && start < end && end <= length && step >= 1)) {
        refuse('slice', `${start}..${end} step ${step} of axis ${axis} in ${formatShape(x.shape)}`);
      }
      shape[axis] = Math.ceil((end - start) / step);
    }
    return { shape, dtype: x.dtype };
  },
  pad([x], { low, high }) {
    checkDType('pad', x, 'float32');
    if (low.length !== x.shape.length || high.length !== x.shape.length) {
      refuse(
        'pad',
        `${formatShape(x.shape)} by [${low.join(', ')}] and [${high.join(', ')}]`,
        'a number for each axis',
      );
    }
    const shape = x.shape.map((dim, axis) => {
      if (low[axis] === 0 && high[axis] === 0) return dim;
      if (typeof dim !== 'number')
        refuse('pad', `axis ${axis} of ${formatShape(x.shape)} is the batch`, 'a static axis');
      if (low[axis] < 0 || high[axis] < 0) refuse('pad', `axis ${axis} by ${low[axis]} and ${high[axis]}`, '>= 0');
      return dim + low[axis] + high[axis];
    });
    return { shape, dtype: x.dtype };
  },
  reverse([x], { axes }) {
    for (const axis of axes) axisOf('reverse', x, axis);
    return { shape: x.shape, dtype: x.dtype };
  },
  gather([x, indices], { axis }) {
    checkDType('gather', indices, 'int32', 'int64');
    return { shape: replaced(x.shape, axisOf('gather', x, axis), ...indices.shape), dtype: x.dtype };
  },
  scatterAdd([updates, indices], { axis, size }) {
    checkDType('scatterAdd', updates, 'float32');
    checkDType('scatterAdd', indices, 'int32', 'int64');
    const rank = indices.shape.length;
    if (indices.shape.some((dim, at) => updates.shape[axis + at] !== dim)) {
      refuse('scatterAdd', `${shapes([updates, indices])}, axes from ${axis} differ`);
    }
    return { shape: updates.shape.toSpliced(axis, rank, size), dtype: 'float32' };
  },
} satisfies { readonly [K in Op]?: ShapeRule<K> };
