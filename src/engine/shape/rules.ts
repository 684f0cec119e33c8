/** What shape and element type each operation gives, or an error. */
import type { Op } from '../op.ts';
import { contractionShapes } from './contraction.ts';
import { elementwiseShapes } from './elementwise.ts';
import { layoutShapes } from './layout.ts';
import { reductionShapes } from './reduction.ts';
import type { ShapeRule } from './rule.ts';

export type { ShapeRule } from './rule.ts';

export const shapeRules: { readonly [K in Op]: ShapeRule<K> } = {
  ...elementwiseShapes,
  ...layoutShapes,
  ...reductionShapes,
  ...contractionShapes,
};
