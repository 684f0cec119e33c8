/** The DICOM files of shared/data/formats-imaging, against its expected.json. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { axisLetters, spacingMm } from '../../src/array/grid.ts';
import { InputError } from '../../src/errors.ts';
import { type DicomImage, readDicom } from '../../src/read/dicom/dicom.ts';
import { type DicomSeries, readDicomSeries } from '../../src/read/dicom/series.ts';
import { need } from '../require.ts';

interface Summary {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

interface Expected {
  readonly file: string;
  readonly ok: boolean;
  readonly format?: string;
  readonly modality?: string | null;
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samples: number;
  readonly photometric: string;
  readonly bitsAllocated: number;
  readonly signed: boolean;
  readonly rescale: readonly [slope: number, intercept: number];
  readonly real: Summary;
  readonly pixelSpacing?: readonly [rowMm: number, columnMm: number];
  readonly position?: readonly number[];
  readonly orientation?: readonly number[];
  readonly sliceThickness?: number;
  readonly spacingBetweenSlices?: number;
  readonly note?: string;
}

const folder = join(process.env.CONSILIENCE_SHARED ?? '../shared', 'data/formats-imaging');
const shared = need('shared', existsSync(folder));
const all: readonly Expected[] = shared.skip ? [] : JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
const files = all.filter(({ file, format }) => file.endsWith('.dcm') && format !== 'DICOM series');
const bytesOf = (file: string) => new Uint8Array(readFileSync(join(folder, file)));
const read = (file: string) => readDicom(bytesOf(file), { name: basename(file) });

function seriesIn(name: string): Promise<DicomSeries[]> {
  const inside = readdirSync(join(folder, 'dicom', name));
  return readDicomSeries(inside.map((file) => ({ name: file, bytes: bytesOf(join('dicom', name, file)) })));
}

function summary(data: ArrayLike<number>): Summary {
  let [min, max, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < data.length; i++) {
    min = Math.min(min, data[i]);
    max = Math.max(max, data[i]);
    sum += data[i];
  }
  return { min, max, mean: sum / data.length };
}

/** Decoders of lossy JPEG may differ by 1 at a number here and there. */
const lossyJpeg = new Set(['dicom/SC_rgb_jpeg_dcmtk.dcm', 'dicom/JPEG-lossy-12bit.dcm', 'dicom/JPEG2000.dcm']);

describe('a readable DICOM file', () => {
  const good = files.filter(({ ok }) => ok);
  it('is one of 30', (context) => {
    if (shared.skip) context.skip(shared.reason);
    expect(good).toHaveLength(30);
  });
  it.each(good)('$file has its size, place and numbers', async (expected) => {
    const image = await read(expected.file);
    const { rows, columns, frames, samples, modality } = expected;
    expect(image.shape[1]).toBe(rows);
    expect(image.shape[2]).toBe(columns);
    expect(image.shape[0] * image.frames).toBe(frames);
    expect(image.channels).toBe(samples);
    expect(image.data).toHaveLength(rows * columns * frames * samples);
    expect(image.modality).toBe(modality ?? undefined);
    expect(image.unit).toBe(modality === 'CT' ? 'HU' : undefined);
    expectStored(image, expected);
    expectPlace(image, expected);
    const { min, max, mean } = summary(image.data);
    expect(min).toBeCloseTo(expected.real.min, 5);
    expect(max).toBeCloseTo(expected.real.max, 5);
    if (lossyJpeg.has(expected.file)) expect(Math.abs(mean - expected.real.mean)).toBeLessThan(0.02);
    else expect(mean).toBeCloseTo(expected.real.mean, 5);
  });
});

function expectStored({ stored, photometric }: DicomImage, { bitsAllocated, signed, rescale, ...told }: Expected) {
  const type = bitsAllocated === 1 ? 'bit' : `${signed ? 'int' : 'uint'}${bitsAllocated}`;
  expect(stored.type).toBe(type);
  expect([stored.slope, stored.intercept]).toEqual(rescale);
  expect(photometric).toBe(told.photometric === 'YBR_FULL_422' ? 'YBR_FULL' : told.photometric);
}

