import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spacingMm } from '../../src/array/grid.ts';
import { InputError } from '../../src/errors.ts';
import { type DicomFileBytes, type DicomSeriesOptions, readDicomSeries } from '../../src/read/dicom/series.ts';
import { readImageFile, readImageFileHeader } from '../../src/read/image-file.node.ts';
import { type DicomContent, dicomFile, raw16 } from './dicom-files.ts';

/** A slice of 3 x 2, all of whose numbers are `value`. */
const slice = (name: string, z: number, value: number, more: DicomContent = {}): DicomFileBytes => ({
  name,
  bytes: dicomFile({ ImagePositionPatient: [0, 0, z], PixelData: raw16(new Array(6).fill(value)), ...more }),
});

const stack = (heights: readonly number[], more: (i: number) => DicomContent = () => ({})) =>
  heights.map((z, i) => slice(`IM${i}`, z, i + 1, more(i)));

async function refusal(files: readonly DicomFileBytes[], options: DicomSeriesOptions = {}): Promise<string> {
  const error = await readDicomSeries(files, options).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

/** The first number of each slice, of each frame. */
const firsts = ({ data }: { readonly data: ArrayLike<number> }) =>
  Array.from({ length: data.length / 6 }, (_, i) => data[6 * i]);

const codes = ({ warnings }: { readonly warnings: readonly { readonly code: string }[] }) =>
  warnings.map(({ code }) => code);

describe('slices', () => {
  test('are sorted along their normal, whatever their names and numbers', async () => {
    const [volume] = await readDicomSeries(stack([4, -2, 1], (i) => ({ InstanceNumber: 3 - i })));
    expect([...volume.shape]).toEqual([3, 2, 3]);
    expect(firsts(volume)).toEqual([2, 3, 1]);
    expect(volume.files).toEqual(['IM1', 'IM2', 'IM0']);
    expect([spacingMm(volume)[2], volume.affine[11]]).toEqual([3, -2]);
    expect([volume.dimensions, volume.warnings.length]).toEqual([3, 0]);
  });

  test('give the same volume in whatever order they are handed over', async () => {
    const files = stack([4, -2, 1, 7]);
    const [volume] = await readDicomSeries(files);
    expect(await readDicomSeries([...files].reverse())).toEqual([volume]);
  });

  test('of a coronal stack run along its normal', async () => {
    const at = (y: number): DicomContent => ({
      ImagePositionPatient: [0, y, 0],
      ImageOrientationPatient: [1, 0, 0, 0, 0, -1],
    });
    const [volume] = await readDicomSeries([slice('a', 0, 1, at(10)), slice('b', 0, 2, at(12))]);
    // row x column = (0, 1, 0): to the back
    expect(firsts(volume)).toEqual([1, 2]);
    expect([2, 6, 10].map((at) => volume.affine[at] + 0)).toEqual([0, -2, 0]);
  });

  test('each have their own scale', async () => {
    const files = stack([0, 2, 4], (i) => ({
      Modality: 'PT',
      Units: 'BQML',
      RescaleSlope: i + 0.5,
      RescaleIntercept: 0,
    }));
    const [volume] = await readDicomSeries(files);
    expect(firsts(volume)).toEqual([0.5, 3, 7.5]);
    expect(volume.unit).toBe('Bq/mL');
    expect(codes(volume)).toEqual(['varied-scale']);
  });

  test('of a tilted gantry stand askew, as the affine says, and of a drift too', async () => {
    const files = stack([0, 2, 4], (i) => ({ ImagePositionPatient: [0, -i, 2 * i] }));
    const [volume] = await readDicomSeries(files);
    expect([2, 6, 10].map((at) => volume.affine[at] + 0)).toEqual([0, 1, 2]);
    expect(volume.warnings.map(({ message }) => message)).toEqual([
      'series 1.2.3: slices lean by 26.57 degrees (gantry tilt): the grid is sheared, as its affine says',
    ]);
  });

  test('by themselves are as thick as they say', async () => {
    const [volume] = await readDicomSeries([slice('a', 3, 1, { SliceThickness: 2.5 })]);
    expect([volume.dimensions, ...spacingMm(volume)]).toEqual([2, 1, 1, 2.5]);
  });

  test('of a beating heart are told apart by their order after the beat, which differs from slice to slice', async () => {
    const delays = [30, 0, 0, 33];
    const files = stack([0, 0, 2, 2], (i) => ({ TriggerTime: delays[i] }));
    const [volume] = await readDicomSeries(files);
    expect([volume.frames, volume.shape[0], firsts(volume)]).toEqual([2, 2, [2, 3, 1, 4]]);
    const equal = stack([0, 0, 2, 2], () => ({ TriggerTime: 5 }));
    expect(await refusal(equal)).toContain('series 1.2.3: slices at the same place');
  });

  test('that share places are points in time', async () => {
    const files = stack([0, 0, 2, 2], (i) => ({ TemporalPositionIdentifier: 2 - (i % 2) }));
    const [volume] = await readDicomSeries(files);
    expect([volume.frames, ...volume.shape]).toEqual([2, 2, 2, 3]);
    expect(firsts(volume)).toEqual([2, 4, 1, 3]);
    const acquired = stack([0, 0, 2, 2], (i) => ({ AcquisitionNumber: 1 + (i % 2) }));
    expect(firsts((await readDicomSeries(acquired))[0])).toEqual([1, 3, 2, 4]);
  });

  test('of several echoes, or of several image types at the same places, are volumes of their own', async () => {
    const echoes = await readDicomSeries(stack([0, 0, 2, 2], (i) => ({ EchoNumbers: 1 + (i % 2) })));
    expect(echoes.map(({ part }) => part)).toEqual(['echo 1', 'echo 2']);
    expect(echoes.map(firsts)).toEqual([
      [1, 3],
      [2, 4],
    ]);
    const kinds = ['ORIGINAL\\PRIMARY\\M', 'ORIGINAL\\PRIMARY\\P'];
    const both = await readDicomSeries(stack([0, 0, 2, 2], (i) => ({ ImageType: kinds[i % 2] })));
    expect(both.map(({ part }) => part)).toEqual(kinds.map((kind) => `image type ${kind}`));
  });
});

describe('a series is refused', () => {
  test('where a slice is missing: it names the gap', async () => {
    expect(await refusal(stack([0, 1.5, 3, 6, 7.5]))).toBe(
      'series 1.2.3: a slice is missing, expected 1.5 mm from slice to slice, got 3 mm between IM2 at 3 mm and IM3 at 6 mm',
    );
    expect(await refusal(stack([0, 1, 2, 6, 7]))).toContain('3 slices are missing');
    expect(await refusal(stack([0, 1, 2, 3.4, 4.4]))).toContain('slices are not evenly spaced');
  });

  test('where two slices stand at one place and nothing tells them apart', async () => {
    expect(await refusal(stack([0, 2, 2, 4]))).toContain('slices at the same place');
    const uneven = stack([0, 0, 2], (i) => ({ TemporalPositionIdentifier: i + 1 }));
    expect(await refusal(uneven)).toContain('slices at the same place');
  });

  const differing: readonly (readonly [string, DicomContent, string])[] = [
    [
      'size',
      { Rows: 1, PixelData: raw16([1, 2, 3]) },
      'slices of different sizes, expected 3 x 2 of IM0, got 3 x 1 of IM1',
    ],
    ['orientation', { ImageOrientationPatient: [0, 1, 0, 0, 0, -1] }, 'slices of different orientations'],
    [
      'pixel spacing',
      { PixelSpacing: [1, 2] },
      'slices of different pixel spacings, expected 1 x 1 mm of IM0, got 1 x 2 mm of IM1',
    ],
    [
      'frame of reference',
      { FrameOfReferenceUID: '1.9' },
      'slices in different frames of reference, expected none of IM0, got 1.9 of IM1',
    ],
    [
      'place',
      { ImagePositionPatient: undefined },
      'a slice without a place, expected position, orientation and spacing, got IM1',
    ],
  ];
  test.each(differing)('where slices differ in %s', async (_, more, reason) => {
    expect(await refusal(stack([0, 2, 4], (i) => (i === 1 ? more : {})))).toContain(`series 1.2.3: ${reason}`);
  });

  test('where a slice stands beside the line of the others', async () => {
    const files = stack([0, 2, 4], (i) => ({ ImagePositionPatient: [i === 1 ? 0.5 : 0, 0, 2 * i] }));
    expect(await refusal(files)).toContain('slices do not stand on one line');
  });

  test('where one of its files is broken', async () => {
    const [first, second] = stack([0, 2]);
    expect(await refusal([first, { name: 'IM1', bytes: second.bytes.subarray(0, -1) }])).toContain(
      'IM1: the file ends inside element (7fe0,0010), expected 12 bytes of it, got 11',
    );
  });
});

describe('a folder', () => {
  const other = stack([0, 3], () => ({ SeriesInstanceUID: '1.2.4' })).map(({ bytes }, i) => ({ name: `B${i}`, bytes }));

  test('gives its series each by itself, or the one asked for', async () => {
    const files = [...stack([0, 2, 4]), ...other];
    expect((await readDicomSeries(files)).map(({ shape }) => shape[0])).toEqual([3, 2]);
    expect((await readDicomSeries(files, { series: '1.2.4' })).map(({ shape }) => shape[0])).toEqual([2]);
    expect(await refusal(files, { series: '1.7' })).toBe(
      'readDicomSeries: no such series, expected series 1.7, got 1.2.3, 1.2.4',
    );
  });

  test('with a faulty series names the others, so that one of them can be asked for', async () => {
    const files = [...stack([0, 2, 6, 8, 10]), ...other];
    expect(await refusal(files)).toBe(
      'series 1.2.3: a slice is missing, expected 2 mm from slice to slice, got 4 mm between IM1 at 2 mm and IM2 at 6 mm, beside other series, which `series` names: 1.2.4',
    );
    expect((await readDicomSeries(files, { series: '1.2.4' })).length).toBe(1);
  });

  test('gives series in the order of their numbers, not of their UIDs', async () => {
    const numbered = (uid: string, number: number | undefined, name: string) =>
      slice(name, 0, number ?? 0, { SeriesInstanceUID: uid, SeriesNumber: number });
    const files = [
      numbered('1.1', undefined, 'a'),
      numbered('1.2', 10, 'b'),
      numbered('1.3', 9, 'c'),
      numbered('1.5', 3, 'd'),
      numbered('1.4', 3, 'e'),
    ];
    const found = await readDicomSeries(files);
    expect(found.map(({ seriesInstanceUid }) => seriesInstanceUid)).toEqual(['1.4', '1.5', '1.3', '1.2', '1.1']);
  });

  test('may hold broken files of a series that is not asked for: it is said that they are skipped', async () => {
    const cut = { name: 'B0', bytes: other[0].bytes.subarray(0, other[0].bytes.length - 5) };
    const files = [...stack([0, 2, 4]), cut, other[1]];
    const [volume] = await readDicomSeries(files, { series: '1.2.3' });
    expect([volume.shape[0], codes(volume)]).toEqual([3, ['skipped-file']]);
    expect(volume.warnings[0].message).toContain('B0: the file ends inside element (7fe0,0010)');
    expect(volume.warnings[0].message).toContain('it is of another series, 1.2.4, and skipped');
    expect(await refusal(files, { series: '1.2.4' })).toContain('B0: the file ends inside');
    expect(await refusal(files)).toContain('B0: the file ends inside');
  });

  test('with a broken file that does not tell its series is refused, since it may be of the one asked for', async () => {
    const garbage = { name: 'x', bytes: other[0].bytes.subarray(0, 150) };
    expect(await refusal([...stack([0, 2]), garbage], { series: '1.2.3' })).toContain('x: the file ends inside');
  });

  test('with a slice that is cut before it tells its size is refused, though it ends between two elements', async () => {
    const cut = dicomFile({
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
      SeriesInstanceUID: '1.2.3',
      Rows: undefined,
      PixelData: undefined,
    });
    expect(await refusal([...stack([0, 2]), { name: 'IM9', bytes: cut }])).toBe('IM9: the file ends before its pixels');
  });

  test('may hold files that are no images: it is said that they are skipped', async () => {
    const text = { name: 'notes.txt', bytes: new TextEncoder().encode('nothing to see in here') };
    const report = { name: 'report', bytes: dicomFile({ Rows: undefined, PixelData: undefined }) };
    const [volume] = await readDicomSeries([...stack([0, 2]), text, report]);
    expect(volume.warnings.map(({ message }) => message)).toEqual([
      'notes.txt: no DICOM file, skipped',
      'report: DICOM without an image, skipped',
    ]);
    expect(await refusal([text])).toContain('no DICOM image, expected at least one DICOM image, got 1 files');
  });

  describe('on the disk', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'dicom-'));
      const put = async (name: string, files: readonly DicomFileBytes[]) => {
        await mkdir(join(folder, name));
        for (const file of files) await writeFile(join(folder, name, file.name), file.bytes);
      };
      await put('one', [...stack([0, 2, 4]), { name: '.hidden', bytes: new Uint8Array(3) }]);
      await put('two', [...stack([0, 2, 4]), ...other]);
      await put(
        'echoes',
        stack([0, 0, 2, 2], (i) => ({ EchoNumbers: 1 + (i % 2) })),
      );
      await put('none', []);
    });
    afterAll(() => rm(folder, { recursive: true }));

    test('is read as the one volume it holds', async () => {
      const { data, ...header } = await readImageFile(join(folder, 'one'));
      expect([header.shape, header.warnings, data.length]).toEqual([[3, 2, 3], [], 18]);
      expect(await readImageFileHeader(join(folder, 'one'))).toEqual(header);
      const slices = await readImageFile(join(folder, 'one', 'IM0'));
      expect(slices.shape).toEqual([1, 2, 3]);
    });

    test('with several is refused by their UIDs and sizes, unless one is chosen', async () => {
      await expect(readImageFile(join(folder, 'two'))).rejects.toThrow(
        'two: several volumes in the folder, expected one, chosen by `series` and `part`, got series 1.2.3 (3 x 2 x 3); series 1.2.4 (3 x 2 x 2)',
      );
      expect((await readImageFile(join(folder, 'two'), { series: '1.2.4' })).shape).toEqual([2, 2, 3]);
      await expect(readImageFile(join(folder, 'two'), { series: '1' })).rejects.toThrow(
        'expected series 1, got 1.2.3, 1.2.4',
      );
      const chosen = await readImageFile(join(folder, 'echoes'), { series: '1.2.3', part: 'echo 2' });
      expect(firsts(chosen)).toEqual([2, 4]);
      await expect(readImageFile(join(folder, 'echoes'), { part: 'echo 3' })).rejects.toThrow(
        'echoes: no such volume in the folder, expected part "echo 3", got series 1.2.3, part "echo 1" (3 x 2 x 2); ',
      );
      await expect(readImageFile(join(folder, 'none'))).rejects.toThrow('none: a folder without files');
    });
  });
});
