/** Broken files give an image or a refusal, never anything else (fuzz-images.slow.ts tries 100,000). */
import { expect, test } from 'vitest';
import { random } from '../../src/array/random.ts';
import { InputError } from '../../src/errors.ts';
import { readImage, readImageHeader } from '../../src/read/image.ts';
import { brokenSeed, imageSeeds } from './image-seeds.ts';

test('each of 2,000 broken files gives an image or an InputError that names it', async () => {
  const seeds = imageSeeds();
  const generator = random(Number(process.env.CONSILIENCE_SEED ?? 5));
  let refused = 0;
  for (let i = 0; i < 2000; i++) {
    const { name, bytes, beside } = brokenSeed(seeds[i % seeds.length], generator);
    const options = { name, sibling: async (file: string) => beside.get(file) };
    const given = bytes.slice();
    try {
      const { data, shape, frames, channels, affine } = await readImage(bytes, options);
      expect(data.length).toBe(shape.reduce((a, b) => a * b, frames * channels));
      expect(affine.every(Number.isFinite)).toBe(true);
    } catch (error) {
      if (!(error instanceof InputError)) throw new Error(`broken file ${i} of ${name}`, { cause: error });
      expect(error.message).toContain(name.slice(0, 4));
      refused++;
    }
    expect(bytes).toEqual(given);
    await readImageHeader(bytes, options).catch((error: unknown) => expect(error).toBeInstanceOf(InputError));
  }
  expect(refused).toBeGreaterThan(1000);
});