function expectPlace(image: DicomImage, { pixelSpacing, position, orientation, frames, ...told }: Expected) {
  const [x, y, z] = spacingMm(image);
  if (pixelSpacing) {
    expect(y).toBeCloseTo(pixelSpacing[0], 5);
    expect(x).toBeCloseTo(pixelSpacing[1], 5);
  }
  // A segmentation has its place in functional groups, which the list leaves out.
  expect(image.placed).toBe(
    told.file === 'dicom/liver_1frame.dcm' || (position !== undefined && orientation !== undefined),
  );
  if (!position || !orientation || !pixelSpacing) return;
  const signs = [-1, -1, 1]; // LPS to RAS
  for (let axis = 0; axis < 3; axis++) {
    expect(image.affine[4 * axis + 3]).toBeCloseTo(signs[axis] * position[axis], 4);
    expect(image.affine[4 * axis]).toBeCloseTo(signs[axis] * orientation[axis] * pixelSpacing[1], 4);
    expect(image.affine[4 * axis + 1]).toBeCloseTo(signs[axis] * orientation[3 + axis] * pixelSpacing[0], 4);
  }
  const thick = told.spacingBetweenSlices ?? told.sliceThickness;
  if (frames === 1 && thick !== undefined) expect(z).toBeCloseTo(thick, 5);
}

describe('the same pixels in another transfer syntax', () => {
  const same = {
    CT_small: [
      'jpeg_lossless_sv1',
      'jpeg_lossless_p14',
      'jpegls_lossless',
      'rle',
      'deflated',
      'j2k_lossless',
      'bigendian',
    ],
    MR_small: ['RLE', 'bigendian', 'implicit', 'jp2klossless', 'jpeg_ls_lossless', 'padded'],
  };
  const pairs = Object.entries(same).flatMap(([plain, others]) => others.map((other) => [plain, other] as const));
  test.each(pairs)('%s is voxel for voxel that of _%s', async (plain, other) => {
    if (shared.skip) return;
    const { data, affine } = await read(`dicom/${plain}.dcm`);
    const packed = await read(`dicom/${plain}_${other}.dcm`);
    expect(packed.data).toEqual(data);
    expect(packed.affine).toEqual(affine);
  });
  test('a segmentation of one bit stands where its functional groups say', async (context) => {
    if (shared.skip) context.skip(shared.reason);
    const segmentation = await read('dicom/liver_1frame.dcm');
    [0.810547, 0.810547, 1].forEach((mm, i) => expect(spacingMm(segmentation)[i]).toBeCloseTo(mm, 5));
    [235.2, 226.8, -128.69].forEach((mm, i) => expect(segmentation.affine[4 * i + 3]).toBeCloseTo(mm, 4));
  });
  test('a dose by run lengths is that of plain pixels', async (context) => {
    if (shared.skip) context.skip(shared.reason);
    const dose = await read('dicom/rtdose.dcm');
    expect((await read('dicom/rtdose_rle.dcm')).data).toEqual(dose.data);
    expect(spacingMm(dose)).toEqual([10, 10, 5]); // its offsets are 0, 5, 10 ...
    expect(dose.shape).toEqual([15, 10, 10]);
  });
});

