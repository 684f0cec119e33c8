/**
 * Low-rank multimodal fusion (Liu et al. 2018, equation 5): the outer product of all modalities' vectors, each with a 1
 * appended, met by a weight tensor of low rank, which never has to be written out: h = Σ_r Π_m (W_mr x_m + b_mr). An absent
 * modality is a vector of zeros, so that the products of the others stand.
 */
import { dense } from '../../../engine/layer/dense.ts';
import { normal, ones } from '../../../engine/layer/initializers.ts';
import { add, mul } from '../../../engine/ops/arithmetic.ts';
import { splitAxis } from '../../../engine/ops/layout.ts';
import { mean } from '../../../engine/ops/reduction.ts';
import { parameter } from '../../../engine/tensor.ts';
import type { Variant } from './variant.ts';

const rank = 8;

export const bilinear: Variant = ({ tokens, present, mean: meanOf }, { width }) => {
  const factors = tokens.map((own, m) => {
    const vector = mul(meanOf(own, m), present[m]); // [batch, width]
    const linear = dense(`bilinear ${m}`, width, rank * width, {
      initial: normal(0.5 / Math.sqrt(width)),
      bias: false,
    });
    // About 1 at first, so that a product of many modalities neither vanishes nor explodes.
    return add(linear(vector), parameter(`bilinear ${m}/bias`, [rank * width], ones));
  });
  return { fused: mean(splitAxis(factors.reduce(mul), 1, [rank, width]), 1), attention: [] };
};
