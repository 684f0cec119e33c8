import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { spacingMm } from '../../src/array/grid.ts';
import { InputError } from '../../src/errors.ts';
import { type DicomOptions, isDicom, readDicom } from '../../src/read/dicom/dicom.ts';
import { readImage, readImageHeader } from '../../src/read/image.ts';
import { type DicomContent, type DicomWriting, dicomFile, raw16 } from './dicom-files.ts';
import { joined, raw } from './image-files.ts';

const read = (content: DicomContent, writing: DicomWriting = {}, options: Partial<DicomOptions> = {}) =>
  readDicom(dicomFile(content, writing), { name: 'a.dcm', ...options });

async function refusal(content: DicomContent, writing: DicomWriting = {}): Promise<string> {
  const error = await read(content, writing).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

const codes = ({ warnings }: { readonly warnings: readonly { readonly code: string }[] }) =>
  warnings.map(({ code }) => code);

describe('the door for images', () => {
  test('reads DICOM, and its header is the same without numbers', async () => {
    const { data, ...header } = await readImage(dicomFile({}), { name: 'a' });
    expect(data).toEqual(Int16Array.of(1, 2, 3, 4, 5, 6));
    expect(await readImageHeader(dicomFile({}), { name: 'a' })).toEqual(header);
    expect(header.stored).toEqual({ format: 'DICOM', type: 'int16', slope: 1, intercept: 0 });
  });

  test('knows data sets without preamble by their first element', async () => {
    for (const syntax of ['', '.1']) {
      const bare = dicomFile({ SOPClassUID: '1.2.840.10008.5.1.4.1.1.2' }, { bare: true, syntax });
      expect(isDicom(bare)).toBe(true);
      expect((await readImage(bare, { name: 'IM0001' })).data).toEqual(Int16Array.of(1, 2, 3, 4, 5, 6));
    }
    expect(isDicom(new TextEncoder().encode('a text, longer than sixteen bytes'))).toBe(false);
  });
});

describe('a data set', () => {
  const content: DicomContent = {
    ImagePositionPatient: undefined,
    ImageOrientationPatient: undefined,
    PixelSpacing: undefined,
    SharedFunctionalGroupsSequence: [{ PixelMeasuresSequence: [{ PixelSpacing: [2, 3], SliceThickness: 4 }] }],
    PerFrameFunctionalGroupsSequence: [
      {
        PlanePositionSequence: [{ ImagePositionPatient: [5, 6, 7] }],
        PlaneOrientationSequence: [{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }],
      },
    ],
  };
  test.each(['', '.1', '.2'])('reads alike in syntax "%s", its sequences by lengths or delimiters', async (syntax) => {
    for (const delimited of [false, true]) {
      const image = await read(content, { syntax, delimited });
      expect([...image.data]).toEqual([1, 2, 3, 4, 5, 6]);
      expect(spacingMm(image)).toEqual([3, 2, 4]);
      expect([3, 7, 11].map((at) => image.affine[at])).toEqual([-5, -6, 7]);
    }
  });

  test('may hold private elements, and sequences that are called unknown', async () => {
    const item = joined(raw16([0xfffe, 0xe000, 8, 0]), raw16([0x0009, 0x1001, 0, 0]));
    const extra: DicomWriting['extra'] = [
      [0x0009_0010, 'LO', new TextEncoder().encode('MAKER ')],
      [0x0009_1010, 'UN', item],
      [0x7fe1_0010, 'OB', new Uint8Array(40)],
    ];
    expect([...(await read({}, { extra })).data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('keeps technical tags, and those of the patient only when asked', async () => {
    const told: DicomContent = {
      PatientName: 'Doe^Jane',
      PatientID: '12345',
      StudyDate: '20240102',
      SeriesDescription: 'Jane, at rest',
      SliceThickness: 5,
      FrameOfReferenceUID: '1.2.9',
      WindowCenter: [40, 600],
      WindowWidth: [400, 2800],
    };
    const image = await read(told);
    expect(JSON.stringify(image)).not.toMatch(/Doe|Jane|12345|20240102/);
    expect(image.tags).toMatchObject({ Modality: 'CT', SliceThickness: 5, Rows: 2, WindowCenter: [40, 600] });
    expect(image).toMatchObject({ modality: 'CT', seriesInstanceUid: '1.2.3', frameOfReferenceUid: '1.2.9' });
    expect(image.window).toEqual({ center: 40, width: 400 });
    const all = await read(told, {}, { keep: 'all' });
    expect(all.tags).toMatchObject({ '(0010,0010)': 'Doe^Jane', '(0008,0020)': '20240102', SliceThickness: 5 });
  });

  test('that is written without value representations, though it says otherwise, is read with a warning', async () => {
    const plain = dicomFile({}, { syntax: '', bare: true });
    const whole = dicomFile({}, { syntax: '.1' });
    const start = whole.subarray(0, whole.length - dicomFile({}, { bare: true }).length);
    const image = await readDicom(joined(start, plain), { name: 'a.dcm' });
    expect([...image.data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(codes(image)).toEqual(['implicit-elements']);
  });

  test('may begin with private elements of a group below that of the file meta information', async () => {
    const extra: DicomWriting['extra'] = [[0x0001_0010, 'LO', new TextEncoder().encode('MAKER ')]];
    for (const syntax of ['', '.1']) expect([...(await read({}, { extra, syntax })).data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('with a hole of zeros is refused, at once', async () => {
    const whole = dicomFile({}, { syntax: '' });
    const hole = joined(whole.subarray(0, whole.length - 20), new Uint8Array(2 ** 21), Uint8Array.of(1, 0));
    await expect(readDicom(hole, { name: 'a' })).rejects.toThrow('a: an element (0000,0000) where none can be');
  });

  test('that is deflated is unpacked no further than its own header says', async () => {
    const plain = dicomFile({}, { bare: true });
    const start = dicomFile({}, { syntax: '.1.99' });
    const head = start.subarray(0, start.length - plain.length);
    const packed = (bytes: Uint8Array) => joined(head, new Uint8Array(deflateRawSync(bytes)));
    expect([...(await readDicom(packed(plain), { name: 'a' })).data]).toEqual([1, 2, 3, 4, 5, 6]);
    await expect(readDicom(packed(joined(plain, new Uint8Array(2 ** 25))), { name: 'a' })).rejects.toThrow(
      'a: too large, expected at most 16777228 bytes unpacked',
    );
    const cut = packed(plain);
    await expect(readDicom(cut.subarray(0, cut.length - 20), { name: 'a' })).rejects.toBeInstanceOf(InputError);
  });
});

describe('the numbers', () => {
  test('of 12 bits have their sign extended, and other bits are masked with a warning', async () => {
    const bits: DicomContent = { BitsStored: 12, HighBit: 11 };
    const image = await read({ ...bits, PixelData: raw16([0, 1, 2047, 0x800, 0xfff, 0x0ffe]) });
    expect(image.data).toEqual(Int16Array.of(0, 1, 2047, -2048, -1, -2));
    const overlay = await read({ ...bits, PixelRepresentation: 0, PixelData: raw16([0x1001, 2, 0xffff, 4, 5, 6]) });
    expect(overlay.data).toEqual(Uint16Array.of(1, 2, 4095, 4, 5, 6));
    expect(codes(overlay)).toEqual(['masked-bits']);
    const high = await read({
      BitsStored: 12,
      HighBit: 15,
      PixelRepresentation: 0,
      PixelData: raw16([16, 32, 0, 0, 0, 0xfff0]),
    });
    expect(high.data).toEqual(Uint16Array.of(1, 2, 0, 0, 0, 4095));
  });

  test('of 8 and 32 bits, and floats, are of their type', async () => {
    const eight: DicomContent = {
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelData: Uint8Array.of(1, 2, 255, 128, 0, 6),
    };
    expect((await read(eight)).data).toEqual(Int8Array.of(1, 2, -1, -128, 0, 6));
    expect((await read({ ...eight, PixelRepresentation: 0 })).data).toEqual(Uint8Array.of(1, 2, 255, 128, 0, 6));
    const words = await read({ ...eight, PixelRepresentation: 0 }, { syntax: '.2', pixelVr: 'OW' });
    expect([...words.data]).toEqual([2, 1, 128, 255, 6, 0]);
    const wide = await read({
      BitsAllocated: 32,
      BitsStored: 32,
      HighBit: 31,
      PixelRepresentation: 0,
      PixelData: raw(Uint32Array.of(1, 2, 3, 4, 5, 4e9)),
    });
    expect(wide.data).toEqual(Uint32Array.of(1, 2, 3, 4, 5, 4e9));
    const float = await read({ PixelData: undefined, FloatPixelData: raw(Float32Array.of(1.5, 2, 3, -4, 5, 6)) });
    expect(float.data).toEqual(Float32Array.of(1.5, 2, 3, -4, 5, 6));
  });

  test('of one bit come the lowest first', async () => {
    const bit: DicomContent = { BitsAllocated: 1, BitsStored: 1, HighBit: 0, PixelRepresentation: 0 };
    const image = await read({ ...bit, PixelData: Uint8Array.of(0b100110) });
    expect(image.data).toEqual(Uint8Array.of(0, 1, 1, 0, 0, 1));
    expect(image.stored.type).toBe('bit');
  });

  test('are those measured: slope and intercept applied, in Hounsfield units where CT says no other', async () => {
    const scaled = await read({ RescaleSlope: 1, RescaleIntercept: -1024 });
    expect(scaled.data).toEqual(Float32Array.of(-1023, -1022, -1021, -1020, -1019, -1018));
    expect(scaled.unit).toBe('HU');
    expect((await read({ RescaleSlope: 1, RescaleIntercept: 0, RescaleType: 'HU' })).unit).toBe('HU');
    expect((await read({ RescaleSlope: 1, RescaleIntercept: 0, RescaleType: 'US' })).unit).toBeUndefined();
    expect((await read({})).unit).toBeUndefined(); // never scaled
    expect((await read({ Modality: 'MR', RescaleSlope: 1, RescaleIntercept: 0 })).unit).toBeUndefined();
    const decimal = await read({ RescaleSlope: '0.1', RescaleIntercept: '0' });
    expect(decimal.data).toEqual(Float64Array.of(...[1, 2, 3, 4, 5, 6].map((value) => value * 0.1)));
    const pet = await read({ Modality: 'PT', Units: 'BQML', RescaleSlope: 2, RescaleIntercept: 0 });
    expect([pet.unit, pet.data[1]]).toEqual(['Bq/mL', 4]);
  });

  test('of colours come apart, whichever way the file holds them', async () => {
    const colour: DicomContent = {
      SamplesPerPixel: 3,
      PhotometricInterpretation: 'RGB',
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelRepresentation: 0,
      Columns: 2,
      Rows: 1,
    };
    const mixed = await read({ ...colour, PlanarConfiguration: 0, PixelData: Uint8Array.of(1, 2, 3, 4, 5, 6) });
    const planar = await read({ ...colour, PlanarConfiguration: 1, PixelData: Uint8Array.of(1, 4, 2, 5, 3, 6) });
    expect(mixed.channels).toBe(3);
    expect(mixed.data).toEqual(Uint8Array.of(1, 4, 2, 5, 3, 6));
    expect(planar.data).toEqual(mixed.data);
    const halved = await read({
      ...colour,
      PhotometricInterpretation: 'YBR_FULL_422',
      PlanarConfiguration: 0,
      PixelData: Uint8Array.of(10, 20, 30, 40),
    });
    expect(halved.data).toEqual(Uint8Array.of(10, 20, 30, 30, 40, 40));
    expect(halved.photometric).toBe('YBR_FULL');
    expect(codes(halved)).toEqual(['luminance-chrominance']);
  });

  test('that mean something else than bright and dark are kept, and it is said', async () => {
    const inverted = await read({ PhotometricInterpretation: 'MONOCHROME1' });
    expect([...inverted.data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(codes(inverted)).toEqual(['inverted']);
    expect(codes(await read({ PhotometricInterpretation: 'PALETTE COLOR' }))).toEqual(['palette']);
    const padded = await read({ PixelPaddingValue: 1, RescaleSlope: 1, RescaleIntercept: -1024 });
    expect(padded.warnings[0].message).toBe('a.dcm: 1 of 6 numbers are padding, read as -1023, and were not measured');
  });
});

describe('the place', () => {
  test('is RAS millimetres: rows are spaced first in the file, columns are counted along the row', async () => {
    const image = await read({
      PixelSpacing: [2, 3],
      ImagePositionPatient: [10, 20, 30],
      ImageOrientationPatient: [0, 1, 0, 0, 0, -1], // sagittal
      SliceThickness: 5,
    });
    // width goes 3 mm to the back, height 2 mm down, depth 5 mm along their cross product (to the right)
    expect([...image.affine]).toEqual(
      [0, 0, 5, -10, -3, 0, 0, -20, 0, -2, 0, 30, 0, 0, 0, 1].map((value) => value + 0),
    );
    expect([image.placed, image.dimensions]).toEqual([true, 2]);
  });

  test('that is not told is not made up', async () => {
    const without = await read({ ImageOrientationPatient: undefined, PixelSpacing: [2, 3] });
    expect([without.placed, ...spacingMm(without)]).toEqual([false, 3, 2, 1]);
    const nothing = await read({ ImagePositionPatient: undefined, PixelSpacing: undefined });
    expect([nothing.placed, ...spacingMm(nothing)]).toEqual([false, 1, 1, 1]);
    const detector = await read({
      ImagePositionPatient: undefined,
      PixelSpacing: undefined,
      ImagerPixelSpacing: [0.1, 0.1],
    });
    expect(codes(detector)).toEqual(['detector-spacing']);
  });
});

describe('frames', () => {
  const three = raw16([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3]);

  test('without places are frames, in time where their step is told', async () => {
    const film = await read({ NumberOfFrames: 3, PixelData: three, FrameTime: 40, Modality: 'US' });
    expect([film.frames, ...film.shape, film.frameSeconds]).toEqual([3, 1, 2, 3, 0.04]);
    expect(codes(film)).toEqual(['frames-unplaced']);
    expect(film.data[6]).toBe(2);
  });

  const at = (z: number, more: DicomContent = {}): DicomContent => ({
    PlanePositionSequence: [{ ImagePositionPatient: [0, 0, z] }],
    ...more,
  });
  const shared: DicomContent = {
    ImagePositionPatient: undefined,
    ImageOrientationPatient: undefined,
    PixelSpacing: undefined,
    SharedFunctionalGroupsSequence: [
      {
        PixelMeasuresSequence: [{ PixelSpacing: [1, 1], SliceThickness: 9 }],
        PlaneOrientationSequence: [{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }],
      },
    ],
  };

  test('with places of their own are depth, in the order of the places, each with its own scale', async () => {
    const scale = (slope: number): DicomContent => ({
      PixelValueTransformationSequence: [{ RescaleSlope: slope, RescaleIntercept: 0, RescaleType: 'US' }],
    });
    const volume = await read({
      ...shared,
      NumberOfFrames: 3,
      PixelData: three,
      PerFrameFunctionalGroupsSequence: [at(4, scale(10)), at(0, scale(1)), at(2, scale(1))],
    });
    expect([...volume.shape]).toEqual([3, 2, 3]);
    expect([0, 6, 12].map((i) => volume.data[i])).toEqual([2, 3, 10]);
    expect(spacingMm(volume)[2]).toBe(2);
    expect(codes(volume)).toEqual(['varied-scale']);
  });

  test('that share places are points in time, where all places have as many', async () => {
    const time = (index: number): DicomContent => ({ FrameContentSequence: [{ TemporalPositionIndex: index }] });
    const four = joined(three, raw16([4, 4, 4, 4, 4, 4]));
    const groups = [at(0, time(2)), at(3, time(1)), at(0, time(1)), at(3, time(2))];
    const content: DicomContent = { ...shared, NumberOfFrames: 4, PixelData: four };
    const volume = await read({ ...content, PerFrameFunctionalGroupsSequence: groups });
    expect([volume.frames, ...volume.shape]).toEqual([2, 2, 2, 3]);
    expect([0, 6, 12, 18].map((i) => volume.data[i])).toEqual([3, 2, 1, 4]);
    const uneven = [at(0, time(1)), at(3, time(1)), at(0, time(2)), at(6, time(1))];
    expect(await refusal({ ...content, PerFrameFunctionalGroupsSequence: uneven })).toContain(
      'slices at the same place',
    );
  });

  test('of a dose stand where their offsets say', async () => {
    const dose: DicomContent = { Modality: 'RTDOSE', NumberOfFrames: 3, PixelData: three };
    const volume = await read({ ...dose, GridFrameOffsetVector: [0, -2.5, -5] });
    expect(spacingMm(volume)[2]).toBe(2.5);
    expect([volume.data[0], volume.affine[11]]).toEqual([3, -5]);
    expect(await refusal({ ...dose, GridFrameOffsetVector: [0, 2.5, 7.5] })).toContain('not evenly spaced');
  });
});

describe('run lengths', () => {
  const head = (...offsets: number[]) =>
    raw(Uint32Array.of(offsets.length, ...offsets, ...new Array(15 - offsets.length).fill(0)));
  // the high bytes 0 0 0 0 0 1, then the low ones 1 2 3 9 9 9, the second part of which is a repeat
  const frame = joined(head(64, 69), Uint8Array.of(252, 0, 0, 1, 128), Uint8Array.of(2, 1, 2, 3, 254, 9, 128));
  const packed = (...fragments: Uint8Array[]): DicomWriting => ({
    syntax: '.5',
    fragments: [new Uint8Array(0), ...fragments],
  });

  test('give a byte plane after another', async () => {
    expect((await read({}, packed(frame))).data).toEqual(Int16Array.of(1, 2, 3, 9, 9, 265));
  });

  test('that end early, go on, or miss a plane are refused', async () => {
    expect(await refusal({}, packed(frame.subarray(0, 74)))).toContain('a.dcm: broken run lengths');
    expect(await refusal({ Columns: 4 }, packed(frame))).toContain(
      'broken run lengths, expected 8 bytes of segment 1, got 6',
    );
    expect(await refusal({ Columns: 2 }, packed(frame))).toContain(
      'broken run lengths, expected 4 bytes of segment 1, got',
    );
    expect(await refusal({}, packed(joined(head(64), frame.subarray(64))))).toContain('expected 2 segments, got 1');
    expect(await refusal({ NumberOfFrames: 2 }, packed(frame))).toContain('its pixels are fewer than its header says');
    expect(await refusal({}, { syntax: '.5' })).toContain('its pixels are not packed, as its transfer syntax says');
  });
});

describe('a file is refused that', () => {
  const wrong: readonly (readonly [string, DicomContent, string])[] = [
    ['has no rows', { Rows: undefined }, 'a.dcm: no Rows in its header'],
    ['has 0 rows', { Rows: 0 }, 'a.dcm: its size is none, expected positive numbers, got 3 columns, 0 rows, 1 frames'],
    ['lies of its rows', { Rows: 60000 }, 'its pixels are fewer than its header says, expected 360000 bytes'],
    ['lies of its frames', { NumberOfFrames: 2_000_000_000 }, 'its pixels are fewer than its header says'],
    ['ends before its pixels', { PixelData: undefined }, 'a.dcm: the file ends before its pixels'],
    ['has more bits than it has room for', { BitsStored: 17 }, 'its bits contradict one another'],
    [
      'has 12 bits allocated',
      { BitsAllocated: 12 },
      'BitsAllocated (0028,0100) cannot be read, expected 1, 8, 16 or 32, got 12',
    ],
    ['has two samples', { SamplesPerPixel: 2 }, 'SamplesPerPixel (0028,0002) cannot be read, expected 1 or 3, got 2'],
    [
      'has colours of one sample',
      { PhotometricInterpretation: 'RGB' },
      'PhotometricInterpretation (0028,0004) cannot be read',
    ],
    [
      'has letters for a number',
      { RescaleSlope: 'one' },
      'RescaleSlope (0028,1053) is no number, expected a decimal number, got "one"',
    ],
    [
      'has a fraction for a whole number',
      { NumberOfFrames: '1.5' },
      'NumberOfFrames (0028,0008) is no number, expected a whole number',
    ],
    ['has slope 0', { RescaleSlope: 0 }, 'RescaleSlope (0028,1053) makes all numbers equal'],
    [
      'has no spacing between rows',
      { PixelSpacing: [0, 1] },
      'PixelSpacing (0028,0030) is no spacing, expected positive numbers, got 0 1',
    ],
    [
      'has one spacing',
      { PixelSpacing: [1] },
      'PixelSpacing (0028,0030) does not have the right number of values, expected 2, got 1',
    ],
    [
      'has directions that are none',
      { ImageOrientationPatient: [1, 0, 0, 1, 0, 0] },
      'ImageOrientationPatient (0020,0037) is none',
    ],
    [
      'has half a place',
      { ImagePositionPatient: [1, 2] },
      'ImagePositionPatient (0020,0032) does not have the right number of values',
    ],
  ];
  test.each(wrong)('%s', async (_, content, reason) => {
    expect(await refusal(content)).toContain(reason);
  });

  test('is in a syntax that is not read, by its UID', async () => {
    expect(await refusal({}, { syntax: '.4.201' })).toContain('its transfer syntax cannot be read');
    expect(await refusal({}, { syntax: '.4.201' })).toContain('got "1.2.840.10008.1.2.4.201"');
  });

  test('is cut anywhere', async () => {
    const whole = dicomFile({}, { delimited: true });
    for (let end = 0; end < whole.length; end++) {
      await expect(readDicom(whole.subarray(0, end), { name: 'a' }), `${end}`).rejects.toBeInstanceOf(InputError);
    }
    const packed = dicomFile({}, { syntax: '.5', fragments: [new Uint8Array(0), new Uint8Array(80)] });
    for (let end = 0; end < packed.length; end += 3) {
      await expect(readDicom(packed.subarray(0, end), { name: 'a' })).rejects.toBeInstanceOf(InputError);
    }
  });
});
