import type { Op } from '../op.ts';
import { div, equal, exp, mul, sub, toFloat } from '../ops/arithmetic.ts';
import { expand, reshape } from '../ops/layout.ts';
import { count, cumSum, sum } from '../ops/reduction.ts';
import type { Tensor } from '../tensor.ts';
import type { Forward, GradientRule } from './rule.ts';

/** With the reduced axes in place, as length 1. */
function kept(
  d: Tensor,
  { inputs: [x], attributes: { axes } }: Forward<'reduceSum' | 'reduceMean' | 'reduceMax'>,
): Tensor {
  return reshape(
    d,
    x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim)),
  );
}

export const reductionGradients = {
  reduceSum: (forward, d) => [() => expand(kept(d, forward), forward.inputs[0].shape)],
  reduceMean: (forward, d) => [
    () => {
      const [x] = forward.inputs;
      const averaged = x.shape.filter((_, axis) => forward.attributes.axes.includes(axis));
      return expand(kept(div(d, count(averaged)), forward), x.shape);
    },
  ],
  reduceMax: (forward, d) => [
    () => {
      const [x] = forward.inputs;
      const largest = toFloat(equal(x, kept(forward.output, forward)));
      return mul(largest, div(kept(d, forward), sum(largest, forward.attributes.axes, { keep: true })));
    },
  ],
  cumSum: ({ attributes: { axis, reverse } }, d) => [() => cumSum(d, axis, { reverse: !reverse })],
  softmax: ({ output, attributes: { axis } }, d) => [
    () => {
      const weighted = mul(d, output);
      return sub(weighted, mul(output, sum(weighted, axis, { keep: true })));
    },
  ],
  logSoftmax: ({ output, attributes: { axis } }, d) => [() => sub(d, mul(exp(output), sum(d, axis, { keep: true })))],
  count: () => [],
} satisfies { readonly [K in Op]?: GradientRule<K> };
