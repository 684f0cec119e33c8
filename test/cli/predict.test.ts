import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeAll, describe, expect, it } from 'vitest';
import { readParquet } from '../../src/read/parquet/parquet.ts';
import { writeModel } from '../../src/study/model-file.ts';
import { fittedModel } from '../study/fitted-model.ts';
import { type Files, folderWith } from '../study/small-study.ts';
import { consilience } from './cli.ts';

let model: Uint8Array;
beforeAll(async () => {
  model = await writeModel(await fittedModel('late:mean'));
});

const tables = {
  'new/rna.csv': 'id,g1,g2,g3\nx,0.1,0.2,0.3\ny,1.5,0,-1\n',
  'new/clinical.csv': 'id,marker,age,sex,visit\nx,1,50,male,3\nz,2,60,female,1\n',
};
const header = 'subject,predicted,p:0,p:1,set,uncertainty,filled,present,basis';
const noted = 'warning: clinical.csv: 1 column that clinical does not use: visit\n';

function prepared(more: Files = {}): string {
  return folderWith({ ...tables, 'ill.model': model, ...more });
}

describe('predict', () => {
  it('prints a row for each subject as CSV, notes to stderr, and writes nothing', async () => {
    const folder = prepared();
    const before = readdirSync(folder);
    const { code, stdout, stderr } = await consilience(['predict', 'ill.model', 'new'], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: noted });
    const [first, ...rows] = stdout.trim().split('\n');
    expect(first).toBe(header);
    expect(rows.map((row) => row.replaceAll(/,0\.\d+/g, ',#'))).toEqual([
      expect.stringMatching(/^x,[01],#,#,(0|1|0\|1)?,#,0,rna\+clinical,modalities$/),
      expect.stringMatching(/^y,[01],#,#,(0|1|0\|1)?,#,0,rna,modalities$/),
      expect.stringMatching(/^z,[01],#,#,(0|1|0\|1)?,#,0,clinical,modalities$/),
    ]);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('-o writes CSV, JSON or Parquet of the same figures', async () => {
    const folder = prepared();
    const { stdout: csv } = await consilience(['predict', 'ill.model', 'new', '--explain'], { cwd: folder });
    for (const ending of ['csv', 'json', 'parquet']) {
      const ended = await consilience(['predict', 'ill.model', 'new', '--explain', '-o', `out/p.${ending}`], {
        cwd: folder,
      });
      expect(ended).toEqual({
        code: 0,
        stderr: noted,
        stdout: `Written: ${join('out', `p.${ending}`)}, 3 subjects\nlate:mean for ill, from rna (2), clinical (2)\nResearch use, not a medical device.\n`,
      });
    }
    const file = (ending: string) => readFileSync(join(folder, 'out', `p.${ending}`));
    expect(file('csv').toString()).toBe(csv);
    const [names, ...rows] = csv
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    expect(names.join()).toBe(`${header},contribution:rna,contribution:clinical`);
    const value = (cell: string) => (cell === '' || Number.isNaN(Number(cell)) ? cell : Number(cell));
    const texts = new Set(['predicted', 'set']);
    const written = JSON.parse(file('json').toString());
    expect(written).toMatchObject({
      kind: 'predictions',
      version: 1,
      model: { study: 'study', strategy: 'late:mean' },
      target: { kind: 'classes', name: 'ill', classes: ['0', '1'] },
      warnings: [{ code: 'unused-column' }],
    });
    expect(
      written.predictions.map((row: Record<string, unknown>) => ({ ...row, predicted: String(row.predicted) })),
    ).toEqual(
      rows.map((row) => Object.fromEntries(names.map((name, j) => [name, texts.has(name) ? row[j] : value(row[j])]))),
    );
    const parquet = await readParquet(file('parquet'), { name: 'p' });
    expect(parquet.ids).toEqual(['x', 'y', 'z']);
    const column = parquet.columns.find(({ name }) => name === 'p:1');
    expect(column?.kind === 'number' && Array.from(column.values, (p) => Number(p.toPrecision(7)))).toEqual(
      rows.map((row) => Number(row[3])),
    );
  });

  it('--json prints what the .json file holds', async () => {
    const folder = prepared();
    const { stdout } = await consilience(['predict', 'ill.model', 'new', '--json', '-o', 'p.json'], { cwd: folder });
    expect(stdout).toBe(readFileSync(join(folder, 'p.json'), 'utf8'));
  });

  it('takes modality=file', async () => {
    const folder = prepared();
    const named = await consilience(
      ['predict', 'ill.model', `rna=${join('new', 'rna.csv')}`, `clinical=${join('new', 'clinical.csv')}`],
      { cwd: folder },
    );
    expect(named).toEqual(await consilience(['predict', 'ill.model', 'new'], { cwd: folder }));
  });

  it.each([
    [
      'new/rna.csv',
      'id,g1,g2\nx,1,2\n',
      'rna.csv: 1 of the 3 columns of rna is missing, expected g3, got 2 columns, such as g1, g2',
    ],
    [
      'new/rna.csv',
      'id,g1,g2,g3\nx,1,2,high\n',
      'rna.csv: line 2, column "g3": text in a numeric column, expected a number (interval), got "high"',
    ],
  ])('exits 2 where %s holds %j, with one line on stderr', async (name, content, message) => {
    const folder = prepared({ [name]: content });
    const ended = await consilience(['predict', 'ill.model', 'new', '-o', 'p.csv'], { cwd: folder });
    expect(ended).toEqual({ code: 2, stdout: '', stderr: `error: ${message}\n` });
    expect(readdirSync(folder)).not.toContain('p.csv');
  });

  it('exits 2 where the model is damaged, is none, or the format does not show', async () => {
    const folder = prepared();
    const damaged = model.slice();
    damaged[damaged.length >> 1] ^= 1;
    writeFileSync(join(folder, 'damaged.model'), damaged);
    const run = (...args: string[]) => consilience(['predict', ...args], { cwd: folder });
    const ended = await run('damaged.model', 'new');
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(
      /^error: damaged\.model: damaged model, expected the bytes that were written, got .*\n$/,
    );
    expect((await run(join('new', 'rna.csv'), 'new')).stderr).toMatch(/^error: rna\.csv: not a model, or damaged, /);
    expect(await run('ill.model', 'new', '-o', 'p.xlsx')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: --out p.xlsx: which format does not show, expected a name that ends in .csv, .json, .parquet\n',
    });
    expect((await run('none.model', 'new')).stderr).toMatch(
      /^error: model: no such file, expected a file that is there/,
    );
  });

  it('-o writes over no file that it reads: the model, a file given, a table of the model in a folder, a link to one', async () => {
    const folder = prepared();
    symlinkSync(join(folder, 'new', 'rna.csv'), join(folder, 'link.csv'));
    writeFileSync(join(folder, 'ill.csv'), model);
    const cases: [string, string, string[]][] = [
      ['ill.csv', 'ill.csv', ['ill.csv', 'new']],
      [join('new', 'rna.csv'), 'rna.csv', ['ill.model', 'new']],
      [join('new', 'clinical.csv'), 'clinical.csv', ['ill.model', `clinical=${join('new', 'clinical.csv')}`]],
      ['link.csv', 'rna.csv', ['ill.model', join('new', 'rna.csv')]],
    ];
    for (const [out, input, args] of cases) {
      for (const force of [[], ['--force']]) {
        expect(await consilience(['predict', ...args, '-o', out, ...force], { cwd: folder })).toEqual({
          code: 2,
          stdout: '',
          stderr: `error: ${out}: would write over ${input}, which is read, expected another name\n`,
        });
      }
    }
    expect(readFileSync(join(folder, 'new', 'rna.csv'), 'utf8')).toBe(tables['new/rna.csv']);
    expect(new Uint8Array(readFileSync(join(folder, 'ill.csv')))).toEqual(model);
  });

  it('-o replaces predictions, and another file only with --force', async () => {
    const other = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'subject', data: ['a', 'b'] }] }));
    const foreign = { 'p.csv': 'subject,age\na,50\n', 'p.json': '{"kind":"comparison"}', 'p.parquet': other };
    const folder = prepared(foreign);
    for (const [out, content] of Object.entries(foreign)) {
      const into = (...more: string[]) =>
        consilience(['predict', 'ill.model', 'new', '-o', out, ...more], { cwd: folder });
      expect(await into()).toEqual({
        code: 2,
        stdout: '',
        stderr: `error: ${out}: is there and holds no predictions of ours, expected --force to replace it\n`,
      });
      expect(readFileSync(join(folder, out))).toEqual(Buffer.from(content));
      expect((await into('--force', '--explain')).code).toBe(0);
      expect((await into()).code).toBe(0);
    }
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
