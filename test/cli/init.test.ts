import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith, smallFiles } from '../study/small-study.ts';
import { consilience } from './cli.ts';

const { 'study.yaml': _, ...tables } = smallFiles();

/** Least and largest number of a table. */
function range(file: string): string {
  const cells = (tables[file] as string)
    .split('\n')
    .slice(1)
    .flatMap((line) => line.split(',').slice(1));
  const numbers = cells.map(Number).filter((number) => !Number.isNaN(number));
  return `${Math.min(...numbers)} to ${Math.max(...numbers)}`;
}

describe('init', () => {
  it('drafts a study, says what was found and what comes next, which then runs', async () => {
    const folder = folderWith(
      Object.fromEntries(Object.entries(tables).map(([name, text]) => [`my data/${name}`, text])),
    );
    const drafted = await consilience(['init', 'my data'], { cwd: folder });
    expect(drafted).toEqual({
      code: 0,
      stderr: '',
      stdout: `Drafted ${join('my data', 'study.yaml')}

Found
  target: labels.csv: ill, 0 (20), 1 (20)
  clinical: clinical.csv, 40 subjects x 3 columns (1 ratio, 1 nominal, 1 interval), ${range('clinical.csv')}, nothing missing
  rna: rna.csv, 40 subjects x 3 columns (interval), ${range('rna.csv')}, nothing missing

Read it through, above all what is left out and what is not, then:
  consilience compare ${JSON.stringify(join('my data', 'study.yaml'))}
`,
    });
    const compared = await consilience(['compare', join('my data', 'study.yaml'), '--json', '--jobs', '2'], {
      cwd: folder,
    });
    expect(compared.code).toBe(0);
    expect(JSON.parse(compared.stdout).study).toMatchObject({ name: 'my data', subjects: 40 });
  });

  it('refuses to replace a study without --force', async () => {
    const folder = folderWith({ ...tables, 'study.yaml': 'mine' });
    const path = join(folder, 'study.yaml');
    expect(await consilience(['init', folder])).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${path}: is there already, expected --force to replace it\n`,
    });
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect((await consilience(['init', folder, '--force'])).code).toBe(0);
    expect(readFileSync(path, 'utf8')).toContain('column: ill');
  });

  it('takes the target that is named, and lists what is left to decide', async () => {
    const folder = folderWith({ ...tables, 'stray.csv': 'id,x\nq1,1\nq2,2\n' });
    const { code, stdout } = await consilience(['init', '.', '--target', 'sex'], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toContain('\nFound\n  target: clinical.csv: sex, female (');
    expect(stdout).toContain('\nTo decide\n');
    expect(stdout).toContain('  stray.csv: shares no subject with the other tables; left out\n');
    expect(stdout).toMatch(/\n {2}consilience compare study\.yaml\n$/);
  });

  it('writes nothing where it cannot draft', async () => {
    const folder = folderWith({ 'notes.md': '' });
    expect(await consilience(['init', folder])).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${folder}: no table to read, expected CSV or TSV files, got no such file\n`,
    });
    expect(readdirSync(folder)).toEqual(['notes.md']);
  });
});
