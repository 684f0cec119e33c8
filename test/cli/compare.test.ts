import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { folderWith, smallFiles, study, write } from '../study/small-study.ts';
import { consilience } from './cli.ts';

const outputs = ['.consilience', 'predictions.csv', 'report.html', 'results.json'];

/** What a comparison says, without how long it took. */
function figures(results: string): string {
  return JSON.stringify(JSON.parse(results), (key, value) => (key === 'latencyMs' ? undefined : value), 1);
}

const resultsIn = (folder: string) => readFileSync(join(folder, 'results.json'), 'utf8');

/** Which subject is tested in which fold. */
function foldsIn(folder: string): string[] {
  const lines = readFileSync(join(folder, 'predictions.csv'), 'utf8').trim().split('\n').slice(1);
  return [...new Set(lines.map((line) => line.split(',').slice(0, 3).join()))].sort();
}

describe('compare', () => {
  it('writes three files, prints the table to stdout and progress to stderr only', async () => {
    const folder = folderWith(smallFiles());
    const out = join(folder, 'out');
    const { code, stdout, stderr } = await consilience(['compare', join(folder, 'study.yaml'), '-o', out]);
    expect(code).toBe(0);
    expect(readdirSync(out).sort()).toEqual(outputs);
    expect(stdout).toMatch(/^strategy /);
    expect(stdout).toContain('early:logistic');
    expect(stdout).toContain(`Report: ${relative(process.cwd(), join(out, 'report.html'))} `);
    expect(stdout).toMatch(/Research use, not a medical device\.\n$/);
    expect(stdout).not.toContain('comparing');
    expect(stderr).toMatch(/^study: 40 subjects, 2 modalities\n(comparing: \d0 %\n)*$/);
  });

  it('names the default folder after the study, whatever signs its name holds, below the folder it runs in', async () => {
    const folder = folderWith({ ...smallFiles(), 'study.yaml': `name: ../../a b/ü\n${smallFiles()['study.yaml']}` });
    const { code } = await consilience(['compare', 'study.yaml'], { cwd: folder });
    expect(code).toBe(0);
    expect(readdirSync(join(folder, 'consilience-out'))).toEqual(['-..-a-b-ü']);
  });

  it('--json prints results.json to stdout and nothing else', async () => {
    const folder = folderWith(smallFiles());
    const { code, stdout, stderr } = await consilience([
      'compare',
      join(folder, 'study.yaml'),
      '-o',
      join(folder, 'out'),
      '--json',
    ]);
    expect(code).toBe(0);
    expect(stdout).toBe(resultsIn(join(folder, 'out')));
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'comparison',
      version: 1,
      study: { name: 'study', subjects: 40 },
    });
    expect(stderr).toMatch(/^study: 40 subjects/);
  });

  it('gives the same figures for the same seed, however many jobs', async () => {
    const folder = folderWith(smallFiles());
    const figuresOf = async (jobs: string) => {
      const out = join(folder, `jobs-${jobs}`);
      const { code } = await consilience([
        'compare',
        join(folder, 'study.yaml'),
        '-o',
        out,
        '--seed',
        '5',
        '--jobs',
        jobs,
      ]);
      expect(code).toBe(0);
      return { results: figures(resultsIn(out)), predictions: readFileSync(join(out, 'predictions.csv'), 'utf8') };
    };
    const one = await figuresOf('1');
    expect(await figuresOf('2')).toEqual(one);
    expect(await figuresOf('3')).toEqual(one);
  });

  it('--seed draws other folds, and stands above that of the study', async () => {
    const folder = folderWith(smallFiles({ 'study.yaml': study({ more: 'seed: 5' }) }));
    const run = async (name: string, ...more: string[]) => {
      const out = join(folder, name);
      await consilience(['compare', join(folder, 'study.yaml'), '-o', out, '--jobs', '1', ...more]);
      return { folds: foldsIn(out), seed: JSON.parse(resultsIn(out)).seed };
    };
    const own = await run('own');
    const same = await run('same', '--seed', '5');
    const other = await run('other', '--seed', '6');
    expect(own.seed).toBe(5);
    expect(same).toEqual(own);
    expect(other.seed).toBe(6);
    expect(other.folds).not.toEqual(own.folds);
  });

  it('reads and writes paths with spaces and letters of any script, relative to where it runs', async () => {
    const folder = folderWith({});
    write(join(folder, 'données du patient', '患者'), smallFiles());
    const cwd = join(folder, 'anderswo');
    mkdirSync(cwd);
    const { code, stdout } = await consilience(
      ['compare', '../données du patient/患者/study.yaml', '-o', 'Ergebnisse für β'],
      { cwd },
    );
    expect(code).toBe(0);
    expect(readdirSync(join(cwd, 'Ergebnisse für β')).sort()).toEqual(outputs);
    expect(stdout).toContain(`Report: ${join('Ergebnisse für β', 'report.html')} `);
  });

  it('writes to consilience-out/NAME by default', async () => {
    const folder = folderWith(smallFiles({ 'study.yaml': study({ more: 'name: ours' }) }));
    const { code } = await consilience(['compare', 'study.yaml', '--jobs', '1'], { cwd: folder });
    expect(code).toBe(0);
    expect(readdirSync(join(folder, 'consilience-out', 'ours')).sort()).toEqual(outputs);
  });

  it('replaces its own files in a folder that is there, and leaves the others', async () => {
    const folder = folderWith(smallFiles({ 'out/results.json': '{"kind":"comparison"}', 'out/notes.txt': 'mine' }));
    const out = join(folder, 'out');
    const { ino } = statSync(out);
    const { code } = await consilience(['compare', join(folder, 'study.yaml'), '-o', out, '--jobs', '1']);
    expect(code).toBe(0);
    expect(readdirSync(out).sort()).toEqual([...outputs, 'notes.txt'].sort());
    expect(readFileSync(join(out, 'notes.txt'), 'utf8')).toBe('mine');
    expect(JSON.parse(resultsIn(out)).kind).toBe('comparison');
    expect(statSync(out).ino).toBe(ino);
    expect(readdirSync(folder).filter((name) => name.startsWith('.consilience-'))).toEqual([]);
  });

  it('exits 2 on bad input with one line on stderr, and writes nothing', async () => {
    const folder = folderWith(smallFiles({ 'labels.csv': 'id,ill\ns01,1\ns02,1\n' }));
    const before = readdirSync(folder);
    const ended = await consilience(['compare', 'study.yaml', '-o', 'out', '--json'], { cwd: folder });
    expect(ended).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'study: 2 subjects, 2 modalities\nerror: study.yaml: target ill: one class only, nothing to tell apart, expected at least two classes among the subjects, got 1\n',
    });
    expect(readdirSync(folder)).toEqual(before);
  });
});

