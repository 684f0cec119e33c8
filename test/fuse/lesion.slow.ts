/** What learning end to end is worth where the image asks and the genes point; the numbers stand in docs/fuse.md. */
import { expect, test } from 'vitest';
import type { Reader } from '../../src/fuse/prediction.ts';
import { delong, delongInterval } from '../../src/score/delong.ts';
import { type Asked, askedByExchange } from './lesion-exchange.ts';
import { lesionWorld, moveWithActive, pointsAtActive, world } from './lesion-world.ts';

const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const t975 = 2.2622; // Student's t of nine degrees of freedom

/** The mean over the seeds with its interval. */
function overSeeds(values: readonly number[]) {
  const mean = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const half = t975 * Math.sqrt(variance / values.length);
  return { mean, low: mean - half, high: mean + half, text: `${mean.toFixed(3)} ± ${half.toFixed(3)}` };
}

const areaOf = (event: Float64Array, labels: Int32Array) =>
  (delongInterval(event, labels) as NonNullable<ReturnType<typeof delongInterval>>).estimate;

test('encoders learned with the rest beat the same learned apart and kept, and labels in disorder teach nothing', async () => {
  const gains: number[] = [];
  const chances: number[] = [];
  const pointing: number[] = []; // of the lesion's patch
  const asking: number[] = []; // of all patches
  const moving: number[] = [];
  const byExchange: Asked[] = [];
  const best: number[] = [];
  for (const seed of seeds) {
    const own = lesionWorld(seed);
    const { labels, truth } = own;
    const joint = await own.fitOn({ encoders: 'joint' });
    const frozen = await own.fitOn({ encoders: 'frozen' });
    const chance = areaOf((await own.fitOn({}, own.permuted())).event, labels);
    const { auroc } = delong([joint.event, frozen.event], labels) as NonNullable<ReturnType<typeof delong>>;
    const conversation = await (joint.fitted.reader as Reader).conversation(own.test);
    gains.push(auroc[0] - auroc[1]);
    chances.push(chance);
    best.push(truth.auroc.measured - auroc[0]);
    const points = pointsAtActive(conversation, own);
    pointing.push(points.patch);
    asking.push(points.image);
    moving.push(await moveWithActive(joint.fitted, conversation, own, 300));
    byExchange.push(await askedByExchange(joint.fitted, own, 500));
    const { patch, image, covered } = byExchange[byExchange.length - 1];
    console.info(
      `seed ${seed}: at best ${truth.auroc.measured.toFixed(3)}, joint ${auroc[0].toFixed(3)}, frozen ${auroc[1].toFixed(3)}, ` +
        `permuted ${chance.toFixed(3)}; the lesion's patch points at the pathway in ${points.patch}, all patches in ${points.image}, hiding it moves most in ${moving.at(-1)?.toFixed(3)}; ` +
        `by exchange the lesion's patch points at it in ${patch}, the image in ${image}, with the patch covered in ${covered}`,
    );
  }
  const asked = (what: keyof Asked) => overSeeds(byExchange.map((one) => one[what]));
  const [gain, chance] = [overSeeds(gains), overSeeds(chances)];
  console.info(
    `joint over frozen ${gain.text}; permuted ${chance.text}; short of the best ${overSeeds(best).text}; ` +
      `points ${overSeeds(pointing).text}, all patches ${overSeeds(asking).text}; moves most ${overSeeds(moving).text}; ` +
      `by exchange ${asked('patch').text}, image ${asked('image').text}, covered ${asked('covered').text}`,
  );
  expect(gain.low).toBeGreaterThan(0);
  expect(chance.low).toBeLessThan(0.5);
  expect(chance.high).toBeGreaterThan(0.5);
  expect(overSeeds(best).mean).toBeLessThan(0.05);
  expect(asked('patch').low).toBeGreaterThanOrEqual(0.9);
  expect(asked('covered').high).toBeLessThan(0.3); // of four pathways that can decide, and eight that cannot
  // By attention far from certain, and far above chance: a network can also take in all that matters at once and choose later.
  expect(overSeeds(pointing).low).toBeGreaterThan(1 / world.pathways);
  expect(overSeeds(asking).low).toBeGreaterThan(2 / world.pathways);
  expect(overSeeds(moving).low).toBeGreaterThan(0.5);
}, 3_600_000);
