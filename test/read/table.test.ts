import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { type Column, readTable, type TableOptions } from '../../src/read/table/table.ts';

/** What each file beside expected.json must come out as; a column is its cells, `null` where missing. */
interface Expected {
  readonly says: string;
  readonly options?: Omit<TableOptions, 'name'>;
  readonly table?: {
    readonly key: string;
    readonly ids: readonly string[];
    readonly columns: Readonly<Record<string, readonly (number | string | null)[]>>;
    readonly warnings: readonly { readonly code: string; readonly message: string }[];
  };
  readonly error?: string;
}

const folder = new URL('fixtures/', import.meta.url);
const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Record<string, Expected[]>;

function cells(column: Column): (number | string | null)[] {
  return Array.from(column.observed, (observed, row) => {
    const masked = column.kind === 'number' ? column.values[row] : column.codes[row];
    if (!observed) {
      expect(masked).toBe(0);
      return null;
    }
    return column.kind === 'number' ? masked : column.levels[masked];
  });
}

async function failure(bytes: Uint8Array, options: TableOptions): Promise<unknown> {
  return readTable(bytes, options).then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('every file of the folder has an expected result', () => {
  const files = readdirSync(folder).filter((file) => !['expected.json', '.gitattributes'].includes(file));
  expect(files.sort()).toEqual(Object.keys(expected).sort());
});

describe('readTable', () => {
  const cases = Object.entries(expected).flatMap(([file, results]) => results.map((result) => ({ file, ...result })));
  test.each(cases)('$says ($file)', async ({ file, options, table, error }) => {
    const bytes = new Uint8Array(readFileSync(new URL(file, folder)));
    if (error !== undefined) {
      const failed = await failure(bytes, { ...options, name: file });
      expect(failed).toBeInstanceOf(InputError);
      expect((failed as InputError).message).toBe(error);
      return;
    }
    const read = await readTable(bytes, { ...options, name: file });
    expect(read.name).toBe(file);
    expect({ ...read, columns: read.columns.map(({ name }) => name) }).toMatchObject({
      key: table?.key,
      ids: table?.ids,
      warnings: table?.warnings,
      columns: Object.keys(table?.columns ?? {}),
    });
    for (const column of read.columns) {
      const wanted = table?.columns[column.name] ?? [];
      expect(column.kind).toBe(wanted.some((cell) => typeof cell === 'string') ? 'text' : 'number');
      expect(cells(column)).toEqual(wanted);
    }
  });
});

describe('a column', () => {
  const read = async (text: string, options: Omit<TableOptions, 'name'> = {}) => {
    const { columns } = await readTable(new TextEncoder().encode(text), { name: 't.csv', ...options });
    return columns;
  };

  test('of numbers knows its range and whether all are whole', async () => {
    const columns = await read('id,a,b,c\n1,3,.5,NA\n2,-4,2,\n3,NA,1,\n');
    expect(columns).toMatchObject([
      { kind: 'number', name: 'a', whole: true, min: -4, max: 3 },
      { kind: 'number', name: 'b', whole: false, min: 0.5, max: 2 },
      { kind: 'number', name: 'c', whole: true, min: 0, max: 0 },
    ]);
  });

  test('of text counts its numbers and shows its first three texts with their lines', async () => {
    const [column] = await read('id,dose\n1,5\n2,low\n3,NA\n4,"x\ny"\n5,high\n6,7\n7,none\n');
    const firstText = [
      { line: 3, cell: 'low' },
      { line: 5, cell: 'x\ny' },
      { line: 7, cell: 'high' },
    ];
    expect(column).toMatchObject({ kind: 'text', numeric: 2, firstText });
  });

  test('of text has its levels in the order of code points, not of appearance or locale', async () => {
    const [column] = await read('id,level\n1,ö\n2,z\n3,Z\n4,\u{1f600}\n5,\uff5a\n6,z1\n7,10\n8,9\n');
    expect(column).toMatchObject({ levels: ['10', '9', 'Z', 'z', 'z1', 'ö', '\uff5a', '\u{1f600}'] });
  });

  test('keeps nothing of the file but its own cells', async () => {
    const columns = await read('id,a,b\n1,2,x\n2,3,y\n');
    for (const column of columns) {
      const data = column.kind === 'number' ? column.values : column.codes;
      expect(data.buffer.byteLength).toBe(data.byteLength);
      expect(column.observed.buffer.byteLength).toBe(2);
    }
  });
});

test('what is read does not depend on options that say what is so anyway', async () => {
  const bytes = new Uint8Array(readFileSync(new URL('comma.csv', folder)));
  const plain = await readTable(bytes, { name: 'comma.csv' });
  const said = { key: 'patient', separator: ',', encoding: 'utf-8', orientation: 'subjects-by-features' } as const;
  expect(await readTable(bytes, { name: 'comma.csv', ...said })).toEqual(plain);
});

test('a missing key among many columns is answered with the ten nearest names', async () => {
  const names = Array.from({ length: 30 }, (_, i) => `gene${i}`);
  const bytes = new TextEncoder().encode(`${names.join(',')},patientID\n`);
  const failed = await failure(bytes, { name: 'rna.csv', key: 'patient_id' });
  expect((failed as InputError).message).toMatch(
    /^rna\.csv: no key column "patient_id", expected one of "patientID", ("gene\d+", ){9}\.\.\. \(31 columns\)$/,
  );
});
