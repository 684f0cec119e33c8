/** The gradient of each operation, as a graph of the same operations. */
import type { Op } from '../op.ts';
import { contractionGradients } from './contraction.ts';
import { elementwiseGradients } from './elementwise.ts';
import { layoutGradients } from './layout.ts';
import { reductionGradients } from './reduction.ts';
import type { GradientRule } from './rule.ts';

export const gradientRules: { readonly [K in Op]: GradientRule<K> } = {
  ...elementwiseGradients,
  ...layoutGradients,
  ...reductionGradients,
  ...contractionGradients,
};
