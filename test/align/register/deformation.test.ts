import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bent, placeIn, shiftOf } from '../../../bench/registration/bend.ts';
import { phantomHead } from '../../../bench/registration/heads.ts';
import { scanPair } from '../../../bench/registration/scans.ts';
import { lattice, meanApart, smallestJacobian } from '../../../src/align/register/deform.ts';
import { register } from '../../../src/align/register/register.ts';
import { resample } from '../../../src/align/space/resample.ts';
import { inversePoints, type SpatialTransform, transformPoints } from '../../../src/align/space/transform.ts';
import { openTransform, saveTransform } from '../../../src/align/space/transform-file.ts';
import { transformPoint } from '../../../src/array/grid.ts';
import { readImageFile } from '../../../src/read/image-file.node.ts';
import { need } from '../../require.ts';

const data = join(process.env.CONSILIENCE_SHARED ?? '../shared', 'data');
const shared = need('shared', existsSync(data));

describe('registering a slice of a head to one that was bent, in another contrast', { timeout: 60_000 }, () => {
  const head = phantomHead(1);
  const flat = true;
  const shift = shiftOf({ seed: 1, amplitudeMm: 3, wavelengthMm: 90, flat });
  const other = bent(head, shift, (z) => Math.abs(z - 12) < 6);
  const { fixed, moving, truth } = scanPair(head, { seed: 5, other, flat, shiftMm: 8, turnDegrees: 8, bentMm: 0 });
  const frame = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  const places = lattice({ centre: [0, -18, 12], frame, halfMm: [45, 55, 0] });
  const goal = places.slice(); // [points, 3]
  for (let p = 0; p < places.length; p += 3) {
    goal.set(transformPoint(truth, ...placeIn(shift, [places[p], places[p + 1], places[p + 2]])), p);
  }
  const error = (transform: SpatialTransform) => meanApart(transformPoints(transform, places), goal);

  it('leaves less than half of what an affine leaves, does not fold, and says about how far off it is', async () => {
    const affine = await register(fixed, moving, { model: 'affine', refuse: false });
    const found = await register(fixed, moving, { model: 'bSpline' });
    expect(error(found.transform)).toBeLessThan(error(affine.transform) / 2);
    expect(found.metric.after).toBeGreaterThan(affine.metric.after);
    expect(found.estimatedErrorMm).toBeGreaterThan(error(found.transform));
    expect(found.estimatedErrorMm).toBeLessThan(6 * error(found.transform));
    expect(found.evidence.smallestJacobian).toBeGreaterThan(0);
    expect(found.evidence.smallestJacobian).toBeLessThan(1);
  });

  it('gives the same bytes again, which open as they were saved, and lead back', async () => {
    const [once, again] = [
      await register(fixed, moving, { model: 'bSpline' }),
      await register(fixed, moving, { model: 'bSpline' }),
    ];
    const saved = saveTransform(once.transform);
    expect(saveTransform(again.transform)).toEqual(saved);
    const opened = openTransform(saved, 'transform.json');
    const there = transformPoints(once.transform, places);
    expect(transformPoints(opened, places)).toEqual(there);
    expect(meanApart(inversePoints(opened, there).points, places)).toBeLessThan(1e-4);
  });

  it('tells how much of the work is done, up to all of it', async () => {
    for (const model of ['rigid', 'bSpline'] as const) {
      const told: (readonly [number, number])[] = [];
      await register(fixed, moving, { model, restarts: 3, refuse: false, onProgress: (...now) => told.push(now) });
      const [, total] = told[0];
      expect(told).toEqual(Array.from({ length: total }, (_, at) => [at + 1, total]));
    }
  });

  it('refuses the mirrored image where both show one object, and control points that are nowhere', async () => {
    const mirrored = scanPair(head, { seed: 6, other, flat, mirrored: true, shiftMm: 8, turnDegrees: 8 });
    await expect(register(mirrored.fixed, mirrored.moving, { model: 'bSpline', sameObject: true })).rejects.toThrow(
      /not to be trusted: .*mirrored/,
    );
    await expect(register(fixed, moving, { model: 'bSpline', controlMm: 0 })).rejects.toThrow('register: controlMm');
  });
});

describe('the smallest piece of a deformation', () => {
  it('keeps what the formula says, and is below 0 where the deformation folds', () => {
    const box = {
      centre: [0, 0, 0] as const,
      frame: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
      halfMm: [20, 20, 20] as const,
    };
    const squeezed = (by: number): SpatialTransform => ({
      kind: 'affine',
      model: 'affine',
      matrix: Float64Array.of(by, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 5, 0, 0, 0, 1),
    });
    expect(smallestJacobian(squeezed(0.25), lattice(box), 10)).toBeCloseTo(0.5, 9);
    expect(smallestJacobian(squeezed(-0.25), lattice(box), 10)).toBeCloseTo(-0.5, 9);
  });
});

describe('registering real slices that differ by more than a move', { timeout: 120_000 }, () => {
  const read = (folder: string) => (name: string) => readImageFile(join(data, folder, name));
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

  it.for([
    ['itk-registration-2d', 'BrainProtonDensitySliceBorder20.png', 'BrainProtonDensitySliceBSplined10.png', 0.5],
    ['ants-slices-2d', 'r16slice.jpg', 'r64slice.jpg', 0.85],
  ] as const)('takes greys of %s nearer to each other than an affine', async ([folder, one, two, share], context) => {
    if (shared.skip) context.skip(shared.reason);
    const [fixed, moving] = await Promise.all([one, two].map(read(folder)));
    const apart = (transform: SpatialTransform) => {
      const { volume } = resample(moving, fixed, { transform });
      return mean(Float64Array.from(fixed.data, (value, at) => Math.abs(value - volume.data[at])));
    };
    const affine = await register(fixed, moving, { model: 'affine', refuse: false });
    const found = await register(fixed, moving, { model: 'bSpline' });
    expect(apart(found.transform)).toBeLessThan(share * apart(affine.transform));
  });

  it('lays the head masks of two contrasts upon each other, which it has not seen', async (context) => {
    if (shared.skip) context.skip(shared.reason);
    const names = ['fixed', 'moving', 'fixed_mask', 'moving_mask'].map((name) => `CT_2D_head_${name}.mha`);
    const [fixed, moving, mask, other] = await Promise.all(names.map(read('elastix-ct-head-2d')));
    const unlike = (transform: SpatialTransform) => {
      const { data: laid } = resample(other, mask, { transform, interpolation: 'nearest' }).volume;
      const [both, either] = [
        mean(Float64Array.from(laid, (value, at) => Number(value > 0 && mask.data[at] > 0))),
        mean(Float64Array.from(laid, (value, at) => Number(value > 0) + Number(mask.data[at] > 0))),
      ];
      return 1 - (2 * both) / either; // Dice
    };
    const affine = await register(fixed, moving, { model: 'affine', refuse: false });
    const found = await register(fixed, moving, { model: 'bSpline' });
    expect(unlike(affine.transform)).toBeGreaterThan(0.015);
    expect(unlike(found.transform)).toBeLessThan(0.01);
  });
});
