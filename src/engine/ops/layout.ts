/** Rearranging elements. Axes count from the end where negative. */
import { type Dim, mergedDim, type Shape } from '../dim.ts';
import { apply, constant, type Operand, type Tensor, tensorOf } from '../tensor.ts';
import { axisOf, lengthOf } from '../typed.ts';

export function reshape(x: Tensor, shape: Shape): Tensor {
  return apply('reshape', [x], { shape });
}

/** Merges the axes from `start` up to, not including, `end`: `[batch, 3, 4]` becomes `[batch, 12]` with 1, 3. */
export function mergeAxes(x: Tensor, start: number, end: number): Tensor {
  return reshape(x, x.shape.toSpliced(start, end - start, mergedDim(x.shape.slice(start, end))));
}

/** Splits one axis into several. */
export function splitAxis(x: Tensor, axis: number, lengths: readonly Dim[]): Tensor {
  return reshape(x, x.shape.toSpliced(axisOf('splitAxis', x, axis), 1, ...lengths));
}

/** A new axis of length 1 at that place. */
export function expandDims(x: Tensor, axis: number): Tensor {
  const at = axis < 0 ? axis + x.shape.length + 1 : axis;
  return reshape(x, x.shape.toSpliced(at, 0, 1));
}

/** Repeats axes of length 1, and leads with new ones. */
export function expand(x: Operand, shape: Shape): Tensor {
  return apply('expand', [tensorOf(x)], { shape });
}

export function transpose(x: Tensor, order: readonly number[]): Tensor {
  return apply('transpose', [x], { order });
}

/** Whether only the last two axes are exchanged. */
export function isMatrixTranspose(order: readonly number[]): boolean {
  const rank = order.length;
  return order.every((from, to) => from === (to < rank - 2 ? to : 2 * rank - 3 - to));
}

/** Exchanges two axes. */
export function swapAxes(x: Tensor, one: number, other: number): Tensor {
  const order = x.shape.map((_, axis) => axis);
  const a = axisOf('swapAxes', x, one);
  const b = axisOf('swapAxes', x, other);
  [order[a], order[b]] = [b, a];
  return transpose(x, order);
}

export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  return apply('concat', tensors, { axis: tensors.length > 0 ? axisOf('concat', tensors[0], axis) : axis });
}

/** Tensors of one shape along a new axis. */
export function stack(tensors: readonly Tensor[], axis: number): Tensor {
  return concat(
    tensors.map((x) => expandDims(x, axis)),
    axis,
  );
}

/** Elements `start` up to, not including, `end` of a static axis, every `step`-th. */
export function slice(x: Tensor, axis: number, start: number, end: number, step = 1): Tensor {
  return apply('slice', [x], { axes: [axisOf('slice', x, axis)], starts: [start], ends: [end], steps: [step] });
}

/** Zeros before and after each axis, one number an axis. */
export function pad(x: Tensor, low: readonly number[], high: readonly number[]): Tensor {
  return apply('pad', [x], { low, high });
}

export function reverse(x: Tensor, axes: readonly number[]): Tensor {
  return apply('reverse', [x], { axes: axes.map((axis) => axisOf('reverse', x, axis)) });
}

/**
 * Elements of an axis by index: `[classes, width]` by `[batch, tokens]` gives `[batch, tokens, width]`, an embedding.
 *
 * @param indices int32, from 0 up to, not including, the length of the axis; outside, the run fails
 */
export function gather(x: Tensor, indices: Tensor, axis = 0): Tensor {
  return apply('gather', [x, indices], { axis: axisOf('gather', x, axis) });
}

/** The opposite of `gather`: adds updates into zeros of that length, those of one index together. */
export function scatterAdd(updates: Tensor, indices: Tensor, axis: number, size: Dim): Tensor {
  return apply('scatterAdd', [updates, indices], { axis, size });
}

/** `[...shape]` of int32 to `[...shape, classes]`: 1 at the index, 0 elsewhere; all 0 for an index outside. */
export function oneHot(indices: Tensor, classes: number): Tensor {
  const all = constant(Int32Array.from({ length: classes }, (_, index) => index));
  return apply('toFloat', [apply('equal', [expandDims(indices, -1), all], {})], {});
}

/** The axis in parts of equal length. */
export function chunks(x: Tensor, parts: number, axis: number): Tensor[] {
  const length = lengthOf('chunks', x, axis) / parts;
  return Array.from({ length: parts }, (_, part) => slice(x, axis, part * length, (part + 1) * length));
}
