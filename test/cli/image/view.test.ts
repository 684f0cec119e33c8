import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readImageFile } from '../../../src/read/image-file.node.ts';
import { writeNifti } from '../../../src/read/nifti/write-nifti.ts';
import { writePng } from '../../../src/read/png/write-png.ts';
import { consilience } from '../cli.ts';
import { folderOf, head } from './scans.ts';

const grey = (side: number) =>
  writePng({ width: side, height: side, channels: 1, data: new Uint8Array(side * side).fill(7).fill(200, 0, side) });
const files = {
  'a.nii.gz': head(),
  'b.nii.gz': head({ inverted: true, seed: 2, spacingMm: 6 }),
  'far.nii.gz': head({ shiftMm: [0, 0, 0] }),
  'unplaced.nii.gz': head({ placed: false, spacingMm: 6 }),
  'small.png': grey(8),
  'large.png': grey(12),
};

const view = (cwd: string, ...args: string[]) => consilience(['image', 'view', ...args], { cwd });

describe('consilience image view', () => {
  it('draws a montage of axial slices of one scan', async () => {
    const cwd = folderOf(files);
    const { code, stdout, stderr } = await view(cwd, 'a.nii.gz', '-o', 'a.png');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^a\.png: montage, 780 x 584 pixels, grey from \d+ to \d+\n$/);
    const picture = await readImageFile(join(cwd, 'a.png'));
    expect([picture.shape[2], picture.shape[1], picture.channels]).toEqual([780, 584, 1]);
    expect(new Set(picture.data).size).toBeGreaterThan(50);
  });

  it.each([
    ['checkerboard', 1],
    ['overlay', 3],
    ['difference', 1],
    ['joint', 3],
    ['histogram', 3],
  ])('draws two scans as %s, the second on the grid of the first', async (as, channels) => {
    const cwd = folderOf(files);
    const args = ['a.nii.gz', 'b.nii.gz', '-o', 'out.png', '--as', as, '--json'];
    const { code, stdout, stderr } = await view(cwd, ...args);
    expect(code).toBe(0);
    if (as !== 'histogram') {
      expect(stderr).toBe('b.nii.gz: brought to the grid of a.nii.gz, of which it shows 100 %\n');
    }
    const told = JSON.parse(stdout);
    const picture = await readImageFile(join(cwd, 'out.png'));
    expect(told).toMatchObject({ picture: 'out.png', as, width: picture.shape[2], height: picture.shape[1] });
    expect(picture.channels).toBe(channels);
  });

  it('takes a window, a plane, slices and a size', async () => {
    const cwd = folderOf(files);
    const options = ['--window', '-10,90', '--plane', 'sagittal', '--slices', '2', '--size', '50', '--no-letters'];
    const { code, stdout } = await view(cwd, 'a.nii.gz', '-o', 'a.png', ...options);
    expect(code).toBe(0);
    expect(stdout).toBe('a.png: montage, 104 x 50 pixels, grey from -10 to 90\n');
  });

  it('replaces its own pictures, others only with --force, and never an image that it reads', async () => {
    const cwd = folderOf(files);
    expect((await view(cwd, 'a.nii.gz', '-o', 'a.png')).code).toBe(0);
    expect((await view(cwd, 'a.nii.gz', '-o', 'a.png')).code).toBe(0);
    writeFileSync(join(cwd, 'mine.png'), 'mine');
    const refused = await view(cwd, 'a.nii.gz', '-o', 'mine.png');
    expect(refused).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: mine.png: is there and was not written by this program, expected --force to replace it\n',
    });
    expect(readFileSync(join(cwd, 'mine.png'), 'utf8')).toBe('mine');
    expect((await view(cwd, 'a.nii.gz', '-o', 'mine.png', '--force')).code).toBe(0);
    const own = await view(cwd, 'small.png', '-o', 'small.png', '--force');
    expect(own.code).toBe(2);
    expect(own.stderr).toContain('would write over small.png, which is read');
  });

  it.each([
    [['a.nii.gz', '-o', 'a.jpg'], 'error: --out a.jpg: another kind of file by its name, expected NAME.png\n'],
    [
      ['a.nii.gz', '-o', 'a.png', '--as', 'overlay'],
      'error: --as overlay: shows two images, expected a second file, got one\n',
    ],
    [['a.nii.gz', 'b.nii.gz', '-o', 'a.png', '--as', 'montage'], 'error: --as montage: shows one image'],
    [['a.nii.gz', '-o', 'a.png', '--window', '5,5'], 'expected two numbers, LOW,HIGH, such as -160,240'],
    [
      ['a.nii.gz', '-o', 'a.png', '--frame', '1'],
      'error: montage: frame: there is none, expected a whole number below 1, got 1\n',
    ],
    [
      ['small.png', 'large.png', '-o', 'a.png'],
      'error: small.png: does not say where it stands, expected two images of one size and spacing, or a transform (consilience image register), got 8 x 8 and 12 x 12\n',
    ],
    [['a.nii.gz', 'unplaced.nii.gz', '-o', 'a.png'], 'error: unplaced.nii.gz: does not say where it stands'],
    [['a.nii.gz'], "error: required option '-o, --out <file>' not specified"],
  ])('exits 2 on %j', async (args, message) => {
    const cwd = folderOf(files);
    const { code, stdout, stderr } = await view(cwd, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(existsSync(join(cwd, 'a.png'))).toBe(false);
  });

  it('brings scans of fine voxels to one grid where they are a share of a voxel apart, and not only .01 mm', async () => {
    const fine = (shiftMm: number) =>
      writeNifti({
        data: Uint8Array.from({ length: 64 }, (_, at) => at),
        shape: [4, 4, 4],
        affine: Float64Array.of(0.01, 0, 0, shiftMm, 0, 0.01, 0, 0, 0, 0, 0.01, 0, 0, 0, 0, 1),
        frames: 1,
        channels: 1,
        dimensions: 3,
        placed: true,
      });
    const cwd = folderOf({ 'a.nii': fine(0), 'b.nii': fine(0.005), 'c.nii': fine(0.0005) });
    const apart = await view(cwd, 'a.nii', 'b.nii', '-o', 'ab.png');
    expect([apart.code, apart.stderr]).toEqual([0, 'b.nii: brought to the grid of a.nii, of which it shows 100 %\n']);
    expect((await view(cwd, 'a.nii', 'c.nii', '-o', 'ac.png')).stderr).toBe('');
  });
});
