import { describe, expect, it } from 'vitest';
import { random } from '../../src/array/random.ts';
import { logGamma as exactLogGamma, logGammaRise } from '../../src/array/special.ts';
import { multiHeadAttention, scaledDotProductAttention } from '../../src/engine/layer/attention.ts';
import { convolution, dense, embedding } from '../../src/engine/layer/dense.ts';
import { dropout, keepMask } from '../../src/engine/layer/dropout.ts';
import { glorotUniform, heUniform, normal } from '../../src/engine/layer/initializers.ts';
import { batchNorm, groupNorm, layerNorm } from '../../src/engine/layer/norm.ts';
import { binaryCrossEntropy, softmaxCrossEntropy } from '../../src/engine/loss/classes.ts';
import { logGamma, negativeBinomial, zeroInflatedNegativeBinomial } from '../../src/engine/loss/counts.ts';
import { coxPartialLikelihood } from '../../src/engine/loss/survival.ts';
import { meanSquaredError, quantileLoss } from '../../src/engine/loss/value.ts';
import { exp, sigmoid, toFloat } from '../../src/engine/ops/arithmetic.ts';
import { constant, input, type Tensor } from '../../src/engine/tensor.ts';
import { initialValues } from '../../src/engine/train/state.ts';
import { inOrder } from '../../src/engine/walk.ts';
import { checkOp, type Fed, runInRuntime } from './check-op.ts';
import { withParameters } from './with-parameters.ts';

const shaped = (...shape: Fed['shape']): Fed => ({ shape });

/** Its parameters as inputs, in the order of the names given. */
function fedLayer(build: () => Tensor, names: readonly string[], values: readonly Tensor[]): Tensor {
  return withParameters(build(), Object.fromEntries(names.map((name, at) => [name, values[at]])));
}

const mask: Fed = { shape: ['batch', 4], dtype: 'bool', draw: (_, u) => Number(u < 0.6) };

describe('layers keep the contract of operations', () => {
  checkOp('layerNorm', [shaped('batch', 5), shaped(5), shaped(5)], (x, ...own) =>
    fedLayer(() => layerNorm('n', 5)(x), ['n/gain', 'n/bias'], own),
  );
  checkOp('groupNorm', [shaped('batch', 4, 3), shaped(4), shaped(4)], (x, ...own) =>
    fedLayer(() => groupNorm('n', 4, 2)(x), ['n/gain', 'n/bias'], own),
  );
  checkOp('batchNorm', [shaped('batch', 2, 3), shaped(2), shaped(2)], (x, ...own) =>
    fedLayer(() => batchNorm('n', 2).training(x), ['n/gain', 'n/bias'], own),
  );
  checkOp('dense', [shaped('batch', 2, 3), shaped(3, 4), shaped(4)], (x, ...own) =>
    fedLayer(() => dense('d', 3, 4)(x), ['d/weight', 'd/bias'], own),
  );
  checkOp('convolution', [shaped('batch', 2, 4, 4), shaped(3, 2, 3, 3), shaped(3)], (x, ...own) =>
    fedLayer(() => convolution('c', 2, 3, [3, 3], { padding: 'same' })(x), ['c/weight', 'c/bias'], own),
  );
  checkOp(
    'embedding',
    [{ shape: ['batch', 2], dtype: 'int32', draw: (_, u) => Math.floor(4 * u) }, shaped(4, 3)],
    (i, table) => fedLayer(() => embedding('e', 4, 3)(i), ['e/table'], [table]),
  );
  checkOp(
    'attention with a key mask',
    [shaped('batch', 2, 3, 2), shaped('batch', 2, 4, 2), shaped('batch', 2, 4, 2), mask],
    (q, k, v, keys) => scaledDotProductAttention(q, k, v, keys),
  );
});

describe('losses keep the contract of operations', () => {
  const labels: Fed = { shape: ['batch'], dtype: 'int32', draw: (_, u) => Math.floor(3 * u) };
  const weights: Fed = { shape: ['batch'], draw: (_, u) => 0.2 + u };
  checkOp('softmaxCrossEntropy', [shaped('batch', 3), labels, weights], (x, y, w) =>
    softmaxCrossEntropy(x, y, { classWeights: [1, 2, 0.5], weights: w }),
  );
  checkOp('binaryCrossEntropy', [shaped('batch'), weights], (x, y) => binaryCrossEntropy(x, sigmoid(y)));
  checkOp('meanSquaredError', [shaped('batch', 2), shaped('batch', 2)], (x, y) => meanSquaredError(x, y));
  checkOp('quantileLoss', [shaped('batch', 2), shaped('batch', 1)], (x, y) => quantileLoss(x, y, [0.2, 0.7]));
  const times: Fed = { shape: ['batch'], dtype: 'int32', draw: (_, u) => Math.floor(2 * u) };
  const events: Fed = { shape: ['batch'], dtype: 'bool', draw: () => 1 };
  checkOp('coxPartialLikelihood, tied', [shaped('batch'), times, events], (risk, at, happened) =>
    coxPartialLikelihood(risk, toFloat(at), happened),
  );
  checkOp('the negative binomial', [shaped('batch', 4), shaped('batch', 4)], (m, t) =>
    negativeBinomial(constant(Float32Array.of(0, 1, 7, 30)), exp(m), exp(t)),
  );
  checkOp(
    'the zero-inflated negative binomial',
    [shaped('batch', 4), shaped('batch', 4), shaped('batch', 4)],
    (m, t, z) => zeroInflatedNegativeBinomial(constant(Float32Array.of(0, 1, 7, 30)), exp(m), exp(t), z),
  );
});

