/**
 * Modalities that query each other. Tokens of each modality attend to those of all others that a subject has
 * (cross-attention, as Tsai et al. 2019, "Multimodal transformer for unaligned multimodal language sequences", but one
 * attention over all others instead of one each), then pass a layer of their own; both with residuals and layer norm
 * (Vaswani et al. 2017). The means of a modality's tokens are averaged over the modalities present, and a head tells the
 * opinion. A modality that is absent is no key and no part of the mean, so its content changes nothing.
 */
import type { Random } from '../../array/random.ts';
import type { Encoder } from '../../encode/encoder.ts';
import { multiHeadAttention } from '../../engine/layer/attention.ts';
import { dense, type Layer } from '../../engine/layer/dense.ts';
import { keepMask } from '../../engine/layer/dropout.ts';
import { glorotUniform } from '../../engine/layer/initializers.ts';
import { layerNorm } from '../../engine/layer/norm.ts';
import { add, div, gelu, greater, maximum, mul } from '../../engine/ops/arithmetic.ts';
import { concat, expand, slice } from '../../engine/ops/layout.ts';
import { mean, sum } from '../../engine/ops/reduction.ts';
import type { NamedValues } from '../../engine/session/runtime.ts';
import { input, type Tensor } from '../../engine/tensor.ts';

/** All that the graph follows from, besides the encoders. */
export interface Architecture {
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  /** Numbers in what the head says. */
  readonly outputs: number;
}

export interface Network {
  /** `[batch, outputs]`. */
  readonly said: Tensor;
  /** What each modality says alone, `[batch, outputs]`; only in the form for training. */
  readonly alone: readonly Tensor[];
  /** `[batch, modalities]`, 1 where there. */
  readonly present: Tensor;
}

/** Where dropout multiplies, of one subject. */
const tokensKept = (m: number) => `kept/tokens ${m}`;
const hiddenKept = 'kept/hidden';
export const presentName = 'present';

export function network(encoders: readonly Encoder[], shape: Architecture, { training = false } = {}): Network {
  const { width, heads, layers, outputs } = shape;
  const present = input(presentName, ['batch', encoders.length]);
  const encoded = encoders.map((encoder, m) => {
    const tokens = layerNorm(`encoded ${m}`, width)(encoder.encode()); // [batch, tokens, width]
    return training ? mul(tokens, input(tokensKept(m), ['batch', encoder.tokens, width])) : tokens;
  });
  let tokens: readonly Tensor[] = encoded;
  for (let layer = 0; layer < layers; layer++) tokens = crossed(tokens, present, width, heads, `layer ${layer}`);
  const pooled = tokens.map((own, m) => mul(mean(own, 1), of(present, m))); // [batch, width]
  const together = div(pooled.reduce(add), maximum(sum(present, 1, { keep: true }), 1));
  const hidden = gelu(dense('head/hidden', width, width)(layerNorm('head/norm', width)(together)));
  const kept = training ? mul(hidden, input(hiddenKept, ['batch', width])) : hidden;
  const tell = (name: string): Layer => dense(name, width, outputs, { initial: glorotUniform });
  return {
    said: tell('head/out')(kept),
    alone: training ? encoded.map((own, m) => tell(`alone ${m}`)(mean(own, 1))) : [],
    present,
  };
}

/** Presence of one modality: `[batch, 1]`. */
const of = (present: Tensor, m: number) => slice(present, 1, m, m + 1);

/** Every modality queries the tokens of all others that are there. */
function crossed(
  tokens: readonly Tensor[],
  present: Tensor,
  width: number,
  heads: number,
  name: string,
): readonly Tensor[] {
  const there = tokens.map((own, m) => greater(expand(of(present, m), ['batch', own.shape[1]]), 0.5)); // [batch, tokens]
  return tokens.map((own, m) => {
    const named = (part: string) => `${name}/${m}/${part}`;
    const rest = tokens.filter((_, other) => other !== m);
    const heard =
      rest.length === 0
        ? own
        : add(
            own,
            multiHeadAttention(named('attention'), width, heads)(
              own,
              concat(rest, 1),
              concat(
                there.filter((_, other) => other !== m),
                1,
              ),
            ),
          );
    const normed = layerNorm(named('norm'), width)(heard);
    const hidden = gelu(dense(named('wide'), width, 2 * width)(normed));
    return layerNorm(named('out'), width)(add(normed, dense(named('narrow'), 2 * width, width)(hidden)));
  });
}

/** Draws what dropout keeps for so many subjects. */
export function keptFor(
  encoders: readonly Encoder[],
  width: number,
  batch: number,
  rate: number,
  random: Random,
): NamedValues {
  const masks = encoders.map(({ tokens }, m) => [tokensKept(m), keepMask([batch, tokens, width], rate, random)]);
  return { ...Object.fromEntries(masks), [hiddenKept]: keepMask([batch, width], rate, random) };
}
