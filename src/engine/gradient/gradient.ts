/** Reverse-mode differentiation: the gradient of a scalar is a graph of the same operations, to be compiled with it. */
import { InputError } from '../../errors.ts';
import { formatShape } from '../dim.ts';
import type { Op } from '../op.ts';
import { add } from '../ops/arithmetic.ts';
import { expand } from '../ops/layout.ts';
import { constant, type Tensor } from '../tensor.ts';
import { inOrder } from '../walk.ts';
import type { GradientRule } from './rule.ts';
import { gradientRules } from './rules.ts';

/**
 * The gradient of a scalar with respect to some tensors: one each, of the same shape, all zeros where the scalar does not
 * depend on it.
 *
 * @param loss float32, of shape []
 */
export function gradient(loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  if (loss.shape.length > 0) {
    throw new InputError({ where: 'gradient', what: 'loss', expected: 'a scalar, []', got: formatShape(loss.shape) });
  }
  const order = inOrder([loss]);
  const leads = new Set<Tensor>(wrt);
  for (const tensor of order) {
    const { source } = tensor;
    if (source.kind === 'op' && source.inputs.some((x) => leads.has(x))) leads.add(tensor);
  }
  const gradients = new Map<Tensor, Tensor>([[loss, constant(1)]]);
  for (const tensor of order.toReversed()) {
    const d = gradients.get(tensor);
    const { source } = tensor;
    if (!d || source.kind !== 'op' || !leads.has(tensor)) continue;
    const { op, inputs, attributes } = source;
    const rule = gradientRules[op] as GradientRule<Op>;
    for (const [at, give] of rule({ inputs, output: tensor, attributes }, d).entries()) {
      if (!give || !leads.has(inputs[at])) continue;
      const sum = gradients.get(inputs[at]);
      const share = give();
      gradients.set(inputs[at], sum ? add(sum, share) : share);
    }
  }
  return wrt.map((tensor) => gradients.get(tensor) ?? expand(0, tensor.shape));
}
