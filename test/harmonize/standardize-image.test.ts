import { describe, expect, it } from 'vitest';
import { identityAffine } from '../../src/array/grid.ts';
import { matrix } from '../../src/array/matrix.ts';
import type { Block } from '../../src/describe/cohort.ts';
import { layoutOf } from '../../src/describe/image-layout.ts';
import { standardizeImage } from '../../src/harmonize/standardize-image.ts';
import { imageModality } from '../../src/simulate/image-modality.ts';

/** Scans of 2 voxels, with as many channels as a row has pairs; NaN was not measured. */
function scans(rows: readonly (readonly number[])[]): Block {
  const channels = rows[0].length / 2;
  const image = layoutOf({ shape: [1, 1, 2], affine: identityAffine() }, channels);
  const numbers = rows.flat();
  return {
    modality: imageModality('mri', image),
    values: matrix(
      rows.length,
      rows[0].length,
      Float64Array.from(numbers, (value) => (Number.isNaN(value) ? 0 : value)),
    ),
    observed: Uint8Array.from(numbers, (value) => (Number.isNaN(value) ? 0 : 1)),
    present: new Uint8Array(rows.length).fill(1),
  };
}

const run = { seed: 0 };
const applied = async (train: Block, to = train) =>
  Array.from((await (await standardizeImage().fit(train, undefined, run)).apply(to)).values.data);

describe('standardizing an image', () => {
  it('brings each channel to mean 0 and spread 1 over all voxels of all training scans', async () => {
    const train = scans([
      [0, 4, 100, 100],
      [4, 8, 300, 300],
    ]);
    const [sd, other] = [Math.sqrt(8), 100];
    expect(await applied(train)).toEqual([-4 / sd, 0, -100 / other, -100 / other, 0, 4 / sd, 1, 1]);
  });

  it('lets a value mean the same in every scan, whatever else the scan holds', async () => {
    const train = scans([
      [10, 20],
      [10, 90],
    ]);
    const [a, , b] = await applied(train);
    expect(a).toBe(b);
  });

  it('fills a voxel that was not measured with its training mean', async () => {
    const train = scans([
      [1, 10],
      [3, 20],
    ]);
    const [first, second] = await applied(train, scans([[Number.NaN, Number.NaN]]));
    const [low, high] = await applied(train, scans([[2, 15]]));
    expect([first, second]).toEqual([low, high]);
  });

  it('makes a constant channel 0', async () => {
    expect(await applied(scans([[5, 5]]), scans([[7, 5]]))).toEqual([0, 0]);
  });

  it('keeps the layout, and applies what was saved', async () => {
    const train = scans([
      [0, 4],
      [4, 8],
    ]);
    const fitted = await standardizeImage().fit(train, undefined, run);
    const again = standardizeImage.open(fitted.save());
    expect((await again.apply(train)).values).toEqual((await fitted.apply(train)).values);
    expect((await again.apply(train)).modality.image).toEqual(train.modality.image);
  });

  it('refuses a table and another grid', async () => {
    const { image: _, ...table } = scans([[1, 2]]).modality;
    await expect(standardizeImage().fit({ ...scans([[1, 2]]), modality: table }, undefined, run)).rejects.toThrow(
      'standardize-image: mri: a step for images, expected a modality of images',
    );
    const fitted = await standardizeImage().fit(scans([[1, 2]]), undefined, run);
    await expect(fitted.apply(scans([[1, 2, 3, 4]]))).rejects.toThrow(
      'standardize-image: mri: another grid, expected 2 voxels, got 4 voxels',
    );
  });
});
