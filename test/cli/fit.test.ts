import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith, smallFiles } from '../study/small-study.ts';
import { consilience } from './cli.ts';

const fitted = (cwd: string, ...more: string[]) =>
  consilience(['fit', 'study.yaml', '--strategy', 'late:mean', '-o', 'ill.model', ...more], { cwd });

describe('fit', () => {
  it('writes one model file and says what it was fitted to and what comes next', async () => {
    const folder = folderWith(smallFiles());
    const before = readdirSync(folder);
    const { code, stdout, stderr } = await fitted(folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'study: 40 subjects, 2 modalities; fitting late:mean ...\n' });
    expect(stdout).toBe(`ill.model: late:mean for ill
  fitted on 40 subjects: 0 (20), 1 (20)
  rna: 3 columns of rna.csv, 40 subjects
  clinical: 3 columns of clinical.csv, 40 subjects

How well it does on new subjects is not told by this fit but by \`consilience compare\`.
Next: consilience predict ill.model FOLDER -o predictions.csv
Research use, not a medical device.
`);
    expect(readdirSync(folder).sort()).toEqual([...before, 'ill.model'].sort());
  });

  it('writes the same bytes for the same seed, and replaces a model', async () => {
    const folder = folderWith(smallFiles());
    const bytes = async (seed: string) => {
      expect((await fitted(folder, '--seed', seed)).code).toBe(0);
      return readFileSync(join(folder, 'ill.model'));
    };
    const first = await bytes('5');
    expect(await bytes('6')).not.toEqual(first);
    expect(await bytes('5')).toEqual(first);
  });

  it('takes the name of a family for the one of it that the study names, and asks where there are several', async () => {
    const folder = folderWith(smallFiles());
    const study = readFileSync(join(folder, 'study.yaml'), 'utf8');
    const fitBy = async (strategies: string) => {
      writeFileSync(join(folder, 'study.yaml'), `${study}\nstrategies: ${strategies}\n`);
      return consilience(['fit', 'study.yaml', '--strategy', 'intermediate', '-o', 'ill.model', '--json'], {
        cwd: folder,
      });
    };
    const short = '{ kind: intermediate, variant: perceptron, epochs: 2, members: 1';
    const { stdout } = await fitBy(`[${short} }]`);
    expect(JSON.parse(stdout).strategy).toMatchObject({
      name: 'intermediate:perceptron',
      spec: { options: { epochs: 2, members: 1 } },
    });
    const several = await fitBy(`[${short} }, ${short}, name: other }]`);
    expect(several.code).toBe(2);
    expect(several.stderr).toContain(
      'error: strategy: the study names several of intermediate, expected one of intermediate:perceptron, intermediate:other\n',
    );
  });

  it('--json prints what the model is', async () => {
    const folder = folderWith(smallFiles());
    const { stdout } = await fitted(folder, '--json', '--seed', '3');
    expect(JSON.parse(stdout)).toMatchObject({
      study: 'study',
      strategy: { name: 'late:mean' },
      seed: 3,
      training: { subjects: 40, counts: { 0: 20, 1: 20 } },
    });
  });

  it('refuses to replace a file that is no model, without --force', async () => {
    const folder = folderWith(smallFiles({ 'ill.model': 'mine' }));
    expect(await fitted(folder)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: ill.model: is there and is no model, expected --force to replace it\n',
    });
    expect(readFileSync(join(folder, 'ill.model'), 'utf8')).toBe('mine');
    expect((await fitted(folder, '--force')).code).toBe(0);
  });

  it('lists the strategies where one is unknown, and writes nothing', async () => {
    const folder = folderWith(smallFiles());
    const { code, stdout, stderr } = await consilience(['fit', 'study.yaml', '--strategy', 'late:meen', '-o', 'm'], {
      cwd: folder,
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /\nerror: strategy: unknown strategy "late:meen", did you mean "late:mean"\?, expected one of single:rna, single:clinical, single:best, early:logistic, late:mean, /,
    );
    expect(readdirSync(folder)).not.toContain('m');
  });

  it('writes over no table that the study reads, not with --force either, and over no folder', async () => {
    const folder = folderWith(smallFiles({ 'there/x.txt': 'mine' }));
    const into = (out: string) =>
      consilience(['fit', 'study.yaml', '--strategy', 'late:mean', '--force', '-o', out], { cwd: folder });
    for (const out of ['rna.csv', 'labels.csv', 'study.yaml']) {
      expect(await into(out)).toEqual({
        code: 2,
        stdout: '',
        stderr: `error: ${out}: would write over ${out}, which is read, expected another name\n`,
      });
      expect(readFileSync(join(folder, out), 'utf8')).toBe(smallFiles()[out]);
    }
    expect((await into('there')).stderr).toBe('error: there: cannot be written, expected a file, got a folder\n');
  });

  it('refuses a place where no file can be, before the work', async () => {
    const folder = folderWith(smallFiles());
    const ended = await consilience(['fit', 'study.yaml', '--strategy', 'late:mean', '-o', 'rna.csv/m.model'], {
      cwd: folder,
    });
    expect(ended).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: --out rna.csv/m.model: rna.csv is a file, expected a folder, or a name that is free\n',
    });
  });
});
