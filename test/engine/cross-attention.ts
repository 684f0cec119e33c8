/** A small trained network in which one modality asks another: for what is exported and run elsewhere. */
import { random } from '../../src/array/random.ts';
import { compile, type Program } from '../../src/engine/compile/compile.ts';
import { multiHeadAttention } from '../../src/engine/layer/attention.ts';
import { dense, embedding } from '../../src/engine/layer/dense.ts';
import { layerNorm } from '../../src/engine/layer/norm.ts';
import { softmaxCrossEntropy } from '../../src/engine/loss/classes.ts';
import { add, gelu } from '../../src/engine/ops/arithmetic.ts';
import { mean, softmax } from '../../src/engine/ops/reduction.ts';
import { nodeRuntime } from '../../src/engine/session/runtime.node.ts';
import type { NamedValues } from '../../src/engine/session/runtime.ts';
import { input } from '../../src/engine/tensor.ts';
import { adamW } from '../../src/engine/train/optimizer.ts';
import { Trainer } from '../../src/engine/train/trainer.ts';
import { compileTrainingStep } from '../../src/engine/train/training-step.ts';

export const [asking, asked, sites, width] = [4, 5, 3, 8];

function network() {
  const queries = dense('asking', 3, width)(input('asking', ['batch', asking, 3]));
  const context = dense('asked', 2, width)(input('asked', ['batch', asked, 2]));
  const heard = multiHeadAttention('attention', width, 2)(queries, context, input('there', ['batch', asked], 'bool'));
  const pooled = mean(layerNorm('norm', width)(add(queries, heard)), 1); // [batch, width]
  const site = embedding('site', sites, width)(input('site', ['batch'], 'int32'));
  return dense('head', width, 2)(gelu(add(pooled, site)));
}

/** Of a batch; the first subject lacks the modality that is asked. */
export function feeds(batch: number, seed: number) {
  const generator = random(seed);
  const floats = (...shape: number[]) => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => generator.normal()),
  });
  return {
    asking: floats(batch, asking, 3),
    asked: floats(batch, asked, 2),
    there: {
      shape: [batch, asked],
      data: Uint8Array.from({ length: batch * asked }, (_, i) => Number(i >= asked && generator.uniform() < 0.7)),
    },
    site: { shape: [batch], data: Int32Array.from({ length: batch }, (_, i) => i % sites) },
  } satisfies NamedValues;
}

/** Trained in Node for a few steps, so that all its numbers have moved; with them in it. */
export async function trainedCrossAttention(steps = 40): Promise<Program & { readonly losses: readonly number[] }> {
  const logits = network();
  const labels = input('labels', ['batch'], 'int32');
  const step = compileTrainingStep({ loss: softmaxCrossEntropy(logits, labels), optimizer: adamW() });
  const x = feeds(32, 1);
  const truth = Int32Array.from({ length: 32 }, (_, i) => Number(x.asking.data[i * asking * 3] > 0));
  await using trainer = await Trainer.open(step, await nodeRuntime(), { seed: 3 });
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    const { loss } = await trainer.run({ ...x, labels: { shape: [32], data: truth } }, { learningRate: 0.02 });
    losses.push(loss);
  }
  return { ...compile({ logits, probability: softmax(logits) }, { values: trainer.values() }), losses };
}
