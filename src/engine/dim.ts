/**
 * Lengths of axes. All are known when a graph is built but one, the batch: `'batch'` stands for it, and `'16*batch'` for an
 * axis in which it was merged with others of 16 elements.
 */
import { internal } from '../errors.ts';

export type Dim = number | 'batch' | `${number}*batch`;
export type Shape = readonly Dim[];

/** `count * batch ** batches` elements. */
export interface Size {
  readonly count: number;
  readonly batches: number;
}

/** How often the batch is contained in an axis; 0 for a static one. */
export function batchMultiple(dim: Dim): number {
  if (typeof dim === 'number') return 0;
  return dim === 'batch' ? 1 : Number(dim.slice(0, dim.indexOf('*')));
}

export function isStatic(shape: Shape): shape is readonly number[] {
  return shape.every((dim) => typeof dim === 'number');
}

export function sizeOf(shape: Shape): Size {
  let count = 1;
  let batches = 0;
  for (const dim of shape) {
    count *= typeof dim === 'number' ? dim : batchMultiple(dim);
    if (typeof dim !== 'number') batches++;
  }
  return { count, batches };
}

export function sameSize(a: Shape, b: Shape): boolean {
  const left = sizeOf(a);
  const right = sizeOf(b);
  return left.count === right.count && left.batches === right.batches;
}

/** The axis that holds all of these axes merged. */
export function mergedDim(shape: Shape): Dim {
  const { count, batches } = sizeOf(shape);
  if (batches > 1) throw internal(`an axis of ${formatShape(shape)} merged holds the batch twice`);
  if (batches === 0) return count;
  return count === 1 ? 'batch' : `${count}*batch`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** The shape to which two broadcast (numpy's rule: aligned at the last axis, 1 stretches), or undefined. */
export function broadcastShape(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const out: Dim[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return undefined;
    out.push(left === 1 ? right : left);
  }
  return out;
}

/** Lengths in numbers, once the batch is known. */
export function concreteShape(shape: Shape, batch: number): number[] {
  return shape.map((dim) => (typeof dim === 'number' ? dim : batchMultiple(dim) * batch));
}

/** `[batch, 3, 64]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}
