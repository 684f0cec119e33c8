import { describe, expect, test } from 'vitest';
import type { Matrix } from '../../src/array/matrix.ts';
import { random } from '../../src/array/random.ts';
import { classCounts } from '../../src/describe/target.ts';
import { auroc } from '../../src/score/auroc.ts';
import { activeChances, drawGenes } from '../../src/simulate/lesion-counts.ts';
import { type LesionPathwaysOptions, simulateLesionPathways } from '../../src/simulate/lesion-pathways.ts';
import { expectTrueOdds, standardError } from './calibration.ts';

const small: LesionPathwaysOptions = { subjects: 60, seed: 1, shape: [1, 16, 16], places: [1, 2, 2], pathways: 6 };

const rowOf = ({ shape: [, width], data }: Matrix, i: number) => data.subarray(i * width, (i + 1) * width);

describe('a simulated lesion whose place says which pathway decides', () => {
  test('has the same bytes for the same seed and others for another', () => {
    const values = (seed: number) =>
      simulateLesionPathways({ ...small, seed }).cohort.blocks.map(({ values: own }) => own);
    expect(values(1)).toEqual(values(1));
    expect(values(1)).not.toEqual(values(2));
  });

  test('is an image on a grid in millimetres and counts of genes in pathways', () => {
    const { cohort, target } = simulateLesionPathways({ ...small, subjects: 61, genesPerPathway: 3, otherGenes: 2 });
    const [image, genes] = cohort.blocks;
    expect(image.modality.image).toEqual({
      channels: 1,
      shape: [1, 16, 16],
      affine: [4, 0, 0, -30, 0, 4, 0, -30, 0, 0, 4, 0, 0, 0, 0, 1],
    });
    expect(image.modality.features).toHaveLength(256);
    expect(genes.modality.groups?.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5, 6].map((k) => `pathway${k}`));
    expect(genes.modality.groups?.[1].features).toEqual(['gene4', 'gene5', 'gene6']);
    expect(genes.modality.features).toHaveLength(20);
    expect(genes.modality.features.every(({ scale }) => scale === 'count')).toBe(true);
    expect(genes.values.data.every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
    expect([...classCounts(target)]).toEqual([31, 30]);
  });

  test('lets the pathway of the place, and of no other, have the sign of the class', () => {
    const { target, truth } = simulateLesionPathways(small);
    expect(new Set(truth.pathwayOf).size).toBe(4);
    target.labels.forEach((label, i) => {
      expect(truth.active[i]).toBe(truth.pathwayOf[truth.place[i]]);
      expect(rowOf(truth.activity, i)[truth.active[i]] > 0).toBe(label === 1);
    });
  });

  test('puts the lesion into the middle of its cell, where the image is brighter by its contrast', () => {
    const { cohort, truth } = simulateLesionPathways({ ...small, subjects: 800, contrast: 3 });
    const [image] = cohort.blocks;
    let sum = 0;
    truth.place.forEach((place, i) => {
      const [x, y, z] = truth.centre.subarray(3 * i, 3 * i + 3);
      expect(Math.floor(x / 8) + 2 * Math.floor(y / 8)).toBe(place);
      for (const along of [x, y]) expect(along % 8).toBeGreaterThanOrEqual(2);
      for (const along of [x, y]) expect(along % 8).toBeLessThan(6);
      expect(z).toBe(0);
      sum += rowOf(image.values, i)[16 * y + x];
    });
    // Tissue of variance 1 and noise of variance 1 about the contrast.
    expect(Math.abs(sum / 800 - 3)).toBeLessThan(4 * Math.sqrt(2 / 800));
  });

  test('has tissue of standard deviation 1, smooth, in noise', () => {
    const { cohort } = simulateLesionPathways({ ...small, subjects: 400, contrast: 0, noise: 0.5 });
    const { data } = cohort.blocks[0].values;
    let square = 0;
    let beside = 0;
    for (let at = 0; at < data.length; at++) {
      square += data[at] ** 2 / data.length;
      if (at % 16 < 15) beside += (data[at] * data[at + 1]) / (data.length * (15 / 16));
    }
    expect(square).toBeCloseTo(1.25, 0);
    expect(beside / (square - 0.25)).toBeGreaterThan(0.9);
  });

  test('counts with a variance of μ + μ² / dispersion, and library sizes that vary as asked', () => {
    const subjects = 1500;
    const { cohort, truth } = simulateLesionPathways({ ...small, subjects, loading: 0, depthSpread: 0.4 });
    const logs = truth.librarySize.map(Math.log);
    const mean = logs.reduce((a, b) => a + b) / subjects;
    const spread = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / subjects);
    expect(Math.abs(spread - 0.4)).toBeLessThan(0.04);
    const { values } = cohort.blocks[1];
    const [, genes] = values.shape;
    for (const g of [0, 7, genes - 1]) {
      const over = (f: (count: number, size: number) => number) =>
        truth.librarySize.reduce((sum, size, i) => sum + f(values.data[i * genes + g], size), 0) / subjects;
      const rate = over((count) => count) / over((_, size) => size);
      const excess =
        over((count, size) => (count - rate * size) ** 2 - rate * size) / over((_, size) => (rate * size) ** 2);
      expect(Math.abs(excess - 1 / 5)).toBeLessThan(0.06);
    }
  });

  test('tells nothing by image or counts alone, and by both as much as it says', () => {
    const subjects = 1500;
    const { cohort, target, truth } = simulateLesionPathways({ ...small, subjects });
    const still = 4 * standardError(subjects);
    const near = (score: ArrayLike<number>) => Math.abs((auroc(score, target.labels) as number) - 0.5);
    const [image, genes] = cohort.blocks.map(({ values }) => values);
    const each = (of: Matrix, score: (row: ArrayLike<number> & Iterable<number>) => number) =>
      Float64Array.from({ length: subjects }, (_, i) => score(rowOf(of, i)));
    for (let p = 0; p < 4; p++) expect(near(truth.place.map((place) => Number(place === p)))).toBeLessThan(still);
    expect(near(each(image, (row) => Math.max(...row)))).toBeLessThan(still);
    expect(near(each(image, (row) => Array.from(row).reduce((a, b) => a + b)))).toBeLessThan(still);
    for (let g = 0; g < genes.shape[1]; g++) expect(near(each(genes, (row) => row[g]))).toBeLessThan(still);
    for (let k = 0; k < 6; k++) expect(near(each(truth.activity, (row) => row[k]))).toBeLessThan(still);
    expect(truth.auroc.single).toBe(0.5);
    expectTrueOdds(truth.logOdds, target.labels, truth.auroc.measured);
    expect(truth.auroc.measured).toBeGreaterThan(0.9);
  });

  test('is worth less with a fainter lesion, and nothing without one or without loadings', () => {
    const best = (more: object) => simulateLesionPathways({ ...small, subjects: 400, ...more }).truth.auroc.measured;
    const faint = best({ contrast: 1 });
    expect(faint).toBeLessThan(best({}) - 0.03);
    expect(faint).toBeGreaterThan(0.55);
    for (const nothing of [{ contrast: 0 }, { loading: 0 }]) expect(Math.abs(best(nothing) - 0.5)).toBeLessThan(0.01);
  });

  test('is 3-D where asked, with a place for each cell', () => {
    const { cohort, truth } = simulateLesionPathways({ ...small, shape: [8, 10, 12], places: [2, 1, 2] });
    expect(cohort.blocks[0].modality.image?.shape).toEqual([8, 10, 12]);
    truth.place.forEach((place, i) => {
      const [x, , z] = truth.centre.subarray(3 * i, 3 * i + 3);
      expect(Math.floor(x / 6) + 2 * Math.floor(z / 4)).toBe(place);
    });
    expect(truth.auroc.measured).toBeGreaterThan(0.9);
  });

  test('weighs counts as adding up their likelihood on a fine grid does', () => {
    const draw = random(3);
    const genes = drawGenes(
      { pathways: 2, genesPerPathway: 3, otherGenes: 1, depth: 8, loading: 0.7, dispersion: 3 },
      draw,
    );
    const counts = Array.from(genes.base, (base) => Math.round(base * 2 * draw.uniform()));
    const chances = activeChances(genes, counts, 1.3, 2);
    for (const k of [0, 1]) {
      const sides = [0, 0];
      for (let z = -7.9995; z < 8; z += 0.001) {
        let log = (-z * z) / 2;
        for (let g = 0; g < counts.length; g++) {
          if (genes.pathway[g] !== k) continue;
          const mean = 1.3 * genes.base[g] * Math.exp(genes.loading[g] * z);
          log += counts[g] * Math.log(mean / (mean + 3)) + 3 * Math.log(3 / (mean + 3));
        }
        sides[z > 0 ? 1 : 0] += Math.exp(log);
      }
      expect(chances[k]).toBeCloseTo(sides[1] / (sides[0] + sides[1]), 5);
    }
  });

  test('refuses options that are unknown or out of range, by name', () => {
    const refused = (more: object) => () => simulateLesionPathways({ ...small, ...more } as LesionPathwaysOptions);
    expect(refused({ lesions: 3 })).toThrow(
      'simulateLesionPathways: lesions: unknown option, expected an option of simulateLesionPathways, got lesions',
    );
    expect(refused({ pathways: 3 })).toThrow('pathways: not a count, expected a whole number of at least 4, got 3');
    expect(refused({ places: [1, 1, 1] })).toThrow('places: one place asks nothing');
    expect(refused({ places: [2, 1, 1] })).toThrow('places: more places than voxels, expected at most 1 x 16 x 16');
    expect(refused({ shape: [1, 16, 0] })).toThrow('shape: not a count');
    expect(refused({ noise: 0 })).toThrow('noise: out of range');
    expect(refused({ contrast: -1 })).toThrow('contrast: out of range');
    expect(refused({ dispersion: Number.NaN })).toThrow('dispersion: out of range');
  });
});
