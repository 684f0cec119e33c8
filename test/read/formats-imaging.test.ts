/** The files of shared/data/formats-imaging that are no DICOM, against its expected.json. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spacingMm } from '../../src/array/grid.ts';
import { InputError } from '../../src/errors.ts';
import type { Volume } from '../../src/read/image/volume.ts';
import { readImageFile, readImageFileHeader } from '../../src/read/image-file.node.ts';
import { need } from '../require.ts';

interface Expected {
  readonly file: string;
  readonly ok: boolean;
  readonly shape?: readonly number[];
  readonly components?: number;
  readonly storedType?: string;
  readonly spacing?: readonly number[];
  readonly affineRAS?: readonly (readonly number[])[];
  readonly originLPS?: readonly number[];
  readonly directionLPS?: readonly (readonly number[])[];
  readonly sclSlope?: number | string;
  readonly sclInter?: number;
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  readonly nonFinite?: number;
}

const folder = join(process.env.CONSILIENCE_SHARED ?? '../shared', 'data/formats-imaging');
const shared = need('shared', existsSync(folder));
const all: readonly Expected[] = shared.skip ? [] : JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
const files = all.filter(({ file }) => !/^dicom\/|\.dcm$/.test(file));

describe('a readable file', () => {
  const good = files.filter(({ ok }) => ok);
  it('is one of 60', (context) => {
    if (shared.skip) context.skip(shared.reason);
    expect(good).toHaveLength(60);
  });
  it.each(good)('$file has its size, place and numbers', async (expected) => {
    const volume = await readImageFile(join(folder, expected.file));
    const { data: _, ...header } = volume;
    expect(await readImageFileHeader(join(folder, expected.file))).toEqual(header);
    if (expected.shape) expect(sizesOf(volume, expected.shape.length)).toEqual(expected.shape);
    if (expected.components) expect(volume.channels).toBe(expected.components);
    expectType(volume, expected);
    expectPlace(volume, expected);
    expectNumbers(volume, expected);
  });
});

/** As the list has them, fastest first, whatever of them are frames or channels. */
function sizesOf({ shape, frames, channels }: Volume, many: number): number[] {
  const [depth, height, width] = shape;
  return [width, height, depth, frames, channels].slice(0, many);
}

const types: Readonly<Record<string, string>> = {
  '>i2': 'int16',
  '>f4': 'float32',
  "[('R', 'u1'), ('G', 'u1'), ('B', 'u1')]": 'uint8',
};

function expectType({ stored }: Volume, { storedType, sclSlope, sclInter }: Expected): void {
  if (storedType) expect(stored.type).toBe(types[storedType] ?? storedType);
  const scaled = typeof sclSlope === 'number' && sclSlope !== 0;
  expect(stored.slope).toBeCloseTo(scaled ? sclSlope : 1, 6);
  expect(stored.intercept).toBeCloseTo(scaled ? (sclInter ?? 0) : 0, 6);
}

function expectPlace(volume: Volume, { file, spacing, affineRAS, originLPS, directionLPS }: Expected): void {
  const tells = file !== 'nifti/no_forms.nii'; // nibabel makes up a place for it
  const sheared = file === 'nifti/sform_only_shear.nii' || file === 'nifti/test.mgz'; // pixdim is not the sform's spacing
  if (spacing && !sheared) {
    spacing.slice(0, 3).forEach((mm, i) => expect(spacingMm(volume)[i]).toBeCloseTo(mm, 4));
  }
  if (affineRAS && tells) affineRAS.flat().forEach((value, i) => expect(volume.affine[i]).toBeCloseTo(value, 4));
  if (file.startsWith('nifti/')) expect(volume.placed).toBe(tells);
  if (file === 'nifti/four_d.nii.gz') expect(volume.frameSeconds).toBeUndefined(); // 2.5, but of no unit
  const signs = [-1, -1, 1];
  originLPS?.forEach((mm, i) => expect(volume.affine[i * 4 + 3]).toBeCloseTo(signs[i] * mm, 4));
  if (directionLPS && spacing) {
    // As ITK has it: a row of the world after another. The file lists a column after another.
    directionLPS.forEach((parts, row) =>
      parts.forEach((part, column) =>
        expect(volume.affine[row * 4 + column]).toBeCloseTo(signs[row] * part * spacing[column], 4),
      ),
    );
  }
}

function expectNumbers(volume: Volume, { file, min, max, mean, nonFinite }: Expected): void {
  const finite = [...volume.data].filter(Number.isFinite);
  if (min !== undefined) expect(Math.min(...chunkwise(finite, Math.min))).toBeCloseTo(min, 5);
  if (max !== undefined) expect(Math.max(...chunkwise(finite, Math.max))).toBeCloseTo(max, 5);
  if (mean !== undefined) expect(finite.reduce((a, b) => a + b, 0) / finite.length).toBeCloseTo(mean, 5);
  if (min !== undefined) expect(volume.data.length - finite.length).toBe(nonFinite ?? 0);
  const value = rampOf(file);
  if (!value) return;
  const [depth, height, width] = volume.shape;
  for (let k = 0, at = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) for (let i = 0; i < width; i++, at++) expect(volume.data[at]).toBe(value(i, j, k));
  }
}

