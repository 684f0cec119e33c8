/** The vectors of all modalities side by side, zeros for an absent one, with what is there: what fusing is measured against. */
import { mul } from '../../../engine/ops/arithmetic.ts';
import { concat } from '../../../engine/ops/layout.ts';
import type { Variant } from './variant.ts';

export const concatenation: Variant = ({ tokens, present, mean }) => ({
  fused: concat([...tokens.map((own, m) => mul(mean(own, m), present[m])), ...present], 1),
  attention: [],
});
