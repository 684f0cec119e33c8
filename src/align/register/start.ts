/** Where a search begins. */
import { type Affine, identityAffine } from '../../array/grid.ts';
import { random } from '../../array/random.ts';
import type { Point } from './head-box.ts';
import { type LinearModel, stepped } from './linear-model.ts';

/** The shift that lays one centre of mass upon the other. */
export function centresOfMass(fixed: Point, moving: Point): Affine {
  const out = identityAffine();
  for (let axis = 0; axis < 3; axis++) out[axis * 4 + 3] = moving[axis] - fixed[axis];
  return out;
}

/** The transform moved by up to so many millimetres along, and turned by up to so many degrees about, each direction. */
export function perturbed(start: Affine, model: LinearModel, mm: number, degrees: number, seed: number): Affine {
  const generator = random(seed);
  const rigid: LinearModel = { ...model, name: model.name === 'translation' ? 'translation' : 'rigid' };
  const turnMm = (degrees / 180) * Math.PI * model.radiusMm;
  const d = model.dimensions;
  const count = rigid.name === 'translation' ? d : d === 2 ? 3 : 6;
  const step = Float64Array.from({ length: count }, (_, i) => (2 * generator.uniform() - 1) * (i < d ? mm : turnMm));
  return stepped(rigid, start, step);
}