function chunkwise(values: readonly number[], extreme: (...numbers: number[]) => number): number[] {
  const out: number[] = [];
  for (let at = 0; at < values.length; at += 1000) out.push(extreme(...values.slice(at, at + 1000)));
  return out;
}

/** The formula of the notes: what stands at voxel (i, j, k). */
function rampOf(file: string): ((i: number, j: number, k: number) => number) | undefined {
  if (!file.includes('/ramp_')) return undefined;
  if (file.includes('uint8')) return (i, j) => i + 10 * j;
  if (file.includes('_int8')) return (i, j) => i + 10 * j - 50;
  if (file.includes('slope0.5')) return (i, j, k) => (i + 10 * j + 100 * k) * 0.5 - 1024;
  const unsigned = /uint|slope|complex/.test(file);
  return (i, j, k) => i + 10 * j + 100 * k - (unsigned ? 0 : 50);
}

/** What is said of each broken file. */
const reasons: Readonly<Record<string, string>> = {
  'truncated_data.nii': 'the file ends inside its image, expected at least 472 bytes by its header, got 400',
  'truncated_header.nii': 'the file ends inside its NIfTI header, expected 348 bytes of it, got 200',
  'empty.nii': 'the file is empty',
  'bad_magic.nii': 'no NIfTI-1 by its magic bytes',
  'bad_sizeof_hdr.nii': 'not NIfTI, expected a file that begins with 348 or 540',
  'unknown_datatype.nii': 'its datatype cannot be read',
  'bitpix_mismatch.nii': 'bitpix contradicts datatype 4 (int16), expected 16, got 32',
  'dim0_is_9.nii': 'dim[0] is no number of axes, expected 1 to 7, got 9',
  'negative_dim.nii': 'its dim is no size, expected positive numbers, got 5 -4 3',
  'huge_dims.nii': 'its dim is too large, got 32767 x 32767 x 32767',
  'vox_offset_past_end.nii': 'the file ends inside its image, expected at least 100119 bytes by its header, got 472',
  'zero_pixdim.nii': 'its pixdim is no spacing, expected positive numbers, got 0 0 0',
  'singular_sform.nii': 'its sform flattens space',
  'truncated_gzip.nii.gz': 'broken gzip file, expected a whole one, got one that ends too early',
  'gzip_bad_crc.nii.gz': 'broken gzip file, expected a whole one, got one that was altered',
  'not_gzip.nii.gz': 'named as gzip, expected a gzip file, got a file that is not',
  'nrrd_truncated.nrrd': 'the file ends inside its image, expected at least 120 bytes by its header, got 50',
  'nrrd_bad_magic.nrrd': 'not NRRD by its magic, expected NRRD0001 to NRRD0005, got "NRRZ0004"',
  'nrrd_no_sizes.nrrd': 'no field "sizes" in its header',
  'nrrd_unknown_encoding.nrrd': 'unknown encoding, expected raw, gzip, bzip2, ascii, hex, got "zstd"',
  'nrrd_unknown_type.nrrd': 'unknown type, expected int8',
  'nrrd_dim_mismatch.nrrd': 'sizes do not fit the dimension, expected 3 of them, got 5 4',
  'nrrd_no_endian.nrrd': 'no field "endian" in its header',
  'nrrd_gzip_corrupt.nrrd': 'broken gzip file, expected a whole one, got one that ends too early',
  'nrrd_path_traversal.nhdr': 'its data file stands elsewhere and is not opened, expected a file in the same folder',
  'mha_truncated.mha': 'the file ends inside its image, expected at least 120 bytes by its header, got 50',
  'mha_bad_zlib.mha': 'broken zlib data',
  'mha_no_element_data_file.mha': 'no ElementDataFile in its header',
  'mha_dimsize_count.mha': 'DimSize does not fit NDims, expected 3 numbers, got 5 4',
  'mha_unknown_type.mha': 'unknown ElementType',
  'mhd_missing_raw.mhd': 'its data file is missing, expected does_not_exist.raw beside it',
  'mhd_path_traversal.mhd': 'its data file stands elsewhere and is not opened, expected a file in the same folder',
};

describe('a broken file', () => {
  const broken = files.filter(({ ok }) => !ok);
  it('is one of 32', (context) => {
    if (shared.skip) context.skip(shared.reason);
    expect(broken).toHaveLength(32);
  });
  it.each(broken)('$file is refused with the reason', async ({ file }) => {
    const error = await readImageFile(join(folder, file)).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(InputError);
    const name = file.slice('broken/'.length);
    expect((error as InputError).message).toContain(`${name}: ${reasons[name]}`);
  });
});
