import { add, div, maximum, mul } from '../../../engine/ops/arithmetic.ts';
import type { Tensor } from '../../../engine/tensor.ts';

/** The mean over the modalities that are there of one vector each, `[batch, width]`; 0 where none is. */
export function meanOfPresent(vectors: readonly Tensor[], present: readonly Tensor[]): Tensor {
  const total = vectors.map((vector, m) => mul(vector, present[m])).reduce(add);
  return div(total, maximum(present.reduce(add), 1));
}
