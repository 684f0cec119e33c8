import { describe, expect, test } from 'vitest';
import { auroc } from '../../src/score/auroc.ts';
import { type PhantomOptions, simulatePhantom } from '../../src/simulate/phantom.ts';
import { standardError } from './calibration.ts';

const small: PhantomOptions = { subjects: 40, seed: 1 };
const coarse = { shape: [1, 16, 16], spacingMm: 8 } as const;

const spotsOf = (places: Float64Array, i: number) =>
  [0, 1].map((s) => Array.from(places.subarray(6 * i + 3 * s, 6 * i + 3 * s + 3)));
const between = (a: readonly number[], b: readonly number[]) => Math.hypot(...a.map((at, axis) => at - b[axis]));

describe('two simulated scans of one head', () => {
  test('have the same bytes for the same seed and others for another', () => {
    const values = (seed: number) => simulatePhantom({ ...small, seed }).cohort.blocks.map(({ values: own }) => own);
    expect(values(1)).toEqual(values(1));
    expect(values(1)).not.toEqual(values(2));
  });

  test('stand on one grid about the origin, in millimetres', () => {
    const [first, second] = simulatePhantom({ ...small, shape: [1, 24, 20], spacingMm: 5 }).cohort.blocks;
    expect(first.modality.image).toEqual({
      channels: 1,
      shape: [1, 24, 20],
      affine: [5, 0, 0, -47.5, 0, 5, 0, -57.5, 0, 0, 5, 0, 0, 0, 0, 1],
    });
    expect(second.modality.image).toEqual(first.modality.image);
    expect(first.values.shape).toEqual([40, 480]);
  });

  test('share one spot in class 1 and none in class 0, all others being four radii apart', () => {
    const { target, truth } = simulatePhantom({ ...small, ...coarse, subjects: 300 });
    target.labels.forEach((label, i) => {
      const [first, second] = [spotsOf(truth.firstMm, i), spotsOf(truth.secondMm, i)];
      const across = first.flatMap((a) => second.map((b) => between(a, b)));
      expect(across.filter((distance) => distance === 0)).toHaveLength(label);
      for (const distance of [...across, between(first[0], first[1]), between(second[0], second[1])]) {
        if (distance > 0) expect(distance).toBeGreaterThanOrEqual(20);
      }
    });
  });

  test('tell nothing by where the spots of one scan are, and by it alone no more than the brightness of a lesion', () => {
    const subjects = 1000;
    const { cohort, target, truth } = simulatePhantom({ ...small, ...coarse, subjects, own: 0 });
    const still = 4 * standardError(subjects);
    const near = (score: ArrayLike<number>) => Math.abs((auroc(score, target.labels) as number) - 0.5);
    for (const places of [truth.firstMm, truth.secondMm]) {
      for (let s = 0; s < 6; s++) {
        expect(near(Float64Array.from(target.labels, (_, i) => places[6 * i + s]))).toBeLessThan(still);
      }
      const gap = Float64Array.from(target.labels, (_, i) => {
        const [a, b] = spotsOf(places, i);
        return between(a, b);
      });
      expect(near(gap)).toBeLessThan(still);
    }
    const brightest = (x: typeof cohort, scan: number) => {
      const { values } = x.blocks[scan];
      const voxels = values.shape[1];
      // Of the second scan: bone is bright in the first.
      return Float64Array.from(target.labels, (_, i) =>
        Math.max(...values.data.subarray(i * voxels, (i + 1) * voxels)),
      );
    };
    expect(near(brightest(cohort, 1))).toBeLessThan(still);
    const bright = simulatePhantom({ ...small, ...coarse, subjects, own: 1 });
    expect(auroc(brightest(bright.cohort, 1), target.labels)).toBeGreaterThan(0.8);
  });

  test('differ in nothing but the second one where the head has moved, by as much as asked', () => {
    const [still, moved] = [0, 6].map((shiftMm) => simulatePhantom({ ...small, shiftMm }));
    expect(moved.target).toEqual(still.target);
    expect(moved.cohort.blocks[0]).toEqual(still.cohort.blocks[0]);
    expect(moved.cohort.blocks[1].values).not.toEqual(still.cohort.blocks[1].values);
    expect(moved.truth.secondMm).toEqual(still.truth.secondMm);
    for (let i = 0; i < 40; i++) {
      expect(Math.hypot(...moved.truth.movedMm.subarray(3 * i, 3 * i + 3))).toBeCloseTo(6, 10);
      expect(moved.truth.movedMm[3 * i + 2]).toBe(0);
    }
    expect(still.truth.movedMm.every((along) => along === 0)).toBe(true);
  });

  test('see a head that moved by a voxel as a whole one voxel further', () => {
    const { cohort, truth } = simulatePhantom({ ...small, subjects: 2, noise: 0, spacingMm: 4, shiftMm: 4 });
    const still = simulatePhantom({ ...small, subjects: 2, noise: 0, spacingMm: 4 }).cohort;
    // What moved by v shows at x what was at x − v: the mean over the image moves by v, air being 0.
    const centreOf = (data: ArrayLike<number>) => {
      let [sum, x, y] = [0, 0, 0];
      for (let at = 0; at < 1024; at++) {
        sum += data[at];
        x += data[at] * (4 * (at % 32) - 62);
        y += data[at] * (4 * Math.floor(at / 32) - 62);
      }
      return [x / sum, y / sum];
    };
    for (const i of [0, 1]) {
      const [before, after] = [still, cohort].map(({ blocks }) =>
        centreOf(blocks[1].values.data.subarray(1024 * i, 1024 * (i + 1))),
      );
      for (const axis of [0, 1]) {
        expect(Math.abs(after[axis] - before[axis] - truth.movedMm[3 * i + axis])).toBeLessThan(0.5);
      }
    }
  });

  test('are 3-D where asked', () => {
    const { cohort, truth } = simulatePhantom({ ...small, subjects: 4, shape: [20, 20, 20], spacingMm: 6, shiftMm: 3 });
    expect(cohort.blocks[0].values.shape).toEqual([4, 8000]);
    expect(truth.movedMm.some((along, at) => at % 3 === 2 && along !== 0)).toBe(true);
    expect(truth.firstMm.some((along, at) => at % 3 === 2 && along !== 0)).toBe(true);
  });

  test('refuse options that are unknown or out of range, by name, and an image without room for four spots', () => {
    const refused = (more: object) => () => simulatePhantom({ ...small, ...more } as PhantomOptions);
    expect(refused({ shift: 3 })).toThrow(
      'simulatePhantom: shift: unknown option, expected an option of simulatePhantom, got shift',
    );
    expect(refused({ shiftMm: -1 })).toThrow('shiftMm: out of range');
    expect(refused({ spacingMm: 0 })).toThrow('spacingMm: out of range');
    expect(refused({ shape: [1, 0, 3] })).toThrow('shape: not a count');
    expect(refused({ radiusMm: 40 })).toThrow('radiusMm: no room for the spots');
  });
});
