/**
 * The affine of a NIfTI image. Its sform is preferred, as in nibabel and FSL; the qform is a turn by a unit quaternion
 * (method 2 of `nifti1.h`), which holds no shear.
 */
import { type Affine, spacingMm, transformPoint } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import { checkedAffine, checkedSpacing, spacingAffine } from '../image/place.ts';
import type { VolumeWarning } from '../image/volume.ts';
import type { NiftiHeader } from './header.ts';

export interface NiftiPlace {
  readonly affine: Affine;
  readonly placed: boolean;
  readonly warnings: readonly VolumeWarning[];
}

/** @throws InputError where spacing, sform or qform are none */
export function niftiPlace(header: NiftiHeader, where: string): NiftiPlace {
  const { axes, pixdim, unitMm, sform, qform } = header;
  const warnings: VolumeWarning[] = [];
  const spacing = [1, 2, 3].map((i) => spacingAlong(header, i));
  checkedSpacing(spacing, where, 'pixdim');
  if (sform.code > 0) {
    const scaled = sform.rows.map((value) => value * unitMm);
    const affine = checkedAffine(Float64Array.of(...scaled, 0, 0, 0, 1), where, 'sform');
    const given = spacingMm({ affine });
    if (given.some((mm, i) => i < axes && pixdim[i + 1] !== 0 && Math.abs(mm - spacing[i]) > 1e-3 * mm)) {
      const message = `${where}: its sform makes voxels of ${told(given)} mm, its pixdim says ${told(spacing)}; the sform is used`;
      warnings.push({ code: 'spacing-differs', message });
    }
    if (qform.code > 0 && differ(affine, header, spacing)) {
      const message = `${where}: its sform and its qform place the image differently; the sform is used`;
      warnings.push({ code: 'forms-differ', message });
    }
    return { affine, placed: true, warnings };
  }
  if (qform.code > 0) return { affine: ofQuaternion(header, spacing, where), placed: true, warnings };
  return { affine: spacingAffine(spacing[0], spacing[1], spacing[2]), placed: false, warnings };
}

/** Negative spacings are found in files of old tools; as nibabel, only their size is taken. An axis of one entry has none. */
function spacingAlong({ axes, sizes, pixdim, unitMm, sform }: NiftiHeader, axis: number): number {
  const size = Math.abs(pixdim[axis]);
  if (axis > axes || (sizes[axis - 1] === 1 && size === 0 && sform.code > 0)) return size > 0 ? size * unitMm : 1;
  return size * unitMm;
}

const told = (numbers: readonly number[]) => numbers.map((value) => Number(value.toPrecision(5))).join(', ');

/** Rounding of single precision; beyond that b, c, d are no unit quaternion. */
const tolerance = 1e-3;

function ofQuaternion({ qform, pixdim, unitMm }: NiftiHeader, spacing: readonly number[], where: string): Affine {
  let [b, c, d] = qform.quaternion;
  const square = b * b + c * c + d * d;
  if (!(square <= 1 + tolerance)) {
    const expected = 'the last three parts of a unit quaternion';
    throw new InputError({ where, what: 'its qform is no rotation', expected, got: qform.quaternion.join(' ') });
  }
  if (square > 1) [b, c, d] = [b, c, d].map((part) => part / Math.sqrt(square));
  const a = Math.sqrt(Math.max(0, 1 - square));
  const [x, y, z] = [spacing[0], spacing[1], spacing[2] * (pixdim[0] < 0 ? -1 : 1)];
  const [ox, oy, oz] = qform.offset.map((value) => value * unitMm);
  // prettier-ignore
  const affine = Float64Array.of(
    (a * a + b * b - c * c - d * d) * x,
    2 * (b * c - a * d) * y,
    2 * (b * d + a * c) * z,
    ox,
    2 * (b * c + a * d) * x,
    (a * a + c * c - b * b - d * d) * y,
    2 * (c * d - a * b) * z,
    oy,
    2 * (b * d - a * c) * x,
    2 * (c * d + a * b) * y,
    (a * a + d * d - b * b - c * c) * z,
    oz,
    0,
    0,
    0,
    1,
  );
  return checkedAffine(affine, where, 'qform');
}

/** Whether some corner of the image is more than half a voxel off by the other form. */
function differ(affine: Affine, header: NiftiHeader, spacing: readonly number[]): boolean {
  let other: Affine;
  try {
    other = ofQuaternion(header, spacing, '');
  } catch {
    return true;
  }
  const [width, height, depth] = header.sizes;
  const half = Math.min(...spacing) / 2;
  for (let corner = 0; corner < 8; corner++) {
    const at = [corner & 1 ? width - 1 : 0, corner & 2 ? height - 1 : 0, corner & 4 ? depth - 1 : 0] as const;
    const here = transformPoint(affine, ...at);
    const there = transformPoint(other, ...at);
    if (Math.hypot(...here.map((value, i) => value - there[i])) > half) return true;
  }
  return false;
}
