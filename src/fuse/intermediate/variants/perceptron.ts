/**
 * Early fusion by a network: one hidden layer over the inputs of all modalities side by side (each encoder's tokens are a
 * linear map of its inputs, and so is their sum), 0 for an absent one. No modality has a part of the network to itself.
 */
import { dense } from '../../../engine/layer/dense.ts';
import { add, gelu, mul } from '../../../engine/ops/arithmetic.ts';
import { concat, mergeAxes } from '../../../engine/ops/layout.ts';
import { tokensOf, type Variant } from './variant.ts';

export const perceptron: Variant = ({ encoded, present }, { width }) => {
  const each = encoded.map((own, m) =>
    mul(dense(`perceptron ${m}`, tokensOf(own) * width, 4 * width, { bias: false })(mergeAxes(own, 1, 3)), present[m]),
  );
  const known = dense('perceptron/present', present.length, 4 * width)(concat(present, 1));
  return { fused: gelu(add(each.reduce(add), known)), attention: [] };
};
