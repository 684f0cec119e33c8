/** The network of `model.ts` as graphs: unrolled over a stretch of time to train it, and one step to run it anywhere. */
import { compile } from '../../../engine/compile/compile.ts';
import { exportProgram } from '../../../engine/compile/export-program.ts';
import { withValues } from '../../../engine/compile/with-values.ts';
import { dense } from '../../../engine/layer/dense.ts';
import { glorotUniform, zeros } from '../../../engine/layer/initializers.ts';
import { add, clip, greater, mul, sigmoid, softplus, sub, tanh, where } from '../../../engine/ops/arithmetic.ts';
import { concat, reshape, slice, stack } from '../../../engine/ops/layout.ts';
import { mean } from '../../../engine/ops/reduction.ts';
import { constant, input, type Tensor } from '../../../engine/tensor.ts';
import { adamW } from '../../../engine/train/optimizer.ts';
import { compileTrainingStep, type TrainingProgram } from '../../../engine/train/training-step.ts';
import { compileLearned, type LearnedModel, widest } from './model.ts';

/** What is learned, by the names of its parameters. */
export const parameterNames = {
  input: 'input/weight',
  inputBias: 'input/bias',
  recurrent: 'recurrent/weight',
  recurrentBias: 'recurrent/bias',
  head: 'head/weight',
  headBias: 'head/bias',
} as const;

function unit(width: number, units: number) {
  const fromInput = dense('input', 2 * width, 3 * units, { initial: glorotUniform });
  const fromState = dense('recurrent', units, 3 * units, { initial: glorotUniform });
  // From zero on: before the first step of training the features say nothing.
  const head = dense('head', units, 1, { initial: zeros });
  const move = (x: Tensor, h: Tensor) => {
    const gate = (all: Tensor, which: number) => slice(all, 1, which * units, (which + 1) * units);
    const [a, c] = [fromInput(x), fromState(h)];
    const both = sigmoid(add(slice(a, 1, 0, 2 * units), slice(c, 1, 0, 2 * units)));
    const fresh = tanh(add(gate(a, 2), mul(gate(both, 0), gate(c, 2))));
    return add(fresh, mul(gate(both, 1), sub(h, fresh)));
  };
  return { move, head };
}

export interface Unrolled {
  readonly width: number;
  readonly units: number;
  readonly steps: number;
  readonly weightDecay: number;
  readonly prior: number;
}

/**
 * Gradients reach back to the beginning of the stretch; before it, the state is given (truncated backpropagation through
 * time, Williams and Peng 1990). The loss is that of the natural share of events: the network adds to their prior log-odds.
 *
 * Inputs, in time first: `x` [steps, batch, 2 features], `events` and `weights` [steps, batch]; `state` [batch, units].
 * Output: `next`, the state after the stretch.
 */
export function trainingGraph({ width, units, steps, weightDecay, prior }: Unrolled): TrainingProgram {
  const x = input('x', [steps, 'batch', 2 * width]);
  const events = input('events', [steps, 'batch']);
  const weights = input('weights', [steps, 'batch']);
  const { move, head } = unit(width, units);
  let state = input('state', ['batch', units]);
  const states = Array.from({ length: steps }, (_, t) => {
    state = move(reshape(slice(x, 0, t, t + 1), ['batch', 2 * width]), state);
    return state;
  });
  const logits = add(reshape(head(stack(states, 0)), [steps, 'batch']), prior);
  const losses = sub(softplus(logits), mul(logits, events));
  return compileTrainingStep({
    loss: mean(mul(losses, weights)),
    optimizer: adamW({ weightDecay }),
    decays: (_, shape) => shape.length > 1,
    clipNorm: 1,
    outputs: { next: state },
  });
}

/**
 * One step of one recurrence as an ONNX file that stands alone. Inputs: `features` [batch, features], means over the newest
 * `poolTicks` ticks in their own units, 0 where not heard; `heard` [batch, features], in which share of these ticks each was
 * heard; `state` [batch, units], zeros at first. Outputs: `next` [batch, units] and `logOdds` [batch].
 *
 * @throws InputError for a model that is not whole
 */
export async function exportLearned(model: LearnedModel): Promise<Uint8Array<ArrayBuffer>> {
  const { width, units, mean: means, perSd } = compileLearned(model);
  const features = input('features', ['batch', width]);
  const heard = input('heard', ['batch', width]);
  const state = input('state', ['batch', units]);
  const off = sub(features, constant(Float32Array.from(means)));
  const scaled = clip(mul(off, constant(Float32Array.from(perSd))), -widest, widest);
  const z = where(greater(heard, 0), scaled, 0);
  const { move, head } = unit(width, units);
  const next = move(concat([z, heard], 1), state);
  const logOdds = add(reshape(head(next), ['batch']), model.prior);
  const values = Object.fromEntries(
    Object.entries(parameterNames).map(([key, name]) => {
      const own = model[key as keyof typeof parameterNames];
      return [name, typeof own === 'number' ? Float32Array.of(own) : Float32Array.from(own)];
    }),
  );
  const program = compile({ next: withValues(next, values), logOdds: withValues(logOdds, values) });
  return exportProgram(program, { description: describe(model) });
}

function describe({ features, stepSeconds, poolTicks, enough }: LearnedModel): string {
  return [
    `Log-odds of an event from ${features.join(', ')}: means over ${stepSeconds * poolTicks} s, one step every ${stepSeconds * poolTicks} s.`,
    `It has nothing to say while less than ${enough} of the features were heard.`,
  ].join(' ');
}
