/** Shorter forms of one operation, given inputs that are already short. */

import { broadcastShape, isStatic, mergedDim, type Shape, sameShape, sizeOf } from '../dim.ts';
import type { Op } from '../op.ts';
import { isMatrixTranspose } from '../ops/layout.ts';
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

/** Operations on single elements, which do not see the shape. */
const unaries: ReadonlySet<Op> = new Set<Op>([
  'neg',
  'abs',
  'sign',
  'exp',
  'log',
  'log1p',
  'sqrt',
  'reciprocal',
  'tanh',
  'sigmoid',
  'softplus',
  'erf',
  'relu',
  'clip',
]);

const inOrder = (order: readonly number[]) => order.every((from, to) => from === to);

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
      return inOrder(attributes.order) ? x : undefined;
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

/**
 * Products of many matrices with their leading axes merged into one. A transpose of other axes is so kept apart from that of
 * the last two, which ONNX Runtime takes into the product; it would join both to one that it cannot.
 */
function ofMatrices([a, b]: readonly Tensor[], shape: Shape): Tensor | undefined {
  const lead = shape.slice(0, -2);
  const same = (x: Tensor) => sameShape(x.shape.slice(0, -2), lead);
  if (lead.length < 2 || sizeOf(lead).batches > 1 || !same(a) || !same(b)) return undefined;
  const merged = (x: Tensor) => apply('reshape', [x], { shape: [mergedDim(lead), ...x.shape.slice(-2)] });
  return apply('reshape', [apply('matMul', [merged(a), merged(b)], {})], { shape });
}

/** The merge of leading axes before the exchange of the last two, instead of after it. */
function matricesMergedBefore(x: Tensor, shape: Shape): Tensor | undefined {
  const exchanged = appliedBy(x, 'transpose');
  if (shape.length !== 3 || x.shape.length <= 3 || !exchanged || !isMatrixTranspose(exchanged.attributes.order))
    return undefined;
  if (!sameShape(shape.slice(1), x.shape.slice(-2))) return undefined;
  const merged = apply('reshape', exchanged.inputs, { shape: [shape[0], shape[2], shape[1]] });
  return apply('transpose', [merged], { order: [0, 2, 1] });
}

/** Two operations in a row that are one. */
function merged({ op, inputs, attributes }: Applied, { shape }: Tensor): Tensor | undefined {
  const [x] = inputs;
  if (op === 'reshape') {
    const inner = appliedBy(x, 'reshape');
    if (inner) return apply('reshape', inner.inputs, attributes);
    return matricesMergedBefore(x, shape);
  }
  if (op === 'matMul') return ofMatrices(inputs, shape);
  if (op === 'expand') {
    const inner = appliedBy(x, 'expand');
    if (inner) return apply('expand', inner.inputs, attributes);
  }
  if (op === 'transpose') {
    const inner = appliedBy(x, 'transpose');
    if (!inner) return undefined;
    const order = attributes.order.map((at) => inner.attributes.order[at]);
    // a matrix product takes the exchange of the last two axes into itself, but no other
    if (isMatrixTranspose(attributes.order) && !inOrder(order)) return undefined;
    return apply('transpose', inner.inputs, { order });
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

/** Reshapes after an operation on elements instead of before it, where they meet others and go. */
function reshapedLater({ op, inputs, attributes }: Applied, { shape }: Tensor): Tensor | undefined {
  if (!unaries.has(op) && !(broadcasting.has(op) && inputs.length === 2)) return undefined;
  const inner = inputs.map((x) => appliedBy(x, 'reshape')?.inputs[0]);
  const first = inner.find((x) => x !== undefined);
  if (!first) return undefined;
  const fine = inputs.every((x, at) => {
    const own = inner[at];
    return own
      ? sameShape(own.shape, first.shape) && sameShape(x.shape, shape)
      : scalarOf(x) !== undefined && x.shape.length === 0;
  });
  if (!fine) return undefined;
  const taken = inputs.map((x, at) => inner[at] ?? x);
  return apply('reshape', [apply(op, taken, attributes as never)], { shape });
}

/** Expands after an operation on elements instead of before it, so that fewer are computed. */
function expandedLater({ op, inputs, attributes }: Applied, { shape }: Tensor): Tensor | undefined {
  if (!unaries.has(op) && !(broadcasting.has(op) && inputs.length === 2)) return undefined;
  const at = inputs.findIndex((x) => scalarOf(x) === undefined);
  const inner = at >= 0 ? appliedBy(inputs[at], 'expand')?.inputs[0] : undefined;
  const others = inputs.every((x, other) => other === at || x.shape.length === 0);
  if (!inner || !others) return undefined;
  return apply('expand', [apply(op, inputs.with(at, inner), attributes as never)], { shape });
}

/** A shorter tensor of the same values, shape and type, or undefined where there is none. */
export function shorter(tensor: Tensor): Tensor | undefined {
  const { source } = tensor;
  if (source.kind !== 'op') return undefined;
  return (
    untouched(tensor, source) ??
    folded(source, tensor) ??
    merged(source, tensor) ??
    unexpanded(source, tensor) ??
    reshapedLater(source, tensor) ??
    expandedLater(source, tensor)
  );
}
