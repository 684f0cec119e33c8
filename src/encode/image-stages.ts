/** How a convolutional stem halves the axes of an image, stage by stage, down to a grid of patches. */
import { type Grid, spacingMm } from '../array/grid.ts';
import { InputError } from '../errors.ts';

/** Steps of a stage's convolution along depth, height and width: 2 where it halves the axis, else 1. */
export type Stage = readonly [depth: number, height: number, width: number];

/**
 * Halves one axis after the other, always that along which a patch is shortest in millimetres, until there are at most
 * `most` patches, and every axis at least once. Anisotropic scans (thin in the plane, thick slices) are so halved in the
 * plane first. An axis of one voxel stays. Where an axis comes again, a new stage begins.
 */
export function planStages({ shape, affine }: Grid, most: number): Stage[] {
  const [x, y, z] = spacingMm({ affine });
  const patchMm = [z, y, x]; // by axis of the shape
  const lengths = [...shape];
  const halved = [false, false, false];
  const stages: [number, number, number][] = [];
  for (;;) {
    const fewEnough = lengths.reduce((a, b) => a * b, 1) <= most;
    const open = [0, 1, 2].filter((axis) => lengths[axis] > 1 && !(fewEnough && halved[axis]));
    if (open.length === 0) return stages;
    const axis = open.reduce((best, one) => (patchMm[one] < patchMm[best] * (1 - 1e-6) ? one : best));
    const last = stages.at(-1);
    if (last && last[axis] === 1) last[axis] = 2;
    else stages.push([axis === 0 ? 2 : 1, axis === 1 ? 2 : 1, axis === 2 ? 2 : 1]);
    lengths[axis] = lengths[axis] >> 1;
    patchMm[axis] *= 2;
    halved[axis] = true;
  }
}

/** Patches along each axis after the stages. An odd length loses its rest: the last patch is longer then. */
export function patchGrid(shape: Grid['shape'], stages: readonly Stage[]): [number, number, number] {
  const lengths: [number, number, number] = [...shape];
  for (const stage of stages) for (const axis of [0, 1, 2]) if (stage[axis] === 2) lengths[axis] >>= 1;
  return lengths;
}

/** @throws InputError for steps that are neither 1 nor 2, and those that leave nothing of an axis */
export function checkStages(where: string, shape: Grid['shape'], stages: readonly Stage[]): void {
  const plain = Array.isArray(stages) && stages.every((stage) => Array.isArray(stage) && stage.length === 3);
  if (!plain || stages.flat().some((step) => step !== 1 && step !== 2)) {
    throw new InputError({ where, what: 'stages', expected: 'steps of 1 or 2 along three axes', got: told(stages) });
  }
  if (patchGrid(shape, stages).some((length) => length < 1)) {
    const expected = `some of [${shape.join(', ')}] left`;
    throw new InputError({ where, what: 'stages halve an axis of one voxel', expected, got: told(stages) });
  }
}

const told = (value: unknown): string => JSON.stringify(value) ?? 'none';
