/** What a gradient rule is. */

import { mergedDim, type Shape, sameShape, sizeOf } from '../dim.ts';
import type { Attributes, Op } from '../op.ts';
import { matMul } from '../ops/contraction.ts';
import { expand, reshape } from '../ops/layout.ts';
import { sum } from '../ops/reduction.ts';
import type { Tensor } from '../tensor.ts';

/** An operation as it was applied. */
export interface Forward<K extends Op> {
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  readonly attributes: Attributes[K];
}

/** For each input, how to get its gradient from that of the output; undefined where there is none. Asked only where needed. */
export type GradientRule<K extends Op> = (forward: Forward<K>, d: Tensor) => readonly ((() => Tensor) | undefined)[];

/** From so many columns on, a sum over rows is a product with ones. */
const manyColumns = 16;

/** Sums a gradient over the axes along which its input was broadcast. */
export function sumTo(d: Tensor, shape: Shape): Tensor {
  if (sameShape(d.shape, shape)) return d;
  const lead = d.shape.length - shape.length;
  const axes = d.shape.flatMap((dim, axis) => (axis < lead || (shape[axis - lead] === 1 && dim !== 1) ? [axis] : []));
  const areRows = axes.every((axis, at) => axis === at) && sizeOf(d.shape.slice(0, axes.length)).batches <= 1;
  const { count, batches } = sizeOf(d.shape.slice(axes.length));
  if (areRows && batches === 0 && count >= manyColumns) return reshape(sumOfRows(d, axes.length), shape);
  return reshape(sum(d, axes, { keep: true }), shape);
}

/** As a matrix product: with two threads ONNX Runtime 1.30's ReduceSum over leading axes takes 5 times as long. */
function sumOfRows(d: Tensor, lead: number): Tensor {
  const rows = mergedDim(d.shape.slice(0, lead));
  const columns = mergedDim(d.shape.slice(lead));
  return rows === 1 ? d : matMul(expand(1, [1, rows]), reshape(d, [rows, columns]));
}
