/**
 * Modalities that speak through a narrow place: in each layer the tokens of a modality attend to each other and to a few
 * shared ones, which attend to them in turn and are then averaged over the modalities present, so that all that passes
 * between modalities passes through them (Nagrani et al. 2021, "Attention bottlenecks for multimodal fusion", equation 9).
 */
import { multiHeadAttention } from '../../../engine/layer/attention.ts';
import { normal } from '../../../engine/layer/initializers.ts';
import { add, div, greater, maximum, mul } from '../../../engine/ops/arithmetic.ts';
import { concat, expand, expandDims, slice } from '../../../engine/ops/layout.ts';
import { mean } from '../../../engine/ops/reduction.ts';
import { constant, parameter } from '../../../engine/tensor.ts';
import { feedForward } from './feed-forward.ts';
import { meanOfPresent } from './pool.ts';
import { tokensOf, type Variant } from './variant.ts';

const shared = 4; // tokens of the bottleneck

export const bottleneck: Variant = ({ tokens, keys, present, mean: meanOf }, { width, heads, layers }) => {
  const first = parameter('bottleneck/tokens', [shared, width], normal(1));
  const always = greater(expand(constant(1), ['batch', shared]), 0);
  const counts = tokens.map(tokensOf);
  const how = expandDims(maximum(present.reduce(add), 1), 2); // modalities there, [batch, 1, 1]
  let narrow = expand(first, ['batch', shared, width]);
  let now = tokens;
  for (let layer = 0; layer < layers; layer++) {
    const both = now.map((own, m) => {
      const name = `layer ${layer}/${m}`;
      const all = concat([own, narrow], 1);
      const heard = multiHeadAttention(`${name}/attention`, width, heads)(all, all, concat([keys[m], always], 1));
      return feedForward(add(all, heard), name, width);
    });
    now = both.map((all, m) => slice(all, 1, 0, counts[m]));
    const told = both.map((all, m) => mul(slice(all, 1, counts[m], counts[m] + shared), expandDims(present[m], 2)));
    narrow = div(told.reduce(add), how);
  }
  return { fused: concat([meanOfPresent(now.map(meanOf), present), mean(narrow, 1)], 1), attention: [] };
};
