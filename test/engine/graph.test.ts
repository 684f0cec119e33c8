import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/engine/compile/compile.ts';
import { share } from '../../src/engine/compile/share.ts';
import { gradient } from '../../src/engine/gradient/gradient.ts';
import { ones } from '../../src/engine/layer/initializers.ts';
import { layerNorm } from '../../src/engine/layer/norm.ts';
import * as a from '../../src/engine/ops/arithmetic.ts';
import { averagePool, conv, convTranspose, matMul, maxPool } from '../../src/engine/ops/contraction.ts';
import * as l from '../../src/engine/ops/layout.ts';
import { max, mean, softmax, sum } from '../../src/engine/ops/reduction.ts';
import { constant, input, parameter, type Tensor } from '../../src/engine/tensor.ts';
import { inOrder } from '../../src/engine/walk.ts';
import { runInRuntime, verifyOp } from './check-op.ts';

const of = (...shape: (number | 'batch')[]) => input(`x${shape.join('x')}`, shape);
const operationsIn = (roots: readonly Tensor[]) => inOrder(roots).filter(({ source }) => source.kind === 'op').length;

function told(build: () => unknown): string {
  try {
    build();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing';
}

describe('a mistake in shapes is told where the graph is built', () => {
  const mask = input('mask', ['batch'], 'bool');
  it.each<[() => unknown, string]>([
    [() => matMul(of(2, 3), of(4, 5)), 'matMul: [2, 3] @ [4, 5], inner axes differ'],
    [() => matMul(of(2), of(4, 5)), 'matMul: [2] @ [4, 5], expected at least 2 axes each'],
    [() => matMul(of(2, 3, 4), of(5, 4, 3)), 'matMul: [2, 3, 4] @ [5, 4, 3], leading axes do not broadcast'],
    [() => a.add(of('batch', 3), of(4)), 'add: [batch, 3], [4] do not broadcast (axes equal from the last, or 1)'],
    [() => a.add(mask, of(4)), 'add: elements of [batch], expected float32, got bool'],
    [() => a.where(of(4), of(4), of(4)), 'where: elements of [4], expected bool, got float32'],
    [() => l.reshape(of('batch', 6), ['batch', 4]), 'reshape: [batch, 6] to [batch, 4], sizes differ'],
    [() => l.reshape(of('batch', 6), [6]), 'reshape: [batch, 6] to [6], sizes differ'],
    [() => l.expand(of(2), ['batch', 3]), 'expand: [2] to [batch, 3], only axes of length 1 stretch'],
    [() => l.concat([of(2, 3), of(2, 4)], 0), 'concat: [2, 3], [2, 4] along axis 0, other axes differ'],
    [
      () => l.concat([of('batch', 3), of(2, 3)], 0),
      'concat: [batch, 3], [2, 3] along axis 0, of which some are the batch and some are not',
    ],
    [() => l.slice(of('batch', 3), 1, 2, 5), 'slice: 2..5 step 1 of axis 1 in [batch, 3]'],
    [() => l.slice(of('batch', 3), 0, 0, 1), 'slice: axis 0 of [batch, 3] is the batch, expected a static axis'],
    [() => l.transpose(of(2, 3), [0, 0]), 'transpose: [2, 3] in order [0, 0], expected every axis once'],
    [() => l.gather(of(5, 2), of(3)), 'gather: elements of [3], expected int32 or int64, got float32'],
    [() => sum(of(2, 3), 2), 'reduceSum: no axis 2 in [2, 3]'],
    [() => softmax(of(2, 3), 5), 'softmax: no axis 5 in [2, 3]'],
    [
      () => conv(of('batch', 3, 8), of(4, 2, 3)),
      'conv: [batch, 3, 8] * [4, 2, 3], channels (axis 1) differ, expected 2',
    ],
    [
      () => conv(of('batch', 4, 8), of(3, 2, 3), { groups: 2 }),
      'conv: [batch, 4, 8] * [3, 2, 3], groups 2 do not divide the channels',
    ],
    [
      () => conv(of('batch', 1, 2), of(1, 1, 3)),
      'conv: kernel 3 is longer than the padded spatial axis 0 of [batch, 1, 2]',
    ],
    [
      () => maxPool(of('batch', 1, 4), 2, { padding: 2 }),
      'maxPool: padding of spatial axis 0, expected less than the kernel 2',
    ],
    [() => conv(of('batch', 1, 4), of(2, 1, 3), { bias: of(3) }), 'conv: bias [3], expected [2]'],
    [
      () => conv(of('batch', 1, 4), of(1, 1, 2), { stride: 0 }),
      'conv: stride, expected a positive whole number, got 0',
    ],
    [
      () => conv(of('batch', 1, 4, 4, 4), of(1, 1, 2, 2, 2), { stride: [1, 1.5, 1] }),
      'conv: stride, expected a positive whole number, got 1.5',
    ],
    [
      () => conv(of('batch', 1, 4), of(1, 1, 2), { padding: -1 }),
      'conv: padding, expected a whole number from 0 on, got -1',
    ],
    [
      () => conv(of('batch', 1, 4), of(1, 1, 2), { dilation: 2 } as object),
      'conv: unknown option, expected one of stride, padding, groups, bias, got dilation',
    ],
    [
      () => conv(of('batch', 1, 4, 4, 4), of(1, 1, 2, 2, 2), { stride: [1, 2] }),
      'conv: 3 spatial axes in [batch, 1, 4, 4, 4], expected as many strides and paddings',
    ],
    [
      () => conv(of('batch', 3, 4), of(3, 2, 2), { groups: 1.5 }),
      'conv: [batch, 3, 4] * [3, 2, 2], groups 1.5 do not divide the channels',
    ],
    [
      () => convTranspose(of('batch', 1, 4), of(1, 1, 2), { stride: -2, size: [3] }),
      'convTranspose: stride, expected a positive whole number, got -2',
    ],
    [
      () => convTranspose(of('batch', 1, 4), of(1, 1, 2), { size: [5, 5] }),
      'convTranspose: size [5,5], expected 1 lengths',
    ],
    [
      () => convTranspose(of('batch', 1, 4), of(1, 1, 2), { stride: 2, size: [8.5] }),
      'convTranspose: size, expected a positive whole number, got 8.5',
    ],
    [
      () => convTranspose(of('batch', 1, 4), of(1, 1, 2), { outputPadding: 1 } as object),
      'convTranspose: unknown option, expected one of stride, padding, groups, size, got outputPadding',
    ],
    [() => maxPool(of('batch', 1, 4), 0), 'maxPool: kernel, expected a positive whole number, got 0'],
    [() => maxPool(of('batch', 1, 4), 2.5), 'maxPool: kernel, expected a positive whole number, got 2.5'],
    [() => maxPool(of('batch', 1, 4), 2, { stride: 0 }), 'maxPool: stride, expected a positive whole number, got 0'],
    [
      () => averagePool(of('batch', 1, 4), 2, { padding: -1 }),
      'averagePool: padding, expected a whole number from 0 on, got -1',
    ],
    [
      () => averagePool(of('batch', 1, 4), 2, { strides: 2 } as object),
      'averagePool: unknown option, expected one of stride, padding, got strides',
    ],
    [() => a.clip(of(2), 1, 0), 'clip: bounds, expected min <= max, got 1, 0'],
    [() => gradient(of(2), []), 'gradient: loss, expected a scalar, [], got [2]'],
    [() => input('x', [0]), "input x: shape, expected positive lengths or 'batch', got [0]"],
    [() => constant(new Float32Array(3), [2]), 'constant: values of [2], expected 2, got 3'],
    [() => compile({}), 'compile: no outputs'],
    [() => compile({ x: a.neg(input('x', [2])) }), 'compile: "x" names an output and an input'],
    [
      () => compile({ y: a.add(input('x', [2]), sum(input('x', [3]))) }),
      'compile: input x: two of one name, expected one tensor a name, got float32 [2] and float32 [3]',
    ],
    [
      () => compile({ y: a.add(parameter('w', [2], ones), parameter('w', [2], ones)) }),
      'compile: parameter w: two of one name, expected one tensor a name, got float32 [2] and float32 [2]',
    ],
  ])('%#: %s', (build, message) => {
    expect(told(build)).toBe(message);
  });
});

describe('a compiled graph', () => {
  const x = input('x', ['batch', 4]);

  it('computes once what is said twice', () => {
    const twice = [a.exp(a.mul(x, 2)), a.exp(a.mul(x, 2))];
    expect(operationsIn(twice)).toBe(4);
    const [one, other] = share(twice);
    expect(one).toBe(other);
    expect(operationsIn([one])).toBe(2);
  });

  it('keeps apart what differs in an attribute or in the sign of zero', () => {
    const [one, other] = share([l.slice(x, 1, 0, 2), l.slice(x, 1, 1, 3)]);
    expect(one).not.toBe(other);
    const [plus, minus] = share([a.div(1, a.mul(x, 0)), a.div(1, a.mul(x, -0))]);
    expect(plus).not.toBe(minus);
  });

  it('computes numbers beforehand', () => {
    const [made] = share([a.mul(x, a.add(a.exp(a.neg(constant(0))), 1))]);
    expect(inOrder([made]).map(({ source }) => (source.kind === 'constant' ? [...source.data] : source.kind))).toEqual([
      'input',
      [2],
      'op',
    ]);
  });

  it.each<[string, Tensor, number]>([
    ['x + 0', a.add(x, 0), 0],
    ['x * 1', a.mul(1, x), 0],
    ['x + zeros of its shape', a.add(x, l.expand(0, ['batch', 4])), 0],
    ['a reshape there and back', l.reshape(l.reshape(x, ['batch', 2, 2]), ['batch', 4]), 0],
    ['a reshape there and back around an operation', l.reshape(a.relu(l.reshape(x, ['batch', 2, 2])), ['batch', 4]), 1],
    [
      'a reshape there and back around a sum',
      l.reshape(a.add(l.reshape(x, ['batch', 2, 2]), l.reshape(a.exp(x), ['batch', 2, 2])), ['batch', 4]),
      2,
    ],
    ['a reshape there and back around a factor', l.reshape(a.mul(l.reshape(x, ['batch', 2, 2]), 3), ['batch', 4]), 1],
    ['a transpose there and back', l.transpose(l.transpose(x, [1, 0]), [1, 0]), 0],
    ['−(−x)', a.neg(a.neg(x)), 0],
    ['stopGradient', a.stopGradient(x), 0],
    ['a sum over axes of length 1', sum(l.reshape(x, ['batch', 4, 1]), 2), 0],
    ['an expansion that broadcasting does anyway', a.add(x, l.expand(input('s', [1]), ['batch', 4])), 1],
  ])('leaves out what changes nothing: %s', (_, made, operations) => {
    expect(operationsIn(share([made]))).toBe(operations);
  });

  it('keeps a reshape before an operation that broadcasts', () => {
    const column = l.reshape(input('s', [4]), [4, 1]);
    const [made] = share([a.mul(column, input('r', [1, 4]))]);
    expect([made.shape, operationsIn([made])]).toEqual([[4, 4], 2]);
  });

  it('leaves the exchange of the last two axes to the matrix product, apart from that of others', () => {
    const heads = (name: string) => l.transpose(input(name, ['batch', 5, 2, 3]), [0, 2, 1, 3]);
    const made = share([matMul(heads('q'), l.swapAxes(heads('k'), -1, -2))]);
    const orders = inOrder(made).flatMap(({ source }) =>
      source.kind === 'op' && source.op === 'transpose' ? [source.attributes.order.join('')] : [],
    );
    expect(orders.sort()).toEqual(['021', '0213', '0213']);
  });

  it('computes elements before it repeats them', () => {
    const repeated = l.expand(input('s', ['batch', 1]), ['batch', 4]);
    const order = inOrder(share([a.exp(a.mul(repeated, 2))])).flatMap(({ source }) =>
      source.kind === 'op' ? [source.op] : [],
    );
    expect(order).toEqual(['mul', 'exp', 'expand']);
  });

  it('pools before it cuts off what is negative, so that fewer elements are cut', () => {
    const image = input('i', ['batch', 1, 4, 4]);
    const order = inOrder([maxPool(a.relu(image), 2)]).map(({ source }) => (source.kind === 'op' ? source.op : ''));
    expect(order).toEqual(['', 'maxPool', 'relu']);
  });

  it('keeps an operation with 0 or 1 that makes a shape larger', () => {
    const s = input('s', [1]);
    const grown = [
      a.add(s, l.expand(0, ['batch', 4])),
      a.mul(l.expand(1, ['batch', 4]), s),
      a.sub(s, l.expand(0, [4])),
    ];
    expect(share(grown).map(({ shape }) => shape)).toEqual([['batch', 4], ['batch', 4], [4]]);
  });

  it('does not repeat the forward pass in its gradient', () => {
    const h = layerNorm('n', 4)(x);
    const loss = mean(a.square(a.tanh(h)));
    const parameters = inOrder([loss]).filter(({ source }) => source.kind === 'parameter');
    const all = share([loss, ...gradient(loss, parameters)]);
    const tanhs = inOrder(all).filter(({ source }) => source.kind === 'op' && source.op === 'tanh');
    expect(tanhs.length).toBe(1);
  });

  it('is not held back by depth', () => {
    let deep: Tensor = x;
    for (let i = 0; i < 20_000; i++) deep = a.add(deep, 1);
    expect(operationsIn(share([deep]))).toBe(20_000);
  });
});

describe('the gradient', () => {
  it('is zero where the loss does not depend', () => {
    const w = parameter('w', [3], ones);
    const [d] = share(gradient(sum(input('x', [2])), [w]));
    expect(d.shape).toEqual([3]);
    expect(inOrder([d]).some(({ source }) => source.kind === 'input')).toBe(false);
  });

  it('of a gradient is one too: the second derivative of x³ is 6 x', async () => {
    await verifyOp([{ shape: ['batch'] }], (x) => {
      const [first] = gradient(sum(a.mul(x, a.square(x))), [x]);
      return gradient(sum(first), [x])[0];
    });
  });

  it('of a pool over equal values is that of the first, and of none below 0, before or after a relu', async () => {
    const x = input('x', ['batch', 1, 2, 4]);
    const weight = input('d', ['batch', 1, 1, 2]);
    const of = (cut: Tensor) => gradient(sum(a.mul(maxPool(cut, 2), weight)), [x])[0];
    const outputs = { exchanged: of(a.relu(x)), plain: of(a.add(a.relu(x), 0)) };
    const feeds = {
      x: { shape: [2, 1, 2, 4], data: Float32Array.of(1, 2, -1, -1, 2, 2, -1, -1, 0, 0, 3, 1, 0, 0, 3, 3) },
      d: { shape: [2, 1, 1, 2], data: Float32Array.of(5, 6, 7, 8) },
    };
    const made = await runInRuntime(outputs, feeds);
    expect([...made.exchanged.data]).toEqual([0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0]);
    expect(made.exchanged.data).toEqual(made.plain.data);
  });

  it('of a square is computed once for both of its factors', () => {
    const x = input('x', ['batch', 4]);
    const d = share(gradient(sum(a.square(a.exp(x))), [x]));
    const additions = inOrder(d).filter(({ source }) => source.kind === 'op' && source.op === 'add');
    expect(additions.length).toBe(0);
  });

  it('is asked only for what leads to a parameter', () => {
    const x = input('x', ['batch', 3]);
    const w = parameter('w', [3, 2], ones);
    const [d] = share(gradient(sum(matMul(x, w)), [w]));
    const products = inOrder([d]).filter(({ source }) => source.kind === 'op' && source.op === 'matMul');
    expect(products.length).toBe(1);
  });
});

describe('shapes drawn at random', () => {
  const length = fc.integer({ min: 1, max: 4 });

  it('keep the contract of a convolution', { timeout: 60_000 }, async () => {
    const spec = fc.record({
      axes: fc.constantFrom(1, 2),
      groups: fc.constantFrom(1, 2),
      perGroup: fc.integer({ min: 1, max: 2 }),
      filters: fc.integer({ min: 1, max: 2 }),
      kernel: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 2 }),
      extra: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 2 }),
      stride: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 2 }),
      padding: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 2, maxLength: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(spec, async ({ axes, groups, perGroup, filters, ...per }) => {
        const [kernel, extra, stride, padding] = [per.kernel, per.extra, per.stride, per.padding].map((list) =>
          list.slice(0, axes),
        );
        const places = kernel.map((k, axis) => k + extra[axis]);
        await verifyOp(
          [{ shape: ['batch', groups * perGroup, ...places] }, { shape: [groups * filters, perGroup, ...kernel] }],
          (x, w) => conv(x, w, { groups, stride, padding }),
        );
      }),
      { numRuns: 25 },
    );
  });

  it('keep the contract of matrix products and broadcasting', { timeout: 60_000 }, async () => {
    const spec = fc.record({ m: length, k: length, n: length, lead: length, oneLead: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(spec, async ({ m, k, n, lead, oneLead }) => {
        await verifyOp(
          [{ shape: ['batch', lead, m, k] }, { shape: [oneLead ? 1 : lead, k, n] }, { shape: [n] }],
          (x, w, b) => a.tanh(a.add(matMul(x, w), b)),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('keep the contract of pools and reductions', { timeout: 60_000 }, async () => {
    const spec = fc.record({
      kernel: fc.integer({ min: 1, max: 3 }),
      extra: fc.integer({ min: 0, max: 4 }),
      stride: fc.integer({ min: 1, max: 3 }),
      padded: fc.boolean(),
      axis: fc.constantFrom(0, 1, 2),
    });
    await fc.assert(
      fc.asyncProperty(spec, async ({ kernel, extra, stride, padded, axis }) => {
        const padding = padded ? kernel - 1 : 0;
        const fed = [{ shape: ['batch', 2, kernel + extra] as const }];
        await verifyOp(fed, (x) => maxPool(x, kernel, { stride, padding }));
        await verifyOp(fed, (x) => averagePool(x, kernel, { stride, padding }));
        await verifyOp(fed, (x) => a.mul(max(x, axis, { keep: true }), mean(x, axis, { keep: true })));
      }),
      { numRuns: 15 },
    );
  });
});
