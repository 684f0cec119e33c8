import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { spacingMm } from '../../src/array/grid.ts';
import { InputError } from '../../src/errors.ts';
import { readImage, readImageHeader } from '../../src/read/image.ts';
import { writeNifti } from '../../src/read/nifti/write-nifti.ts';
import { writePng } from '../../src/read/png/write-png.ts';
import { deflated, joined, niftiFile, pngFile, pngHeader, raw, textFile, tiffFile } from './image-files.ts';

const eight = Int16Array.of(0, 1, 2, 3, 4, 5, 6, 7);
const bytes = raw(eight);

async function message(file: Uint8Array, name: string): Promise<string> {
  const error = await readImage(file, { name }).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

const codes = (volume: { readonly warnings: readonly { readonly code: string }[] }) =>
  volume.warnings.map(({ code }) => code);

describe('the kind of an image', () => {
  test('is told by its content, whatever its name', async () => {
    expect((await readImage(niftiFile({}, bytes), { name: 'scan.png' })).stored.format).toBe('NIfTI-1');
    const png = writePng({ width: 2, height: 1, channels: 1, data: Uint8Array.of(3, 4) });
    expect((await readImage(png, { name: 'scan.nii' })).stored.format).toBe('PNG');
  });

  test('that no reader knows is refused', async () => {
    expect(await message(new TextEncoder().encode('patient,age\n'), 'table.csv')).toBe(
      'table.csv: no image of a known kind, expected NIfTI, MGH, NRRD, MetaImage, PNG, TIFF, JPEG or DICOM',
    );
    expect(await message(new Uint8Array(0), 'a.nii')).toBe('a.nii: the file is empty, expected an image');
    expect(await message(new Uint8Array(gzipSync('NRRD0004\n')), 'a.nrrd.gz')).toBe(
      'a.nrrd.gz: nrrd inside gzip, expected the file unpacked',
    );
  });
});

describe('NIfTI', () => {
  test.each([
    [1, false],
    [1, true],
    [2, false],
    [2, true],
  ] as const)('of version %i, big-endian: %s, gives the same', async (version, bigEndian) => {
    const data = bigEndian ? raw(eight.map((value) => value << 8)) : bytes;
    const volume = await readImage(niftiFile({ version, bigEndian }, data), { name: 'a.nii' });
    expect(volume.data).toEqual(eight);
    expect(volume.stored).toEqual({ format: `NIfTI-${version}`, type: 'int16', slope: 1, intercept: 0 });
  });

  test('in metres or micrometres comes in millimetres, its frames in seconds', async () => {
    const sform = [0.002, 0, 0, 0.01, 0, 0.002, 0, 0, 0, 0, 0.003, 0];
    const metres = niftiFile({ units: 1, pixdim: [1, 0.002, 0.002, 0.003], sform }, bytes);
    const volume = await readImage(metres, { name: 'a.nii' });
    expect(spacingMm(volume).map((mm) => Math.round(mm * 1e4) / 1e4)).toEqual([2, 2, 3]);
    expect(volume.affine[3]).toBeCloseTo(10, 5);
    const microns = niftiFile({ units: 3, pixdim: [1, 500, 500, 250] }, bytes);
    expect(spacingMm(await readImage(microns, { name: 'a.nii' }))).toEqual([0.5, 0.5, 0.25]);
    const frames = { dim: [4, 2, 2, 1, 2], pixdim: [1, 1, 1, 1, 2500] };
    const seconds = async (units: number) =>
      (await readImageHeader(niftiFile({ ...frames, units }, bytes), { name: 'a.nii' })).frameSeconds;
    expect([await seconds(2 + 16), await seconds(2 + 8), await seconds(2)]).toEqual([2.5, 2500, undefined]);
    expect(await seconds(2 + 32)).toBeUndefined(); // hertz: the fourth axis is a spectrum
  });

  test('prefers its sform, and says where its qform or its pixdim differ from it', async () => {
    const sform = [2, 0, 0, 5, 0, 2, 0, 6, 0, 0, 2, 7];
    const both = niftiFile({ sform, pixdim: [1, 2, 2, 2], qform: [1, 0, 0, 0, 5, 6, 7] }, bytes);
    const same = await readImage(both, { name: 'a.nii' });
    expect([codes(same), [...same.affine.subarray(0, 4)]]).toEqual([[], [2, 0, 0, 5]]);
    const moved = niftiFile({ sform, pixdim: [1, 2, 2, 2], qform: [1, 0, 0, 0, 5, 6, 9] }, bytes);
    expect(codes(await readImage(moved, { name: 'a.nii' }))).toEqual(['forms-differ']);
    const volume = await readImage(niftiFile({ sform, pixdim: [1, 2, 2, 4] }, bytes), { name: 'a.nii' });
    expect(volume.warnings).toEqual([
      {
        code: 'spacing-differs',
        message: 'a.nii: its sform makes voxels of 2, 2, 2 mm, its pixdim says 2, 2, 4; the sform is used',
      },
    ]);
  });

  test('whose qfac is -1 has its third axis turned round', async () => {
    const fields = { pixdim: [-1, 1, 2, 3], qform: [1, 0, 0, 0, 0, 0, 0] } as const;
    const { affine, placed } = await readImage(niftiFile(fields, bytes), { name: 'a.nii' });
    expect([affine[0], affine[5], affine[10], placed]).toEqual([1, 2, -3, true]);
  });

  test('with neither form has no place but its spacing', async () => {
    const volume = await readImage(niftiFile({ pixdim: [1, 1, 2, 3] }, bytes), { name: 'a.nii' });
    expect([volume.placed, spacingMm(volume)]).toEqual([false, [1, 2, 3]]);
  });

  test('whose numbers are past 2^53 is refused, others of 64 bits are exact', async () => {
    const file = (value: bigint) =>
      niftiFile({ dim: [1, 1], datatype: 1024, bitpix: 64 }, raw(BigInt64Array.of(value)));
    for (const value of [2n ** 53n - 1n, 1n - 2n ** 53n, -1n]) {
      expect((await readImage(file(value), { name: 'a.nii' })).data).toEqual(Float64Array.of(Number(value)));
    }
    expect(await message(file(2n ** 53n + 2n), 'a.nii')).toBe(
      'a.nii: a 64-bit number too large to be held exactly, expected within 2^53',
    );
  });

  test('of complex numbers has their parts as channels', async () => {
    const file = niftiFile({ dim: [1, 2], datatype: 32, bitpix: 64 }, raw(Float32Array.of(1, -1, 2, -2)));
    const volume = await readImage(file, { name: 'a.nii' });
    expect([volume.channels, [...volume.data]]).toEqual([2, [1, 2, -1, -2]]);
  });

  test('with colours is not scaled, with slope and intercept is', async () => {
    const rgba = niftiFile({ dim: [1, 1], datatype: 2304, bitpix: 32, slope: 2 }, Uint8Array.of(1, 2, 3, 4));
    expect((await readImage(rgba, { name: 'a.nii' })).data).toEqual(Uint8Array.of(1, 2, 3, 4));
    const whole = await readImage(niftiFile({ slope: 2, intercept: -1024 }, bytes), { name: 'a.nii' });
    expect([whole.data[7], whole.data.constructor.name]).toEqual([-1010, 'Float32Array']);
    const exact = await readImage(niftiFile({ slope: 0.1 }, bytes), { name: 'a.nii' });
    expect(exact.data[7]).toBe(7 * Math.fround(0.1));
  });

  test.each([
    [{ magic: '\0\0\0\0' }, 'no NIfTI-1 by its magic bytes (ANALYZE 7.5, which tells no orientation, or damaged)'],
    [{ datatype: 1, bitpix: 1 }, 'got 1, single bits'],
    [{ datatype: 1536, bitpix: 128 }, 'got 1536, 128-bit floats'],
    [{ offset: 353.5 }, 'vox_offset is no place in the file, expected a whole number from 352 on, got 353.5'],
    [{ offset: 100 }, 'vox_offset is no place in the file'],
    [{ dim: [6, 2, 2, 2, 1, 1, 2] }, 'more than five axes'],
    [{ qform: [1, 1, 1, 0, 0, 0, 0] as const }, 'its qform is no rotation'],
    [{ sform: [1, 0, 0, Number.NaN, 0, 1, 0, 0, 0, 0, 1, 0] }, 'its sform has numbers that are none'],
    [{ sform: [1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0] }, 'its sform flattens space'],
    [{ intercept: Number.NaN }, 'scl_inter is no number'],
    [{ magic: 'ni1\0' }, 'only the header of a NIfTI pair'],
    [{ dim: [5, 2, 2, 1, 1, 2], datatype: 32, bitpix: 64 }, 'complex64 numbers of 2 parts along a fifth axis of 2'],
  ])('that says %j is refused', async (fields, reason) => {
    expect(await message(niftiFile(fields, bytes), 'a.nii')).toContain(
      `a.nii: ${reason}`.slice(reason.startsWith('got') ? 7 : 0),
    );
  });

  test('of version 2 that was altered by a text transfer is refused', async () => {
    const file = niftiFile({ version: 2 }, bytes);
    file[8] = 0x0a;
    expect(await message(file, 'a.nii')).toContain('no NIfTI-2 by its magic bytes');
  });

  test('packed so small that its size is a lie is refused before it is unpacked', async () => {
    const file = niftiFile({ dim: [3, 3000, 3000, 3000] }, bytes);
    expect(await message(new Uint8Array(gzipSync(file)), 'a.nii.gz')).toContain('too few for them');
  });

  test('packed with more than its header says is refused', async () => {
    const file = joined(niftiFile({}, bytes), new Uint8Array(5000));
    expect(await message(new Uint8Array(gzipSync(file)), 'a.nii.gz')).toBe(
      'a.nii.gz: too large, expected at most 1392 bytes unpacked, got more',
    );
  });

  test('gives its header without its numbers, even where those were altered', async () => {
    const zipped = new Uint8Array(
      gzipSync(
        niftiFile(
          { dim: [3, 40, 40, 40] },
          new Uint8Array(128000).map((_, i) => i * i),
        ),
      ),
    );
    zipped[zipped.length - 20] ^= 1;
    expect((await readImageHeader(zipped, { name: 'a.nii.gz' })).shape).toEqual([40, 40, 40]);
    expect(await message(zipped, 'a.nii.gz')).toContain('broken gzip file');
  });

  test('of five axes and several frames comes with channels within a frame', async () => {
    const values = Int16Array.from({ length: 12 }, (_, i) => i); // x 2, t 3, fifth 2
    const volume = await readImage(niftiFile({ dim: [5, 2, 1, 1, 3, 2] }, raw(values)), { name: 'a.nii' });
    expect([volume.frames, volume.channels]).toEqual([3, 2]);
    expect([...volume.data]).toEqual([0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11]);
  });
});

describe('NRRD', () => {
  const lines = ['NRRD0004', 'type: short', 'dimension: 3', 'sizes: 2 2 2', 'endian: little', 'encoding: raw'];
  const nrrd = (more: readonly string[], data: Uint8Array = bytes) => textFile([...lines, ...more, ''], data);

  test('in LPS, RAS and LAS space stands where each of them means', async () => {
    const at = async (space: string) => {
      const place = [`space: ${space}`, 'space directions: (1,0,0) (0,2,0) (0,0,3)', 'space origin: (10,20,30)'];
      const { affine } = await readImage(nrrd(place), { name: 'a.nrrd' });
      return [affine[0], affine[5], affine[10], affine[3], affine[7], affine[11]];
    };
    expect(await at('LPS')).toEqual([-1, -2, 3, -10, -20, 30]);
    expect(await at('right-anterior-superior')).toEqual([1, 2, 3, 10, 20, 30]);
    expect(await at('left-anterior-superior')).toEqual([-1, 2, 3, -10, 20, 30]);
  });

  test('in a space that no scanner has, or without origin, has no place, and says so', async () => {
    const directions = 'space directions: (1,0,0) (0,2,0) (0,0,3)';
    const volume = await readImage(nrrd(['space: scanner-xyz', directions, 'space origin: (0,0,0)']), {
      name: 'a.nrrd',
    });
    expect([volume.placed, spacingMm(volume), codes(volume)]).toEqual([false, [1, 2, 3], ['space-unknown']]);
    expect(codes(await readImage(nrrd(['space: LPS', directions]), { name: 'a.nrrd' }))).toEqual(['space-unknown']);
  });

  test('in other units than millimetres is converted', async () => {
    const more = [
      'space: RAS',
      'space directions: (1,0,0) (0,2,0) (0,0,3)',
      'space origin: (1,0,0)',
      'space units: "cm" "cm" "cm"',
    ];
    const { affine } = await readImage(nrrd(more), { name: 'a.nrrd' });
    expect([affine[0], affine[5], affine[10], affine[3]]).toEqual([10, 20, 30, 10]);
  });

  test('has frames where an axis is time, channels where it is anything else', async () => {
    const file = (kind: string) =>
      textFile(
        [
          'NRRD0005',
          'type: int16',
          'dimension: 3',
          'sizes: 2 2 2',
          `kinds: ${kind} domain domain`,
          'endian: little',
          'encoding: raw',
          '',
        ],
        bytes,
      );
    const channels = await readImage(file('vector'), { name: 'a.nrrd' });
    expect([channels.frames, channels.channels, channels.dimensions, [...channels.data]]).toEqual([
      1,
      2,
      2,
      [0, 2, 4, 6, 1, 3, 5, 7],
    ]);
    expect((await readImage(file('time'), { name: 'a.nrrd' })).frames).toBe(2);
  });

  test('skips the lines and bytes it says', async () => {
    const data = joined(new TextEncoder().encode('a\nb\n'), Uint8Array.of(9, 9, 9), bytes);
    expect((await readImage(nrrd(['line skip: 2', 'byte skip: 3'], data), { name: 'a.nrrd' })).data).toEqual(eight);
    expect((await readImage(nrrd(['byte skip: -1'], data), { name: 'a.nrrd' })).data).toEqual(eight);
    expect(await message(nrrd(['line skip: 9']), 'a.nrrd')).toContain('the file ends inside the lines to skip');
  });

  test.each([
    ['space: RASX', 'unknown space, expected right-anterior-superior, ras, '],
    ['space directions: (1,0,0) (2,0,0) (0,0,1)', 'its space directions flattens space'],
    ['data file: other.raw', 'its data file is missing, expected other.raw beside it, got one file only'],
    ['data file: /etc/passwd', 'its data file stands elsewhere and is not opened'],
    ['data file: C:\\scan.raw', 'its data file stands elsewhere and is not opened'],
    ['sizes: 2 2 3', 'two fields "sizes" in its header, got 2 2 2; 2 2 3'],
    ['byte skip: -2', 'byteskip is no number to skip'],
    ['spacings: 1 1', 'its spacings do not fit the dimension'],
    ['spacings: 1 1 0', 'its spacings is no spacing'],
    ['space directions: (1,0,0) (0,1,0) (x)', 'a vector of its space is none'],
    ['kinds: vector list time', 'its axes cannot be told'],
  ])('with "%s" is refused', async (line, reason) => {
    expect(await message(nrrd([line]), 'a.nrrd')).toContain(`a.nrrd: ${reason}`);
  });

  test('as text or hexadecimal is read to its last number, and refused without it', async () => {
    const text = (encoding: string, type: string, body: string) =>
      textFile(
        ['NRRD0004', `type: ${type}`, 'dimension: 1', 'sizes: 3', 'endian: big', `encoding: ${encoding}`, ''],
        new TextEncoder().encode(body),
      );
    expect((await readImage(text('text', 'int8', '1, -2\n3'), { name: 'a' })).data).toEqual(Int8Array.of(1, -2, 3));
    expect((await readImage(text('ascii', 'double', '1e3 nan -inf'), { name: 'a' })).data).toEqual(
      Float64Array.of(1000, Number.NaN, Number.NEGATIVE_INFINITY),
    );
    expect((await readImage(text('hex', 'ushort', '0001 00fF\n0100'), { name: 'a' })).data).toEqual(
      Uint16Array.of(1, 255, 256),
    );
    expect(await message(text('ascii', 'uchar', '1 2'), 'a')).toBe(
      'a: the file ends inside its image, expected 3 numbers, got room for 2',
    );
    expect(await message(text('ascii', 'uchar', '1 2    '), 'a')).toBe(
      'a: the file ends inside its image, expected 3 numbers, got 2',
    );
    expect(await message(text('ascii', 'uchar', '1 2 300'), 'a')).toBe(
      'a: a word among its numbers, expected uint8, got "300"',
    );
    expect(await message(text('hex', 'uchar', '0102zz'), 'a')).toBe(
      'a: a character that is no hexadecimal digit, got "z"',
    );
  });

  test('whose bzip2 data are altered or cut is refused', async () => {
    const packed = new Uint8Array(Buffer.from('QlpoOTFBWSZTWbgtybwAAABAADgAIAAhmBmBTsLuSKcKEhcFuTeA', 'base64'));
    const file = (data: Uint8Array) =>
      textFile(['NRRD0004', 'type: uchar', 'dimension: 1', 'sizes: 8', 'encoding: bz2', ''], data);
    expect((await readImage(file(packed), { name: 'a' })).data).toEqual(Uint8Array.of(1, 2, 3, 3, 3, 3, 3, 3));
    for (let length = 0; length < packed.length; length++) await message(file(packed.subarray(0, length)), 'a');
    for (let at = 0; at < packed.length; at++) {
      const altered = packed.map((byte, i) => (i === at ? byte ^ 4 : byte));
      const got = await readImage(file(altered), { name: 'a' }).catch((cause: unknown) => cause);
      if (!(got instanceof InputError)) expect(got).toEqual(await readImage(file(packed), { name: 'a' }));
    }
  });
});

describe('MetaImage', () => {
  const lines = (more: readonly string[], last = 'ElementDataFile = LOCAL') => [
    'NDims = 3',
    'DimSize = 2 2 2',
    'ElementType = MET_SHORT',
    ...more,
    last,
  ];
  const mha = (more: readonly string[], data: Uint8Array = bytes) => textFile(lines(more), data);

  test('knows the older names of spacing, offset and matrix', async () => {
    const volume = await readImage(
      mha(['ElementSize = 1 2 3', 'Position = 1 2 3', 'Orientation = 0 1 0 1 0 0 0 0 1']),
      { name: 'a.mha' },
    );
    expect([...volume.affine.subarray(0, 12)]).toEqual([0, -2, 0, -1, -1, 0, 0, -2, 0, 0, 3, 3]);
    const newer = await readImage(mha(['ElementSize = 9 9 9', 'ElementSpacing = 1 2 3', 'Origin = 0 0 0']), {
      name: 'a.mha',
    });
    expect([newer.placed, spacingMm(newer)]).toEqual([true, [1, 2, 3]]);
  });

  test('without an offset has no place but its spacing', async () => {
    const volume = await readImage(mha(['ElementSpacing = 1 2 3']), { name: 'a.mha' });
    expect([volume.placed, spacingMm(volume)]).toEqual([false, [1, 2, 3]]);
  });

  test('is big-endian, packed, scaled, of several channels or in a file of its own where it says so', async () => {
    const swapped = raw(eight.map((value) => value << 8));
    expect((await readImage(mha(['ElementByteOrderMSB = True'], swapped), { name: 'a.mha' })).data).toEqual(eight);
    const packed = joined(deflated(bytes), Uint8Array.of(1, 2, 3));
    const keys = ['CompressedData = True', `CompressedDataSize = ${packed.length - 3}`];
    expect((await readImage(mha(keys, packed), { name: 'a.mha' })).data).toEqual(eight);
    const scaled = ['ElementToIntensityFunctionSlope = 2', 'ElementToIntensityFunctionOffset = -3'];
    expect((await readImage(mha(scaled), { name: 'a.mha' })).data[7]).toBe(11);
    const two = textFile(
      [
        'NDims = 2',
        'DimSize = 2 2',
        'ElementNumberOfChannels = 2',
        'ElementType = MET_SHORT_ARRAY',
        'ElementDataFile = LOCAL',
      ],
      bytes,
    );
    expect([...(await readImage(two, { name: 'a.mha' })).data]).toEqual([0, 2, 4, 6, 1, 3, 5, 7]);
    const detached = textFile(lines(['HeaderSize = -1'], 'ElementDataFile = ./a.raw'), new Uint8Array(0));
    const sibling = async (name: string) => (name === 'a.raw' ? joined(Uint8Array.of(7, 7), bytes) : undefined);
    expect((await readImage(detached, { name: 'a.mhd', sibling })).data).toEqual(eight);
  });

  test('with directions but no offset stands nowhere, and says so', async () => {
    const volume = await readImage(textFile(lines(['TransformMatrix = 0 1 0 1 0 0 0 0 1']), bytes), { name: 'a.mha' });
    expect([volume.placed, codes(volume)]).toEqual([false, ['space-unknown']]);
  });

  test.each([
    [lines(['TransformMatrix = 1 0 0 1 0 0 0 0 1']), 'its TransformMatrix flattens space'],
    [
      lines(['Offset = 1 2 3', 'Position = 3 2 1']),
      'two keys of one meaning contradict each other, expected one of them, got Offset = 1 2 3, Position = 3 2 1',
    ],
    [lines(['Offset = 1 2 3', 'Offset = 3 2 1']), 'two lines Offset in its header, expected one, got 1 2 3; 3 2 1'],
    [lines(['TransformMatrix = 1 0 0 0 1 0 0 0 0', 'Offset = 0 0 0']), 'its TransformMatrix flattens space'],
    [lines(['TransformMatrix = 1 0 0 1', 'Offset = 0 0 0']), 'TransformMatrix does not fit NDims, expected 9 numbers'],
    [lines(['ElementSpacing = 1 1 -1']), 'its ElementSpacing is no spacing'],
    [lines(['CompressedData = Maybe']), 'CompressedData is neither, expected True or False, got "Maybe"'],
    [lines(['ElementNumberOfChannels = 0']), 'its ElementNumberOfChannels is no size'],
    [['ObjectType = Tube', ...lines([])], 'no image, expected ObjectType = Image, got Tube'],
    [['NDims = 9', 'DimSize = 1', 'ElementDataFile = LOCAL'], 'NDims is no number of axes, expected 1 to 4, got 9'],
  ])('of %j is refused', async (text, reason) => {
    expect(await message(textFile(text, bytes), 'a.mha')).toContain(`a.mha: ${reason}`);
  });
});

describe('PNG', () => {
  const rows = (...lines: readonly (readonly number[])[]) => deflated(Uint8Array.from(lines.flat()));
  const end = ['IEND', new Uint8Array(0)] as const;

  test.each([
    [
      [['IHDR', pngHeader(2, 2, 8, 0)], ['IDAT', rows([0, 1, 2])], end],
      'the file ends inside its image, expected at least 6 bytes by its header, got 3',
    ],
    [
      [['IHDR', pngHeader(2, 1, 8, 0)], ['IDAT', rows([0, 1, 2, 3])], end],
      'too large, expected at most 3 bytes unpacked, got more',
    ],
    [
      [['IHDR', pngHeader(2, 1, 8, 0)], ['IDAT', rows([5, 1, 2])], end],
      'broken PNG file, expected a filter from 0 to 4, got 5',
    ],
    [
      [['IHDR', pngHeader(2, 1, 8, 3)], ['IDAT', rows([0, 1, 2])], end],
      'broken PNG file, expected a whole one, got no palette',
    ],
    [
      [['IHDR', pngHeader(2, 1, 8, 3)], ['PLTE', Uint8Array.of(1, 2, 3)], ['IDAT', rows([0, 0, 1])], end],
      'a pixel outside the palette, expected 1 colours, got 1',
    ],
    [
      [['IHDR', pngHeader(2, 1, 4, 2)], ['IDAT', rows([0, 1])], end],
      'broken PNG file, expected a whole one, got colour type 2 of 4 bits',
    ],
    [[['IHDR', pngHeader(2 ** 31 - 1, 2 ** 31 - 1, 16, 6)], ['IDAT', rows([0])], end], 'its image is too large'],
    [[['IHDR', pngHeader(2, 1, 8, 0)], ['ABCD', rows([0])], end], 'got a chunk ABCD that cannot be passed over'],
    [
      [
        ['IHDR', pngHeader(2, 1, 8, 0)],
        ['IDAT', rows([0, 1, 2])],
      ],
      'got one that ends before its last chunk',
    ],
    [[['IDAT', rows([0, 1, 2])], end], 'got IDAT before its header'],
  ] as const)('that is broken in the way of case %# is refused', async (chunks, reason) => {
    expect(await message(pngFile(...chunks), 'a.png')).toContain(reason);
  });

  test('has the checksum of each chunk tested', async () => {
    const file = writePng({ width: 2, height: 1, channels: 1, data: Uint8Array.of(3, 4) });
    for (let at = 8; at < file.length; at++) {
      await message(
        file.map((byte, i) => (i === at ? byte ^ 16 : byte)),
        'a.png',
      );
    }
  });

  test('with transparency or opacity says so', async () => {
    const file = pngFile(['IHDR', pngHeader(1, 1, 8, 0)], ['tRNS', Uint8Array.of(0, 3)], ['IDAT', rows([0, 3])], end);
    expect(codes(await readImage(file, { name: 'a.png' }))).toEqual(['transparency']);
    const animated = pngFile(['IHDR', pngHeader(1, 1, 8, 0)], ['acTL', new Uint8Array(8)], ['IDAT', rows([0, 3])], end);
    expect(codes(await readImage(animated, { name: 'a.png' }))).toEqual(['animation']);
  });
});

describe('TIFF', () => {
  type Tag = readonly [tag: number, type: 3 | 4, ...values: number[]];
  const basic = (more: readonly Tag[] = [], width = 2): Tag[] => {
    const tags: Tag[] = [
      [256, 3, width],
      [257, 3, 2],
      [258, 3, 8],
      [259, 3, 1],
      [262, 3, 1],
      [273, 4, 0],
      [277, 3, 1],
      [278, 3, 2],
      [279, 4, 2 * width],
    ];
    const replaced = tags.map((tag) => more.find(([key]) => key === tag[0]) ?? tag);
    return [...replaced, ...more.filter(([key]) => !tags.some(([known]) => known === key))];
  };
  const strip = Uint8Array.of(1, 2, 3, 4);

  test('of the plainest kind is read', async () => {
    expect((await readImage(tiffFile(basic(), strip), { name: 'a.tif' })).data).toEqual(strip);
  });

  test('of 12 bits shares bytes between neighbours, rows apart', async () => {
    const tags = basic(
      [
        [258, 3, 12],
        [279, 4, 10],
      ],
      3,
    );
    const packed = Uint8Array.of(0x00, 0x1f, 0xff, 0x12, 0x30, 0xab, 0xc0, 0x02, 0x80, 0x00);
    const { data, stored } = await readImage(tiffFile(tags, packed), { name: 'a.tif' });
    expect([data, stored.type]).toEqual([Uint16Array.of(1, 0xfff, 0x123, 0xabc, 2, 0x800), 'uint16']);
  });

  test('of 16-bit floats is read as float32', async () => {
    const tags = basic([
      [258, 3, 16],
      [279, 4, 8],
      [339, 3, 3],
    ]);
    const halves = raw(Uint16Array.of(0x3c00, 0xc500, 0x0001, 0x7c00)); // 1, -5, the smallest, infinite
    const { data, stored } = await readImage(tiffFile(tags, halves), { name: 'a.tif' });
    expect([data, stored.type]).toEqual([Float32Array.of(1, -5, 2 ** -24, Number.POSITIVE_INFINITY), 'float32']);
  });

  test('of 64-bit whole numbers is read as float64, or refused beyond 2^53', async () => {
    const tags = basic([
      [258, 3, 64],
      [279, 4, 32],
      [339, 3, 2],
    ]);
    const { data } = await readImage(tiffFile(tags, raw(BigInt64Array.of(-1n, 2n, 2n ** 53n - 1n, 0n))), {
      name: 'a.tif',
    });
    expect(data).toEqual(Float64Array.of(-1, 2, 2 ** 53 - 1, 0));
    expect(await message(tiffFile(tags, raw(BigInt64Array.of(2n ** 60n, 0n, 0n, 0n))), 'a.tif')).toContain(
      'a 64-bit number too large to be held exactly',
    );
  });

  test('with a JPEG in its strip gives the picture, whose size must be that of the strip', async () => {
    const { default: jpeg } = await import('jpeg-js');
    const pixels = Uint8Array.from({ length: 16 * 8 * 4 }, (_, i) => (i % 4 === 3 ? 255 : 40 * (i % 4) + 60));
    const strip = new Uint8Array(jpeg.encode({ width: 16, height: 8, data: pixels }, 100).data);
    const tags = (height: number): Tag[] => [
      [256, 3, 16],
      [257, 3, height],
      [258, 3, 8, 8, 8],
      [259, 3, 7],
      [262, 3, 6],
      [273, 4, 0],
      [277, 3, 3],
      [278, 3, height],
      [279, 4, strip.length],
    ];
    const { data, channels } = await readImage(tiffFile(tags(8), strip), { name: 'a.tif' });
    expect(channels).toBe(3);
    expect([0, 1, 2].map((c) => Math.round(data[c * 128 + 77] / 10))).toEqual([6, 10, 14]);
    expect(await message(tiffFile(tags(9), strip), 'a.tif')).toBe(
      'a.tif: a strip or tile of JPEG is another than its TIFF says, expected 16 x 9 of 3 samples, got 16 x 8 of 3',
    );
  });

  test('whose numbers grow darker, or whose rows are turned, is kept as it is, and says so', async () => {
    const dark = await readImage(tiffFile(basic([[262, 3, 0]]), strip), { name: 'a.tif' });
    expect([codes(dark), dark.data]).toEqual([['white-is-zero'], strip]);
    expect(codes(await readImage(tiffFile(basic([[274, 3, 6]]), strip), { name: 'a.tif' }))).toEqual(['orientation']);
  });

  test.each<[Tag[], string]>([
    [[[259, 3, 4]], 'its compression cannot be read, expected none, LZW, Deflate, PackBits or JPEG, got 4'],
    [[[259, 3, 7]], 'broken JPEG file'],
    [
      [
        [259, 3, 7],
        [258, 3, 16],
      ],
      'its JPEG cannot be read, expected 1 or 3 samples of 8 bits, got 1 of 16, photometric 1',
    ],
    [[[262, 3, 6]], 'its colours cannot be read, expected grey, RGB or palette, got photometric 6'],
    [[[258, 3, 24]], 'its samples cannot be read'],
    [[[266, 3, 2]], 'its bits stand backwards'],
    [[[279, 4, 3]], 'the file ends inside its image, expected 4 bytes of a strip, got 3'],
    [[[273, 4, 1]], 'the file ends inside its image'],
    [[[278, 3, 1]], 'the file lacks parts of its image, expected 2 strips or tiles, got 1'],
    [[[256, 3, 0]], 'its image is no size'],
    [[[259, 3, 5]], 'LZW data of the kind before TIFF 5.0, or broken'],
    [[[262, 3, 3]], 'its palette cannot be read'],
    [
      [
        [256, 4, 40000],
        [257, 4, 40000],
        [259, 3, 8],
        [278, 4, 40000],
      ],
      'the file ends inside its image',
    ],
  ])('with tags %j is refused', async (tags, reason) => {
    expect(await message(tiffFile(basic(tags), strip), 'a.tif')).toContain(`a.tif: ${reason}`);
  });

  test('whose directories lead in a circle is refused', async () => {
    const file = tiffFile(basic(), strip);
    new DataView(file.buffer).setUint32(10 + 12 * 9, 8, true);
    expect(await message(file, 'a.tif')).toBe('a.tif: broken TIFF file, got directories that lead in a circle');
  });

  test('whose strips all use the same bytes is refused', async () => {
    const tags = basic(
      [
        [278, 3, 1],
        [279, 4, 900, 900],
        [273, 4, 0, 0],
      ],
      900,
    );
    expect(await message(tiffFile(tags, new Uint8Array(900)), 'a.tif')).toContain(
      'a.tif: its strips use the same bytes',
    );
  });
});

describe('writing NIfTI and reading it', () => {
  const affine = Float64Array.of(-2, 0, 0, 9, 0, 0, 3, -8, 0, 1.5, 0, 7, 0, 0, 0, 1);
  const plain = { shape: [2, 2, 2] as const, affine, frames: 1, channels: 1, dimensions: 3 as const, placed: true };
  const types = [Uint8Array, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array, Float64Array];

  test.each(types.map((type) => [type.name, type] as const))('gives the same %s', async (_, type) => {
    const data = type.from([0, 1, 2, 3, 250, 5.5, 6, 7]);
    for (const gzip of [false, true]) {
      const volume = await readImage(writeNifti({ ...plain, data }, { gzip }), { name: gzip ? 'a.nii.gz' : 'a.nii' });
      expect(volume.data).toEqual(data);
      expect(volume.affine).toEqual(affine);
      expect([volume.placed, volume.warnings]).toEqual([true, []]); // sform and qform agree
    }
  });

  test('gives the same frames, channels and seconds', async () => {
    const data = Float32Array.from({ length: 48 }, (_, i) => i / 3);
    const volume = await readImage(writeNifti({ ...plain, frames: 2, channels: 3, data, frameSeconds: 2.5 }), {
      name: 'a.nii',
    });
    expect([volume.data, volume.frames, volume.channels, volume.frameSeconds]).toEqual([data, 2, 3, 2.5]);
  });

  test('keeps a sheared affine, a place that is none, and a 2-D image', async () => {
    const sheared = affine.slice();
    sheared[1] = 0.5;
    const data = new Uint8Array(8);
    expect((await readImage(writeNifti({ ...plain, affine: sheared, data }), { name: 'a.nii' })).affine).toEqual(
      sheared,
    );
    const spacing = Float64Array.of(2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0, 0, 0, 0, 1);
    const unplaced = await readImage(writeNifti({ ...plain, affine: spacing, placed: false, data }), { name: 'a.nii' });
    expect([unplaced.placed, unplaced.affine]).toEqual([false, spacing]);
    const flat = writeNifti({ ...plain, shape: [1, 2, 4], dimensions: 2, data });
    expect((await readImage(flat, { name: 'a.nii' })).dimensions).toBe(2);
  });

  test('agrees with itself for turns of all kinds', async () => {
    for (let i = 0; i < 60; i++) {
      const [a, b, c] = [i * 0.7, i * 1.3, i * 2.1];
      const [sa, ca, sb, cb, sc, cc] = [Math.sin(a), Math.cos(a), Math.sin(b), Math.cos(b), Math.sin(c), Math.cos(c)];
      const flip = i % 2 ? -1 : 1;
      const turned = Float64Array.of(
        cb * cc,
        -cb * sc,
        sb * flip,
        1,
        sa * sb * cc + ca * sc,
        ca * cc - sa * sb * sc,
        -sa * cb * flip,
        2,
        sa * sc - ca * sb * cc,
        ca * sb * sc + sa * cc,
        ca * cb * flip,
        3,
        0,
        0,
        0,
        1,
      );
      const file = writeNifti({ ...plain, affine: turned, data: new Uint8Array(8) });
      new DataView(file.buffer).setInt16(254, 0, true); // without its sform
      const volume = await readImage(file, { name: 'a.nii' });
      turned.forEach((value, at) => expect(volume.affine[at]).toBeCloseTo(value, 4));
    }
  });

  test('refuses data of another length, and sizes it cannot hold', () => {
    expect(() => writeNifti({ ...plain, data: new Uint8Array(7) })).toThrow(
      'writeNifti: data of another length, expected 8, got 7',
    );
    expect(() => writeNifti({ ...plain, affine: new Float64Array(16), data: new Uint8Array(8) })).toThrow(
      'writeNifti: its affine flattens space',
    );
    expect(() => writeNifti({ ...plain, shape: [1, 1, 40000], data: new Uint8Array(40000) })).toThrow(
      'writeNifti: sizes that NIfTI-1 cannot hold, expected 1 to 32767 along each axis, got 40000 x 1 x 1 x 1 x 1',
    );
  });
});

describe('writing PNG and reading it', () => {
  test.each([1, 2, 3, 4] as const)('gives the same %i channels of 8 and 16 bits', async (channels) => {
    const numbers = Array.from({ length: 6 * channels }, (_, i) => (i * 997) % 65536);
    for (const data of [Uint8Array.from(numbers), Uint16Array.from(numbers)]) {
      const volume = await readImage(writePng({ width: 3, height: 2, channels, data }), { name: 'a.png' });
      expect([volume.shape, volume.channels]).toEqual([[1, 2, 3], channels]);
      const back = [...data].map((_, i) => volume.data[(i % channels) * 6 + Math.floor(i / channels)]);
      expect(back).toEqual([...data]);
    }
  });

  test('refuses data of another length', () => {
    expect(() => writePng({ width: 1, height: 1, channels: 5 as 4, data: new Uint8Array(5) })).toThrow(
      'writePng: channels: unusable, expected 1 to 4, got 5',
    );
    expect(() => writePng({ width: 3, height: 2, channels: 1, data: new Uint8Array(5) })).toThrow(
      'writePng: data of another length, expected 6, got 5 numbers for 3 x 2 x 1',
    );
  });
});
