/** Programs that `scripts/fixtures/exported_programs.mjs` exports, for runtimes beside those of JavaScript. */
import { compile, type Program } from '../../src/engine/compile/compile.ts';
import { gradient } from '../../src/engine/gradient/gradient.ts';
import * as a from '../../src/engine/ops/arithmetic.ts';
import { averagePool, conv, convTranspose, matMul, maxPool } from '../../src/engine/ops/contraction.ts';
import * as l from '../../src/engine/ops/layout.ts';
import * as r from '../../src/engine/ops/reduction.ts';
import { constant, input, type Tensor } from '../../src/engine/tensor.ts';
import { trainedCrossAttention } from './cross-attention.ts';

/** Some numbers, few digits. */
const numbers = (...shape: number[]) =>
  constant(
    Float32Array.from({ length: shape.reduce((one, other) => one * other) }, (_, i) => (((i * 7) % 11) - 5) / 8),
    shape,
  );

/** Every operation of the engine, at least once. */
export function everyOperation(): Readonly<Record<string, Tensor>> {
  const [x, y] = [input('x', ['batch', 4]), input('y', ['batch', 4])];
  const positive = input('positive', ['batch', 4]);
  const mask = input('mask', ['batch', 4], 'bool');
  const code = input('code', ['batch', 2], 'int32');
  const image = input('image', ['batch', 2, 6, 6]);
  const table = numbers(5, 3);

  const of = (...one: ((x: Tensor) => Tensor)[]) => one.map((f) => f(x));
  const unary = of(a.neg, a.abs, a.sign, a.exp, a.tanh, a.sigmoid, a.softplus, a.erf, a.relu, a.stopGradient);
  const ofPositive = [a.log, a.log1p, a.sqrt, a.reciprocal].map((f) => f(positive));
  const comparisons = [a.greater(x, y), a.greaterOrEqual(x, 0), a.and(mask, a.not(a.equal(x, y)))];
  const convolved = conv(image, numbers(4, 1, 3, 3), { padding: 'same', groups: 2 });
  return {
    unary: l.stack([...unary, ...ofPositive, a.clip(x, -0.5, 0.5)], 1),
    binary: l.stack(
      [a.add(x, y), a.sub(x, y), a.mul(x, y), a.div(x, positive), a.maximum(x, y), a.minimum(x, y)].concat(
        a.poissonDeviance(positive, a.add(a.abs(y), 0.5)),
        a.where(mask, x, y),
      ),
      1,
    ),
    compared: l.stack(comparisons.map(a.toFloat), 1),
    same: comparisons[2],
    product: matMul(x, numbers(4, 3)),
    convolved,
    wider: convTranspose(convolved, numbers(4, 2, 2, 2), { stride: 2 }),
    pooled: l.concat([maxPool(image, 2), averagePool(image, 2)], 1),
    unpooled: gradient(r.sum(a.square(maxPool(image, 2))), [image])[0],
    steepest: gradient(r.sum(a.square(maxPool(image, 3, { stride: 2, padding: 1 }))), [image])[0],
    rearranged: l.pad(
      l.reverse(l.slice(l.transpose(l.splitAxis(x, 1, [2, 2]), [0, 2, 1]), 1, 0, 2), [2]),
      [0, 1, 0],
      [0, 0, 2],
    ),
    spread: l.expand(l.expandDims(x, 1), ['batch', 3, 4]),
    merged: l.mergeAxes(l.gather(table, code), 0, 2),
    counted: l.scatterAdd(l.gather(table, code), code, 0, 5),
    reduced: l.stack([r.sum(x, 1), r.mean(y, 1), r.max(x, 1), r.logSumExp(y, 1)], 1),
    shares: l.stack([r.softmax(x), r.logSoftmax(y), r.cumSum(x, 1), r.cumSum(y, 1, { reverse: true })], 1),
    size: r.count(['batch', 4]),
  };
}

/** By the name of the file, less the version. */
export async function exportedPrograms(): Promise<Readonly<Record<string, Program>>> {
  return { 'cross-attention': await trainedCrossAttention(), operations: compile(everyOperation()) };
}
