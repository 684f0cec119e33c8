import { describe, expect, it } from 'vitest';
import { type Declared, describeTable, known, matchesAny, textOf } from '../../src/describe/describe-table.ts';
import { tableWith } from './table-of.ts';

const record = () =>
  tableWith({
    age: [61, 43, '', 57],
    sex: ['female', 'male', 'male', ''],
    stage: ['stage iii', 'stage i', 'stage ii', 'stage i'],
    mutated: [0, 1, 1, 0],
  });

const described = async (declared: Declared = {}) => describeTable('clinical', await record(), declared);
const features = async (declared?: Declared) => (await described(declared)).modality.features;

describe('a described table', () => {
  it('has a feature for each column, its scale inferred', async () => {
    expect(await features()).toEqual([
      { name: 'age', scale: 'ratio' },
      { name: 'sex', scale: 'nominal', levels: ['female', 'male'] },
      { name: 'stage', scale: 'ordinal', levels: ['stage i', 'stage ii', 'stage iii'] },
      { name: 'mutated', scale: 'nominal', levels: ['0', '1'] },
    ]);
  });

  it('says no more of the modality than is known', async () => {
    const { modality, warnings } = await described();
    const { features: _, ...rest } = modality;
    expect(rest).toEqual({
      name: 'clinical',
      noise: 'unknown',
      constraint: 'none',
      sampling: { kind: 'once' },
      missingness: 'unknown',
    });
    expect(warnings).toEqual([]);
  });

  it('says what was declared', async () => {
    const { modality } = await described({
      noise: 'poisson',
      constraint: 'compositional',
      missingness: 'at-random',
      sampling: { kind: 'regular', intervalSeconds: 300 },
    });
    expect(modality).toMatchObject({
      noise: 'poisson',
      constraint: 'compositional',
      missingness: 'at-random',
      sampling: { kind: 'regular', intervalSeconds: 300 },
    });
  });

  it('holds levels as indices, and 0 under the mask where missing', async () => {
    const [age, sex, stage] = (await described()).columns;
    expect([...age.values]).toEqual([61, 43, 0, 57]);
    expect([...age.observed]).toEqual([1, 1, 0, 1]);
    expect([...sex.values]).toEqual([0, 1, 1, 0]);
    expect([...sex.observed]).toEqual([1, 1, 1, 0]);
    expect([...stage.values]).toEqual([2, 0, 1, 0]);
  });

  it('takes scale and unit of the modality, and those of a column before them', async () => {
    const declared: Declared = { scale: 'interval', unit: 'years', include: ['age', 'mutated'] };
    expect(await features({ ...declared, columns: { mutated: { scale: 'nominal', unit: 'allele' } } })).toEqual([
      { name: 'age', scale: 'interval', unit: 'years' },
      { name: 'mutated', scale: 'nominal', unit: 'allele', levels: ['0', '1'] },
    ]);
  });

  it('ranks levels as declared, numbers too', async () => {
    const columns = { stage: { order: ['stage iii', 'stage ii', 'stage i'] }, mutated: { order: [1, 0] } };
    const { columns: found } = await described({ include: ['stage', 'mutated'], columns });
    expect(found.map(({ feature }) => feature.scale)).toEqual(['ordinal', 'ordinal']);
    expect([...found[0].values]).toEqual([0, 2, 1, 2]);
    expect([...found[1].values]).toEqual([1, 0, 0, 1]);
  });

  it('keeps an order that shows out of a column that is declared nominal', async () => {
    const [stage] = await features({ include: ['stage'], columns: { stage: { scale: 'nominal' } } });
    expect(stage).toEqual({ name: 'stage', scale: 'nominal', levels: ['stage i', 'stage ii', 'stage iii'] });
  });

  it('orders the levels of a nominal number column by number', async () => {
    const table = await tableWith({ x: [10, 9, 100, 9] });
    const [feature] = describeTable('m', table, { scale: 'nominal' }).modality.features;
    expect(feature.levels).toEqual(['9', '10', '100']);
  });
});

describe('columns', () => {
  const names = async (declared: Declared) => (await features(declared)).map(({ name }) => name);

  it('are those to include, without those to exclude; a trailing * stands for any ending', async () => {
    expect(await names({ include: ['sex', 'age'] })).toEqual(['age', 'sex']);
    expect(await names({ include: ['s*'] })).toEqual(['sex', 'stage']);
    expect(await names({ exclude: ['s*', 'age'] })).toEqual(['mutated']);
    expect(await names({ include: ['s*'], exclude: ['stage'] })).toEqual(['sex']);
  });

  it('that are left out where they occur need not occur', async () => {
    expect(await names({ excludeIfThere: ['age', 'weight', 'height*'] })).toEqual(['sex', 'stage', 'mutated']);
  });

  it('of free text are left out with a warning', async () => {
    const notes = Array.from({ length: 30 }, (_, i) => `note ${String.fromCharCode(97 + (i % 26))}${i}`);
    const table = await tableWith({ note: notes, age: notes.map((_, i) => 40.5 + i) });
    const { modality, warnings } = describeTable('clinical', table);
    expect(modality.features.map(({ name }) => name)).toEqual(['age']);
    expect(warnings).toEqual([
      {
        code: 'free-text',
        message: 'table.csv: column "note" has 30 different texts; left out as free text (declare its scale to use it)',
      },
    ]);
    expect(
      describeTable('clinical', table, { columns: { note: { scale: 'nominal' } } }).modality.features,
    ).toHaveLength(2);
  });

  it('without any value are left out with a warning', async () => {
    const table = await tableWith({ a: ['', ''], b: [1.5, 2], c: ['NA', ''] });
    const { modality, columns, warnings } = describeTable('m', table);
    expect(modality.features.map(({ name }) => name)).toEqual(['b']);
    expect(columns).toHaveLength(1);
    expect(warnings.map(({ message }) => message)).toEqual(['table.csv: 2 columns without any value left out (a, c)']);
  });

  it('may be none too many', async () => {
    const table = await tableWith({ a: [1, 2] });
    expect(() => describeTable('m', table, { exclude: ['a'] })).toThrow(
      'table.csv: modality m has no usable column, got 1 in the table',
    );
  });
});

describe('names', () => {
  it('match a pattern by their beginning, or as they are', () => {
    expect(matchesAny('days_to_death', ['days_*'])).toBe(true);
    expect(matchesAny('HLA*', ['HLA*'])).toBe(true);
    expect(matchesAny('days', ['days_*', 'day'])).toBe(false);
  });

  it('are known with their column, or refused', async () => {
    const table = await record();
    expect(known('sex', table, 'here').kind).toBe('text');
    expect(() => known('sx', table, 'here')).toThrow(
      'here: unknown column "sx", expected one of age, sex, stage, mutated',
    );
  });

  it('texts of cells are those of the file, numbers as JavaScript writes them', async () => {
    const { columns } = await record();
    expect([0, 1, 2].map((row) => textOf(columns[0], row))).toEqual(['61', '43', undefined]);
    expect([0, 3].map((row) => textOf(columns[1], row))).toEqual(['female', undefined]);
  });
});
