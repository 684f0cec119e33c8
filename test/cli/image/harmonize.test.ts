import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readImageFile } from '../../../src/read/image-file.node.ts';
import { consilience } from '../cli.ts';
import { folderOf, head } from './scans.ts';

const files = {
  'train/a.nii.gz': head({ seed: 1 }),
  'train/b.nii.gz': head({ seed: 2, gain: 1.3 }),
  'new/c.nii.gz': head({ seed: 3, gain: 4 }),
  'other/a.nii.gz': head({ seed: 4 }),
};
const harmonize = (cwd: string, ...args: string[]) => consilience(['image', 'harmonize', ...args], { cwd });
const training = ['--method', 'nyul', '--train', 'train/a.nii.gz', 'train/b.nii.gz'];

describe('consilience image harmonize', () => {
  it('learns from training scans, writes the others, and says what became of their values', async () => {
    const cwd = folderOf(files);
    const { code, stdout, stderr } = await harmonize(cwd, ...training, '--apply', 'new/c.nii.gz', '-o', 'out');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^(harmonizing: \d+ %\n)*$/);
    expect(stdout).toMatch(
      /^nyul, learned from 2 scans\n +mean +sd +1 % +50 % +99 %\nout\/c\.nii\.gz +before .*\n +after /,
    );
    expect(readdirSync(join(cwd, 'out')).sort()).toEqual(['c.nii.gz', 'harmonization.json']);
    const made = await readImageFile(join(cwd, 'out', 'c.nii.gz'));
    expect(made.stored.type).toBe('float32');
    const json = JSON.parse(readFileSync(join(cwd, 'out', 'harmonization.json'), 'utf8'));
    expect(json).toMatchObject({
      kind: 'harmonization',
      method: 'nyul',
      mask: 'positive',
      training: ['train/a.nii.gz', 'train/b.nii.gz'],
      scans: [{ file: 'new/c.nii.gz', output: join('out', 'c.nii.gz') }],
    });
    const [{ before, after }] = json.scans;
    expect(before.percentiles[4]).toBeGreaterThan(800);
    expect(after.percentiles[0]).toBeCloseTo(1, 3);
    expect(after.percentiles[4]).toBeCloseTo(100, 3);
  });

  it('keeps what it learned, and applies it again to the same bytes', async () => {
    const cwd = folderOf(files);
    const kept = await harmonize(cwd, ...training, '--apply', 'new/c.nii.gz', '-o', 'out', '--save', 'scale.json');
    expect(kept.code).toBe(0);
    const map = readFileSync(join(cwd, 'scale.json'), 'utf8');
    expect(JSON.parse(map)).toMatchObject({ kind: 'scan-harmonizer', version: 1, method: { kind: 'nyul' } });
    const again = await harmonize(cwd, '--with', 'scale.json', '--apply', 'new/c.nii.gz', '-o', 'again', '--json');
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ method: 'nyul', training: [] });
    const bytes = (folder: string) => readFileSync(join(cwd, folder, 'c.nii.gz'));
    expect(bytes('again').equals(bytes('out'))).toBe(true);
    const only = await harmonize(cwd, ...training, '--save', 'only.json');
    expect(only).toMatchObject({ code: 0, stdout: 'nyul, learned from 2 scans\nonly.json: what was learned\n' });
    expect(readFileSync(join(cwd, 'only.json'), 'utf8')).toBe(map);
  });

  it('applies to the training scans where no others are named, and replaces what it wrote', async () => {
    const cwd = folderOf(files);
    const args = ['--method', 'intensity-z-score', '--mask', 'otsu', '--train', 'train/a.nii.gz', '-o', 'out'];
    expect((await harmonize(cwd, ...args)).code).toBe(0);
    expect((await harmonize(cwd, ...args)).code).toBe(0);
    const [{ after }] = JSON.parse(readFileSync(join(cwd, 'out', 'harmonization.json'), 'utf8')).scans;
    expect(after.mean).toBeCloseTo(0, 6);
    expect(after.sd).toBeCloseTo(1, 6);
    writeFileSync(join(cwd, 'out', 'a.nii.gz'), 'mine');
    const refused = await harmonize(cwd, ...args);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(
      'a.nii.gz: is there and was not written by this program, expected --force to replace it',
    );
  });

  it('says what it did to the relation with another modality at the same places', async () => {
    const mr = { 'mr/a.nii.gz': head({ seed: 5, inverted: true }), 'mr/b.nii.gz': head({ seed: 6, inverted: true }) };
    const cwd = folderOf({ ...files, ...mr });
    const beside = ['--beside', 'mr/a.nii.gz', 'mr/b.nii.gz'];
    const { code, stdout } = await harmonize(cwd, ...training, '--mask', 'otsu', ...beside, '-o', 'out');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /\nall scans: mutual information [\d.]+ to [\d.]+ nats, rank correlation -[\d.]+ to -[\d.]+, copula/,
    );
    const { relation } = JSON.parse(readFileSync(join(cwd, 'out', 'harmonization.json'), 'utf8'));
    const [{ mutualInformation }] = relation.subjects;
    // Two scanners of different gain are brought to one scale, so values say more of the other modality.
    expect(mutualInformation.after).toBeGreaterThan(mutualInformation.before);
    const one = await harmonize(cwd, ...training, '--beside', 'mr/a.nii.gz', '-o', 'two');
    expect(one.code).toBe(2);
    expect(one.stderr).toContain('--beside, expected one scan for each of the 2 that are harmonized');
  });

  it.runIf(process.platform !== 'win32')('is interrupted by Ctrl-C with 130, and leaves nothing behind', async () => {
    const scans = Object.fromEntries(
      [...Array(12).keys()].map((at) => [`${at}.nii.gz`, head({ seed: at, spacingMm: 2 })]),
    );
    const cwd = folderOf(scans);
    const args = ['image', 'harmonize', '--method', 'nyul', '--train', ...Object.keys(scans), '-o', 'out'];
    const { code, stdout, stderr } = await consilience(args, { cwd, signal: { name: 'SIGINT', after: '10 %' } });
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toContain('interrupted; nothing was written\n');
    expect(readdirSync(cwd).sort()).toEqual(Object.keys(scans).sort());
  });

  it.each([
    [[], 'nothing to harmonize by, expected --method METHOD --train SCAN..., or --with MAP.json'],
    [['--method', 'nyul'], 'nothing to harmonize by'],
    [training, 'no place for the scans'],
    [[...training, '--apply', 'new/c.nii.gz', '--save', 'x.json'], 'no place for the scans'],
    [['--with', 'x.json', '-o', 'out'], 'no scan to harmonize, expected --apply SCAN...'],
    [['--with', 'x.json', '--method', 'nyul', '--apply', 'new/c.nii.gz', '-o', 'out'], 'a map is learned already'],
    [['--with', 'x.json', '--apply', 'new/c.nii.gz', '-o', 'out'], 'error: x.json: no such file'],
    [['--with', 'other/a.nii.gz', '--apply', 'new/c.nii.gz', '-o', 'out'], 'error: a.nii.gz: not JSON'],
    [[...training, '--apply', 'train/a.nii.gz', 'other/a.nii.gz', '-o', 'out'], 'two scans of one name'],
    [[...training, '-o', 'train', '--force'], 'would write over a.nii.gz, which is read'],
    [['--method', 'zscore', '--train', 'train/a.nii.gz', '-o', 'out'], 'Allowed choices are intensity-z-score'],
  ])('exits 2 on %j', async (args, message) => {
    const cwd = folderOf(files);
    const { code, stdout, stderr } = await harmonize(cwd, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(readdirSync(cwd).sort()).toEqual(['new', 'other', 'train']);
  });
});
