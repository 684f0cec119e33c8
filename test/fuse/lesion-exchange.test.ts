/** What is found by exchanging pathways, of fusions whose question is known. */
import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { blockOf, type Cohort } from '../../src/describe/cohort.ts';
import type { ClassPrediction } from '../../src/fuse/prediction.ts';
import { simulateLesionPathways } from '../../src/simulate/lesion-pathways.ts';
import { askedByExchange, pathwaysOf } from './lesion-exchange.ts';
import { sameCell, world } from './lesion-world.ts';

const subjects = 300;
const { cohort, truth } = simulateLesionPathways({ subjects, seed: 1, ...world });
const own = { truth, others: Int32Array.from({ length: subjects }, (_, i) => i), test: cohort, seed: 1 };

/** The cell of the brightest voxel, counted along width and then height as places are. */
function brightest(image: ArrayLike<number>): number {
  const voxel = Array.from(image).reduce((best, value, v, all) => (value > all[best] ? v : best), 0);
  return [0, 1, 2, 3].findIndex((place) => sameCell([8 * (place % 2), 8 * Math.floor(place / 2)], voxel));
}

/** A fusion that tells the class by the counts of the pathway that it takes for a subject's. */
function telling(choose: (image: ArrayLike<number>) => number) {
  const apply = async (x: Cohort) => {
    const [image, genes] = [blockOf(x, 'image'), blockOf(x, 'genes')];
    const [[some, voxels], many] = [image.values.shape, genes.values.shape[1]];
    const columns = pathwaysOf(genes);
    const probability = new Float64Array(2 * some); // [subjects, classes]
    for (let i = 0; i < some; i++) {
      const asked = choose(image.values.data.subarray(i * voxels, (i + 1) * voxels));
      const odds = columns[asked].reduce((sum, g) => sum + Math.log1p(genes.values.data[i * many + g]), 0);
      probability[2 * i + 1] = 1 / (1 + Math.exp(10 - odds));
      probability[2 * i] = 1 - probability[2 * i + 1];
    }
    return { probability: matrix(some, 2, probability) } as unknown as ClassPrediction;
  };
  return { apply };
}

describe('pathways exchanged for those of other subjects', () => {
  it('find what the lesion asks for, and not without its patch', async () => {
    const { image, patch, covered } = await askedByExchange(
      telling((one) => truth.pathwayOf[brightest(one)]),
      own,
      subjects,
    );
    expect(image).toBeGreaterThan(0.98);
    expect(patch).toBeGreaterThan(0.98);
    expect(covered).toBeLessThan(0.1);
  });

  it('find nothing in a fusion that does not look at the image', async () => {
    const { image, patch, covered } = await askedByExchange(
      telling(() => truth.pathwayOf[2]),
      own,
      subjects,
    );
    expect(image).toBe(covered);
    expect(image).toBeLessThan(0.35); // where the lesion happens to be in that place
    expect(patch).toBeLessThan(0.35);
  });

  it('find the wrong pathway where the image is asked the wrong question', async () => {
    const { image, patch } = await askedByExchange(
      telling((one) => truth.pathwayOf[(brightest(one) + 1) % 4]),
      own,
      subjects,
    );
    expect(image).toBeLessThan(0.05);
    expect(patch).toBeLessThan(0.05);
  });
});
