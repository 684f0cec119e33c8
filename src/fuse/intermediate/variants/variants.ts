import { bilinear } from './bilinear.ts';
import { bottleneck } from './bottleneck.ts';
import { concatenation } from './concatenation.ts';
import { crossAttention } from './cross-attention.ts';
import { gated } from './gated.ts';
import { perceptron } from './perceptron.ts';
import type { Variant } from './variant.ts';

/** The ways to fuse by the names that options use; `attention` is the default. */
export const variants = {
  attention: crossAttention,
  bottleneck,
  gated,
  bilinear,
  concatenation,
  perceptron,
} as const satisfies { readonly [name: string]: Variant };

export type VariantName = keyof typeof variants;
export const variantNames = Object.keys(variants) as readonly VariantName[];
