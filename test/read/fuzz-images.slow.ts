/**
 * 100,000 broken files over all readers of images: no crash, none over a second, no result larger than ten times the honest
 * size, which is what the whole file holds unpacked. DICOM and further files come from the shared data, where they are there.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { random } from '../../src/array/random.ts';
import { InputError } from '../../src/errors.ts';
import { readImage } from '../../src/read/image.ts';
import { brokenSeed, imageSeeds, type Seed } from './image-seeds.ts';

const folder = join(process.env.CONSILIENCE_SHARED ?? '../shared', 'data/formats-imaging');

function sharedSeeds(): Seed[] {
  if (!existsSync(folder)) return [];
  return ['nifti', 'nrrd', 'metaimage', 'dicom'].flatMap((kind) =>
    readdirSync(join(folder, kind), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => ({ name, bytes: new Uint8Array(readFileSync(join(folder, kind, name))), beside: new Map() }))
      .filter(({ bytes }) => bytes.length < 300_000),
  );
}

const optionsOf = ({ name, beside }: Seed) => ({ name, sibling: async (file: string) => beside.get(file) });

test('100,000 broken files: an image of honest size or an InputError, each within a second', async () => {
  const many = Number(process.env.CONSILIENCE_FUZZ ?? 100_000);
  const seeds: (Seed & { honest: number })[] = [];
  for (const seed of [...imageSeeds(), ...sharedSeeds()]) {
    const whole = await readImage(seed.bytes, optionsOf(seed)).catch(() => undefined); // halves of pairs, and the like
    const own = seed.bytes[0] === 0x1f && seed.bytes[1] === 0x8b ? gunzipSync(seed.bytes).length : seed.bytes.length;
    const bytes = [...seed.beside.values()].reduce((sum, { length }) => sum + length, own);
    seeds.push({ ...seed, honest: Math.max(bytes, whole?.data.byteLength ?? 0) });
  }
  const generator = random(Number(process.env.CONSILIENCE_SEED ?? 11));
  const tally = { images: 0, refused: 0, slowest: 0, slowestName: '', largest: 0, largestName: '' };
  const reasons = new Map<string, number>();
  for (let i = 0; i < many; i++) {
    const seed = seeds[i % seeds.length];
    const broken = brokenSeed(seed, generator);
    const started = performance.now();
    try {
      const { data } = await readImage(broken.bytes, optionsOf(broken));
      tally.images++;
      const times = data.byteLength / Math.max(seed.honest, broken.bytes.length);
      if (times > tally.largest) Object.assign(tally, { largest: times, largestName: seed.name });
    } catch (error) {
      if (!(error instanceof InputError)) throw new Error(`broken file ${i}, of ${seed.name}`, { cause: error });
      tally.refused++;
      reasons.set(error.what, (reasons.get(error.what) ?? 0) + 1);
    }
    const took = performance.now() - started;
    if (took > tally.slowest) Object.assign(tally, { slowest: took, slowestName: seed.name });
  }
  const most = [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 12);
  console.info(`${seeds.length} seeds`, tally, `peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`, most);
  expect(tally.slowest).toBeLessThan(1000);
  expect(tally.largest).toBeLessThanOrEqual(10);
});
