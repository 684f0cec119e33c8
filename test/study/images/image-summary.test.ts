import { describe, expect, it } from 'vitest';
import { matrix } from '../../../src/array/matrix.ts';
import type { Block } from '../../../src/describe/cohort.ts';
import type { ImageLayout } from '../../../src/describe/modality.ts';
import type { ClassTarget } from '../../../src/describe/target.ts';
import { readImage } from '../../../src/read/image.ts';
import { imageModality } from '../../../src/simulate/image-modality.ts';
import { imageSummary } from '../../../src/study/images/image-summary.node.ts';

const lps = [-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
const flat: ImageLayout = { channels: 1, shape: [1, 2, 2], affine: lps };

function block(rows: readonly (readonly number[] | undefined)[], image: ImageLayout = flat, missing?: number): Block {
  const width = image.shape[0] * image.shape[1] * image.shape[2];
  const data = new Float32Array(rows.length * width);
  const observed = new Uint8Array(rows.length * width);
  rows.forEach((row, at) => {
    if (!row) return;
    data.set(row, at * width);
    observed.fill(1, at * width, (at + 1) * width);
    if (missing !== undefined && at < 2) observed[at * width + missing] = 0;
  });
  return {
    modality: imageModality('t1', image),
    values: matrix(rows.length, width, data),
    observed,
    present: Uint8Array.from(rows, (row) => (row ? 1 : 0)),
  };
}

const target = (n: number) =>
  ({
    kind: 'classes',
    name: 'ill',
    classes: ['0', '1'],
    labels: Int32Array.from({ length: n }, (_, i) => i % 2),
  }) as ClassTarget;

async function meanOf(png: string): Promise<Record<string, number>> {
  const { data, shape } = await readImage(Uint8Array.from(Buffer.from(png, 'base64')), { name: 'mean.png' });
  const [, height, width] = shape;
  // The middle of each quarter: a 2 x 2 image, away from the letters at the edges.
  const at = (x: number, y: number) => data[Math.floor(y * height) * width + Math.floor(x * width)];
  return { a: at(0.3, 0.3), b: at(0.7, 0.3), c: at(0.3, 0.7), d: at(0.7, 0.7) };
}

const five = [[0, 10, 20, 30], [0, 20, 20, 50], [0, 30, 20, 70], undefined, [0, 10, 20, 30], [0, 5, 20, 70]];

describe('what a report says of scans', () => {
  it('is their grid, the mean of all and how often values occur', async () => {
    const summary = await imageSummary(block(five), [{ kind: 'standardize-image' }], target(6));
    expect(summary).toMatchObject({ size: [2, 2], spacingMm: [1, 1], channels: 1 });
    expect(summary?.mean).toMatchObject({ subjects: 5, placed: true });
    const { a, b, c, d } = await meanOf(summary?.mean?.png as string);
    expect([a, b, c, d]).toEqual([0, 0, 36, 255]); // means 0, 15, 20, 50; the lowest above the background is black
    const shares = summary?.values?.shares as number[];
    expect(shares.reduce((x, y) => x + y, 0)).toBeCloseTo(1, 3);
    expect(summary?.prepared?.subjects).toBe(5);
    expect(summary?.prepared?.high).toBeLessThan(5); // standard deviations, not values
  });

  it('is the grid alone of fewer than five subjects, and no voxel that fewer than five have', async () => {
    const few = await imageSummary(block(five.slice(0, 5)), [{ kind: 'standardize-image' }], target(5));
    expect(few).toEqual({ size: [2, 2], spacingMm: [1, 1], channels: 1 });
    const holed = await imageSummary(block(five, flat, 3), [{ kind: 'standardize-image' }], target(6));
    expect((await meanOf(holed?.mean?.png as string)).d).toBe(0); // 3 subjects only
  });

  it('has no prepared values where the preparation reads the target', async () => {
    const steps = [{ kind: 'univariate-selection', options: { features: 2 } }] as const;
    const summary = await imageSummary(block(five), steps, target(6));
    expect(summary?.values).toBeDefined();
    expect(summary?.prepared).toBeUndefined();
  });

  it('has no letters of directions on a grid of spacing alone, which says nothing of where it stands', async () => {
    const spacing = { ...flat, affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
    const summary = await imageSummary(block(five, spacing), [], target(6));
    expect(summary?.mean?.placed).toBe(false);
  });

  it('stays small, and is nothing of a modality that is no image', async () => {
    const big: ImageLayout = { channels: 1, shape: [40, 40, 40], affine: lps };
    const rows = Array.from({ length: 5 }, (_, s) =>
      Float32Array.from({ length: 64_000 }, (_, at) => (at * 7 + s * 13) % 251),
    );
    const summary = await imageSummary(block(rows as unknown as number[][], big), [], target(5));
    expect(summary?.size).toEqual([40, 40, 40]);
    expect(summary?.mean?.png.length).toBeLessThan(200_000);
    const { image: _, ...modality } = block(five).modality;
    expect(await imageSummary({ ...block(five), modality }, [], target(6))).toBeUndefined();
  });
});
