import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { random } from '../../src/array/random.ts';
import type { Block } from '../../src/describe/cohort.ts';
import { imageFeatures, layoutOf } from '../../src/describe/image-layout.ts';
import type { ImageLayout } from '../../src/describe/modality.ts';
import type { Encoder } from '../../src/encode/encoder.ts';
import { encoderOf, openEncoder, type SavedEncoder } from '../../src/encode/encoders.ts';
import { imageEncoder } from '../../src/encode/image.ts';
import { patchesOf } from '../../src/encode/image-patches.ts';
import { patchGrid, planStages } from '../../src/encode/image-stages.ts';
import { modality } from '../contract/cohorts.ts';
import { parametersOf, tokensOf } from './run-encoder.ts';

/** A grid of voxels of these millimetres (i, j, k), its first voxel at 10, 20, 30. */
function grid(shape: ImageLayout['shape'], [x, y, z]: readonly number[] = [1, 1, 1]) {
  return { shape, affine: Float64Array.of(x, 0, 0, 10, 0, y, 0, 20, 0, 0, z, 30, 0, 0, 0, 1) };
}

function scans(shape: ImageLayout['shape'], { subjects = 3, channels = 1, seed = 1 } = {}): Block {
  const layout = layoutOf(grid(shape), channels);
  const features = imageFeatures(layout, { scale: 'interval' });
  const generator = random(seed);
  const values = Float32Array.from({ length: subjects * features.length }, () => generator.normal());
  return {
    modality: { ...modality('scan', features), image: layout },
    values: matrix(subjects, features.length, values),
    observed: new Uint8Array(values.length).fill(1),
    present: new Uint8Array(subjects).fill(1),
  };
}

/** The same scans with one number added to a voxel of the first. */
function changed(block: Block, at: number, by: number): Block {
  const data = Float32Array.from(block.values.data);
  data[at] += by;
  return { ...block, values: matrix(...block.values.shape, data) };
}

const options = { name: 'm', width: 4, tokens: 4 };
const reopened = ({ spec }: Encoder) => openEncoder(JSON.parse(JSON.stringify(spec)) as SavedEncoder, 'model');

