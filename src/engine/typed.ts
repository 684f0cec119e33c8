/** What is known of a tensor before anything runs: shape and element type. */
import { InputError } from '../errors.ts';
import { formatShape, isStatic, type Shape } from './dim.ts';
import type { DType } from './op.ts';

export interface Typed {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** An axis counted from the end where negative, checked. */
export function axisOf(where: string, { shape }: Pick<Typed, 'shape'>, axis: number): number {
  const at = axis < 0 ? axis + shape.length : axis;
  if (Number.isInteger(at) && at >= 0 && at < shape.length) return at;
  throw new InputError({ where, what: `no axis ${axis} in ${formatShape(shape)}` });
}

/** The static length of an axis; where the batch cannot stand, an error that says so. */
export function lengthOf(where: string, { shape }: Pick<Typed, 'shape'>, axis: number): number {
  const dim = shape[axisOf(where, { shape }, axis)];
  if (typeof dim === 'number') return dim;
  throw new InputError({
    where,
    what: `axis ${axis} of ${formatShape(shape)} is the batch`,
    expected: 'a static axis',
  });
}

export function staticShape(where: string, { shape }: Pick<Typed, 'shape'>): readonly number[] {
  if (isStatic(shape)) return shape;
  throw new InputError({ where, what: `${formatShape(shape)} holds the batch`, expected: 'a static shape' });
}
