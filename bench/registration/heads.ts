/** Heads that never were, each with two contrasts: a geometric phantom, and the MNI template bent into another person. */
import { type Affine, type Grid, invertAffine, transformPoint, voxelCount } from '../../src/array/grid.ts';
import { type Random, random } from '../../src/array/random.ts';

/** Tissue shares and T1 intensity (0 to 255) on a 1.5 mm grid, `[depth, height, width]` each. */
export interface Head extends Grid {
  readonly t1: Float32Array;
  readonly grey: Float32Array; // share
  readonly white: Float32Array; // share
}

/** A smooth random field: cosines with wavelengths around `wavelengthMm`, unit variance. */
export function smoothField(generator: Random, wavelengthMm: number, waves = 24) {
  const terms = Array.from({ length: waves }, () => {
    const mm = wavelengthMm * (0.7 + 0.8 * generator.uniform());
    const direction = [generator.normal(), generator.normal(), generator.normal()];
    const k = (2 * Math.PI) / mm / Math.hypot(...direction);
    return [direction[0] * k, direction[1] * k, direction[2] * k, 2 * Math.PI * generator.uniform()];
  });
  const scale = Math.sqrt(2 / waves);
  return (x: number, y: number, z: number) => {
    let sum = 0;
    for (const [a, b, c, phase] of terms) sum += Math.cos(a * x + b * y + c * z + phase);
    return sum * scale;
  };
}

const spacing = 1.5;
const shape = [134, 156, 128] as const; // depth, height, width

function emptyHead(): Head {
  const affine = Float64Array.of(spacing, 0, 0, -95, 0, spacing, 0, -134, 0, 0, spacing, -86, 0, 0, 0, 1);
  const make = () => new Float32Array(voxelCount({ shape }));
  return { shape, affine, t1: make(), grey: make(), white: make() };
}

/** Scalp, skull, fluid, a folded grey ribbon, white matter, ventricles, eyes; every seed is another person. */
export function phantomHead(seed: number): Head {
  const generator = random(seed);
  const head = emptyHead();
  const size = 1 + 0.06 * generator.normal();
  const [a, b, c] = [
    72 * size,
    92 * size * (1 + 0.04 * generator.normal()),
    78 * size * (1 + 0.04 * generator.normal()),
  ];
  const folds = onCoarse(smoothField(generator, 22), 3);
  const outline = onCoarse(smoothField(generator, 90), 6);
  const inner = onCoarse(smoothField(generator, 45), 4);
  const tilt = 0.12 * generator.normal();
  const [depth, height, width] = shape;
  for (let k = 0, at = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++, at++) {
        const [x, y, z] = transformPoint(head.affine, i, j, k);
        const [u, v, w] = [x, y + 18, z - 8 + tilt * y];
        const radial = Math.hypot(u / a, v / b, w / c) + 0.025 * outline(x, y, z); // 1 on the scalp
        const mm = (1 - radial) * 80; // depth below the scalp
        const neck = w < -40 && Math.hypot(u / 55, (v + 15) / 60) < 1;
        if (mm < 0) {
          head.t1[at] = neck ? 90 + 30 * inner(x, y, z) : 0;
          continue;
        }
        const brain = smooth((mm - 15 - 2.5 * folds(x, y, z)) / 1.5);
        const white = brain * smooth((mm - 22 - 6 * folds(x, y, z)) / 1.5);
        const ventricle = smooth(
          (1 - Math.hypot((Math.abs(u) - 9) / 6, v / 28, (w - 8) / 11) + 0.15 * inner(x, y, z)) * 5,
        );
        head.grey[at] = (brain - white) * (1 - ventricle);
        head.white[at] = white * (1 - ventricle);
        const scalp = 1 - smooth((mm - 5) / 1.2);
        const fluid = smooth((mm - 12) / 1.2) * (1 - brain) + ventricle * brain;
        const eye = smooth((1 - Math.hypot((Math.abs(u) - 32) / 13, (v - 72) / 13, (w + 25) / 13)) * 8);
        head.t1[at] = (190 * scalp + 50 * fluid + 150 * head.grey[at] + 215 * head.white[at]) * (1 - eye) + 40 * eye;
      }
    }
  }
  return head;
}

/** The template bent by a smooth warp of some millimetres and scaled along each axis: another person each seed. */
export function templateHead(template: Head, seed: number, warpMm = 4): Head {
  const generator = random(seed);
  const head = emptyHead();
  const field = [0, 1, 2].map(() => onCoarse(smoothField(generator, 75), 6));
  const scale = [0, 1, 2].map(() => 1 + 0.05 * generator.normal());
  const inverse = invertAffine(template.affine);
  const [depth, height, width] = shape;
  for (let k = 0, at = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++, at++) {
        const place = transformPoint(head.affine, i, j, k);
        const moved = place.map(
          (value, axis) => value * scale[axis] + warpMm * field[axis](place[0], place[1], place[2]),
        );
        const [u, v, w] = transformPoint(inverse as Affine, moved[0], moved[1], moved[2]);
        head.t1[at] = linear(template.t1, template.shape, u, v, w);
        head.grey[at] = linear(template.grey, template.shape, u, v, w);
        head.white[at] = linear(template.white, template.shape, u, v, w);
      }
    }
  }
  return head;
}

/** 0 outside. */
export function linear(
  data: ArrayLike<number>,
  [depth, height, width]: Grid['shape'],
  u: number,
  v: number,
  w: number,
): number {
  const [i, j, k] = [Math.floor(u), Math.floor(v), Math.floor(w)];
  if (i < 0 || j < 0 || k < 0 || i >= width - 1 || j >= height - 1 || k >= depth - 1) return 0;
  const [a, b, c] = [u - i, v - j, w - k];
  const at = (k * height + j) * width + i;
  const plane = (from: number) =>
    (1 - b) * ((1 - a) * data[from] + a * data[from + 1]) +
    b * ((1 - a) * data[from + width] + a * data[from + width + 1]);
  return (1 - c) * plane(at) + c * plane(at + width * height);
}

function smooth(t: number): number {
  return 1 / (1 + Math.exp(-4 * t));
}

/** The field looked up on a coarse grid, since cosines cost more than reading. */
export function onCoarse(field: (x: number, y: number, z: number) => number, mm: number) {
  const n = Math.ceil(260 / mm) + 2;
  const grid = new Float32Array(n * n * n);
  for (let k = 0, at = 0; k < n; k++) {
    for (let j = 0; j < n; j++)
      for (let i = 0; i < n; i++, at++) grid[at] = field(i * mm - 130, j * mm - 140, k * mm - 110);
  }
  return (x: number, y: number, z: number) => linear(grid, [n, n, n], (x + 130) / mm, (y + 140) / mm, (z + 110) / mm);
}
