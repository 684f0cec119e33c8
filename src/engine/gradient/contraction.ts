import type { Op } from '../op.ts';
import { matMul } from '../ops/contraction.ts';
import { gather, mergeAxes, reshape, scatterAdd, swapAxes } from '../ops/layout.ts';
import { sum } from '../ops/reduction.ts';
import { apply } from '../tensor.ts';
import { averagePoolGradient } from './average-pool.ts';
import { convInputGradient, convKernelGradient } from './convolution.ts';
import { type GradientRule, sumTo } from './rule.ts';

export const contractionGradients = {
  matMul: ({ inputs: [a, b] }, d) => [
    () => sumTo(matMul(d, swapAxes(b, -1, -2)), a.shape),
    () => {
      // One product over all rows, instead of one for each leading element and their sum.
      if (b.shape.length === 2 && a.shape.length > 2) {
        const rows = a.shape.length - 1;
        return matMul(swapAxes(mergeAxes(a, 0, rows), 0, 1), mergeAxes(d, 0, rows));
      }
      return sumTo(matMul(swapAxes(a, -1, -2), d), b.shape);
    },
  ],
  conv: ({ inputs: [x, w], attributes }, d) => [
    () => convInputGradient(d, w, x.shape, attributes),
    () => convKernelGradient(x, d, w.shape, attributes),
    () => sum(d, [0, ...w.shape.slice(2).map((_, axis) => axis + 2)]), // of the bias
  ],
  convTranspose: ({ inputs: [x, w], attributes: { size, ...window } }, d) => [
    () => apply('conv', [d, w], window),
    () => convKernelGradient(d, x, w.shape, window),
  ],
  maxPool: ({ inputs: [x], attributes }, d) => [
    () => {
      const indices = apply('maxPoolIndices', [x], attributes);
      const { kernel, strides } = attributes;
      if (kernel.every((length, axis) => length <= strides[axis])) {
        return apply('maxUnpool', [d, indices], { ...attributes, size: x.shape.slice(2).map(Number) });
      }
      // windows share elements, which get the sum
      const rank = x.shape.length;
      const flat = mergeAxes(x, 0, rank).shape[0];
      return reshape(scatterAdd(mergeAxes(d, 0, rank), mergeAxes(indices, 0, rank), 0, flat), x.shape);
    },
  ],
  maxPoolIndices: () => [],
  maxUnpool: ({ inputs: [values, indices] }, d) => {
    const rank = d.shape.length;
    return [() => reshape(gather(mergeAxes(d, 0, rank), mergeAxes(indices, 0, rank)), values.shape), undefined];
  },
  averagePool: ({ inputs: [x], attributes }, d) => [() => averagePoolGradient(d, x.shape, attributes)],
} satisfies { readonly [K in Op]?: GradientRule<K> };
