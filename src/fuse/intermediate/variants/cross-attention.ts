/**
 * Modalities that query each other: tokens of each attend to those of all others that a subject has (cross-attention, as
 * Tsai et al. 2019, "Multimodal transformer for unaligned multimodal language sequences", but one attention over all others
 * instead of one each), then pass a layer of their own. The means of a modality's tokens are averaged over the modalities
 * present.
 */
import { readableAttention } from '../../../engine/layer/attention.ts';
import { add, mul } from '../../../engine/ops/arithmetic.ts';
import { concat, expand, expandDims, slice } from '../../../engine/ops/layout.ts';
import { mean } from '../../../engine/ops/reduction.ts';
import { constant, type Tensor } from '../../../engine/tensor.ts';
import { feedForward } from './feed-forward.ts';
import { meanOfPresent } from './pool.ts';
import { tokensOf, type Variant } from './variant.ts';

export const crossAttention: Variant = ({ tokens, keys, present, mean: meanOf }, { width, heads, layers }) => {
  if (tokens.length === 1) {
    const alone = Array.from({ length: layers }).reduce<Tensor>(
      (own, _, l) => feedForward(own, `layer ${l}/0`, width),
      tokens[0],
    );
    return { fused: meanOfPresent([meanOf(alone, 0)], present), attention: [] };
  }
  let now = tokens;
  const attention: Tensor[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const asked: Tensor[] = [];
    const before = now;
    now = before.map((own, m) => {
      const name = `layer ${layer}/${m}`;
      const others = (of: readonly Tensor[]) =>
        concat(
          of.filter((_, other) => other !== m),
          1,
        );
      const attend = readableAttention(`${name}/attention`, width, heads);
      const { attended, weights } = attend(own, others(before), others(keys));
      const byHead = mul(mean(weights, 1), expandDims(present[m], 2)); // an absent modality asks nobody
      asked.push(overAll(byHead, before.map(tokensOf), m));
      return feedForward(add(own, attended), name, width);
    });
    attention.push(concat(asked, 1));
  }
  return { fused: meanOfPresent(now.map(meanOf), present), attention };
};

/** Weights over the tokens of all others as weights over all tokens, 0 for those of modality `m` itself. */
function overAll(weights: Tensor, counts: readonly number[], m: number): Tensor {
  const before = counts.slice(0, m).reduce((a, b) => a + b, 0);
  const others = weights.shape[2] as number;
  return concat(
    [
      ...(before > 0 ? [slice(weights, 2, 0, before)] : []),
      expand(constant(0), ['batch', counts[m], counts[m]]),
      ...(before < others ? [slice(weights, 2, before, others)] : []),
    ],
    2,
  );
}
