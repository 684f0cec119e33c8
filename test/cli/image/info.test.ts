import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeNifti } from '../../../src/read/nifti/write-nifti.ts';
import { writePng } from '../../../src/read/png/write-png.ts';
import { consilience } from '../cli.ts';
import { folderOf, head } from './scans.ts';

const told = writeNifti({
  data: Int16Array.of(0, 0, 5, -5, 10, 20, 30, 40),
  shape: [2, 2, 2],
  affine: Float64Array.of(-2, 0, 0, 9, 0, 2, 0, -8, 0, 0, 3, 7, 0, 0, 0, 1),
  frames: 1,
  channels: 1,
  dimensions: 3,
  placed: true,
});
const cwd = folderOf({
  'told.nii': told,
  'head.nii.gz': head(),
  'grey.png': writePng({ width: 2, height: 2, channels: 1, data: Uint8Array.of(1, 2, 3, 4) }),
  'notes.txt': 'no image',
  'empty/.keep': '',
  'texts/notes.txt': 'no image',
});

describe('consilience image info', () => {
  it('says what a scan is', async () => {
    const { code, stdout, stderr } = await consilience(['image', 'info', 'told.nii'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      [
        'format       NIfTI-1, int16',
        'size         2 x 2 x 2 voxels of 2 x 2 x 3 mm',
        'place        LAS, first voxel at 9, -8, 7 mm (RAS)',
        'unit         not told',
        'values       -5 to 40, mean 12.5, sd 15',
        'percentiles  1, 25, 50, 75, 99: -4.65, 0, 7.5, 22.5, 39.3',
        'zeros        2 of 8 (25 %)',
        '',
      ].join('\n'),
    );
  });

  it('says the same as JSON, without the voxels', async () => {
    const { code, stdout } = await consilience(['image', 'info', 'told.nii', '--json'], { cwd });
    expect(code).toBe(0);
    const json = JSON.parse(stdout);
    expect(json).toMatchObject({
      file: 'told.nii',
      size: [2, 2, 2],
      spacingMm: [2, 2, 3],
      orientation: 'LAS',
      placed: true,
      stored: { format: 'NIfTI-1', type: 'int16', slope: 1, intercept: 0 },
      numbers: { min: -5, max: 40, zeros: 2, missing: 0 },
      warnings: [],
    });
    expect(json.affine[2]).toEqual([0, 0, 3, 7]);
    expect(json).not.toHaveProperty('data');
  });

  it('names each of several, and says where one does not say where it stands', async () => {
    const { code, stdout } = await consilience(['image', 'info', 'head.nii.gz', 'grey.png'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^head\.nii\.gz\nformat {7}NIfTI-1, int16\n[\s\S]*\n\ngrey\.png\nformat/);
    expect(stdout).toContain(
      'size         2 x 2 voxels of 1 x 1 mm\nplace        the file does not say where it stands\n',
    );
  });

  it.each([
    ['none.nii', /^error: none\.nii: no such file/],
    ['notes.txt', /^error: notes\.txt: /],
    ['empty', /^error: empty: a folder without files, expected DICOM slices\n$/],
  ])('exits 2 on %s and says why', async (file, message) => {
    const { code, stdout, stderr } = await consilience(['image', 'info', file], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('refuses --series of a file, which holds none to choose from', async () => {
    const { code, stderr } = await consilience(['image', 'info', 'told.nii', '--series', '1.2'], { cwd });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'error: --series: is of folders only, expected a folder of DICOM slices, got told.nii\n',
    });
  });

  it('passes over links to folders in a folder, and says which folder holds no DICOM', async () => {
    symlinkSync(join(cwd, 'empty'), join(cwd, 'texts', 'link'));
    const { code, stderr } = await consilience(['image', 'info', 'texts'], { cwd });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'error: texts: no DICOM image, expected at least one DICOM image, got 1 files, none of them an image\n',
    });
  });
});
