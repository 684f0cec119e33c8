import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/array/matrix.ts';
import { random } from '../../../src/array/random.ts';
import type { Block } from '../../../src/describe/cohort.ts';
import type { ImageLayout } from '../../../src/describe/modality.ts';
import type { ClassTarget } from '../../../src/describe/target.ts';
import type { Step } from '../../../src/harmonize/prepare.ts';
import { imageModality } from '../../../src/simulate/image-modality.ts';
import { relationSummary } from '../../../src/study/images/relation-summary.node.ts';

const side = 12;
const image: ImageLayout = {
  channels: 1,
  shape: [1, side, side],
  affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
};
const many = 12;

/** Soft tissue whose value is the same in both modalities, bone (a share of the picture that differs), background. */
function block(name: string, bone: number, absent: readonly number[] = [], sites?: readonly string[]): Block {
  const width = side * side;
  const data = new Float32Array(many * width); // [subjects, voxels]
  for (let i = 0; i < many; i++) {
    const draw = random(i + 1); // of both modalities: their soft tissue goes together
    for (let at = 0; at < width; at++) {
      const row = Math.floor(at / side);
      const value = row < 2 ? 0 : row < 3 + (i % 6) ? bone : 300 + 40 * draw.normal();
      data[i * width + at] = value;
    }
  }
  return {
    modality: imageModality(name, image),
    values: matrix(many, width, data),
    observed: new Uint8Array(many * width).fill(1),
    present: Uint8Array.from({ length: many }, (_, i) => (absent.includes(i) ? 0 : 1)),
    ...(sites && { sites }),
  };
}

const target: ClassTarget = {
  kind: 'classes',
  name: 'ill',
  classes: ['0', '1'],
  labels: Int32Array.from({ length: many }, (_, i) => i % 2),
};
const zScore: Step = { kind: 'intensity-z-score', options: { by: 'scan', mask: 'positive' } };
const pair = (steps: readonly Step[], absent?: readonly number[], sites?: readonly string[]) =>
  relationSummary(
    { block: block('mr', 500, [], sites), steps },
    { block: block('ct', 1200, absent, sites), steps },
    target,
    0,
  );

describe('what a report says harmonizing did to two modalities of images', () => {
  it('is nothing where one line maps all scans', async () => {
    const told = await pair([{ kind: 'intensity-z-score', options: { by: 'training' } }]);
    expect(told?.modalities).toEqual(['mr', 'ct']);
    const [{ mutualInformation, rankCorrelation, copulaDistance, subjects }] = told?.groups ?? [];
    expect(subjects).toBe(many);
    expect(mutualInformation.after).toBeCloseTo(mutualInformation.before, 2);
    expect(mutualInformation.before).toBeGreaterThan(mutualInformation.unrelated);
    expect(rankCorrelation.after).toBeCloseTo(rankCorrelation.before, 6);
    expect(copulaDistance).toBeLessThan(0.01);
    expect(told?.words[0]).toMatch(
      /^all subjects: mutual information .* nats, rank correlation .*, copula moved by 0.00/,
    );
  });

  it('is that they moved where each scan is scaled by what it shows, though no order within a scan changed', async () => {
    const told = await pair([zScore]);
    expect(told?.groups[0].copulaDistance).toBeGreaterThan(0.1);
    expect(told?.words[0]).not.toContain('copula moved by 0.0');
  });

  it('is told of sites of five subjects or more, and of nobody where fewer than five have both', async () => {
    const sites = Array.from({ length: many }, (_, i) => (i < 8 ? 'north' : 'south'));
    const told = await pair([zScore], undefined, sites);
    expect(told?.groups.map(({ name, subjects }) => [name, subjects])).toEqual([
      ['all subjects', 12],
      ['north', 8],
    ]);
    expect(await pair([zScore], [0, 1, 2, 3, 4, 5, 6, 7])).toBeUndefined();
  });

  it('is left out where nothing harmonizes, steps read the target, or no image is left', async () => {
    expect(await pair([{ kind: 'standardize-image' }])).toBeUndefined();
    expect(await pair([zScore, { kind: 'univariate-selection', options: { most: 4 } }])).toBeUndefined();
    expect(await pair([zScore, { kind: 'variance-filter', options: { most: 4 } }])).toBeUndefined();
  });
});
