/** How ONNX says each operation. */
import type { Op } from '../op.ts';
import { contractionEmission } from './contraction.ts';
import { elementwiseEmission } from './elementwise.ts';
import { layoutEmission } from './layout.ts';
import { reductionEmission } from './reduction.ts';
import type { EmissionRule } from './rule.ts';

export const emissionRules: { readonly [K in Op]: EmissionRule<K> } = {
  ...elementwiseEmission,
  ...layoutEmission,
  ...reductionEmission,
  ...contractionEmission,
};
