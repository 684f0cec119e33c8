import { describe, expect, it } from 'vitest';
import { gradient } from '../../src/engine/gradient/gradient.ts';
import { scaledDotProductAttention } from '../../src/engine/layer/attention.ts';
import { batchNorm, groupNorm, layerNorm } from '../../src/engine/layer/norm.ts';
import { softmaxCrossEntropy } from '../../src/engine/loss/classes.ts';
import { logGamma, negativeBinomial, zeroInflatedNegativeBinomial } from '../../src/engine/loss/counts.ts';
import { coxPartialLikelihood } from '../../src/engine/loss/survival.ts';
import { quantileLoss } from '../../src/engine/loss/value.ts';
import { gelu, mul, silu, softplus } from '../../src/engine/ops/arithmetic.ts';
import { averagePool, conv, convTranspose, maxPool } from '../../src/engine/ops/contraction.ts';
import { gather } from '../../src/engine/ops/layout.ts';
import { sum } from '../../src/engine/ops/reduction.ts';
import { input, type Tensor } from '../../src/engine/tensor.ts';
import { distance, runInRuntime } from './check-op.ts';
import { bool, float32, int32, type OperationCase, pytorch } from './pytorch.ts';
import { withParameters } from './with-parameters.ts';

type Inputs = Readonly<Record<string, Tensor>>;

const builders: Readonly<Record<string, (x: Inputs) => Tensor>> = {
  conv1d: ({ x, w }) => conv(x, w, { stride: 2, padding: 2 }),
  conv2d: ({ x, w }) => conv(x, w, { padding: 'same' }),
  conv2dStrides: ({ x, w }) => conv(x, w, { stride: [2, 3], padding: [1, 0] }),
  conv2dGroups: ({ x, w }) => conv(x, w, { padding: 1, groups: 2 }),
  depthwise: ({ x, w }) => conv(x, w, { padding: 1, stride: 2, groups: 3 }),
  convTranspose2d: ({ x, w }) => convTranspose(x, w, { stride: 2, padding: 1, size: [6, 8] }),
  maxPool2d: ({ x }) => maxPool(x, 3, { stride: 2, padding: 1 }),
  averagePool2d: ({ x }) => averagePool(x, 3, { stride: 2, padding: 1 }),
  conv3d: ({ x, w, b }) => conv(x, w, { padding: 1, bias: b }),
  conv3dStrides: ({ x, w }) => conv(x, w, { stride: [2, 1, 3], padding: [1, 0, 1] }),
  conv3dGroups: ({ x, w }) => conv(x, w, { stride: 2, padding: 1, groups: 2 }),
  conv3dManyPlaces: ({ x, w }) => conv(x, w, { padding: 2 }),
  convTranspose3d: ({ x, w }) => convTranspose(x, w, { stride: 2, padding: 1, size: [4, 5, 4] }),
  maxPool3d: ({ x }) => maxPool(x, 2),
  maxPool3dOverlapping: ({ x }) => maxPool(x, 3, { stride: 2, padding: 1 }),
  averagePool3d: ({ x }) => averagePool(x, [2, 3, 2], { stride: [2, 2, 1], padding: 1 }),
  groupNorm3d: ({ x, g, b }) => withParameters(groupNorm('n', 4, 2)(x), { 'n/gain': g, 'n/bias': b }),
  layerNorm: ({ x, g, b }) => withParameters(layerNorm('n', 6)(x), { 'n/gain': g, 'n/bias': b }),
  groupNorm: ({ x, g, b }) => withParameters(groupNorm('n', 4, 2)(x), { 'n/gain': g, 'n/bias': b }),
  batchNorm: ({ x, g, b }) => withParameters(batchNorm('n', 3).training(x), { 'n/gain': g, 'n/bias': b }),
  attention: ({ q, k, v, mask }) => scaledDotProductAttention(q, k, v, mask),
  embedding: ({ table, i }) => gather(table, i),
  gelu: (x) => gelu(x.input),
  silu: (x) => silu(x.input),
  softplus: (x) => softplus(x.input),
  logGamma: ({ x }) => logGamma(x),
  negativeBinomial: ({ x, mean, theta }) => negativeBinomial(x, mean, theta),
  zeroInflated: ({ x, mean, theta, logit }) => zeroInflatedNegativeBinomial(x, mean, theta, logit),
  crossEntropy: ({ logits, labels }) => softmaxCrossEntropy(logits, labels, { classWeights: [0.5, 1, 2] }),
  coxEfron: ({ risk, time, event }) => coxPartialLikelihood(risk, time, event),
  coxBreslow: ({ risk, time, event }) => coxPartialLikelihood(risk, time, event, { ties: 'breslow' }),
  quantile: ({ predicted, values }) => quantileLoss(predicted, values, [0.1, 0.5, 0.9]),
};

const asInt = new Set(['i', 'labels']);
const asBool = new Set(['mask', 'event']);
/** PyTorch goes through log gammas of counts too; a count is data here, and has no gradient to compare. */
const data = new Set(['time', 'event']);
const counts: Readonly<Record<string, ReadonlySet<string>>> = {
  negativeBinomial: new Set(['x']),
  zeroInflated: new Set(['x']),
};

describe(`operations, layers and losses agree with PyTorch ${pytorch.versions.torch}`, () => {
  it('in every case of the fixture', () => {
    expect(Object.keys(builders).sort()).toEqual(Object.keys(pytorch.operations).sort());
  });

  it.each(Object.entries(pytorch.operations))(
    '%s, output and gradients to 1e-5',
    async (name, given: OperationCase) => {
      const tensors: Record<string, Tensor> = {};
      const feeds: Record<string, ReturnType<typeof float32>> = { weights: float32(given.weights) };
      for (const [key, numbers] of Object.entries(given.inputs)) {
        const [dtype, values] = asInt.has(key)
          ? (['int32', int32(numbers)] as const)
          : asBool.has(key)
            ? (['bool', bool(numbers)] as const)
            : (['float32', float32(numbers)] as const);
        tensors[key] = input(key, numbers.shape, dtype);
        feeds[key] = values;
      }
      const output = builders[name](tensors);
      const learned = Object.keys(given.gradients).filter((key) => !data.has(key) && !counts[name]?.has(key));
      const projected = sum(mul(output, input('weights', given.weights.shape)));
      const gradients = gradient(
        projected,
        learned.map((key) => tensors[key]),
      );
      const named = Object.fromEntries(learned.map((key, at) => [`gradient ${key}`, gradients[at]]));
      const got = await runInRuntime({ output, ...named }, feeds);
      expect(distance(got.output.data, given.output.data), 'output').toBeLessThan(1e-5);
      for (const key of learned) {
        expect(distance(got[`gradient ${key}`].data, given.gradients[key].data), `gradient ${key}`).toBeLessThan(1e-5);
      }
    },
  );
});