describe('the patches of an image', () => {
  it.each<[string, ImageLayout['shape'], readonly number[], readonly number[]]>([
    ['a cube', [32, 32, 32], [1, 1, 1], [4, 4, 4]],
    ['a plane', [1, 64, 64], [1, 1, 1], [1, 8, 8]],
    ['a small plane, halved once all the same', [1, 8, 6], [1, 1, 1], [1, 4, 3]],
    ['thick slices, halved in the plane first', [16, 64, 64], [1, 1, 8], [4, 4, 4]],
    ['a head of odd lengths', [181, 217, 181], [1, 1, 1], [2, 6, 5]],
    ['one voxel', [1, 1, 1], [1, 1, 1], [1, 1, 1]],
  ])('are 64 at most, about as long as wide in millimetres: %s', (_, shape, spacing, expected) => {
    const stages = planStages(grid(shape, spacing), 64);
    expect(patchGrid(shape, stages)).toEqual(expected);
  });

  it('cover every voxel once, in the order of tokens', () => {
    const shape = [5, 7, 12] as const;
    const stages = planStages(grid(shape), 16);
    const times = new Uint8Array(5 * 7 * 12);
    for (const { start, end } of patchesOf(grid(shape), stages)) {
      for (let k = start[0]; k < end[0]; k++)
        for (let j = start[1]; j < end[1]; j++) for (let i = start[2]; i < end[2]; i++) times[(k * 7 + j) * 12 + i]++;
    }
    expect([...times].every((n) => n === 1)).toBe(true);
  });

  it('say where they are: an index along width, height and depth, a centre and a box in millimetres', () => {
    const patches = patchesOf(grid([4, 4, 8], [2, 1, 3]), [[2, 2, 2]]);
    expect(patches.map(({ name }) => name).slice(0, 5)).toEqual([
      'patch 0,0,0',
      'patch 1,0,0',
      'patch 2,0,0',
      'patch 3,0,0',
      'patch 0,1,0',
    ]);
    const { name, place } = patches[9];
    expect(name).toBe('patch 1,0,1');
    expect(place).toEqual({ centreMm: [15, 20.5, 37.5], lowMm: [13, 19.5, 34.5], highMm: [17, 21.5, 40.5] });
  });

  it('have boxes that hold them also where the grid is oblique', () => {
    const half = Math.SQRT1_2;
    const oblique = {
      shape: [1, 2, 2] as const,
      affine: Float64Array.of(half, -half, 0, 0, half, half, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
    };
    const [{ place }] = patchesOf(oblique, [[1, 2, 2]]);
    expect(place.centreMm[0]).toBeCloseTo(0, 12);
    expect(place.centreMm[1]).toBeCloseTo(half, 12);
    expect(place.lowMm[0]).toBeCloseTo(-2 * half, 12);
    expect(place.highMm[0]).toBeCloseTo(2 * half, 12);
  });
});

describe('the encoder of an image', () => {
  it('is chosen for a block that stands on a grid, and gives a token a patch', async () => {
    const block = scans([8, 8, 8]);
    const encoder = encoderOf(block, { ...options, patches: 8 });
    expect([encoder.spec.kind, encoder.tokens, encoder.learned]).toEqual(['image', 8, 0]);
    expect(encoder.names.at(-1)).toBe('patch 1,1,1');
    expect(encoder.places?.length).toBe(8);
    expect((await tokensOf(encoder, block)).shape).toEqual([3, 8, 4]);
  });

  it('is that of a table where voxels were left out, since places are lost', () => {
    const block = scans([1, 8, 8]);
    const features = block.modality.features.slice(0, 20);
    const some: Block = {
      ...block,
      modality: { ...block.modality, features },
      values: matrix(3, 20, Float32Array.from(block.values.data.subarray(0, 60))),
      observed: block.observed.slice(0, 60),
    };
    expect(encoderOf(some, options).spec.kind).toBe('tabular');
  });

  it('convolves over two axes where the depth is 1, over three elsewhere', () => {
    const inputsOf = (shape: ImageLayout['shape'], channels: number) =>
      encoderOf(scans(shape, { channels }), options)
        .inputs(scans(shape, { channels }))
        .map(({ shape: own }) => own);
    expect(inputsOf([1, 8, 12], 2)).toEqual([[2, 8, 12]]);
    expect(inputsOf([4, 8, 12], 1)).toEqual([[1, 4, 8, 12]]);
  });

  it('says in a patch what is there: a voxel changes the tokens of its patch and of its neighbours at most', async () => {
    const block = scans([1, 32, 32], { subjects: 1 });
    const encoder = imageEncoder({ ...options, ...block.modality.image!, patches: 64, holes: false });
    const before = await tokensOf(encoder, block);
    const after = await tokensOf(encoder, changed(block, 18 * 32 + 9, 5)); // row 18, column 9: patch 2,4 of 4 x 4 voxels
    const moved = encoder.names.filter((_, t) =>
      [0, 1, 2, 3].some((w) => before.data[t * 4 + w] !== after.data[t * 4 + w]),
    );
    expect(moved).toContain('patch 2,4,0');
    for (const name of moved) {
      const [, i, j] = /^patch (\d+),(\d+),0$/.exec(name)!;
      expect([Math.abs(Number(i) - 2) <= 1, Math.abs(Number(j) - 4) <= 1]).toEqual([true, true]);
    }
  });

  it('feeds the block as it is, without a copy, where all was measured', () => {
    const block = scans([4, 4, 4]);
    const [values, ...rest] = encoderOf(block, options).inputs(block);
    expect(values.data).toBe(block.values.data);
    expect(rest).toEqual([]);
  });

  it('does not look at what stands in a voxel that was not measured, and tells which those are', async () => {
    const block = scans([4, 4, 4]);
    const observed = block.observed.slice();
    observed[5] = 0;
    const holed = { ...block, observed };
    const encoder = encoderOf(holed, options);
    expect(encoder.inputs(holed).map(({ name, mask }) => [name, mask])).toEqual([
      ['m/values', false],
      ['m/measured', true],
    ]);
    const one = await tokensOf(encoder, holed);
    const other = await tokensOf(encoder, changed(holed, 5, 100));
    expect(other.data).toEqual(one.data);
    const whole = await tokensOf(encoder, changed(block, 5, -block.values.data[5]));
    expect(whole.data).not.toEqual(one.data);
    expect(holed.values.data[5]).not.toBe(0); // the block itself is left alone
  });

  it('takes a missing voxel for the mean where none was missing in training', async () => {
    const block = scans([4, 4, 4]);
    const encoder = encoderOf(block, options);
    const observed = block.observed.slice();
    observed[5] = 0;
    const holed = await tokensOf(encoder, { ...block, observed });
    const mean = await tokensOf(encoder, changed(block, 5, -block.values.data[5]));
    expect(holed.data).toEqual(mean.data);
  });

  it('opens from plain JSON as the same graph', async () => {
    const block = scans([4, 8, 8], { channels: 2 });
    const encoder = imageEncoder({ ...options, ...block.modality.image!, stem: [4, 6], patches: 8 });
    const opened = reopened(encoder);
    expect(opened.names).toEqual(encoder.names);
    expect(opened.spec).toEqual(encoder.spec);
    expect((await tokensOf(opened, block)).data).toEqual((await tokensOf(encoder, block)).data);
  });

  it('names its parameters after the modality', () => {
    const names = parametersOf(imageEncoder({ ...options, ...scans([1, 8, 8]).modality.image! }));
    expect(names.every((name) => name.startsWith('m/'))).toBe(true);
  });

  it.each<[string, object, string]>([
    ['a stem without channels', { stem: [] }, 'image m: stem, expected channels of stages, 1 to 4096 each, got []'],
    ['a stem of parts', { stem: [2.5] }, 'image m: stem, expected channels of stages, 1 to 4096 each, got [2.5]'],
    [
      'stages that leave nothing',
      {
        stages: [
          [2, 2, 2],
          [2, 2, 2],
          [2, 2, 2],
        ],
      },
      'image m: stages halve an axis of one voxel, expected some of [4, 4, 4] left, got [[2,2,2],[2,2,2],[2,2,2]]',
    ],
    [
      'steps of three',
      { stages: [[3, 1, 1]] },
      'image m: stages, expected steps of 1 or 2 along three axes, got [[3,1,1]]',
    ],
    ['no patches', { patches: 0 }, 'image m: patches, expected a positive whole number, got 0'],
    ['an affine that is none', { affine: [1, 2] }, 'image m: affine, expected 16 finite numbers, got [1,2]'],
  ])('refuses %s', (_, given, message) => {
    const spec = { ...options, ...scans([4, 4, 4]).modality.image!, ...given };
    expect(() => imageEncoder(spec)).toThrow(message);
  });

  it('refuses an image of another size than in training', () => {
    const encoder = encoderOf(scans([4, 4, 4]), options);
    expect(() => encoder.inputs(scans([4, 4, 8]))).toThrow(
      'image m: another image than in training, expected 64 voxels, got 128',
    );
  });
});
