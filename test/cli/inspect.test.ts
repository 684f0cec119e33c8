import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith, smallFiles, study, table } from '../study/small-study.ts';
import { consilience } from './cli.ts';

describe('inspect', () => {
  it('prints cards to stdout and writes nothing', async () => {
    const folder = folderWith(smallFiles());
    const before = readdirSync(folder);
    const { code, stdout, stderr } = await consilience(['inspect', 'study.yaml'], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^study\n40 subjects; ill: 0 \(20\), 1 \(20\)\n\nrna\n {2}Features/);
    expect(stdout).toMatch(/Research use, not a medical device\.\n$/);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('-o writes the page and the JSON, which --json prints', async () => {
    const folder = folderWith(smallFiles());
    const { code, stdout } = await consilience(['inspect', 'study.yaml', '--json', '-o', 'look'], { cwd: folder });
    expect(code).toBe(0);
    expect(readdirSync(join(folder, 'look')).sort()).toEqual(['inspection.html', 'inspection.json']);
    expect(stdout).toBe(readFileSync(join(folder, 'look', 'inspection.json'), 'utf8'));
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'inspection', version: 1 });
  });

  it('warns of a column that tells the outcome, and of one that is named after it', async () => {
    const folder = folderWith(
      smallFiles({
        'clinical.csv': table('id,age,days_to_death', (_, i) => `${50 + (i % 7)},${(i % 2) * 100 + i}`),
      }),
    );
    const { code, stdout } = await consilience(['inspect', 'study.yaml', '--json'], { cwd: folder });
    expect(code).toBe(0);
    const codes = JSON.parse(stdout).warnings.map((warning: { code: string }) => warning.code);
    expect(codes).toContain('suspected-leak');
    expect(codes).toContain('telling-name');
  });

  it('exits 2 on bad input, with nothing on stdout', async () => {
    const folder = folderWith(smallFiles({ 'study.yaml': study({ modalities: '  rna: gone.csv' }) }));
    const { code, stdout, stderr } = await consilience(['inspect', 'study.yaml', '-o', 'look'], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: .*gone\.csv/);
  });

  it('exits 2 where it would lose a file that is not its own, or one that it reads', async () => {
    const files = smallFiles();
    const folder = folderWith({
      ...files,
      'look/inspection.json': '{"kind":"comparison"}',
      'other/inspection.html': files['rna.csv'],
      'other.yaml': study({ modalities: '  rna: other/inspection.html' }),
    });
    expect(await consilience(['inspect', 'study.yaml', '-o', 'look'], { cwd: folder })).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${join('look', 'inspection.json')}: is there and holds no inspection of ours, expected another folder, or that file moved away\n`,
    });
    expect((await consilience(['inspect', 'other.yaml', '-o', 'other'], { cwd: folder })).stderr).toBe(
      `error: ${join('other', 'inspection.html')}: would write over inspection.html, which is read, expected another name\n`,
    );
    expect(readdirSync(join(folder, 'other'))).toEqual(['inspection.html']);
  });
});
