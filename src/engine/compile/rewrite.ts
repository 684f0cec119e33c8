/** Shorter forms of one operation, given inputs that are already short. */
import { broadcastShape, isStatic, sameShape, sizeOf } from '../dim.ts';
import type { Op } from '../op.ts';
import { type Applied, apply, constant, scalarOf, type Tensor } from '../tensor.ts';
import { fold } from './fold.ts';

/** Operations that broadcast their inputs, so that these need not be expanded before. */
const broadcasting: ReadonlySet<Op> = new Set<Op>([
  'add',
  'sub',
  'mul',
  'div',
  'maximum',
  'minimum',
  'poissonDeviance',
  'greater',
  'greaterOrEqual',
  'equal',
  'and',
  'where',
]);

const appliedBy = <K extends Op>({ source }: Tensor, op: K): Extract<Applied, { op: K }> | undefined =>
  source.kind === 'op' && source.op === op ? (source as Extract<Applied, { op: K }>) : undefined;

/** The number that all elements of a tensor are, or undefined. */
function uniform(x: Tensor): number | undefined {
  const expanded = appliedBy(x, 'expand');
  return scalarOf(expanded ? expanded.inputs[0] : x);
}

/** The input that is the result, where an operation leaves it as it is: x + 0, x * 1, a reshape to its own shape. */
function untouched(tensor: Tensor, { op, inputs, attributes }: Applied): Tensor | undefined {
  const [x, y] = inputs;
  const same = (one: Tensor) => (sameShape(one.shape, tensor.shape) ? one : undefined);
  switch (op) {
    case 'stopGradient':
      return x;
    case 'reshape':
    case 'expand':
    case 'slice':
    case 'pad':
      return same(x);
    case 'transpose':
      return attributes.order.every((from, to) => from === to) ? x : undefined;
    case 'concat':
      return inputs.length === 1 ? x : undefined;
    case 'add':
      if (uniform(y) === 0) return same(x);
      return uniform(x) === 0 ? same(y) : undefined;
    case 'mul':
      if (uniform(y) === 1) return same(x);
      return uniform(x) === 1 ? same(y) : undefined;
    case 'sub':
      return uniform(y) === 0 ? same(x) : undefined;
    case 'div':
      return uniform(y) === 1 ? same(x) : undefined;
    case 'neg':
      return appliedBy(x, 'neg')?.inputs[0];
    default:
      return undefined;
  }
}

/** Two operations in a row that are one. */
function merged({ op, inputs, attributes }: Applied, { shape }: Tensor): Tensor | undefined {
  const [x] = inputs;
  if (op === 'reshape') {
    const inner = appliedBy(x, 'reshape');
    if (inner) return apply('reshape', inner.inputs, attributes);
  }
  if (op === 'expand') {
    const inner = appliedBy(x, 'expand');
    if (inner) return apply('expand', inner.inputs, attributes);
  }
  if (op === 'transpose') {
    const inner = appliedBy(x, 'transpose');
    if (inner)
      return apply('transpose', inner.inputs, { order: attributes.order.map((at) => inner.attributes.order[at]) });
  }
  if (op === 'reduceSum' || op === 'reduceMean' || op === 'reduceMax') {
    if (attributes.axes.every((axis) => x.shape[axis] === 1)) return apply('reshape', [x], { shape });
  }
  return undefined;
}

function folded({ op, inputs }: Applied, { shape, dtype }: Tensor): Tensor | undefined {
  if (dtype !== 'float32' || !isStatic(shape) || sizeOf(shape).count !== 1 || inputs.length === 0) return undefined;
  const values = inputs.map(scalarOf);
  if (!values.every((value) => value !== undefined)) return undefined;
  const value = op === 'reshape' || op === 'expand' ? values[0] : fold(op, values);
  return value === undefined ? undefined : constant(Float32Array.of(value), shape);
}

/** Takes away the expansion of an input where the others give the shape. */
function unexpanded({ op, inputs, attributes }: Applied, { shape }: Tensor): Tensor | undefined {
  if (!broadcasting.has(op)) return undefined;
  for (const [at, x] of inputs.entries()) {
    const inner = appliedBy(x, 'expand');
    if (!inner) continue;
    const shorter = inputs.with(at, inner.inputs[0]);
    const together = shorter.reduce<Tensor['shape'] | undefined>(
      (all, one) => all && broadcastShape(all, one.shape),
      [],
    );
    if (together && sameShape(together, shape)) return apply(op, shorter, attributes as never);
  }
  return undefined;
}

/** A shorter tensor of the same values, shape and type, or undefined where there is none. */
export function shorter(tensor: Tensor): Tensor | undefined {
  const { source } = tensor;
  if (source.kind !== 'op') return undefined;
  return untouched(tensor, source) ?? folded(source, tensor) ?? merged(source, tensor) ?? unexpanded(source, tensor);
}
