import { afterEach, describe, expect, it, vi } from 'vitest';
import { sha256 } from '../../src/array/sha256.ts';

describe('sha256', () => {
  afterEach(() => void vi.unstubAllGlobals());

  it('is that of FIPS 180-4, also of a part of an array', async () => {
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(await sha256(new TextEncoder().encode('abc'))).toBe(abc);
    expect(await sha256(new TextEncoder().encode('xabcx').subarray(1, 4))).toBe(abc);
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    expect(await sha256(new Uint8Array())).toBe(empty);
  });

  it('says where a browser has no cryptography', async () => {
    vi.stubGlobal('crypto', {});
    await expect(sha256(new Uint8Array())).rejects.toThrow('sha256: no secure context, expected https, or localhost');
  });
});
