import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { readImage } from '../../src/read/image.ts';
import { raw, textFile } from './image-files.ts';

const eight = Int16Array.of(0, 1, 2, 3, 4, 5, 6, 7);
const slices: Readonly<Record<string, Uint8Array>> = {
  's01.raw': raw(eight.slice(0, 4)),
  's02.raw': raw(eight.slice(4)),
  's01.gz': new Uint8Array(gzipSync(raw(eight.slice(0, 4)))),
  's02.gz': new Uint8Array(gzipSync(raw(eight.slice(4)))),
  '1.raw': raw(eight.slice(4)),
  '2.raw': raw(eight.slice(0, 4)),
  'short.raw': raw(eight.slice(0, 3)),
  'headed.raw': new Uint8Array([9, 9, ...raw(eight.slice(4))]),
};
const sibling = async (name: string) => slices[name];

const nrrd = (file: readonly string[], encoding = 'raw', more: readonly string[] = []) =>
  textFile(
    [
      'NRRD0004',
      'type: short',
      'dimension: 3',
      'sizes: 2 2 2',
      `encoding: ${encoding}`,
      'endian: little',
      ...more,
      ...file,
    ],
    new Uint8Array(0),
  );
const meta = (file: readonly string[], more: readonly string[] = []) =>
  textFile(
    ['NDims = 3', 'DimSize = 2 2 2', 'ElementType = MET_SHORT', 'BinaryData = True', ...more, ...file],
    new Uint8Array(0),
  );

const read = (bytes: Uint8Array, name: string) => readImage(bytes, { name, sibling });
async function refusal(bytes: Uint8Array, name: string): Promise<string> {
  const error = await read(bytes, name).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

describe('an image whose slices are files of their own', () => {
  test.each<[string, readonly string[], string]>([
    ['a list', ['data file: LIST', 's01.raw', 's02.raw'], 'raw'],
    ['a list that says how many axes each has', ['data file: LIST 2', 's01.raw', 's02.raw'], 'raw'],
    ['a pattern with its counter', ['data file: s%02d.raw 1 2 1'], 'raw'],
    ['a pattern that counts down', ['data file: %d.raw 2 1 -1'], 'raw'],
    ['slabs along the last axis', ['data file: s%02d.raw 1 2 1 3'], 'raw'],
    ['packed files', ['data file: s%02d.gz 1 2 1'], 'gzip'],
  ])('is read by NRRD from %s', async (_, file, encoding) => {
    const volume = await read(nrrd(file, encoding), 'a.nhdr');
    expect([[...volume.shape], volume.data]).toEqual([[2, 2, 2], eight]);
  });

  test.each<[string, readonly string[]]>([
    ['a list', ['ElementDataFile = LIST', 's01.raw', 's02.raw']],
    ['a list of slices', ['ElementDataFile = LIST 2D', 's01.raw', 's02.raw']],
    ['a pattern with its counter', ['ElementDataFile = s%02d.raw 1 2 1']],
  ])('is read by MetaImage from %s', async (_, file) => {
    expect((await read(meta(file), 'a.mhd')).data).toEqual(eight);
  });

  test('may have bytes before the numbers of each', async () => {
    const file = ['ElementDataFile = LIST', 's01.raw', 'headed.raw'];
    expect((await read(meta(file, ['HeaderSize = -1']), 'a.mhd')).data).toEqual(eight);
  });

  test.each<[readonly string[], string]>([
    [['data file: LIST', 's01.raw'], 'its data files are not as many as its parts, expected 2 for 2 x 2 x 2, got 1'],
    [['data file: s%02d.raw 1 3 1'], 'its data files are not as many as its parts, expected 2 for 2 x 2 x 2, got 3'],
    [['data file: s%02d.raw 2 3 1'], 'its data file is missing, expected s03.raw beside it, got none of that name'],
    [['data file: s%02d.raw 2 1 1'], 'its pattern of data files is none'],
    [['data file: s%02d.raw'], 'its pattern of data files is none'],
    [['data file: LIST', 's01.raw', 's01.raw'], 'a data file is named twice, expected each once, got s01.raw'],
    [['data file: LIST', 's01.raw', '../s02.raw'], 'its data file stands elsewhere and is not opened'],
    [['data file: LIST'], 'its list of data files is none, expected 1 to 65536 names, got 0'],
    [['data file: s%02d.raw 1 99999999 1'], 'its list of data files is none'],
  ])('is refused with %j', async (file, reason) => {
    expect(await refusal(nrrd(file), 'a.nhdr')).toContain(`a.nhdr: ${reason}`);
  });

  test('is refused where one of them is too short, by its name', async () => {
    expect(await refusal(nrrd(['data file: LIST', 's01.raw', 'short.raw']), 'a.nhdr')).toBe(
      'a.nhdr: short.raw: the file ends inside its image, expected at least 8 bytes by its header, got 6',
    );
    expect(await refusal(meta(['ElementDataFile = LIST', 'short.raw', 's02.raw']), 'a.mhd')).toContain('short.raw');
  });

  test('is refused where MetaImage says that they are packed', async () => {
    expect(await refusal(meta(['ElementDataFile = s%02d.raw 1 2 1'], ['CompressedData = True']), 'a.mhd')).toBe(
      'a.mhd: many data files that are text or packed, expected binary numbers as they are',
    );
  });
});
