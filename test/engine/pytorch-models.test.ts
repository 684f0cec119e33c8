import { describe, expect, it } from 'vitest';
import { scaledDotProductAttention } from '../../src/engine/layer/attention.ts';
import { zeros } from '../../src/engine/layer/initializers.ts';
import { groupNorm, layerNorm } from '../../src/engine/layer/norm.ts';
import { binaryCrossEntropy, softmaxCrossEntropy } from '../../src/engine/loss/classes.ts';
import { add, gelu, relu, tanh } from '../../src/engine/ops/arithmetic.ts';
import { conv, matMul, maxPool } from '../../src/engine/ops/contraction.ts';
import { concat, mergeAxes, reshape, splitAxis, transpose } from '../../src/engine/ops/layout.ts';
import { mean } from '../../src/engine/ops/reduction.ts';
import { nodeRuntime } from '../../src/engine/session/runtime.node.ts';
import type { NamedValues } from '../../src/engine/session/runtime.ts';
import { input, parameter, type Tensor } from '../../src/engine/tensor.ts';
import { adamW, type Optimizer, sgd } from '../../src/engine/train/optimizer.ts';
import { Trainer } from '../../src/engine/train/trainer.ts';
import { compileTrainingStep } from '../../src/engine/train/training-step.ts';
import { distance } from './check-op.ts';
import { bool, float32, int32, type ModelCase, type Numbers, pytorch } from './pytorch.ts';
import { withParameters } from './with-parameters.ts';

type Named = Readonly<Record<string, Tensor>>;

interface Recipe {
  readonly feed: (data: ModelCase['data']) => NamedValues;
  readonly loss: (p: Named) => Tensor;
  readonly optimizer: Optimizer;
  readonly learningRate: number;
  readonly clipNorm?: number;
}

function mlp(p: Named): Tensor {
  const layer = (x: Tensor, at: number) => add(matMul(x, p[`w${at}`]), p[`b${at}`]);
  const hidden = tanh(layer(gelu(layer(input('x', ['batch', 5]), 0)), 1));
  return softmaxCrossEntropy(layer(hidden, 2), input('y', ['batch'], 'int32'));
}

function cnn(p: Named): Tensor {
  const bias = (b: Tensor) => reshape(b, [4, 1, 1]);
  const x = input('x', ['batch', 1, 8, 8]);
  const first = maxPool(relu(add(conv(x, p.w0, { padding: 1 }), bias(p.b0))), 2);
  const second = add(conv(first, p.w1, { stride: 2, padding: 1 }), bias(p.b1));
  const normed = withParameters(groupNorm('n', 4, 2)(second), { 'n/gain': p.g, 'n/bias': p.b });
  const logits = add(matMul(mean(relu(normed), [2, 3]), p.w2), p.b2);
  return softmaxCrossEntropy(logits, input('y', ['batch'], 'int32'));
}

function cnn3d(p: Named): Tensor {
  const x = input('x', ['batch', 1, 6, 4, 5]);
  const first = maxPool(relu(conv(x, p.w0, { padding: 1, bias: p.b0 })), 2);
  const second = conv(first, p.w1, { stride: 2, padding: 1, bias: p.b1 });
  const normed = withParameters(groupNorm('n', 4, 2)(second), { 'n/gain': p.g, 'n/bias': p.b });
  const logits = add(matMul(mean(relu(normed), [2, 3, 4]), p.w2), p.b2);
  return softmaxCrossEntropy(logits, input('y', ['batch'], 'int32'));
}

const width = 8;

function block(p: Named, name: string, q: Tensor, kv: Tensor, mask?: Tensor): Tensor {
  const apart = (x: Tensor) => transpose(splitAxis(x, 2, [2, width / 2]), [0, 2, 1, 3]);
  const project = (part: string, x: Tensor) => matMul(x, p[`${name}_${part}`]);
  const norm = (at: number, x: Tensor) =>
    withParameters(layerNorm('n', width)(x), { 'n/gain': p[`${name}_g${at}`], 'n/bias': p[`${name}_b${at}`] });
  const heads = scaledDotProductAttention(
    apart(project('q', q)),
    apart(project('k', kv)),
    apart(project('v', kv)),
    mask,
  );
  const h = norm(1, add(q, project('o', mergeAxes(transpose(heads, [0, 2, 1, 3]), 2, 4))));
  return norm(2, add(h, project('down', gelu(project('up', h)))));
}

function crossAttention(p: Named): Tensor {
  const x0 = input('x0', ['batch', 3, width]);
  const x1 = input('x1', ['batch', 5, width]);
  const one = block(p, 'a', x0, x1, input('mask', ['batch', 5], 'bool'));
  const other = block(p, 'c', x1, x0);
  const logits = matMul(concat([mean(one, 1), mean(other, 1)], 1), p.w);
  return binaryCrossEntropy(reshape(logits, ['batch']), input('y', ['batch']));
}

const classes = ({ x, y }: ModelCase['data']) => ({ x: float32(x), y: int32(y) });

const recipes: Readonly<Record<string, Recipe>> = {
  mlpAdamW: { feed: classes, loss: mlp, optimizer: adamW({ weightDecay: 0.1 }), learningRate: 0.01 },
  mlpMomentum: {
    feed: classes,
    loss: mlp,
    optimizer: sgd({ momentum: 0.9, weightDecay: 0.01 }),
    learningRate: 0.05,
    clipNorm: 0.25,
  },
  cnn: { feed: classes, loss: cnn, optimizer: adamW(), learningRate: 0.01, clipNorm: 0.5 },
  cnn3d: { feed: classes, loss: cnn3d, optimizer: adamW(), learningRate: 0.01, clipNorm: 0.5 },
  crossAttention: {
    feed: ({ x0, x1, mask, y }) => ({ x0: float32(x0), x1: float32(x1), mask: bool(mask), y: float32(y) }),
    loss: crossAttention,
    optimizer: adamW(),
    learningRate: 0.005,
    clipNorm: 1,
  },
};

const flat = ({ data }: Numbers) => Float32Array.from(data);

describe(`20 training steps from the same weights agree with PyTorch ${pytorch.versions.torch} to 1e-4`, () => {
  it.each(Object.entries(pytorch.models))('%s', async (name, given: ModelCase) => {
    const { feed, loss, learningRate, ...options } = recipes[name];
    const parameters: Record<string, Tensor> = {};
    const values: Record<string, Float32Array> = {};
    for (const [key, numbers] of Object.entries(given.initial)) {
      parameters[key] = parameter(key, numbers.shape, zeros);
      values[key] = flat(numbers);
    }
    const program = compileTrainingStep({ loss: loss(parameters), ...options });
    await using trainer = await Trainer.open(program, await nodeRuntime(), { seed: 1, values });
    for (const [step, expected] of given.losses.entries()) {
      const made = await trainer.run(feed(given.data), { learningRate });
      expect(Math.abs(made.loss - expected), `loss of step ${step}`).toBeLessThan(1e-4);
      expect(Math.abs(made.gradientNorm - given.norms[step]), `norm of step ${step}`).toBeLessThan(1e-4);
    }
    const final = trainer.values();
    for (const [key, expected] of Object.entries(given.final)) {
      expect(distance(final[key], expected.data), key).toBeLessThan(1e-4);
    }
  });
});
