import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../src/stream/lines.ts';

async function* pieces(parts: readonly Uint8Array[]) {
  for (const part of parts) yield part;
}

async function lines(text: string | Uint8Array, sizes: readonly number[] = [], most?: number) {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const size of sizes) {
    parts.push(bytes.subarray(at, at + size));
    at += size;
  }
  parts.push(bytes.subarray(at));
  const out: (string | undefined)[] = [];
  for await (const some of linesOf(pieces(parts), most === undefined ? {} : { most })) out.push(...some);
  return out;
}

describe('lines of bytes', () => {
  it('end with LF or CRLF, the last one also with the text', async () => {
    expect(await lines('a\nb\r\n\nc')).toEqual(['a', 'b', '', 'c']);
    expect(await lines('a\n')).toEqual(['a']);
    expect(await lines('')).toEqual([]);
  });

  it('are the same however the bytes are cut', async () => {
    const whole = 'Zürich\n23 µg, ≥ 5\r\n\n€\n';
    const expected = await lines(whole);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(6), { maxLength: 12 }), async (sizes) => {
        expect(await lines(whole, sizes)).toEqual(expected);
      }),
    );
  });

  it('that are too long come out as nothing, and those after them whole', async () => {
    expect(await lines(`a\n${'x'.repeat(1_000_000)}\nb\n`, [3, 10, 500_000], 100)).toEqual(['a', undefined, 'b']);
    expect(await lines('x'.repeat(101), [50], 100)).toEqual([undefined]);
    expect(await lines('x'.repeat(100), [50], 100)).toEqual(['x'.repeat(100)]);
  });

  it('are read from any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const ends = bytes.filter((byte) => byte === 10).length;
        const isEnded = bytes.length === 0 || bytes[bytes.length - 1] === 10;
        expect((await lines(bytes)).length).toBe(ends + (isEnded ? 0 : 1));
      }),
    );
  });
});
