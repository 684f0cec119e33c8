import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { phantomHead } from '../../../bench/registration/heads.ts';
import { scanPair } from '../../../bench/registration/scans.ts';
import { apartMm } from '../../../src/align/register/distance.ts';
import { openTransform } from '../../../src/align/space/transform-file.ts';
import { random } from '../../../src/array/random.ts';
import { readImageFile } from '../../../src/read/image-file.node.ts';
import { writeNifti } from '../../../src/read/nifti/write-nifti.ts';
import { consilience } from '../cli.ts';
import { folderOf, head } from './scans.ts';

function noise(seed: number): Uint8Array {
  const draw = random(seed);
  const data = Int16Array.from({ length: 24 ** 3 }, () => 100 + 20 * draw.normal());
  const affine = Float64Array.of(-4, 0, 0, 46, 0, 4, 0, -46, 0, 0, 4, -46, 0, 0, 0, 1);
  return writeNifti({ data, shape: [24, 24, 24], affine, frames: 1, channels: 1, dimensions: 3, placed: true });
}

/** Two contrasts of one simulated head, a slice each. */
const pair = scanPair(phantomHead(1), { seed: 7, flat: true });
const files = {
  'fixed.nii.gz': writeNifti(pair.fixed, { gzip: true }),
  'moving.nii.gz': writeNifti(pair.moving, { gzip: true }),
  'noise.nii': noise(1),
  'other-noise.nii': noise(2),
};
const register = (cwd: string, ...args: string[]) => consilience(['image', 'register', ...args], { cwd });
const all = [
  'checkerboard.png',
  'difference.png',
  'overlay.png',
  'registered.nii.gz',
  'registration.json',
  'transform.json',
  'transform.tfm',
];
const corners = [-60, 60].flatMap((x) => [-60, 60].map((y) => [x, y, 0] as const));
const ofRefusal = ['checkerboard.png', 'difference.png', 'overlay.png', 'registration.json'];

