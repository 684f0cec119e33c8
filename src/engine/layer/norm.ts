/** Normalizations. Each brings values to mean 0 and variance 1 over some axes, then applies a learned gain and bias. */
import { InputError } from '../../errors.ts';
import type { Shape } from '../dim.ts';
import { add, div, mul, reciprocal, sqrt, square, stopGradient, sub } from '../ops/arithmetic.ts';
import { reshape } from '../ops/layout.ts';
import { count, mean } from '../ops/reduction.ts';
import { buffer, parameter, type Tensor } from '../tensor.ts';
import { lengthOf } from '../typed.ts';
import type { Layer } from './dense.ts';
import { ones, zeros } from './initializers.ts';

export interface NormOptions {
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
}

/** Values less their mean over an axis, and the reciprocal of their standard deviation. */
function moments(x: Tensor, axis: number, epsilon: number): { readonly centred: Tensor; readonly scale: Tensor } {
  const centred = sub(x, mean(x, axis, { keep: true }));
  const spread = mean(square(centred), axis, { keep: true });
  return { centred, scale: reciprocal(sqrt(add(spread, epsilon))) };
}

function gainAndBias(name: string, width: number): { readonly gain: Tensor; readonly bias: Tensor } {
  return { gain: parameter(`${name}/gain`, [width], ones), bias: parameter(`${name}/bias`, [width], zeros) };
}

/** Over the last axis (Ba et al. 2016). */
export function layerNorm(name: string, width: number, { epsilon = 1e-5 }: NormOptions = {}): Layer {
  const { gain, bias } = gainAndBias(name, width);
  return (x) => {
    const { centred, scale } = moments(x, x.shape.length - 1, epsilon);
    return add(mul(mul(centred, scale), gain), bias);
  };
}

/** Over the places and channels of each group, for each element of the batch (Wu and He 2018). */
export function groupNorm(name: string, channels: number, groups: number, { epsilon = 1e-5 }: NormOptions = {}): Layer {
  if (channels % groups !== 0) {
    throw new InputError({ where: `groupNorm ${name}`, what: `${groups} groups of ${channels} channels` });
  }
  const { gain, bias } = gainAndBias(name, channels);
  return (x) => {
    const places = x.shape.slice(2).map((_, axis) => lengthOf('groupNorm', x, axis + 2));
    const elements = (channels / groups) * places.reduce((a, b) => a * b, 1);
    const { centred, scale } = moments(reshape(x, [x.shape[0], groups, elements]), 2, epsilon);
    const column: Shape = [channels, ...places.map(() => 1)];
    // one factor for each channel of an element of the batch, so that images are multiplied once
    const factor = mul(scale, reshape(gain, [groups, channels / groups]));
    return add(mul(reshape(centred, x.shape), reshape(factor, [x.shape[0], ...column])), reshape(bias, column));
  };
}

export interface BatchNorm {
  /** With the statistics of the batch, to train. */
  readonly training: Layer;
  /** With the running statistics, to predict. */
  readonly inference: Layer;
  /** What the running statistics become: `updates` of a training step. Empty before `training` was applied. */
  readonly updates: () => readonly (readonly [buffer: Tensor, value: Tensor])[];
}

/**
 * Over batch and places, for each channel (Ioffe and Szegedy 2015); running statistics move by `momentum` at a step, the
 * variance divided by n − 1, as in PyTorch.
 */
export function batchNorm(
  name: string,
  channels: number,
  { epsilon = 1e-5, momentum = 0.1 }: NormOptions & { readonly momentum?: number } = {},
): BatchNorm {
  const { gain, bias } = gainAndBias(name, channels);
  const runningMean = buffer(`${name}/mean`, [channels], zeros);
  const runningVariance = buffer(`${name}/variance`, [channels], ones);
  const updates: (readonly [Tensor, Tensor])[] = [];
  const affine = (x: Tensor, centre: Tensor, spread: Tensor) => {
    const column: Shape = [channels, ...x.shape.slice(2).map(() => 1)];
    const scaled = mul(sub(x, centre), reciprocal(sqrt(add(spread, epsilon))));
    return add(mul(scaled, reshape(gain, column)), reshape(bias, column));
  };
  return {
    training(x) {
      const axes = x.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
      const centre = mean(x, axes, { keep: true });
      const spread = mean(square(sub(x, centre)), axes, { keep: true });
      const n = count(x.shape.filter((_, axis) => axis !== 1));
      const moved = (running: Tensor, value: Tensor) => {
        const seen = stopGradient(reshape(value, [channels]));
        updates.push([running, add(mul(running, 1 - momentum), mul(seen, momentum))]);
      };
      updates.length = 0;
      moved(runningMean, centre);
      moved(runningVariance, mul(spread, div(n, sub(n, 1))));
      return affine(x, centre, spread);
    },
    inference(x) {
      const column: Shape = [channels, ...x.shape.slice(2).map(() => 1)];
      return affine(x, reshape(runningMean, column), reshape(runningVariance, column));
    },
    updates: () => updates,
  };
}
