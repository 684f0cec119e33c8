import { dense } from '../../../engine/layer/dense.ts';
import { layerNorm } from '../../../engine/layer/norm.ts';
import { add, gelu } from '../../../engine/ops/arithmetic.ts';
import type { Tensor } from '../../../engine/tensor.ts';

/** What follows attention in a transformer's layer (Vaswani et al. 2017): norm, a hidden layer with a residual, norm. */
export function feedForward(heard: Tensor, name: string, width: number): Tensor {
  const normed = layerNorm(`${name}/norm`, width)(heard);
  const hidden = gelu(dense(`${name}/wide`, width, 2 * width)(normed));
  return layerNorm(`${name}/out`, width)(add(normed, dense(`${name}/narrow`, 2 * width, width)(hidden)));
}
