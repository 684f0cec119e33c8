import { describe, expect, it } from 'vitest';
import { cholesky, solveCholesky } from '../../src/array/cholesky.ts';
import { normalLower } from '../../src/array/distributions.ts';
import { matrix, zeros } from '../../src/array/matrix.ts';
import { auroc } from '../../src/score/auroc.ts';
import { addNoise, removeModality } from '../../src/simulate/break.ts';
import { simulateMultiomics } from '../../src/simulate/multiomics.ts';
import { root } from '../structure/sources.ts';

const { ceiling } = await import(`${root}bench/robustness/ceiling.mjs`);

const world = { shared: 1, own: [2, 1], blockSize: 5, blockCorrelation: 0.3 };
const features = 12;
const simulated = simulateMultiomics({
  subjects: 4000,
  seed: 3,
  modalities: 2,
  features,
  informative: 0.5,
  loading: 0.7,
  ...world,
});

/** Means and covariance of all features given the class, written out feature by feature; noise in the first modality. */
function discriminant(sd: number, columns: readonly number[]) {
  const loading = (j: number) => {
    const m = Math.floor(j / features);
    const [shared, own] = simulated.truth.loadings[m].data.subarray(2 * (j % features), 2 * (j % features) + 2);
    return { m, block: `${m} ${Math.floor((j % features) / world.blockSize)}`, shared, own };
  };
  const each = columns.map(loading);
  const covariance = zeros(each.length, each.length);
  const apart = Float64Array.from(each, (f) => f.shared * world.shared + f.own * world.own[f.m]);
  each.forEach((f, i) => {
    each.forEach((g, j) => {
      let value = f.shared * g.shared + (f.m === g.m ? f.own * g.own : 0);
      if (f.block === g.block) value += i === j ? 1 : world.blockCorrelation;
      if (i === j && f.m === 0) value += sd ** 2 * (value + apart[i] ** 2 / 4);
      covariance.data[i * each.length + j] = value;
    });
  });
  const weights = apart.slice();
  solveCholesky(cholesky(matrix(each.length, each.length, covariance.data)), weights);
  return { weights, squared: apart.reduce((sum, mu, i) => sum + mu * weights[i], 0) };
}

const all = Array.from({ length: 2 * features }, (_, j) => j);
const second = all.slice(features);

/** Log-odds of each subject, by what of the modalities there is. */
function bestScores(x: typeof simulated.cohort, sd: number): Float64Array {
  const [both, one] = [discriminant(sd, all), discriminant(sd, second)];
  return Float64Array.from(x.subjects, (_, i) => {
    const value = (j: number) => x.blocks[Math.floor(j / features)].values.data[i * features + (j % features)];
    const [columns, { weights }] = x.blocks[0].present[i] ? [all, both] : [second, one];
    return columns.reduce((sum, j, at) => sum + weights[at] * value(j), 0);
  });
}

describe('the ceiling of a world with one modality broken', () => {
  it.each([0, 1, 3])('is that of the linear discriminant over all features, with noise of %d', (sd) => {
    const own = ceiling(simulated.truth.loadings, world, { broken: 0, sd });
    expect(own).toBeCloseTo(normalLower(Math.sqrt(discriminant(sd, all).squared / 2)), 10);
  });

  it('is that of the other modalities where one is missing in all', () => {
    const own = ceiling(simulated.truth.loadings, world, { broken: 0, missing: 1 });
    expect(own).toBeCloseTo(normalLower(Math.sqrt(discriminant(0, second).squared / 2)), 10);
  });

  it.each([
    ['noise', addNoise(simulated.cohort, 'omics1', { sd: 2, seed: 1 }), { sd: 2 }],
    ['absence in two of five', removeModality(simulated.cohort, 'omics1', { share: 0.4, seed: 1 }), { missing: 0.4 }],
  ] as const)('is what the best score reaches on 4,000 simulated subjects with %s', (_, x, how) => {
    const reached = auroc(bestScores(x, 'sd' in how ? how.sd : 0), simulated.target.labels) as number;
    // The standard error of the AUROC is below 0.006.
    expect(Math.abs(reached - ceiling(simulated.truth.loadings, world, { broken: 0, ...how }))).toBeLessThan(0.018);
  });
});
