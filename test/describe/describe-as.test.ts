import { describe, expect, it } from 'vitest';
import { describeAs, type Stated } from '../../src/describe/describe-as.ts';
import { describeTable } from '../../src/describe/describe-table.ts';
import type { Modality } from '../../src/describe/modality.ts';
import { InputError } from '../../src/errors.ts';
import { readTable } from '../../src/read/table/table.ts';

const read = (csv: string) => readTable(new TextEncoder().encode(csv), { name: 'new.csv' });
const known = await read('id,age,stage,sex,reads,site\na,50,i,f,10,1\nb,61,ii,m,0,2\nc,40,iii,f,3,1\nd,72,i,m,7,2\n');
const { modality, columns } = describeTable('clinic', known, {
  columns: {
    age: { scale: 'ratio', unit: 'years' },
    stage: { order: ['i', 'ii', 'iii'] },
    reads: { scale: 'count' },
    site: { scale: 'nominal' },
  },
});

async function refusal(csv: string, stated: Stated = {}, as: Modality = modality): Promise<string> {
  try {
    describeAs(as, await read(csv), stated);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  throw new Error('not refused');
}

describe('describeAs', () => {
  it('reads the table that the modality came from as it was read', () => {
    const again = describeAs(modality, known);
    expect(again).toEqual({ modality, columns, warnings: [] });
  });

  it('finds columns by name and leaves out the others with a note', async () => {
    const turned = await read('id,note,site,reads,sex,stage,age,more\na,x,1,10,f,i,50,1\n');
    const again = describeAs(modality, turned);
    expect(again.columns.map(({ feature, values }) => [feature.name, values[0]])).toEqual([
      ['age', 50],
      ['stage', 0],
      ['sex', 0],
      ['reads', 10],
      ['site', 0],
    ]);
    expect(again.warnings).toEqual([
      { code: 'unused-column', message: 'new.csv: 2 columns that clinic does not use: note, more' },
    ]);
  });

  it('takes a level never met in a nominal column as a further one, with a warning', async () => {
    const again = describeAs(modality, await read('id,age,stage,sex,reads,site\nx,50,i,other,1,3\ny,50,i,other,1,1\n'));
    const [, , sex, , site] = again.columns;
    expect(sex).toMatchObject({ feature: { levels: ['f', 'm', 'other'] }, values: Float64Array.of(2, 2) });
    expect(site).toMatchObject({ feature: { levels: ['1', '2', '3'] }, values: Float64Array.of(2, 0) });
    expect(again.warnings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'unknown-level: new.csv: column "sex": 2 subjects have a level that the model never met ("other"); it is coded 0 for each of them',
      'unknown-level: new.csv: column "site": 1 subject has a level that the model never met ("3"); it is coded 0 for each of them',
    ]);
  });

  it('knows a level that is a number also beside text', async () => {
    const again = describeAs(modality, await read('id,age,stage,sex,reads,site\nx,50,i,f,1,1.0\ny,50,i,f,1,none\n'));
    expect(again.columns[4].values).toEqual(Float64Array.of(0, 2));
  });

  it.each([
    [
      'id,age,stage,sex,site\na,50,i,f,1\n',
      'new.csv: 1 of the 5 columns of clinic is missing, expected reads, got 4 columns, such as age, stage, sex',
    ],
    [
      'id,age,stage,sex,x,reads_new,site\na,50,i,f,1,1,1\n',
      'new.csv: 1 of the 5 columns of clinic is missing, expected reads, got 6 columns, such as reads_new, x',
    ],
    [
      'id,age,stage,sex,read,Reads,site\na,50,i,f,1,1,1\n',
      'new.csv: 1 of the 5 columns of clinic is missing, expected reads, got 6 columns, such as Reads (which differs in case only)',
    ],
    [
      'id,age,stage,sex,reads,site\na,50,i,f,1,1\nb,1e308,i,f,1,1\n',
      'new.csv: subject "b", column "age": beyond what can be held, expected a number between -3.4e+38 and 3.4e+38 (or, if it stands for a missing value, its spelling under "missing"), got 1e+308',
    ],
    [
      'id,age,stage,sex,reads,site\na,old,i,f,1,1\n',
      'new.csv: line 2, column "age": text in a numeric column, expected a number (ratio), got "old"',
    ],
    [
      'id,age,stage,sex,reads,site\na,5,i,f,1,1\nb,5,i,f,many,1\n',
      'new.csv: line 3, column "reads": text in a count column, expected a number (count), got "many"',
    ],
    [
      'id,age,stage,sex,reads,site\na,5,i,f,1.5,1\n',
      'new.csv: subject "a", column "reads": a fraction in a count column, expected a whole number, got 1.5',
    ],
    [
      'id,age,stage,sex,reads,site\na,5,i,f,-1,1\n',
      'new.csv: subject "a", column "reads": below 0 in a column on the count scale, expected no value below 0, got -1',
    ],
    [
      'id,age,stage,sex,reads,site\na,-5,i,f,1,1\n',
      'new.csv: subject "a", column "age": below 0 in a column on the ratio scale, expected no value below 0, got -5',
    ],
    [
      'id,age,stage,sex,reads,site\na,5,iv,f,1,1\n',
      'new.csv: subject "a", column "stage": a level that the model never met, in an ordinal column, expected one of i, ii, iii, got "iv"',
    ],
  ])('refuses %j', async (csv, message) => {
    expect(await refusal(csv)).toBe(message);
  });

  it('refuses another unit or scale', async () => {
    const csv = 'id,age,stage,sex,reads,site\na,5,i,f,1,1\n';
    expect(await refusal(csv, { columns: { age: { unit: 'months' } } })).toBe(
      'new.csv: column "age": in another unit than the model was fitted to, expected years, got months',
    );
    expect(await refusal(csv, { scale: 'count' })).toBe(
      'new.csv: column "age": on another scale than the model was fitted to, expected ratio, got count',
    );
  });
});
