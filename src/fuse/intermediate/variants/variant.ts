/** How modalities come together inside a network: what each variant is handed, and what it gives. */
import type { Tensor } from '../../../engine/tensor.ts';

/** What the modalities bring. Lists go by modality. */
export interface Voices {
  /** As encoded: `[batch, tokens, width]`. */
  readonly encoded: readonly Tensor[];
  /** Each token scaled to mean 0 and variance 1 over its width; in training with dropout. */
  readonly tokens: readonly Tensor[];
  /** Whether a token can be attended to, bool `[batch, tokens]`: its modality is there and it is not hidden. */
  readonly keys: readonly Tensor[];
  /** 1 where the subject has the modality, else 0: `[batch, 1]`. */
  readonly present: readonly Tensor[];
  /** The mean over a modality's tokens: `[batch, width]`; of an absent one it means nothing. */
  mean(tokens: Tensor, modality: number): Tensor;
}

export interface VariantShape {
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
}

export interface Fused {
  /** `[batch, features]`, what the head reads. Nothing of an absent modality's content is in it. */
  readonly fused: Tensor;
  /**
   * What each token asked of each, for every layer `[batch, tokens, tokens]` over the tokens of all modalities in order,
   * averaged over heads; rows sum to 1, or 0 where nobody could be asked. Empty where a variant has no such thing.
   */
  readonly attention: readonly Tensor[];
}

/** How many tokens there are. */
export const tokensOf = ({ shape }: Tensor) => shape[1] as number;

export type Variant = (voices: Voices, shape: VariantShape) => Fused;
