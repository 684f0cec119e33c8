import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { identityAffine } from '../../../src/array/grid.ts';
import { random } from '../../../src/array/random.ts';
import { writeNifti } from '../../../src/read/write-nifti.ts';
import { compareStudy } from '../../../src/study/compare-study.node.ts';
import { fitStudy } from '../../../src/study/fit-study.node.ts';
import { loadStudy } from '../../../src/study/load.node.ts';
import { readModel, writeModel } from '../../../src/study/model-file.ts';
import { predictStudy } from '../../../src/study/predict-study.node.ts';
import { type Files, folderWith, subjects, table } from '../small-study.ts';

const side = 8;

interface Made {
  readonly spacing?: number;
  readonly shift?: number;
  readonly frames?: number;
  readonly channels?: number;
  readonly size?: number;
}

/** A cube of noise, brighter in one corner; by default of 8 x 8 x 8 voxels of 2 mm. */
function scan(bright: number, seed: number, made: Made = {}): Uint8Array {
  const { spacing = 2, shift = 0, frames = 1, channels = 1, size = side } = made;
  const draw = random(seed);
  const affine = identityAffine().map((value, at) => (at % 5 === 0 && at < 15 ? spacing : value));
  affine[3] = shift;
  const data = new Float32Array(frames * channels * size ** 3); // [frames, channels, depth, height, width]
  for (let at = 0; at < data.length; at++) {
    const voxel = at % size ** 3;
    const corner = voxel % size < size / 2 && Math.floor(voxel / size ** 2) < size / 2;
    data[at] = 100 + 10 * draw.normal() + (corner ? 10 * bright : 0);
  }
  const shape = [size, size, size] as const;
  return writeNifti({ data, shape, affine, frames, channels, dimensions: 3, placed: true });
}

const ill = (i: number) => i % 2;
const some = subjects.slice(0, 24);

function files(modality: string, made: (i: number) => Made = () => ({}), more: Files = {}): Files {
  return {
    'labels.csv': table('id,ill', (_, i) => `${ill(i)}`, some),
    ...Object.fromEntries(some.map((id, i) => [`t1/${id}.nii`, scan(ill(i), i, made(i))])),
    'scans.csv': table('id,t1', (id) => `t1/${id}.nii`, some),
    'study.yaml': `target: labels.csv\nmodalities:\n  t1: ${modality}\nprotocol: { folds: 3, repeats: 1, inner: 3 }\n`,
    ...more,
  };
}

const load = (given: Files) => loadStudy(join(folderWith(given), 'study.yaml'));

