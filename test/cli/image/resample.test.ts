import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gridDistanceMm } from '../../../src/align/space/same-grid.ts';
import type { AffineTransform } from '../../../src/align/space/transform.ts';
import { saveTransform, writeTfm } from '../../../src/align/space/transform-file.ts';
import { identityAffine } from '../../../src/array/grid.ts';
import { readImageFile } from '../../../src/read/image-file.node.ts';
import { writeNifti } from '../../../src/read/nifti/write-nifti.ts';
import { writePng } from '../../../src/read/png/write-png.ts';
import { dicomFile, raw16 } from '../../read/dicom-files.ts';
import { consilience } from '../cli.ts';
import { folderOf, head } from './scans.ts';

const matrix = identityAffine();
matrix[3] = 8; // fixed to moving: 8 mm to the right
const shift: AffineTransform = { kind: 'affine', model: 'translation', matrix };

const cwd = folderOf({
  'a.nii.gz': head(),
  'b.nii.gz': head({ spacingMm: 6 }),
  'moved.nii.gz': head({ shiftMm: [8, 0, 0] }),
  'unplaced.nii.gz': head({ placed: false }),
  'far.nii': writeNifti({
    data: new Float32Array(8).fill(1),
    shape: [2, 2, 2],
    affine: Float64Array.of(1, 0, 0, 500, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
    frames: 1,
    channels: 1,
    dimensions: 3,
    placed: true,
  }),
  'shift.json': saveTransform(shift),
  'shift.tfm': writeTfm(shift),
  'grey.png': writePng({ width: 2, height: 2, channels: 1, data: Uint8Array.of(1, 2, 3, 4) }),
});

const resample = (...args: string[]) => consilience(['image', 'resample', ...args], { cwd });
const read = (name: string) => readImageFile(join(cwd, name));

describe('consilience image resample', () => {
  it('brings a scan to the grid of another', async () => {
    const { code, stdout, stderr } = await resample('b.nii.gz', '--like', 'a.nii.gz', '-o', 'b-on-a.nii.gz');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe('b-on-a.nii.gz: 24 x 24 x 24 voxels of 4 x 4 x 4 mm, 100 % of them within b.nii.gz, linear\n');
    const [a, made] = [await read('a.nii.gz'), await read('b-on-a.nii.gz')];
    expect(gridDistanceMm(a, made)).toBeLessThan(1e-4);
    expect(made.stored.type).toBe('float32');
  });

  it.each(['shift.json', 'shift.tfm'])('takes it where a transform says, from %s', async (transform) => {
    const out = `moved-${transform}.nii`;
    const options = ['--transform', transform, '--interpolation', 'nearest', '--json'];
    const { code, stdout } = await resample('moved.nii.gz', '--like', 'a.nii.gz', '-o', out, ...options);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ output: out, size: [24, 24, 24], interpolation: 'nearest' });
    const [moved, made] = [await read('moved.nii.gz'), await read(out)];
    // 8 mm are two voxels: numbers stay what they are, 2 voxels to the left of where they were.
    const at = (volume: typeof made, i: number) => volume.data[(12 * 24 + 12) * 24 + i];
    for (let i = 2; i < 24; i++) expect(at(made, i)).toBe(at(moved, i - 2));
    expect(JSON.parse(stdout).within).toBeCloseTo(22 / 24, 6);
  });

  it('keeps labels labels on a coarser grid', async () => {
    const labels = await resample('b.nii.gz', '--spacing', '12', '--interpolation', 'labels', '-o', 'labels.nii.gz');
    expect(labels.code).toBe(0);
    const before = new Set((await read('b.nii.gz')).data);
    for (const label of (await read('labels.nii.gz')).data) expect(before.has(label)).toBe(true);
    expect(labels.stdout).toMatch(/^labels\.nii\.gz: 8 x 8 x 8 voxels of 12 x 12 x 12 mm, 100 % .*, labels/);
  });

  it('takes the volume asked for of a series that holds several', async () => {
    const echo = (z: number, number: number) =>
      dicomFile({ ImagePositionPatient: [0, 0, z], EchoNumbers: number, PixelData: raw16(new Array(6).fill(number)) });
    const names = [0, 2, 0, 2].map((z, i) => [`echoes/IM${i}`, echo(z, i < 2 ? 1 : 2)] as const);
    const folder = folderOf(Object.fromEntries(names));
    const run = (...args: string[]) =>
      consilience(['image', 'resample', 'echoes', '--spacing', '1', '-o', 'x.nii', ...args], { cwd: folder });
    expect((await run()).stderr).toContain('echoes: several volumes in the folder');
    expect((await run('--part', 'echo 2')).code).toBe(0);
    expect(new Set((await readImageFile(join(folder, 'x.nii'))).data)).toEqual(new Set([2]));
  });

  it.each([
    [['a.nii.gz', '-o', 'x.nii.gz'], 'image resample: which grid?, expected --like FILE or --spacing MM, got neither'],
    [['a.nii.gz', '--like', 'b.nii.gz', '--spacing', '2', '-o', 'x.nii.gz'], 'which grid?'],
    [['a.nii.gz', '--spacing', '0', '-o', 'x.nii.gz'], 'expected millimetres above 0'],
    [['a.nii.gz', '--spacing', '0.01', '-o', 'x.nii.gz'], 'too large, expected at most'],
    [['far.nii', '--like', 'a.nii.gz', '-o', 'x.nii.gz'], 'far.nii: shows nothing of where a.nii.gz is'],
    [['unplaced.nii.gz', '--like', 'a.nii.gz', '-o', 'x.nii.gz'], 'unplaced.nii.gz: does not say where it stands'],
    [['a.nii.gz', '--like', 'grey.png', '-o', 'x.nii.gz'], 'grey.png: does not say where it stands'],
    [['a.nii.gz', '--spacing', '2', '-o', 'x.mha'], 'expected NAME.nii.gz or NAME.nii'],
    [['a.nii.gz', '--spacing', '2', '-o', 'a.nii.gz', '--force'], 'would write over a.nii.gz, which is read'],
    [['a.nii.gz', '--spacing', '2', '-o', 'x.nii.gz', '--transform', 'none.tfm'], 'none.tfm: no such file'],
    [['a.nii.gz', '--spacing', '2', '-o', 'x.nii.gz', '--transform', 'grey.png'], 'grey.png: not a transform'],
  ])('exits 2 on %j', async (args, message) => {
    const { code, stdout, stderr } = await resample(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(existsSync(join(cwd, 'x.nii.gz'))).toBe(false);
  });
});
