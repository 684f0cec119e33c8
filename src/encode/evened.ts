import { mul } from '../engine/ops/arithmetic.ts';
import type { Tensor } from '../engine/tensor.ts';

/**
 * Values of many columns on the way into a learned projection, over the square root of how many they are, with first weights
 * of spread 1: what comes out has spread 1, and a step of AdamW, which moves each weight by about the learning rate, moves
 * it by √columns times that, instead of columns times (Yang et al. 2022, "Tensor programs V", on input layers).
 */
export function evened(values: Tensor, columns: number): Tensor {
  return mul(values, 1 / Math.sqrt(columns));
}
