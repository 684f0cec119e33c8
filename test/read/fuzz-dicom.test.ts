/** Broken DICOM files give an image or a refusal, never anything else; 20,000 of them take a minute (CONSILIENCE_FUZZ). */
import { expect, test } from 'vitest';
import { random } from '../../src/array/random.ts';
import { InputError } from '../../src/errors.ts';
import { readDicom } from '../../src/read/dicom/dicom.ts';
import { dicomSeeds } from './dicom-seeds.ts';

const many = Number(process.env.CONSILIENCE_FUZZ ?? 1000);

test(`each of ${many} broken DICOM files gives an image of honest size or an InputError that names it`, async () => {
  const seeds = dicomSeeds();
  const generator = random(Number(process.env.CONSILIENCE_SEED ?? 17));
  const tally = { images: 0, refused: 0 };
  for (let i = 0; i < many; i++) {
    const seed = seeds[i % seeds.length];
    const file = seed.broken(generator);
    try {
      const { data, frames, channels, shape } = await readDicom(file, { name: 'a.dcm' });
      tally.images++;
      expect(data).toHaveLength(frames * channels * shape[0] * shape[1] * shape[2]);
      expect(data.byteLength, seed.name).toBeLessThanOrEqual(10 * Math.max(file.length, seed.honest));
    } catch (error) {
      if (!(error instanceof InputError)) throw new Error(`broken file ${i}, of ${seed.name}`, { cause: error });
      expect(error.message).toContain('a.dcm');
      tally.refused++;
    }
  }
  expect(tally.images).toBeGreaterThan(0);
  expect(tally.refused).toBeGreaterThan(many / 2);
});
