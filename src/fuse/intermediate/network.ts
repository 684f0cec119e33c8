/**
 * The network of intermediate fusion: an encoder a modality, a variant that brings them together, a head that tells the
 * opinion, and beside it what each modality adds by itself. An absent modality's content changes nothing.
 */
import type { Random } from '../../array/random.ts';
import type { Encoder } from '../../encode/encoder.ts';
import { dense, type Layer } from '../../engine/layer/dense.ts';
import { keepMask } from '../../engine/layer/dropout.ts';
import { zeros } from '../../engine/layer/initializers.ts';
import { layerNorm } from '../../engine/layer/norm.ts';
import { add, and, div, gelu, greater, maximum, mul } from '../../engine/ops/arithmetic.ts';
import { expand, expandDims, mergeAxes, slice } from '../../engine/ops/layout.ts';
import { mean, sum } from '../../engine/ops/reduction.ts';
import type { NamedValues } from '../../engine/session/runtime.ts';
import { input, type Tensor } from '../../engine/tensor.ts';
import type { Voices } from './variants/variant.ts';
import { type VariantName, variants } from './variants/variants.ts';

/** All that the graph follows from, besides the encoders. */
export interface Architecture {
  readonly variant: VariantName;
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  /** Numbers in what the head says. */
  readonly outputs: number;
}

/**
 * What a graph is for. `training` has dropout and the heads of single modalities; `reading` can hide single tokens, for
 * whoever asks what the network looks at.
 */
export type Purpose = 'training' | 'prediction' | 'reading';

export interface Network {
  /** `[batch, outputs]`. */
  readonly said: Tensor;
  /** What each modality says alone, `[batch, outputs]`; only for training. */
  readonly alone: readonly Tensor[];
  /** Tokens of each modality as they go into the variant. */
  readonly tokens: readonly Tensor[];
  /** As `Fused` tells. */
  readonly attention: readonly Tensor[];
  /** `[batch, modalities]`, 1 where there. */
  readonly present: Tensor;
}

/** Where dropout multiplies, of one subject. */
const tokensKept = (m: number) => `kept/tokens ${m}`;
const hiddenKept = 'kept/hidden';
export const presentName = 'present';
/** 1 for each token that is not hidden: `[batch, tokens]` over those of all modalities; only for reading. */
export const shownName = 'shown';

export function network(
  encoders: readonly Encoder[],
  { outputs, variant, ...shape }: Architecture,
  purpose: Purpose = 'prediction',
): Network {
  const { width } = shape;
  const training = purpose === 'training';
  const voices = voicesOf(encoders, width, purpose);
  const { fused, attention } = variants[variant](voices, shape);
  const from = fused.shape[1] as number;
  const hidden = gelu(dense('head/hidden', from, width)(layerNorm('head/norm', from)(fused)));
  const kept = training ? mul(hidden, input(hiddenKept, ['batch', width])) : hidden;
  const tell = (name: string): Layer => dense(name, width, outputs, { initial: zeros });
  return {
    said: add(tell('head/out')(kept), additive(voices, outputs)),
    alone: training ? voices.tokens.map((own, m) => tell(`alone ${m}`)(mean(own, 1))) : [],
    tokens: voices.tokens,
    attention,
    present: presentInput(encoders.length),
  };
}

/**
 * What every modality adds by itself, a linear function of its encoded inputs (the wide part of Cheng et al. 2016, "Wide and
 * deep learning"). It starts at 0, as the head does, so that what is learned first is what is plainest.
 */
function additive({ encoded, present }: Voices, outputs: number): Tensor {
  return encoded
    .map((own, m) => {
      const inputs = mergeAxes(own, 1, 3); // [batch, tokens * width]
      const linear = dense(`additive ${m}`, inputs.shape[1] as number, outputs, { initial: zeros, bias: false });
      return mul(present[m], linear(inputs));
    })
    .reduce(add);
}

const presentInput = (modalities: number) => input(presentName, ['batch', modalities]);

function voicesOf(encoders: readonly Encoder[], width: number, purpose: Purpose): Voices {
  const all = presentInput(encoders.length);
  const present = encoders.map((_, m) => slice(all, 1, m, m + 1)); // each [batch, 1]
  const encoded = encoders.map((encoder) => encoder.encode());
  const tokens = encoded.map((own, m) => {
    const normed = layerNorm(`encoded ${m}`, width)(own);
    return purpose === 'training' ? mul(normed, input(tokensKept(m), ['batch', encoders[m].tokens, width])) : normed;
  });
  const there = encoders.map((encoder, m) => greater(expand(present[m], ['batch', encoder.tokens]), 0.5));
  if (purpose !== 'reading') return { encoded, tokens, keys: there, present, mean: (own) => mean(own, 1) };
  const shown = shownOf(encoders);
  return {
    encoded: encoded.map((own, m) => mul(own, expandDims(shown[m], 2))),
    tokens,
    keys: there.map((one, m) => and(one, greater(shown[m], 0.5))),
    present,
    mean: (own, m) => div(sum(mul(own, expandDims(shown[m], 2)), 1), maximum(sum(shown[m], 1, { keep: true }), 1)),
  };
}

/** Which tokens of each modality are shown, `[batch, tokens]`. */
function shownOf(encoders: readonly Encoder[]): readonly Tensor[] {
  const total = encoders.reduce((many, { tokens }) => many + tokens, 0);
  const shown = input(shownName, ['batch', total]);
  let at = 0;
  return encoders.map(({ tokens }) => slice(shown, 1, at, (at += tokens)));
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
