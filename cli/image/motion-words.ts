/** What a linear transform does, in words. */
import {
  type Affine,
  type AffineTransform,
  determinant,
  type Grid,
  invertAffine,
  transformPoint,
  type Volume,
} from '../../src/index.ts';
import { shortNumber } from './words.ts';

const directions = [
  ['right', 'left'],
  ['to the front', 'to the back'],
  ['up', 'down'],
] as const;

export interface Motion {
  /** Where the middle of the fixed image is in the moving one, less where it is in its own space, RAS mm. */
  readonly shiftMm: readonly [x: number, y: number, z: number];
  /** Of the rotation that is nearest. */
  readonly angleDegrees: number;
  /** Cube root of the change in volume, square root of that in area. */
  readonly scale: number;
}

export function motionOf({ matrix }: AffineTransform, fixed: Grid & Pick<Volume, 'dimensions'>): Motion {
  const [depth, height, width] = fixed.shape;
  const middle = transformPoint(fixed.affine, (width - 1) / 2, (height - 1) / 2, (depth - 1) / 2);
  const moved = transformPoint(matrix, ...middle);
  const turn = nearestRotation(matrix);
  const cosine = (turn[0] + turn[5] + turn[10] - 1) / 2;
  return {
    shiftMm: [moved[0] - middle[0], moved[1] - middle[1], moved[2] - middle[2]],
    angleDegrees: (180 / Math.PI) * Math.acos(Math.min(1, Math.max(-1, cosine))),
    scale: Math.abs(determinant(matrix)) ** (1 / fixed.dimensions),
  };
}

/** The orthogonal part of the polar decomposition, by Newton's iteration (Higham 1986). */
function nearestRotation(matrix: Affine): Affine {
  let turn = Float64Array.from(matrix);
  for (const at of [3, 7, 11]) turn[at] = 0;
  for (let step = 0; step < 50; step++) {
    const inverse = invertAffine(turn);
    const next = turn.map((value, at) =>
      at < 12 && at % 4 < 3 ? (value + inverse[(at % 4) * 4 + (at >> 2)]) / 2 : value,
    );
    const change = Math.max(...next.map((value, at) => Math.abs(value - turn[at])));
    turn = next;
    if (change < 1e-14) break;
  }
  return turn;
}

/** @param placed whether both images say where they stand, so that directions are those of the patient */
export function motionInWords(
  { shiftMm, angleDegrees, scale }: Motion,
  model: string,
  { dimensions }: Pick<Volume, 'dimensions'>,
  placed: boolean,
): string {
  const axes = ['x', 'y', 'z'].slice(0, placed ? 3 : dimensions);
  const parts = axes.flatMap((axis, at) => {
    const mm = Number(Math.abs(shiftMm[at]).toFixed(2));
    if (!placed) return [`${axis} ${shortNumber(Number(shiftMm[at].toFixed(2)))}`];
    return mm > 0 ? [`${mm} ${directions[at][shiftMm[at] > 0 ? 0 : 1]}`] : [];
  });
  const length = Number(Math.hypot(...shiftMm).toFixed(2));
  const shift = `moved by ${length} mm${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
  const turn = model === 'translation' ? [] : [`turned by ${Number(angleDegrees.toFixed(2))} degrees`];
  const size = model === 'translation' || model === 'rigid' ? [] : [`scaled by ${Number(scale.toFixed(4))}`];
  return [shift, ...turn, ...size].join(', ');
}
