import { batchMultiple } from '../dim.ts';
import type { Op } from '../op.ts';
import { matMul } from '../ops/contraction.ts';
import {
  gather,
  isMatrixTranspose,
  pad,
  reshape,
  reverse,
  scatterAdd,
  slice,
  swapAxes,
  transpose,
} from '../ops/layout.ts';
import { apply, type Tensor } from '../tensor.ts';
import { lengthOf } from '../typed.ts';
import { type GradientRule, sumTo } from './rule.ts';

/** Puts `step − 1` zeros behind each element of an axis, then zeros around, so that `length` is reached. */
function spread(d: Tensor, axis: number, start: number, step: number, length: number): Tensor {
  const size = lengthOf('slice', d, axis);
  const zeros = (rank: number, at: number, by: number) => Array.from({ length: rank }, (_, i) => (i === at ? by : 0));
  const rank = d.shape.length;
  let spaced = d;
  if (step > 1) {
    const apart = reshape(d, d.shape.toSpliced(axis + 1, 0, 1));
    const padded = pad(apart, zeros(rank + 1, axis + 1, 0), zeros(rank + 1, axis + 1, step - 1));
    const merged = reshape(padded, d.shape.toSpliced(axis, 1, size * step));
    spaced = slice(merged, axis, 0, (size - 1) * step + 1);
  }
  const behind = length - start - ((size - 1) * step + 1);
  return start === 0 && behind === 0 ? spaced : pad(spaced, zeros(rank, axis, start), zeros(rank, axis, behind));
}

export const layoutGradients = {
  reshape: ({ inputs: [x] }, d) => [() => reshape(d, x.shape)],
  expand: ({ inputs: [x] }, d) => [() => sumTo(d, x.shape)],
  transpose: ({ attributes: { order } }, d) => [
    () => {
      const { source } = d;
      // (A B)ᵀ as Bᵀ Aᵀ: a product takes transposed matrices as they are
      if (isMatrixTranspose(order) && source.kind === 'op' && source.op === 'matMul') {
        const [a, b] = source.inputs;
        return matMul(swapAxes(b, -1, -2), swapAxes(a, -1, -2));
      }
      return transpose(
        d,
        order.map((_, axis) => order.indexOf(axis)),
      );
    },
  ],
  concat: ({ inputs, attributes: { axis } }, d) => {
    const dims = inputs.map(({ shape }) => shape[axis]);
    if (dims.some((dim) => typeof dim !== 'number')) return inputs.map((_, at) => () => batchPart(d, axis, at, inputs));
    const starts = dims.map((_, at) => dims.slice(0, at).reduce<number>((all, dim) => all + Number(dim), 0));
    return inputs.map((_, at) => () => slice(d, axis, starts[at], starts[at] + Number(dims[at])));
  },
  slice: ({ inputs: [x], attributes: { axes, starts, steps } }, d) => [
    () => axes.reduce((all, axis, at) => spread(all, axis, starts[at], steps[at], lengthOf('slice', x, axis)), d),
  ],
  pad: ({ inputs: [x], attributes: { low } }, d) => [
    () =>
      low.reduce((all, before, axis) => {
        const dim = x.shape[axis];
        return typeof dim === 'number' && all.shape[axis] !== dim ? slice(all, axis, before, before + dim) : all;
      }, d),
  ],
  reverse: ({ attributes: { axes } }, d) => [() => reverse(d, axes)],
  gather: ({ inputs: [x, indices], attributes: { axis } }, d) => [
    () => scatterAdd(d, indices, axis, x.shape[axis]),
    undefined,
  ],
  scatterAdd: ({ inputs: [, indices], attributes: { axis } }, d) => [() => gather(d, indices, axis), undefined],
} satisfies { readonly [K in Op]?: GradientRule<K> };

/** One of several multiples of the batch side by side: they are told apart by splitting the axis into parts of a batch. */
function batchPart(d: Tensor, axis: number, at: number, inputs: readonly Tensor[]): Tensor {
  const multiples = inputs.map(({ shape }) => batchMultiple(shape[axis]));
  const before = multiples.slice(0, at).reduce((a, b) => a + b, 0);
  const all = multiples.reduce((a, b) => a + b, 0);
  const parts = reshape(d, d.shape.toSpliced(axis, 1, all, 'batch'));
  const own = apply('slice', [parts], { axes: [axis], starts: [before], ends: [before + multiples[at]], steps: [1] });
  return reshape(own, inputs[at].shape);
}