it('refuses an output folder that is a file, or lies below one, before the long work', async () => {
  const folder = folderWith(smallFiles());
  const before = readdirSync(folder);
  for (const out of ['rna.csv', 'rna.csv/out']) {
    const { code, stdout, stderr } = await consilience(['compare', 'study.yaml', '-o', out], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(`error: --out ${out}: rna.csv is a file, expected a folder, or a name that is free\n`);
  }
  expect(readdirSync(folder)).toEqual(before);
});

/** Every file of a folder and what it holds. */
const contents = (folder: string) =>
  readdirSync(folder).map((name) => [name, statSync(join(folder, name)).isFile() && readFileSync(join(folder, name))]);

describe('compare refuses, before the work,', () => {
  it.each([
    ['results.json', '{"kind":"cohort"}', 'comparison'],
    ['results.json', 'mine', 'comparison'],
    ['predictions.csv', 'subject,predicted\ns01,1\n', 'test predictions'],
  ])('to replace a %s that it did not write: %s', async (name, content, holding) => {
    const folder = folderWith(smallFiles({ [`out/${name}`]: content }));
    const before = contents(join(folder, 'out'));
    const ended = await consilience(['compare', 'study.yaml', '-o', 'out'], { cwd: folder });
    expect(ended).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${join('out', name)}: is there and holds no ${holding} of ours, expected another folder, or that file moved away\n`,
    });
    expect(contents(join(folder, 'out'))).toEqual(before);
  });

  it('to replace a predictions.parquet that it did not write, where it would', async () => {
    const mine = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'subject', data: ['a', 'b'] }] }));
    const folder = folderWith(smallFiles({ 'out/predictions.parquet': mine }));
    const run = (...more: string[]) => consilience(['compare', 'study.yaml', '-o', 'out', ...more], { cwd: folder });
    expect((await run('--parquet')).stderr).toMatch(/^error: out.predictions\.parquet: is there and holds no test /);
    expect((await run()).code).toBe(0);
    expect(new Uint8Array(readFileSync(join(folder, 'out', 'predictions.parquet')))).toEqual(mine);
  });

  it('to write over a table that the study reads, by whatever link, also in the default folder', async () => {
    const files = smallFiles();
    const folder = folderWith({
      ...files,
      'consilience-out/study/predictions.csv': files['clinical.csv'],
      'study.yaml': study({ modalities: '  rna: rna.csv\n  old: consilience-out/study/predictions.csv' }),
    });
    const before = contents(join(folder, 'consilience-out', 'study'));
    const words = 'would write over predictions.csv, which is read, expected another name';
    for (const more of [[], ['-o', 'consilience-out/study']]) {
      expect(await consilience(['compare', 'study.yaml', ...more], { cwd: folder })).toEqual({
        code: 2,
        stdout: '',
        stderr: `error: ${join('consilience-out', 'study', 'predictions.csv')}: ${words}\n`,
      });
    }
    expect(contents(join(folder, 'consilience-out', 'study'))).toEqual(before);
    mkdirSync(join(folder, 'links'));
    symlinkSync(join(folder, 'consilience-out', 'study', 'predictions.csv'), join(folder, 'links', 'predictions.csv'));
    expect((await consilience(['compare', 'study.yaml', '-o', 'links'], { cwd: folder })).stderr).toBe(
      `error: ${join('links', 'predictions.csv')}: ${words}\n`,
    );
  });

  it('to replace a folder of such a name', async () => {
    const folder = folderWith(smallFiles({ 'out/report.html/mine.txt': 'mine' }));
    expect((await consilience(['compare', 'study.yaml', '-o', 'out'], { cwd: folder })).stderr).toBe(
      `error: ${join('out', 'report.html')}: cannot be written, expected a file, got a folder\n`,
    );
  });
});
