/** Dropout (Srivastava et al. 2014). What is dropped is drawn outside of the graph and fed, so that a seed decides it. */
import type { Random } from '../../array/random.ts';
import { mul } from '../ops/arithmetic.ts';
import type { Values } from '../session/runtime.ts';
import type { Tensor } from '../tensor.ts';

/** @param kept an input that `keepMask` fills; for prediction leave the layer out */
export function dropout(x: Tensor, kept: Tensor): Tensor {
  return mul(x, kept);
}

/** 0 with probability `rate`, 1 / (1 − rate) otherwise, so that the mean stays. */
export function keepMask(shape: readonly number[], rate: number, random: Random): Values {
  const kept = 1 / (1 - rate);
  const length = shape.reduce((a, b) => a * b, 1);
  const data = new Float32Array(length);
  for (let at = 0; at < length; at++) data[at] = random.uniform() < rate ? 0 : kept;
  return { shape, data };
}
