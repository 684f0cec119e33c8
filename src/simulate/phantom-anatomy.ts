/**
 * A head as two scanners see it, as a function of place, so that it can be seen from where it has moved to without
 * resampling: a skull, tissue that varies smoothly, and round spots. Lengths are in millimetres, values in standard
 * deviations of tissue.
 */
import type { Random } from '../array/random.ts';

export type PointMm = readonly [x: number, y: number, z: number];

/** How one scanner shows what is there. */
export interface Contrast {
  readonly skull: number;
  readonly brain: number;
  /** Of tissue that varies, against standard deviation 1; below 0: reversed. */
  readonly tissue: number;
}

/** X-ray like: bright bone, faint tissue; and as in magnetic resonance: dark bone, bright brain, tissue reversed. */
export const contrasts = {
  first: { skull: 6, brain: 1, tissue: 0.5 },
  second: { skull: -1, brain: 3, tissue: -1 },
} as const satisfies Record<string, Contrast>;

export interface Spot {
  readonly centre: PointMm;
  readonly height: number;
}

export interface Head {
  /** Half axes of the skull's inner side. */
  readonly half: PointMm;
  readonly waves: readonly Wave[];
}

interface Wave {
  readonly height: number;
  /** Radians a millimetre. */
  readonly vector: PointMm;
  readonly phase: number;
}

const waves = 12;
const wavelengthsMm = [40, 120] as const;
const skullShare = 1.12; // of the inner half axes, outside of which is air

/** @param extentMm what of space is imaged; the head fills about 0.8 of it. Flat where the last is 0 */
export function drawHead(extentMm: PointMm, generator: Random): Head {
  const size = 1 + 0.03 * generator.normal();
  const [x, y, z] = extentMm;
  const [shortest, longest] = wavelengthsMm;
  return {
    half: [0.34 * x * size, 0.4 * y * size, 0.4 * z * size],
    waves: Array.from({ length: waves }, () => {
      const direction = randomDirection(z > 0, generator);
      const number = (2 * Math.PI) / (shortest + (longest - shortest) * generator.uniform());
      return {
        height: Math.sqrt(2 / waves),
        vector: [number * direction[0], number * direction[1], number * direction[2]],
        phase: 2 * Math.PI * generator.uniform(),
      };
    }),
  };
}

/** Of length 1; in the plane z = 0 where `solid` is false. */
export function randomDirection(solid: boolean, generator: Random): PointMm {
  const [x, y, z] = [generator.normal(), generator.normal(), solid ? generator.normal() : 0];
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}

/** What a scanner shows at a place, without noise. */
export function shownAt(
  { half, waves: all }: Head,
  { skull, brain, tissue }: Contrast,
  spots: readonly Spot[],
  radiusMm: number,
  [x, y, z]: PointMm,
): number {
  const out = radiusOf(half, [x, y, z]);
  if (out > skullShare) return 0;
  if (out > 1) return skull;
  let smooth = 0;
  for (const { height, vector, phase } of all) {
    smooth += height * Math.cos(vector[0] * x + vector[1] * y + vector[2] * z + phase);
  }
  let shown = brain + tissue * smooth;
  for (const { centre, height } of spots) {
    const square = (x - centre[0]) ** 2 + (y - centre[1]) ** 2 + (z - centre[2]) ** 2;
    shown += height * Math.exp(-square / (2 * radiusMm * radiusMm));
  }
  return shown;
}

/** 1 on the inner side of the skull, less within. */
export function radiusOf(half: PointMm, at: PointMm): number {
  return Math.hypot(...at.map((along, axis) => (half[axis] > 0 ? along / half[axis] : 0)));
}