describe('a folder of DICOM slices', () => {
  test('is sorted by place, whatever its names', async (context) => {
    if (shared.skip) context.skip(shared.reason);
    const [series, ...others] = await seriesIn('series-mr');
    const told = all.find(({ file }) => file === 'dicom/series-mr') as unknown as Summary & {
      readonly shapeXYZ: readonly number[];
      readonly spacing: readonly number[];
      readonly originLPS: readonly number[];
      readonly sliceMeansInOrder: readonly number[];
    };
    expect(others).toEqual([]);
    expect([...series.shape].reverse()).toEqual(told.shapeXYZ);
    told.spacing.forEach((mm, i) => expect(spacingMm(series)[i]).toBeCloseTo(mm, 4));
    const [left, back, up] = told.originLPS;
    [-left, -back, up].forEach((mm, i) => expect(series.affine[4 * i + 3]).toBeCloseTo(mm, 4));
    expect(axisLetters(series.affine)).toBe('LPS');
    const { min, max, mean } = summary(series.data);
    expect([min, max]).toEqual([told.min, told.max]);
    expect(mean).toBeCloseTo(told.mean, 5);
    const size = series.shape[1] * series.shape[2];
    told.sliceMeansInOrder.forEach((sliceMean, z) =>
      expect(summary(series.data.subarray(z * size, (z + 1) * size)).mean).toBeCloseTo(sliceMean, 3),
    );
    expect(series.warnings).toEqual([]);
  });

  test('gives each of its series by itself', async (context) => {
    if (shared.skip) context.skip(shared.reason);
    const both = await seriesIn('series-two-in-one-folder');
    expect(both.map(({ shape }) => shape[0]).sort((a, b) => b - a)).toEqual([6, 4]);
    expect(new Set(both.map(({ seriesInstanceUid }) => seriesInstanceUid)).size).toBe(2);
  });

  test('of a tilted gantry keeps its shear, and says so', async (context) => {
    if (shared.skip) context.skip(shared.reason);
    const [series] = await seriesIn('series-gantry-tilt');
    expect(series.shape).toEqual([10, 32, 32]);
    // 0.4 mm to the back and 1.5 mm up a slice
    [0, -0.4, 1.5].forEach((mm, i) => expect(series.affine[4 * i + 2]).toBeCloseTo(mm, 4));
    expect(series.warnings.map(({ code }) => code)).toEqual(['gantry-tilt']);
    expect(series.warnings[0].message).toContain('14.93 degrees');
  });

  const wrong: readonly (readonly [string, string])[] = [
    ['series-missing-slice', 'a slice is missing, expected 1.5 mm from slice to slice, got 3 mm between IM0009.dcm'],
    ['series-duplicate-position', 'slices at the same place'],
    ['series-mixed-size', 'slices of different sizes, expected 32 x 30 of IM0000.dcm, got 32 x 32 of IM0001.dcm'],
  ];
  test.each(wrong)('%s is refused with the reason', async (name, reason) => {
    if (shared.skip) return;
    await expect(seriesIn(name)).rejects.toThrow(reason);
    await expect(seriesIn(name)).rejects.toBeInstanceOf(InputError);
  });
});

/** What is said of each broken file. */
const reasons: Readonly<Record<string, string>> = {
  'MR_truncated.dcm': 'the file ends inside element (7fe0,0010), expected 8192 bytes of it, got 8130',
  'badVR.dcm': 'NumberOfFrames (0028,0008) is no number, expected a whole number, got "1A"',
  'rtstruct_no_pixels.dcm': 'a DICOM file without pixels, expected an image',
  'CT_cut_in_header.dcm': 'the file ends inside its data set',
  'not_dicom.dcm': 'no DICOM file, expected the mark DICM after 128 bytes',
  'CT_jpeg_lossless_truncated.dcm':
    'the file ends inside its packed pixels, expected 14886 bytes of a fragment, got 11032',
  'CT_rows_lie.dcm':
    'its pixels are fewer than its header says, expected 15360000 bytes (128 x 60000 of 16 bits), got 32768',
};

describe('a broken DICOM file', () => {
  const broken = files.filter(({ ok }) => !ok);
  it('is one of 7', (context) => {
    if (shared.skip) context.skip(shared.reason);
    expect(broken).toHaveLength(7);
  });
  it.each(broken)('$file is refused with the reason', async ({ file }) => {
    const error = await read(file).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toBe(`${basename(file)}: ${reasons[basename(file)]}`);
  });
});
