/**
 * Planes through an image, seen as radiologists see them: the patient's right on the left of axial and coronal slices, the
 * front above in axial ones and on the left of sagittal ones, the head above in coronal and sagittal ones.
 */
import { axisLetters, type Grid, spacingMm } from '../../array/grid.ts';

export const planes = ['axial', 'coronal', 'sagittal'] as const;
export type Plane = (typeof planes)[number];

/** An axis of the image: 0 along width, 1 along height, 2 along depth. */
export interface SeenAxis {
  readonly axis: 0 | 1 | 2;
  /** Whether it is seen from its last voxel to its first. */
  readonly reversed: boolean;
}

/** How slices of a plane are cut and laid out. An oblique image is cut along its own axes: no voxel is resampled. */
export interface Cut {
  readonly plane: Plane;
  /** From slice to slice: from the feet up, from the back on, from the left to the right. */
  readonly across: SeenAxis;
  readonly columns: SeenAxis;
  readonly rows: SeenAxis;
  readonly slices: number;
  readonly widthMm: number;
  readonly heightMm: number;
  /** Where the edges are, by letters of the patient; none where the image does not say where it stands. */
  readonly edges?: { readonly left: string; readonly right: string; readonly top: string; readonly bottom: string };
}

/** World directions of [across, columns, rows], and the letters where columns and rows begin. */
const seen = {
  axial: { across: 'IS', columns: 'RL', rows: 'AP' },
  coronal: { across: 'PA', columns: 'RL', rows: 'SI' },
  sagittal: { across: 'LR', columns: 'AP', rows: 'SI' },
} as const;

/**
 * An image that does not say where it stands is cut as it is stored: axial slices are those along depth, coronal along height,
 * sagittal along width. An image of one slice is seen in the plane of that slice, whatever is asked.
 */
export function cutOf(image: Grid & { readonly placed: boolean }, asked: Plane): Cut {
  const { shape, affine, placed } = image;
  const lengths = [shape[2], shape[1], shape[0]];
  const spacing = spacingMm(image);
  const letters = placed ? axisLetters(affine) : 'RAS';
  const plane = shape[0] === 1 ? (planes.find((one) => seen[one].across.includes(letters[2])) as Plane) : asked;
  const axisOf = (ends: string): SeenAxis => {
    const axis = [0, 1, 2].find((one) => ends.includes(letters[one])) as 0 | 1 | 2;
    return { axis, reversed: placed && letters[axis] !== ends[1] };
  };
  const { across, columns, rows } = seen[plane];
  const [a, c, r] = [axisOf(across), axisOf(columns), axisOf(rows)];
  return {
    plane,
    across: a,
    columns: c,
    rows: r,
    slices: lengths[a.axis],
    widthMm: lengths[c.axis] * spacing[c.axis],
    heightMm: lengths[r.axis] * spacing[r.axis],
    ...(placed && { edges: { left: columns[0], right: columns[1], top: rows[0], bottom: rows[1] } }),
  };
}

/** The numbers of a slice `[rows, columns]`. `voxels` are those of one frame and channel; slices count from 0 as the cut sees them. */
export function sliceOf(voxels: ArrayLike<number>, { shape }: Pick<Grid, 'shape'>, cut: Cut, slice: number): Slice {
  const lengths = [shape[2], shape[1], shape[0]];
  const strides = [1, shape[2], shape[1] * shape[2]];
  const walk = ({ axis, reversed }: SeenAxis, at: number) => strides[axis] * (reversed ? lengths[axis] - 1 - at : at);
  const [width, height] = [lengths[cut.columns.axis], lengths[cut.rows.axis]];
  const data = new Float64Array(width * height); // [rows, columns]
  const start = walk(cut.across, slice);
  for (let y = 0; y < height; y++) {
    const row = start + walk(cut.rows, y);
    for (let x = 0; x < width; x++) data[y * width + x] = voxels[row + walk(cut.columns, x)];
  }
  return { width, height, data };
}

export interface Slice {
  readonly width: number;
  readonly height: number;
  readonly data: Float64Array; // [rows, columns]
}

/** Another size: each pixel is the mean of the area it covers. What is no number counts for nothing. */
export function scaledSlice({ width, height, data }: Slice, wide: number, high: number): Slice {
  if (width === wide && height === high) return { width, height, data };
  const [across, down] = [coverage(width, wide), coverage(height, high)];
  const out = new Float64Array(wide * high); // [rows, columns]
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      let sum = 0;
      let area = 0;
      for (const [j, tall] of down[y]) {
        for (const [i, broad] of across[x]) {
          const value = data[j * width + i];
          if (!Number.isFinite(value)) continue;
          sum += value * tall * broad;
          area += tall * broad;
        }
      }
      out[y * wide + x] = area > 0 ? sum / area : Number.NaN;
    }
  }
  return { width: wide, height: high, data: out };
}

/** Of each new pixel along an axis, which old ones it covers and how far. */
function coverage(from: number, to: number): [at: number, length: number][][] {
  return Array.from({ length: to }, (_, pixel) => {
    const [start, end] = [(pixel * from) / to, ((pixel + 1) * from) / to];
    const covered: [number, number][] = [];
    for (let at = Math.floor(start); at < end - 1e-9 && at < from; at++) {
      const length = Math.min(end, at + 1) - Math.max(start, at);
      if (length > 1e-9) covered.push([at, length]);
    }
    return covered;
  });
}
