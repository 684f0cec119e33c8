/**
 * The ways in which a linear transform may change. A step is a list of numbers in millimetres (turns, scales and shears are
 * counted by how far they move a corner of the head's box), applied after the transform there is, about where that takes the
 * box's centre: so every model has one gradient, taken at no step.
 */
import { type Affine, transformPoint } from '../../array/grid.ts';
import type { Point } from './head-box.ts';

export type LinearModelName = 'translation' | 'rigid' | 'similarity' | 'affine';

export interface LinearModel {
  readonly name: LinearModelName;
  readonly dimensions: 2 | 3;
  /** Unit directions as columns, row-major `[3, 3]`; a 2-D transform stays within the first two. */
  readonly frame: Float64Array;
  readonly centre: Point; // of the fixed image, RAS mm
  readonly radiusMm: number;
}

/**
 * The metric's slope along each number of a step.
 *
 * @param byMatrix the slope by the twelve numbers of the transform, `[3, 4]`
 */
export function slopeOf(model: LinearModel, transform: Affine, byMatrix: Float64Array): Float64Array {
  const { frame: f, dimensions: d, radiusMm, name } = model;
  const pivot = transformPoint(transform, ...model.centre);
  // h: by a shift; H: by a linear map about the pivot, sum of force (q - pivot)^T.
  const shift = [byMatrix[3], byMatrix[7], byMatrix[11]];
  const map = new Float64Array(9); // [3, 3]
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 3; c++) {
      let sum = shift[r] * (transform[c * 4 + 3] - pivot[c]);
      for (let m = 0; m < 3; m++) sum += byMatrix[r * 4 + m] * transform[c * 4 + m];
      map[r * 3 + c] = sum;
    }
  }
  const inFrame = (r: number, c: number) => {
    let sum = 0;
    for (let a = 0; a < 3; a++) for (let b = 0; b < 3; b++) sum += f[a * 3 + r] * map[a * 3 + b] * f[b * 3 + c];
    return sum / radiusMm;
  };
  const slope: number[] = [];
  for (let i = 0; i < d; i++) slope.push(f[i] * shift[0] + f[3 + i] * shift[1] + f[6 + i] * shift[2]);
  if (name === 'affine') {
    for (let r = 0; r < d; r++) for (let c = 0; c < d; c++) slope.push(inFrame(r, c));
  } else if (name !== 'translation') {
    if (d === 3) slope.push(inFrame(2, 1) - inFrame(1, 2), inFrame(0, 2) - inFrame(2, 0));
    slope.push(inFrame(1, 0) - inFrame(0, 1));
    if (name === 'similarity')
      slope.push(Array.from({ length: d }, (_, i) => inFrame(i, i)).reduce((a, b) => a + b, 0));
  }
  return Float64Array.from(slope);
}

/** The transform after a step. */
export function stepped(model: LinearModel, transform: Affine, step: Float64Array): Affine {
  const { frame: f, dimensions: d } = model;
  const pivot = transformPoint(transform, ...model.centre);
  const local = mapOf(model, step);
  const map = new Float64Array(9); // F local F^T
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 3; c++) {
      for (let a = 0; a < 3; a++)
        for (let b = 0; b < 3; b++) map[r * 3 + c] += f[r * 3 + a] * local[a * 3 + b] * f[c * 3 + b];
    }
  }
  const out = new Float64Array(16); // [4, 4]
  out[15] = 1;
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 4; c++) {
      for (let m = 0; m < 3; m++) out[r * 4 + c] += map[r * 3 + m] * (transform[m * 4 + c] - (c === 3 ? pivot[m] : 0));
    }
    out[r * 4 + 3] += pivot[r];
    for (let i = 0; i < d; i++) out[r * 4 + 3] += f[r * 3 + i] * step[i];
  }
  return out;
}

/** The linear map of a step in the model's frame, `[3, 3]`. */
function mapOf({ name, dimensions: d, radiusMm }: LinearModel, step: Float64Array): Float64Array {
  const map = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  if (name === 'translation') return map;
  if (name === 'affine') {
    for (let r = 0; r < d; r++) for (let c = 0; c < d; c++) map[r * 3 + c] += step[d + r * d + c] / radiusMm;
    return map;
  }
  const turn = d === 3 ? [step[3], step[4], step[5]] : [0, 0, step[2]];
  const rotation = rotationOf(turn.map((mm) => mm / radiusMm));
  const scale = name === 'similarity' ? Math.exp(step[d === 3 ? 6 : 3] / radiusMm) : 1;
  if (scale === 1) return rotation;
  for (let r = 0; r < d; r++) for (let c = 0; c < d; c++) rotation[r * 3 + c] *= scale;
  return rotation;
}

/** By an axis whose length is the angle in radians (Rodrigues), `[3, 3]`. */
export function rotationOf([x, y, z]: readonly number[]): Float64Array {
  const angle = Math.hypot(x, y, z);
  const s = angle > 1e-9 ? Math.sin(angle) / angle : 1;
  const c = angle > 1e-9 ? (1 - Math.cos(angle)) / angle ** 2 : 0.5;
  return Float64Array.of(
    1 - c * (y * y + z * z),
    c * x * y - s * z,
    c * x * z + s * y,
    c * x * y + s * z,
    1 - c * (x * x + z * z),
    c * y * z - s * x,
    c * x * z - s * y,
    c * y * z + s * x,
    1 - c * (x * x + y * y),
  );
}