describe('a study of scans', () => {
  it('reads those that a table names, each voxel a feature with its place', async () => {
    const { cohort, warnings } = await load(files('{ file: scans.csv, images: {} }'));
    const [{ modality, values, observed }] = cohort.blocks;
    expect(values.shape).toEqual([24, side ** 3]);
    expect(modality.features[1]).toEqual({ name: 'voxel 1,0,0', scale: 'interval' });
    expect(modality.image?.shape).toEqual([side, side, side]);
    expect(modality.image?.affine.slice(0, 4)).toEqual([2, 0, 0, 0]);
    expect(observed.includes(0)).toBe(false);
    expect(warnings).toEqual([]);
  });

  it('finds them by a pattern, and whoever has none misses the modality', async () => {
    const given = files("{ file: 't1/{subject}.nii', images: {} }");
    const { [`t1/${some[3]}.nii`]: _, ...rest } = given;
    const { cohort } = await load(rest);
    expect(Array.from(cohort.blocks[0].present)).toEqual(some.map((_, i) => (i === 3 ? 0 : 1)));
  });

  it('lays all scans on one grid where it names one; what a scan does not show is missing', async () => {
    const { cohort } = await load(
      files('{ file: scans.csv, images: { grid: { spacingMm: 4 } } }', (i) => (i === 1 ? { shift: 8 } : {})),
    );
    const [{ modality, observed }] = cohort.blocks;
    expect(modality.image?.shape).toEqual([4, 4, 4]);
    const seen = (i: number) => observed.subarray(i * 64, (i + 1) * 64).reduce((sum, one) => sum + one, 0);
    expect(seen(0)).toBe(64);
    expect(seen(1)).toBe(32);
  });

  it('compares, fits, keeps the grid in the model and predicts scans of new subjects', async () => {
    const folder = folderWith(files("{ file: 't1/{subject}.nii', images: { grid: { spacingMm: 4 } } }"));
    const { comparison } = await compareStudy(join(folder, 'study.yaml'), { jobs: 1 });
    const best = comparison.strategies.find(({ name }) => name === 'single:t1');
    expect(best?.metrics.auroc?.value).toBeGreaterThan(0.8);
    expect(comparison.study.modalities[0].preparation).toBe('standardize-image');

    const { model } = await fitStudy(join(folder, 'study.yaml'), { strategy: 'single:t1' });
    const again = await readModel(await writeModel(model), 'a.model');
    const fresh = folderWith({ 'new-a.nii': scan(3, 101), 'new-b.nii': scan(-3, 102, { spacing: 1, size: 16 }) });
    const { prediction } = await predictStudy(again, [`t1=${join(fresh, 'new-{subject}.nii')}`]);
    if (prediction.kind !== 'classes') throw new Error('classes');
    expect(prediction.subjects).toEqual(['a', 'b']);
    expect(prediction.probability.data[1]).toBeGreaterThan(0.5);
    expect(prediction.probability.data[3]).toBeLessThan(0.5);
  });

  it('refuses scans that are not on one grid, by name and by how far', async () => {
    await expect(load(files('{ file: scans.csv, images: {} }', (i) => (i === 5 ? { shift: 3 } : {})))).rejects.toThrow(
      `${some[5]}.nii: not on the grid of ${some[0]}.nii, expected places within 0.01 mm, got voxels up to 3.00 mm away`,
    );
  });

  it('takes what is but rounding of a header for the same grid', async () => {
    await expect(
      load(files('{ file: scans.csv, images: {} }', (i) => (i === 5 ? { shift: 3e-4 } : {}))),
    ).resolves.toBeDefined();
  });

  it('refuses two modalities whose voxels are not the same places, unless one stands alone', async () => {
    const more = (alone: string) =>
      files("{ file: 't1/{subject}.nii', images: { grid: { spacingMm: 4 } } }", undefined, {
        'study.yaml': `target: labels.csv\nmodalities:\n  t1: { file: 't1/{subject}.nii', images: { grid: { spacingMm: 4 } } }\n  t1b: { file: scans.csv, images: { ${alone} } }\n`,
      });
    await expect(load(more(''))).rejects.toThrow(
      'study.yaml: modalities.t1b: images of different grids: a voxel of one is another place in the other',
    );
    await expect(load(more('alone: true'))).resolves.toBeDefined();
  });

  it.each([
    ['channels', { channels: 2 }, 'scans differ in channels, expected 1, as in s01.nii, got 2 in s06.nii'],
    ['frames', { frames: 2 }, 'study.yaml: modalities.t1.images.frame: which of several frames?'],
  ])('refuses scans that differ in %s', async (_, made, message) => {
    await expect(load(files('{ file: scans.csv, images: {} }', (i) => (i === 5 ? made : {})))).rejects.toThrow(message);
  });

  it('refuses a scan that lies beside the grid, and one that cannot be read', async () => {
    const far = files('{ file: scans.csv, images: { grid: { spacingMm: 4 } } }', (i) =>
      i === 5 ? { shift: 900 } : {},
    );
    await expect(load(far)).rejects.toThrow('s06.nii: lies beside the grid');
    const cut = { ...files('{ file: scans.csv, images: {} }'), 't1/s06.nii': scan(0, 0).slice(0, 900) };
    await expect(load(cut)).rejects.toThrow('s06.nii: the file ends inside its image');
    const none = { ...files('{ file: scans.csv, images: {} }'), 'scans.csv': 'id,t1\ns01,t1/nobody.nii\n' };
    await expect(load(none)).rejects.toThrow('nobody.nii: no such file');
  });

  it('refuses options that mean nothing to scans', async () => {
    await expect(load(files('{ file: scans.csv, images: {}, include: [a] }'))).rejects.toThrow(
      'study.yaml: modalities.t1.include: means nothing to images',
    );
    await expect(load(files('{ file: scans.csv, images: { spacing: 4 } }'))).rejects.toThrow(
      'study.yaml:3:36: modalities.t1.images.spacing: unknown option, expected one of column, grid, interpolation, frame, alone',
    );
  });
});
