/**
 * Smooth tissue in white noise: a Gaussian random field of few cosines.
 *
 * x = Φ c + σ ε with Φ the orthonormal cosines (DCT-II) up to some frequency along each axis and c_f independent normal
 * of variance d_f, so that what the best linear filter needs has a closed form (Woodbury):
 *
 *     C⁻¹ x = (x − Φ diag(d_f / (d_f + σ²)) Φᵀ x) / σ²
 */
import { type Matrix, matrix } from '../array/matrix.ts';
import type { Random } from '../array/random.ts';
import type { ImageLayout } from '../describe/modality.ts';

const highest = 5; // waves: half periods along an axis
const falls = 2; // waves at which a cosine's spread has fallen to e^−½

export interface Texture {
  readonly noise: number;
  /** Cosines, orthonormal. */
  readonly basis: Matrix<Float64Array>; // [cosines, voxels]
  readonly variances: Float64Array; // [cosines]
}

/** Tissue of standard deviation 1 over an image, in noise of standard deviation `noise` a voxel. */
export function texture({ shape: [depth, height, width] }: Pick<ImageLayout, 'shape'>, noise: number): Texture {
  const voxels = depth * height * width;
  const axes = [depth, height, width].map((many) => cosines(many, Math.min(highest, many - 1)));
  const rows: Float64Array[] = [];
  const variances: number[] = [];
  axes[0].forEach((alongDepth, c) => {
    axes[1].forEach((alongHeight, b) => {
      axes[2].forEach((alongWidth, a) => {
        const waves = Math.hypot(a, b, c);
        if (waves > highest) return;
        const row = new Float64Array(voxels);
        for (let at = 0; at < voxels; at++) {
          const [i, j] = [at % width, Math.floor(at / width) % height];
          row[at] = alongDepth[Math.floor(at / (width * height))] * alongHeight[j] * alongWidth[i];
        }
        rows.push(row);
        variances.push(Math.exp(-((waves / falls) ** 2)));
      });
    });
  });
  const scale = voxels / variances.reduce((a, b) => a + b);
  const basis = new Float64Array(rows.length * voxels); // [cosines, voxels]
  rows.forEach((row, f) => {
    basis.set(row, f * voxels);
  });
  return {
    noise,
    basis: matrix(rows.length, voxels, basis),
    variances: Float64Array.from(variances, (variance) => scale * variance),
  };
}

function cosines(many: number, most: number): Float64Array[] {
  return Array.from({ length: most + 1 }, (_, f) =>
    Float64Array.from(
      { length: many },
      (_, i) => Math.sqrt((f === 0 ? 1 : 2) / many) * Math.cos((Math.PI * f * (i + 0.5)) / many),
    ),
  );
}

/** One image. [voxels] */
export function drawTexture({ noise, basis, variances }: Texture, generator: Random): Float64Array {
  const [many, voxels] = basis.shape;
  const image = new Float64Array(voxels);
  for (let f = 0; f < many; f++) {
    const weight = Math.sqrt(variances[f]) * generator.normal();
    for (let v = 0; v < voxels; v++) image[v] += weight * basis.data[f * voxels + v];
  }
  for (let v = 0; v < voxels; v++) image[v] += noise * generator.normal();
  return image;
}

/** C⁻¹ x: what is left of an image when all that tissue could explain is taken out. [voxels] */
export function whitened({ noise, basis, variances }: Texture, image: ArrayLike<number>): Float64Array {
  const [many, voxels] = basis.shape;
  const square = noise * noise;
  const out = Float64Array.from(image);
  for (let f = 0; f < many; f++) {
    let shown = 0;
    for (let v = 0; v < voxels; v++) shown += image[v] * basis.data[f * voxels + v];
    const explained = (shown * variances[f]) / (variances[f] + square);
    for (let v = 0; v < voxels; v++) out[v] -= explained * basis.data[f * voxels + v];
  }
  return out.map((value) => value / square);
}
