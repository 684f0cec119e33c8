/** Rules by which a gradient changes a parameter, as graphs, so that a whole training step is one. */
import { InputError } from '../../errors.ts';
import { add, div, mul, sqrt, square, sub } from '../ops/arithmetic.ts';
import type { Tensor } from '../tensor.ts';

/** One tensor of parameters at one step. */
export interface Update {
  readonly weight: Tensor;
  readonly gradient: Tensor;
  /** What the rule keeps from step to step, of the same shape, zeros at first. */
  readonly moments: Readonly<Record<string, Tensor>>;
  /** The numbers of `scalars`, as inputs of the graph. */
  readonly scalars: Readonly<Record<string, Tensor>>;
  /** Whether weight decay applies here. */
  readonly decays: boolean;
}

export interface Optimizer {
  readonly kind: string;
  readonly moments: readonly string[];
  /** Numbers that change from step to step. Steps count from 1. */
  readonly scalars: (step: number, learningRate: number) => Readonly<Record<string, number>>;
  readonly update: (update: Update) => { readonly weight: Tensor; readonly moments: Readonly<Record<string, Tensor>> };
}

export interface AdamWOptions {
  /** Share kept of the running mean of gradients. Default .9. */
  readonly beta1?: number;
  /** Share kept of the running mean of squared gradients. Default .999. */
  readonly beta2?: number;
  /** Added to the denominator. Default 1e-8. */
  readonly epsilon?: number;
  /** Share, times the learning rate, by which a weight shrinks at each step, apart from the gradient. Default .01. */
  readonly weightDecay?: number;
}

function checkShare(where: string, options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (!(value >= 0 && value < 1))
      throw new InputError({ where, what: name, expected: '0 <= ... < 1', got: `${value}` });
  }
}

/** Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2); with `weightDecay: 0`, Adam. */
export function adamW(options: AdamWOptions = {}): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01 } = options;
  checkShare('adamW', { beta1, beta2 });
  return {
    kind: 'adamW',
    moments: ['mean', 'square'],
    scalars(step, learningRate) {
      // With m = M / (1 − β1) and v = V / (1 − β2) kept instead of the means M and V, and with both corrections of bias drawn
      // together, a step reads the parameters fewer times: w ← w (1 − rate · decay) − stepSize m / (√v + epsilon).
      const squareScale = Math.sqrt((1 - beta2) / (1 - beta2 ** step));
      const meanScale = (1 - beta1) / (1 - beta1 ** step);
      return {
        stepSize: (learningRate * meanScale) / squareScale,
        epsilon: epsilon / squareScale,
        kept: 1 - learningRate * weightDecay,
      };
    },
    update({ weight, gradient, moments, scalars, decays }) {
      const mean = add(mul(moments.mean, beta1), gradient);
      const squares = add(mul(moments.square, beta2), square(gradient));
      const shrunk = decays && weightDecay > 0 ? mul(weight, scalars.kept) : weight;
      const change = div(mean, add(sqrt(squares), scalars.epsilon));
      return { weight: sub(shrunk, mul(scalars.stepSize, change)), moments: { mean, square: squares } };
    },
  };
}

export interface SgdOptions {
  /** Share kept of the running sum of gradients. Default 0. */
  readonly momentum?: number;
  /** Times the weight, added to its gradient. Default 0. */
  readonly weightDecay?: number;
}

/** Stochastic gradient descent, with momentum as PyTorch defines it (the learning rate outside of the running sum). */
export function sgd({ momentum = 0, weightDecay = 0 }: SgdOptions = {}): Optimizer {
  checkShare('sgd', { momentum });
  return {
    kind: 'sgd',
    moments: momentum > 0 ? ['velocity'] : [],
    scalars: (_, learningRate) => ({ learningRate }),
    update({ weight, gradient, moments, scalars, decays }) {
      const descent = decays && weightDecay > 0 ? add(gradient, mul(weight, weightDecay)) : gradient;
      if (momentum === 0) return { weight: sub(weight, mul(scalars.learningRate, descent)), moments: {} };
      const velocity = add(mul(moments.velocity, momentum), descent);
      return { weight: sub(weight, mul(scalars.learningRate, velocity)), moments: { velocity } };
    },
  };
}
