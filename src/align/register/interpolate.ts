/** Values between voxels: linear, with the slope, NaN outside the grid and beside a voxel without a number. */
import type { ScalarImage } from './scalar-image.ts';

/** At places in voxels (the last coordinate is passed over by an image of depth 1). */
export function valuesAt(image: ScalarImage, places: VoxelPlaces): Float32Array {
  const count = places.u.length;
  const values = new Float32Array(count);
  const unused = new Float64Array(count);
  look(image, places, values, unused, unused, unused, count);
  return values;
}

/** Places in voxels. */
export interface VoxelPlaces {
  readonly u: Float64Array; // [samples], along width
  readonly v: Float64Array; // [samples], along height
  readonly w: Float64Array; // [samples], along depth
}

/** Fills values and their derivatives by u, v and w (a voxel); outside NaN and 0. */
export function look(
  { data, shape: [depth, height, width] }: ScalarImage,
  { u, v, w }: VoxelPlaces,
  values: Float32Array,
  du: Float64Array,
  dv: Float64Array,
  dw: Float64Array,
  count: number,
): void {
  const row = width;
  const slice = depth > 1 ? width * height : 0;
  const [lastU, lastV, lastW] = [width - 1, height - 1, depth - 1];
  for (let s = 0; s < count; s++) {
    const x = u[s];
    const y = v[s];
    const z = slice ? w[s] : 0;
    if (!(x >= 0 && y >= 0 && z >= 0 && x <= lastU && y <= lastV && z <= lastW)) {
      values[s] = Number.NaN;
      du[s] = dv[s] = dw[s] = 0;
      continue;
    }
    const i = x < lastU ? Math.floor(x) : lastU - 1;
    const j = y < lastV ? Math.floor(y) : lastV - 1;
    const k = z < lastW || !slice ? Math.floor(z) : lastW - 1;
    const a = x - i;
    const b = y - j;
    const c = z - k;
    const at = (k * height + j) * width + i;
    const v000 = data[at];
    const v010 = data[at + row];
    const v001 = data[at + slice];
    const v011 = data[at + slice + row];
    const d00 = data[at + 1] - v000;
    const d10 = data[at + row + 1] - v010;
    const d01 = data[at + slice + 1] - v001;
    const d11 = data[at + slice + row + 1] - v011;
    const e00 = v000 + a * d00;
    const e10 = v010 + a * d10;
    const e01 = v001 + a * d01;
    const e11 = v011 + a * d11;
    const f0 = e00 + b * (e10 - e00);
    const f1 = e01 + b * (e11 - e01);
    const value = f0 + c * (f1 - f0);
    values[s] = value;
    if (Number.isNaN(value)) {
      du[s] = dv[s] = dw[s] = 0;
      continue;
    }
    const g0 = d00 + b * (d10 - d00);
    const g1 = d01 + b * (d11 - d01);
    du[s] = g0 + c * (g1 - g0);
    dv[s] = (1 - c) * (e10 - e00) + c * (e11 - e01);
    dw[s] = f1 - f0;
  }
}
