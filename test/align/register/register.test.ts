import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { phantomHead } from '../../../bench/registration/heads.ts';
import { scanPair } from '../../../bench/registration/scans.ts';
import { apartMm } from '../../../src/align/register/distance.ts';
import { register } from '../../../src/align/register/register.ts';
import { transformPoints } from '../../../src/align/space/transform.ts';
import type { Volume } from '../../../src/read/image/volume.ts';
import { readImageFile } from '../../../src/read/image-file.node.ts';
import { need } from '../../require.ts';

const data = join(process.env.CONSILIENCE_SHARED ?? '../shared', 'data');
const shared = need('shared', existsSync(data));
const corners = (half: number) =>
  [-1, 1].flatMap((x) => [-1, 1].flatMap((y) => [-1, 1].map((z) => [x * half, y * half, z * half] as const)));

describe('registering two scans of a simulated head', () => {
  const head = phantomHead(1);
  const flat = scanPair(head, { seed: 7, flat: true });

  it('of two dimensions finds the move between two contrasts, and says about how far off it may be', async () => {
    const { transform, estimatedErrorMm, metric, reasons } = await register(flat.fixed, flat.moving);
    expect(apartMm(transform.matrix, flat.truth, corners(60))).toBeLessThan(1);
    expect(estimatedErrorMm).toBeLessThan(2);
    expect(metric.after).toBeGreaterThan(metric.before);
    expect(reasons).toEqual([]);
  });

  it('of three dimensions too', { timeout: 60_000 }, async () => {
    const { fixed, moving, truth } = scanPair(head, { seed: 8 });
    const { transform, estimatedErrorMm } = await register(fixed, moving);
    expect(apartMm(transform.matrix, truth, corners(60))).toBeLessThan(1);
    expect(estimatedErrorMm).toBeLessThan(2);
  });

  it('gives the same bytes again, and other ones of another seed', async () => {
    const matrices = [];
    for (const seed of [0, 0, 1]) matrices.push((await register(flat.fixed, flat.moving, { seed })).transform.matrix);
    expect(matrices[1]).toEqual(matrices[0]);
    expect(matrices[2]).not.toEqual(matrices[0]);
  });

  it('refuses a mirrored one and that of another person, with the reason', async () => {
    const mirrored = scanPair(head, { seed: 9, flat: true, mirrored: true });
    await expect(register(mirrored.fixed, mirrored.moving)).rejects.toThrow(/not to be trusted: .*mirrored/);
    const other = scanPair(head, { seed: 10, flat: true, other: phantomHead(2) });
    await expect(register(other.fixed, other.moving)).rejects.toThrow('register: not to be trusted');
    const told = await register(other.fixed, other.moving, { refuse: false });
    expect(told.reasons.length).toBeGreaterThan(0);
  });

  it('refuses what it cannot work with, by name', async () => {
    const { fixed, moving } = flat;
    await expect(register(fixed, moving, { modle: 'rigid' } as never)).rejects.toThrow(
      'register: unknown option "modle"',
    );
    await expect(register(fixed, moving, { model: 'bent' as 'rigid' })).rejects.toThrow('register: unknown model');
    await expect(register(fixed, moving, { restarts: 1 })).rejects.toThrow('register: restarts');
    await expect(register(fixed, { ...moving, dimensions: 3 })).rejects.toThrow(
      'register: images of different dimensions',
    );
    await expect(register(fixed, moving, { spacingMm: 0 })).rejects.toThrow('register: spacingMm');
    await expect(register({ ...fixed, data: new Float32Array(fixed.data.length) }, moving)).rejects.toThrow();
  });

  it('stops when asked', async () => {
    await expect(register(flat.fixed, flat.moving, { signal: AbortSignal.abort() })).rejects.toThrow('cancelled');
  });
});

describe('registering the slices of ITK', () => {
  const read = (name: string) => readImageFile(join(data, 'itk-registration-2d', name));

  /** Angle (rad) and shift about a centre of p_m = R (p_f - c) + c + t. */
  const about = (m: ArrayLike<number>, [x, y]: readonly [number, number]) => ({
    angle: Math.atan2(m[4], m[0]),
    shift: [m[0] * x + m[1] * y + m[3] - x, m[4] * x + m[5] * y + m[7] - y],
  });

  it.for([
    ['BrainProtonDensitySliceBorder20.png', 'BrainProtonDensitySliceShifted13x17y.png'],
    ['BrainT1SliceBorder20.png', 'BrainProtonDensitySliceShifted13x17y.png'],
  ])('finds the shift of %s to %s within .05 pixels', async ([fixed, moving], context) => {
    if (shared.skip) context.skip(shared.reason);
    const { transform } = await register(await read(fixed), await read(moving), { model: 'translation' });
    expect(Math.hypot(transform.matrix[3] - 13, transform.matrix[7] - 17)).toBeLessThan(0.05);
  });

  it.for([
    ['BrainProtonDensitySliceBorder20.png', 'BrainProtonDensitySliceR10X13Y17.png'],
    ['BrainT1SliceBorder20.png', 'BrainProtonDensitySliceR10X13Y17.png'],
  ])('finds the turn and shift of %s to %s', async ([fixed, moving], context) => {
    if (shared.skip) context.skip(shared.reason);
    const { transform } = await register(await read(fixed), await read(moving));
    const { angle, shift } = about(transform.matrix, [110.5, 128.5]);
    expect(Math.abs(angle - Math.PI / 18)).toBeLessThan(0.002);
    expect(Math.hypot(shift[0] - 13, shift[1] - 16)).toBeLessThan(0.2);
  });

  it('finds a change of scale', async (context) => {
    if (shared.skip) context.skip(shared.reason);
    const pair = ['BrainProtonDensitySliceBorder20.png', 'BrainProtonDensitySliceR10X13Y17S12.png'].map(read);
    const [fixed, moving] = await Promise.all(pair);
    const { transform } = await register(fixed, moving, { model: 'similarity' });
    expect(Math.hypot(transform.matrix[0], transform.matrix[4])).toBeCloseTo(0.8333, 2);
  });
});

describe('registering T1 to proton density of one volunteer', () => {
  it('is within .5 mm of the silver standard, and refuses the mirrored image', {
    timeout: 120_000,
  }, async (context) => {
    if (shared.skip) context.skip(shared.reason);
    const folder = join(data, 'chris-t1-pd-mra');
    const silver = JSON.parse(readFileSync(join(folder, 'silver-standard.json'), 'utf8'));
    const pair = ['chris_t1.nii.gz', 'chris_PD.nii.gz'].map((name) => readImageFile(join(folder, name)));
    const [t1, pd] = await Promise.all(pair);
    const { transform, estimatedErrorMm } = await register(t1, pd);
    const moved = transformPoints(transform, Float64Array.from(silver.controlPointsT1RAS.flat()));
    const truth: number[] = silver.controlPointsPDRAS.flat();
    let error = 0;
    for (let p = 0; p < 24; p += 3) {
      error += Math.hypot(moved[p] - truth[p], moved[p + 1] - truth[p + 1], moved[p + 2] - truth[p + 2]) / 8;
    }
    expect(error).toBeLessThan(0.5);
    expect(estimatedErrorMm).toBeGreaterThan(error);
    await expect(register(t1, mirrored(pd))).rejects.toThrow('mirrored');
  });
});

function mirrored(volume: Volume): Volume {
  const width = volume.shape[2];
  const data = volume.data.slice();
  for (let row = 0; row < data.length; row += width) data.subarray(row, row + width).reverse();
  return { ...volume, data };
}
