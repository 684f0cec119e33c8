import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { readImageFile, readImageFileHeader } from '../../src/read/image-file.node.ts';
import { gunzip } from '../../src/read/packed/gunzip.ts';
import { nodeGunzip } from '../../src/read/packed/image-gunzip.node.ts';
import { joined, niftiFile, raw, textFile } from './image-files.ts';

const bytes = raw(Int16Array.of(0, 1, 2, 3, 4, 5, 6, 7));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'images-'));
  await mkdir(join(folder, 'scans'));
  const lines = (file: string) => [
    'NDims = 3',
    'DimSize = 2 2 2',
    'ElementType = MET_SHORT',
    `ElementDataFile = ${file}`,
  ];
  const put = (name: string, content: Uint8Array) => writeFile(join(folder, name), content);
  await put('secret.raw', bytes);
  await put('scans/a.raw', bytes);
  await put('scans/beside.mhd', textFile(lines('a.raw'), new Uint8Array(0)));
  await put('scans/above.mhd', textFile(lines('../secret.raw'), new Uint8Array(0)));
  await put('scans/absolute.mhd', textFile(lines(join(folder, 'scans/a.raw')), new Uint8Array(0)));
  await put('scans/linked.mhd', textFile(lines('link.raw'), new Uint8Array(0)));
  await put('scans/within.mhd', textFile(lines('here.raw'), new Uint8Array(0)));
  await put('scans/folder.mhd', textFile(lines('inner'), new Uint8Array(0)));
  await symlink(join(folder, 'secret.raw'), join(folder, 'scans/link.raw'));
  await symlink('a.raw', join(folder, 'scans/here.raw'));
  await mkdir(join(folder, 'scans/inner'));
  await put('scans/a.nii.gz', new Uint8Array(gzipSync(niftiFile({}, bytes))));
  await put('scans/pair.hdr', niftiFile({ magic: 'ni1\0', offset: 0 }, new Uint8Array(0)).subarray(0, 348));
  await put('scans/pair.img', bytes);
});
afterAll(() => rm(folder, { recursive: true }));

async function message(name: string): Promise<string> {
  const error = await readImageFile(join(folder, name)).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

describe('an image file', () => {
  test('is read with the file beside it, also by a link within the folder', async () => {
    for (const name of ['beside.mhd', 'within.mhd', 'a.nii.gz', 'pair.hdr', 'pair.img']) {
      const { data, ...header } = await readImageFile(join(folder, 'scans', name));
      expect([...data], name).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(await readImageFileHeader(join(folder, 'scans', name))).toEqual(header);
    }
  });

  test('that names one elsewhere is refused, and nothing is opened', async () => {
    const elsewhere = 'its data file stands elsewhere and is not opened, expected a file in the same folder';
    expect(await message('scans/above.mhd')).toBe(`above.mhd: ${elsewhere}, got "../secret.raw"`);
    expect(await message('scans/absolute.mhd')).toContain(`absolute.mhd: ${elsewhere}`);
    expect(await message('scans/linked.mhd')).toBe(`linked.mhd: ${elsewhere}, got a link, link.raw`);
  });

  test('that is not there, or whose other file is none, is refused', async () => {
    expect(await message('scans/none.nii')).toContain('none.nii: no such file, got ');
    expect(await message('scans/folder.mhd')).toBe(
      'folder.mhd: its data file is missing, expected inner beside it, got none of that name',
    );
  });
});

describe('gzip by zlib', () => {
  const plain = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) % 251);
  const zipped = new Uint8Array(gzipSync(plain));

  test('gives the same as by the platform, for one member or several', async () => {
    expect(await nodeGunzip(zipped, 'a.gz', 5000)).toEqual(plain);
    expect(await nodeGunzip(joined(zipped, zipped), 'a.gz', 10000)).toEqual(joined(plain, plain));
    expect(await nodeGunzip(new Uint8Array(gzipSync('')), 'a.gz', 10)).toEqual(new Uint8Array(0));
  });

  test('refuses what the platform refuses, in the same words', async () => {
    const wrong = [
      zipped.subarray(0, 300),
      joined(zipped, Uint8Array.of(0)),
      joined(zipped, Uint8Array.of(1, 2, 3)),
      zipped.map((byte, i) => (i === zipped.length - 6 ? byte ^ 1 : byte)),
      new Uint8Array(0),
    ];
    for (const file of wrong) {
      const expected = await gunzip(file, 'a.gz', 5000).catch((cause: unknown) => (cause as Error).message);
      expect(await nodeGunzip(file, 'a.gz', 5000).catch((cause: unknown) => (cause as Error).message)).toEqual(
        expected,
      );
    }
    await expect(nodeGunzip(zipped, 'a.gz', 4999)).rejects.toThrow(
      'a.gz: too large, expected at most 4999 bytes unpacked',
    );
  });
});