describe('consilience image register', { timeout: 60_000 }, () => {
  it('finds a move between two contrasts, says how sure it is, and writes all that is needed to use and to see it', async () => {
    const cwd = folderOf(files);
    const args = ['fixed.nii.gz', 'moving.nii.gz', '--transform', 'rigid', '-o', 'out'];
    const { code, stdout, stderr } = await register(cwd, ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'registering moving.nii.gz to fixed.nii.gz: rigid\n' });
    expect(stdout).toMatch(
      /^rigid: moved by [\d.]+ mm \(.*\), turned by [\d.]+ degrees\nmutual information: [\d.]+ before, [\d.]+ after; overlap [\d.]+ %\nestimated error: [\d.]+ mm, /,
    );
    expect(stdout).toContain(
      '\nIn out: transform.json, transform.tfm, registered.nii.gz, registration.json, checkerboard.png',
    );
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual(all);
    const told = JSON.parse(readFileSync(join(cwd, 'out', 'registration.json'), 'utf8'));
    expect(told).toMatchObject({ kind: 'registration', model: 'rigid', accepted: true, reasons: [] });
    expect(told.metric.after).toBeGreaterThan(told.metric.before);
    for (const name of ['transform.json', 'transform.tfm']) {
      const transform = openTransform(readFileSync(join(cwd, 'out', name), 'utf8'), name);
      if (transform.kind !== 'affine') throw new Error('affine');
      expect(apartMm(transform.matrix, pair.truth, corners)).toBeLessThan(1);
    }
    const registered = await readImageFile(join(cwd, 'out', 'registered.nii.gz'));
    expect([...registered.shape]).toEqual([...pair.fixed.shape]);
    const used = ['image', 'resample', 'moving.nii.gz', '--like', 'fixed.nii.gz', '-o', 'again.nii.gz'];
    expect((await consilience([...used, '--transform', 'out/transform.json'], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, 'again.nii.gz')).equals(readFileSync(join(cwd, 'out', 'registered.nii.gz')))).toBe(
      true,
    );
  });

  it('bends with bspline; the transform is used as others are, and has no .tfm in two dimensions', async () => {
    const cwd = folderOf({
      ...files,
      'out/transform.tfm': 'of an earlier run',
      'out/registration.json': '{"kind":"registration"}',
    });
    const args = ['--transform', 'bspline', '--control', '20', '--restarts', '3', '-o', 'out'];
    const { code, stdout } = await register(cwd, 'fixed.nii.gz', 'moving.nii.gz', ...args);
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^bspline: bent, then moved by /),
    });
    expect(stdout).toContain('\nIn out: transform.json, registered.nii.gz, registration.json, checkerboard.png');
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual(all.filter((name) => name !== 'transform.tfm'));
    const told = JSON.parse(readFileSync(join(cwd, 'out', 'registration.json'), 'utf8'));
    expect(told).toMatchObject({ model: 'bSpline', accepted: true, reasons: [] });
    expect(told.evidence.smallestJacobian).toBeGreaterThan(0);
    const used = ['image', 'resample', 'moving.nii.gz', '--like', 'fixed.nii.gz', '-o', 'again.nii.gz'];
    expect((await consilience([...used, '--transform', 'out/transform.json'], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, 'again.nii.gz')).equals(readFileSync(join(cwd, 'out', 'registered.nii.gz')))).toBe(
      true,
    );
  });

  it('refuses what cannot be trusted: exit 1, the reasons, pictures, and no transform, not even an earlier one', async () => {
    const cwd = folderOf(files);
    await register(cwd, 'fixed.nii.gz', 'moving.nii.gz', '--transform', 'rigid', '-o', 'out');
    expect(existsSync(join(cwd, 'out', 'transform.json'))).toBe(true);
    const { code, stdout } = await register(cwd, 'noise.nii', 'other-noise.nii', '-o', 'out');
    expect(code).toBe(1);
    expect(stdout).toMatch(/\nnot to be trusted: .+\nrefused; --accept takes it all the same\n/);
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual(ofRefusal);
    const told = JSON.parse(readFileSync(join(cwd, 'out', 'registration.json'), 'utf8'));
    expect(told.accepted).toBe(false);
    expect(told.reasons.length).toBeGreaterThan(0);
    expect(told).not.toHaveProperty('matrix');

    const accepted = await register(cwd, 'noise.nii', 'other-noise.nii', '-o', 'out', '--accept', '--json');
    expect(accepted.code).toBe(0);
    expect(JSON.parse(accepted.stdout)).toMatchObject({ accepted: true, reasons: told.reasons });
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual(all);
  });

  it('writes nothing without a folder, and the same bytes each time with one', async () => {
    const cwd = folderOf(files);
    const args = ['fixed.nii.gz', 'moving.nii.gz', '--transform', 'rigid', '--seed', '3', '--json'];
    const once = await register(cwd, ...args);
    expect(once.code).toBe(0);
    expect(readdirSync(cwd).sort()).toEqual(Object.keys(files).sort());
    expect((await register(cwd, ...args, '-o', 'out')).stdout).toBe(once.stdout);
  });

  it.runIf(process.platform !== 'win32')('is interrupted by Ctrl-C with 130, and leaves nothing behind', async () => {
    const cwd = folderOf({ 'fixed.nii.gz': head({ spacingMm: 1 }), 'moving.nii.gz': head({ spacingMm: 1, seed: 2 }) });
    const args = ['image', 'register', 'fixed.nii.gz', 'moving.nii.gz', '--restarts', '40', '-o', 'out'];
    const { code, stdout, stderr } = await consilience(args, { cwd, signal: { name: 'SIGINT', after: 'registering' } });
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toContain('interrupted; nothing was written\n');
    expect(existsSync(join(cwd, 'out'))).toBe(false);
  });

  it.each([
    [['fixed.nii.gz', 'none.nii'], 'error: none.nii: no such file'],
    [
      ['fixed.nii.gz', 'moving.nii.gz', '--transform', 'bent'],
      'Allowed choices are translation, rigid, similarity, affine, bspline',
    ],
    [
      ['fixed.nii.gz', 'moving.nii.gz', '--start', 'nowhere'],
      'error: nowhere: no such file, expected a transform (.json or .tfm)',
    ],
    [['fixed.nii.gz', 'moving.nii.gz', '--restarts', '2'], 'expected a whole number from 3'],
    [['fixed.nii.gz', 'moving.nii.gz', '-o', 'mine'], 'overlay.png: is there and was not written by this program'],
  ])('exits 2 on %j', async (args, message) => {
    const cwd = folderOf({ ...files, 'mine/overlay.png': 'mine' });
    writeFileSync(join(cwd, 'mine', 'notes.txt'), 'mine');
    const { code, stdout, stderr } = await register(cwd, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(readdirSync(join(cwd, 'mine')).sort()).toEqual(['notes.txt', 'overlay.png']);
  });
});
