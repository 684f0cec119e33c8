import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { identityAffine } from '../../../src/array/grid.ts';
import { random } from '../../../src/array/random.ts';
import { writeNifti } from '../../../src/read/nifti/write-nifti.ts';
import { cardTerms } from '../../../src/report/inspection-words.ts';
import { compareStudy } from '../../../src/study/compare-study.node.ts';
import { fitStudy } from '../../../src/study/fit-study.node.ts';
import { inspectStudy } from '../../../src/study/inspect-study.node.ts';
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
  /** Instead of noise about 100. */
  readonly mean?: number;
}

/** A cube of noise, brighter in one corner; by default of 8 x 8 x 8 voxels of 2 mm. */
function scan(bright: number, seed: number, made: Made = {}): Uint8Array {
  const { spacing = 2, shift = 0, frames = 1, channels = 1, size = side, mean = 100 } = made;
  const draw = random(seed);
  const affine = identityAffine().map((value, at) => (at % 5 === 0 && at < 15 ? spacing : value));
  affine[3] = shift;
  const data = new Float32Array(frames * channels * size ** 3); // [frames, channels, depth, height, width]
  for (let at = 0; at < data.length; at++) {
    const voxel = at % size ** 3;
    const corner = voxel % size < size / 2 && Math.floor(voxel / size ** 2) < size / 2;
    data[at] = mean + 10 * draw.normal() + (corner ? 10 * bright : 0);
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
      `t1/${some[5]}.nii: not on the grid of t1/${some[0]}.nii, expected places within 0.01 mm, got voxels up to 3.00 mm away`,
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
    ['channels', { channels: 2 }, 'scans differ in channels, expected 1, as in t1/s01.nii, got 2 in t1/s06.nii'],
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

  it('tells scans of one name apart by the folders that they stand in', async () => {
    const given = files("{ file: 'scans/{subject}/t1.nii', images: {} }");
    const own = some.map((id, i) => [`scans/${id}/t1.nii`, scan(ill(i), i, i === 5 ? { shift: 3 } : {})] as const);
    await expect(load({ ...given, ...Object.fromEntries(own) })).rejects.toThrow(
      's06/t1.nii: not on the grid of s01/t1.nii',
    );
    const cut = { ...given, ...Object.fromEntries(own), 'scans/s06/t1.nii': scan(0, 0).slice(0, 900) };
    await expect(load(cut)).rejects.toThrow('s06/t1.nii: the file ends inside its image');
  });

  it('refuses a scan of which no voxel is a number, and says so', async () => {
    const nothing = files('{ file: scans.csv, images: {} }', (i) => (i === 5 ? { mean: Number.NaN } : {}));
    await expect(load(nothing)).rejects.toThrow('t1/s06.nii: none of its voxels is a number, expected at least one');
  });

  it('tells of scans that are read and yet unlike the others, by name', async () => {
    const bytes = (fill: (at: number) => number) =>
      writeNifti({
        data: Float32Array.from({ length: side ** 3 }, (_, at) => fill(at)),
        shape: [side, side, side],
        affine: identityAffine().map((value, at) => (at % 5 === 0 && at < 15 ? 2 : value)),
        frames: 1,
        channels: 1,
        dimensions: 3,
        placed: true,
      });
    const given = files('{ file: scans.csv, images: {} }', undefined, {
      't1/s03.nii': bytes(() => 0),
      't1/s05.nii': bytes((at) => at % 2),
      't1/s08.nii': bytes((at) => (at % 3 ? Number.NaN : at)),
    });
    expect((await load(given)).warnings).toEqual([
      { code: 'flat-scans', message: 't1: 1 of 24 scans has the same value everywhere: t1/s03.nii' },
      { code: 'mask-like-scans', message: 't1: 1 of 24 scans has two values only, as a mask has: t1/s05.nii' },
      { code: 'sparse-scans', message: 't1: 1 of 24 scans has fewer than half of the voxels of the grid: t1/s08.nii' },
    ]);
    const masks = some.map((id, i) => [`t1/${id}.nii`, bytes((at) => ((at + i) % 5 ? 0 : 1))] as const);
    expect((await load({ ...given, ...Object.fromEntries(masks) })).warnings).toEqual([]);
  });

  it('does not look at scans of subjects without a target, unless there are no others', async () => {
    const more = { 't1/z1.nii': scan(0, 0).slice(0, 900), 't1/z2.nii': scan(0, 0, { shift: 9 }), 't1/z3.nii': 'text' };
    const given = files("{ file: 't1/{subject}.nii', images: {} }", undefined, more);
    const { cohort, warnings } = await load(given);
    expect(cohort.subjects).toEqual(some);
    expect(warnings.map(({ code }) => code)).toEqual(['unlabelled-subjects']);
    const others = { ...given, 'labels.csv': table('id,ill', (_, i) => `${ill(i)}`, ['y1', 'y2', 'y3', 'y4']) };
    await expect(load(others)).rejects.toThrow(/z1\.nii: the file ends|z3\.nii/);
  });

  it('names the odd scans where a step cannot do with the scan of a subject', async () => {
    const flat = new Float32Array(side ** 3).fill(7);
    const affine = identityAffine().map((value, at) => (at % 5 === 0 && at < 15 ? 2 : value));
    const shape = [side, side, side] as const;
    const bytes = writeNifti({ data: flat, shape, affine, frames: 1, channels: 1, dimensions: 3, placed: true });
    const folder = folderWith(
      files('{ file: scans.csv, images: {}, prepare: [intensity-z-score] }', undefined, { 't1/s03.nii': bytes }),
    );
    const odd = 't1: 1 of 24 scans has the same value everywhere: t1/s03.nii';
    const study = join(folder, 'study.yaml');
    await expect(compareStudy(study, { jobs: 1 })).rejects.toThrow(odd);
    await expect(fitStudy(study, { strategy: 'single:t1' })).rejects.toThrow(odd);
  });

  it('is inspected with the grid of its scans', async () => {
    const folder = folderWith(files('{ file: scans.csv, images: {} }'));
    const inspection = await inspectStudy(join(folder, 'study.yaml'));
    expect(inspection.modalities[0].image).toEqual({ size: [side, side, side], spacingMm: [2, 2, 2], channels: 1 });
    expect(cardTerms(inspection.modalities[0], 24)).toContainEqual(['Voxels', '8 × 8 × 8 of 2 × 2 × 2 mm']);
  });

  it('asks whose a scan or a folder of scans is, and for images where a pattern is given', async () => {
    await expect(load(files('{ file: t1, images: {} }'))).rejects.toThrow(
      'study.yaml: modalities.t1: a folder: which of its files are scans of whom?, expected a pattern of names, such as t1/{subject}.nii.gz, or a table that names scans, got t1',
    );
    await expect(load(files('{ file: t1/s01.nii, images: {} }'))).rejects.toThrow(
      'study.yaml: modalities.t1: one scan: of whom?, expected a pattern of names, such as {subject}.nii.gz, or a table',
    );
    await expect(load(files("'t1/{subject}.nii'"))).rejects.toThrow(
      "study.yaml: modalities.t1: a pattern of names, which scans have, expected the key images beside file, as in { file: 't1/{subject}.nii', images: {} }",
    );
  });

  it('leaves out hidden files that a desktop put beside the scans', async () => {
    const given = files("{ file: 't1/{subject}.nii', images: {} }", undefined, { 't1/._s01.nii': 'not a scan' });
    expect((await load(given)).warnings).toEqual([]);
  });

  it('finds scans of new subjects in a folder by the pattern of the study, or from the subject on', async () => {
    const folder = folderWith(files("{ file: 't1/{subject}.nii', images: {} }"));
    const { model } = await fitStudy(join(folder, 'study.yaml'), { strategy: 'single:t1' });
    expect(model.description.modalities[0].table.files).toEqual(['t1/{subject}.nii']);
    const fresh = folderWith({ 't1/a.nii': scan(3, 101), 't1/b.nii': scan(-3, 102), 'notes.txt': 'x' });
    for (const data of [fresh, join(fresh, 't1')]) {
      const { prediction } = await predictStudy(model, [data]);
      expect(prediction.subjects).toEqual(['a', 'b']);
    }
    const empty = folderWith({ 'notes.txt': 'x' });
    await expect(predictStudy(model, [empty])).rejects.toThrow(
      'predict: no table of any modality of the model, expected some of t1/{subject}.nii (t1), got notes.txt',
    );
  });

  it('refuses options that mean nothing to scans', async () => {
    await expect(load(files('{ file: scans.csv, images: {}, include: [a] }'))).rejects.toThrow(
      'study.yaml: modalities.t1.include: means nothing to images',
    );
    await expect(load(files('{ file: scans.csv, images: { spacing: 4 } }'))).rejects.toThrow(
      'study.yaml:3:36: modalities.t1.images.spacing: unknown option, expected one of column, grid, interpolation, frame, series, part, alone',
    );
  });
});