describe('log gamma and the negative binomial in float32', () => {
  const run = async (build: (...inputs: Tensor[]) => Tensor, ...columns: number[][]) => {
    const tensors = columns.map((_, at) => input(`x${at}`, ['batch']));
    const feeds = columns.map((column, at) => [`x${at}`, { shape: [column.length], data: Float32Array.from(column) }]);
    return (await runInRuntime({ y: build(...tensors) }, Object.fromEntries(feeds))).y.data;
  };

  it('log gamma is right to 6e-7 of itself, or absolutely, from 1e-6 to 1e6', async () => {
    const xs = Array.from({ length: 200 }, (_, i) => Math.fround(10 ** (-6 + (12 * i) / 199)));
    const got = await run(logGamma, xs);
    const errors = xs.map((x, i) => Math.abs(got[i] - exactLogGamma(x)) / Math.max(1, Math.abs(exactLogGamma(x))));
    expect(Math.max(...errors)).toBeLessThan(6e-7);
  });

  it('log probabilities are right to 3e-6 where log gammas in float32 would be off by 1: counts of 100,000', async () => {
    const cases: number[][] = [];
    for (const x of [0, 1, 17, 1000, 100_000]) {
      for (const theta of [0.01, 0.7, 30, 1e4, 1e7]) {
        for (const ratio of [0.9, 1, 1.02, 3])
          cases.push([x, Math.fround(ratio * Math.max(x, 0.5)), Math.fround(theta)]);
      }
    }
    const column = (at: number) => cases.map((one) => one[at]);
    const got = await run(negativeBinomial, column(0), column(1), column(2));
    for (const [at, [x, mean, theta]] of cases.entries()) {
      const gammas = logGammaRise(theta, x) - exactLogGamma(x + 1); // ln Γ(θ + x) − ln Γ(θ) − x ln θ − ln x!
      const expected = gammas + x * Math.log(mean) - (theta + x) * Math.log1p(mean / theta);
      const allowed = 3e-6 * Math.max(1, Math.abs(expected)) + 1e-9 * x; // the oracle cancels too
      expect(
        Math.abs(got[at] - expected),
        `x ${x}, mean ${mean}, theta ${theta}: ${got[at]}, ${expected}`,
      ).toBeLessThan(allowed);
    }
  });
});

describe('attention', () => {
  it('gives zeros to a query without any key, and ignores what stands in masked ones', async () => {
    const tensors = ['q', 'k', 'v'].map((name) => input(name, ['batch', 1, 2, 2]));
    const there = input('there', ['batch', 2], 'bool');
    const values = (seed: number) => ({
      shape: [2, 1, 2, 2],
      data: Float32Array.from({ length: 8 }, (_, i) => Math.sin(seed + i)),
    });
    const feeds = {
      q: values(1),
      k: values(2),
      v: values(3),
      there: { shape: [2, 2], data: Uint8Array.of(0, 0, 1, 0) },
    };
    const { y } = await runInRuntime(
      { y: scaledDotProductAttention(tensors[0], tensors[1], tensors[2], there) },
      feeds,
    );
    expect([...y.data.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
    const [a, b] = feeds.v.data.subarray(4, 6);
    expect([...y.data.subarray(4)]).toEqual([a, b, a, b]);
  });

  it('has a width that its heads divide', () => {
    expect(() => multiHeadAttention('a', 10, 4)).toThrow('attention a: 4 heads of width 10');
    expect(() => groupNorm('g', 10, 4)).toThrow('groupNorm g: 4 groups of 10 channels');
  });
});

describe('first values', () => {
  const layer = dense('d', 300, 200)(input('x', ['batch', 300]));
  const [weight] = inOrder([layer]).filter(({ source }) => source.kind === 'parameter' && source.name === 'd/weight');

  it('depend on seed and name, not on the rest of the model', () => {
    expect(initialValues(weight, 1)).toEqual(initialValues(weight, 1));
    expect(initialValues(weight, 2)).not.toEqual(initialValues(weight, 1));
  });

  it.each([
    ['heUniform', heUniform, [300, 200], 2 / 300],
    ['heUniform of a kernel', heUniform, [50, 20, 5, 5], 2 / 500],
    ['glorotUniform', glorotUniform, [300, 200], 2 / 500],
    ['normal', normal(0.3), [300, 200], 0.09],
  ] as const)('%s have the variance that its paper gives', (_, initial, shape, variance) => {
    const values = initial(shape, random(3));
    const squares = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(squares / variance).toBeCloseTo(1, 1);
    expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length)).toBeLessThan(
      0.05 * Math.sqrt(variance),
    );
  });
});

it('dropout keeps the mean', async () => {
  const kept = keepMask([1000], 0.25, random(1));
  const x = { shape: [1000], data: new Float32Array(1000).fill(2) };
  const { y } = await runInRuntime({ y: dropout(input('x', ['batch']), input('kept', ['batch'])) }, { x, kept });
  const zeros = y.data.filter((value) => value === 0).length;
  expect(zeros).toBeGreaterThan(200);
  expect(zeros).toBeLessThan(300);
  expect(Math.max(...y.data)).toBeCloseTo(2 / 0.75, 5);
});

it('a squared error of values in another shape is refused, not spread into a table', () => {
  const [predicted, values] = [input('p', ['batch', 1]), input('v', ['batch'])];
  expect(() => meanSquaredError(predicted, values)).toThrow(
    'meanSquaredError: values of another shape than predicted, expected [batch, 1], got [batch]',
  );
});
