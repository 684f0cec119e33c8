import fc from 'fast-check';
import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { readStoredZip, type StoredFiles, writeStoredZip } from '../../src/read/packed/stored-zip.ts';

const text = (words: string) => new TextEncoder().encode(words);
const files: StoredFiles = new Map([
  ['model.json', text('{}')],
  ['blobs/expert 0/weights.0', Uint8Array.of(1, 2, 3)],
  ['empty', new Uint8Array(0)],
]);

async function refusal(bytes: Uint8Array): Promise<string> {
  const error: unknown = await readStoredZip(bytes, 'm').then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

/** The layout of the reader around the zip of another writer. */
function commented(zip: Uint8Array): Uint8Array {
  const out = new Uint8Array(zip.length + 71);
  out.set(zip);
  new DataView(out.buffer).setUint16(zip.length - 2, 71, true);
  return out;
}

describe('a stored zip', () => {
  it('gives back what was written, in the same order', async () => {
    const names = fc.stringMatching(/^[\w-]{1,12}(\/[\w-][\w .-]{0,8}){0,2}$/).filter((name) => name !== '__proto__');
    const content = fc.uniqueArray(fc.tuple(names, fc.uint8Array({ maxLength: 40 })), { selector: ([name]) => name });
    await fc.assert(
      fc.asyncProperty(content, async (entries) => {
        // Integer-like names come first in any object, hence in a zip made from one.
        const written = entries.filter(([name]) => !/^\d+$/.test(name));
        const { files: read, whole } = await readStoredZip(await writeStoredZip(new Map(written)), 'm');
        expect(whole).toBe(true);
        expect([...read]).toEqual(written);
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it('opens in other zip programs', async () => {
    expect(unzipSync(await writeStoredZip(files))).toEqual(Object.fromEntries(files));
  });

  it('has the same bytes whenever it is written, in any time zone', async () => {
    const { TZ } = process.env;
    const first = await writeStoredZip(files);
    process.env.TZ = 'Pacific/Kiritimati';
    try {
      expect(await writeStoredZip(files)).toEqual(first);
    } finally {
      if (TZ === undefined) delete process.env.TZ;
      else process.env.TZ = TZ;
    }
  });

  it('is refused, or said not to be whole, where any byte differs', async () => {
    const good = await writeStoredZip(files);
    for (let at = 0; at < good.length; at++) {
      for (const mask of [1, 0x80, 0xff]) {
        const bytes = good.slice();
        bytes[at] ^= mask;
        const read = await readStoredZip(bytes, 'm').catch((error: unknown) => {
          expect(error).toBeInstanceOf(InputError);
          return undefined;
        });
        expect([at, read?.whole ?? false]).toEqual([at, false]);
      }
    }
  });

  it('is refused where it ends too early or has bytes after its end', async () => {
    const good = await writeStoredZip(files);
    for (let length = 0; length < good.length; length++) await refusal(good.slice(0, length));
    expect(await refusal(Uint8Array.from([...good, 0]))).toBe(
      'm: not a file of this kind, or damaged, expected a stored zip, got no end record where it should be; truncated, or of another kind',
    );
  });

  it.each([
    ['../up', 'an entry named "../up"'],
    ['/root', 'an entry named "/root"'],
    ['a/../b', 'an entry named "a/../b"'],
    ['a\\b', 'an entry named "a\\\\b"'],
    ['a//b', 'an entry named "a//b"'],
  ])('is refused with a name that leads elsewhere: %s', async (name, got) => {
    const zip = zipSync({ [name]: Uint8Array.of(1) }, { level: 0, mtime: '2000-01-01' });
    expect(await refusal(commented(zip))).toMatch(new RegExp(`got ${got.replace(/[\\.[]/g, '\\$&')}$`));
  });

  it('is refused with two entries of one name, with compression, and with sizes that lie', async () => {
    const twins = zipSync({ a1: Uint8Array.of(1), a2: Uint8Array.of(2) }, { level: 0, mtime: '2000-01-01' });
    for (let at = 0; at < twins.length - 1; at++) {
      if (twins[at] === 0x61 && twins[at + 1] === 0x32) twins[at + 1] = 0x31; // a2 -> a1
    }
    expect(await refusal(commented(twins))).toMatch(/got two entries named "a1"$/);
    const packed = zipSync({ a: new Uint8Array(1000) }, { level: 6, mtime: '2000-01-01' });
    expect(await refusal(commented(packed))).toMatch(/got entry 1 is compressed, or has extra fields$/);
    const large = commented(zipSync({ a: Uint8Array.of(1) }, { level: 0, mtime: '2000-01-01' }));
    const directory = 30 + 1 + 1;
    new DataView(large.buffer).setUint32(directory + 20, 2 ** 31, true);
    new DataView(large.buffer).setUint32(directory + 24, 2 ** 31, true);
    expect(await refusal(large)).toMatch(/got entry 1 of 2147483648 bytes does not follow .* or leaves the file$/);
  });
});
