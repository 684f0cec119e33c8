import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { gunzip } from '../../src/read/packed/gunzip.ts';

const text = new TextEncoder().encode(
  `patient,age\n${Array.from({ length: 40 }, (_, i) => `P${i},${i * i}`).join('\n')}\n`,
);
const zipped = new Uint8Array(gzipSync(text));

async function refused(bytes: Uint8Array): Promise<void> {
  await expect(gunzip(bytes, 'x.gz', 1e6)).rejects.toBeInstanceOf(InputError);
}

describe('gunzip', () => {
  test('refuses a file cut at any byte', async () => {
    for (let length = 1; length < zipped.length; length++) await refused(zipped.subarray(0, length));
    expect(await gunzip(zipped, 'x.gz', 1e6)).toEqual(text);
  });

  test('refuses a file with any bit of its data or trailer flipped, or gives the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 10, max: zipped.length - 1 }),
        fc.integer({ min: 0, max: 7 }),
        async (at, bit) => {
          const flipped = zipped.slice();
          flipped[at] ^= 1 << bit;
          const out = await gunzip(flipped, 'x.gz', 1e6).catch((error: unknown) => error);
          if (!(out instanceof InputError)) expect(out).toEqual(text);
        },
      ),
    );
  });

  test('refuses whatever follows the last member', async () => {
    const junk = fc.uint8Array({ minLength: 1, maxLength: 30 });
    const examples: [Uint8Array][] = [[Uint8Array.of(0)], [new Uint8Array(512)], [Uint8Array.of(0x1f, 0x8b, 8, 0)]];
    await fc.assert(
      fc.asyncProperty(junk, (bytes) => refused(new Uint8Array([...zipped, ...bytes]))),
      { examples },
    );
  });

  test('joins members however the text was cut into them, empty ones too', async () => {
    const cuts = fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const ends = [0, ...places.sort((a, b) => a - b), text.length];
        const members = ends.slice(1).map((end, at) => gzipSync(text.subarray(ends[at], end)));
        expect(await gunzip(new Uint8Array(Buffer.concat(members)), 'x.gz', 1e6)).toEqual(text);
      }),
      { numRuns: 30 },
    );
  });

  test('is not misled by data that look like the start of a member', async () => {
    const inner = Buffer.concat([gzipSync('a'), gzipSync('b')]);
    const stored = gzipSync(inner, { level: 0 }); // holds the bytes of `inner` as they are
    expect(await gunzip(new Uint8Array(stored), 'x.gz', 1e6)).toEqual(new Uint8Array(inner));
  });

  test('stops at the limit, so that a small file cannot ask for much', async () => {
    const bomb = new Uint8Array(gzipSync(new Uint8Array(1e6)));
    await expect(gunzip(bomb, 'bomb.gz', 999_999)).rejects.toThrow(
      'bomb.gz: too large, expected at most 999999 bytes unpacked, got more',
    );
    expect(await gunzip(bomb, 'bomb.gz', 1e6)).toHaveLength(1e6);
    const twice = new Uint8Array([...bomb, ...bomb]);
    await expect(gunzip(twice, 'bomb.gz', 1.5e6)).rejects.toThrow('bomb.gz: too large');
  });
});
