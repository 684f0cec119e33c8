import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { type ColumnMetaData, type FileMetaData, parquetMetadata } from 'hyparquet';
import { ByteWriter, parquetWriteBuffer } from 'hyparquet-writer';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import { describe, expect, it, test } from 'vitest';
import { InputError } from '../../../src/errors.ts';
import { type ParquetOptions, readParquet } from '../../../src/read/parquet/parquet.ts';
import { type Column, readTable } from '../../../src/read/table/table.ts';

interface Expected {
  readonly ids: readonly string[];
  readonly cells: Readonly<Record<string, readonly (number | string | null)[]>>;
  readonly files: Readonly<Record<string, { key: string; columns: string[]; left: string[] }>>;
}

const folder = new URL('fixtures/', import.meta.url);
const expected: Expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8'));
const bytesOf = (file: string) => new Uint8Array(readFileSync(new URL(file, folder)));

function cells(column: Column): (number | string | null)[] {
  return Array.from(column.observed, (observed, row) => {
    if (!observed) return null;
    return column.kind === 'number' ? column.values[row] : column.levels[column.codes[row]];
  });
}

async function failure(bytes: Uint8Array, options: Partial<ParquetOptions> = {}): Promise<string> {
  const error: unknown = await readParquet(bytes, { name: 't.parquet', ...options }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

type Values = Parameters<typeof parquetWriteBuffer>[0]['columnData'];
const written = (columnData: Values, codec: 'UNCOMPRESSED' | 'SNAPPY' = 'UNCOMPRESSED') =>
  new Uint8Array(parquetWriteBuffer({ columnData, codec }));

describe('readParquet', () => {
  test.each(Object.entries(expected.files))('reads what other programs wrote: %s', async (name, file) => {
    const table = await readParquet(bytesOf(name), { name });
    expect(table).toMatchObject({ name, key: file.key, ids: expected.ids });
    expect(table.columns.map((column) => column.name)).toEqual(file.columns);
    for (const column of table.columns)
      expect([column.name, cells(column)]).toEqual([column.name, expected.cells[column.name]]);
    const codes = table.warnings.map(({ code, message }) => `${code}: ${message}`);
    const left = `unread-column: ${name}: 4 columns left out, neither numbers nor text: list, struct, bytes, clock`;
    expect(codes).toEqual(file.left.length > 0 ? [left] : []);
  });

  it('has a case for every file of its folder', () => {
    const refused = ['brotli', 'shared-prefixes', 'too-large', 'infinite', 'whole-number-ids'].map(
      (name) => `${name}.parquet`,
    );
    const files = readdirSync(folder).filter((file) => file !== 'expected.json');
    expect(files.sort()).toEqual([...Object.keys(expected.files), ...refused].sort());
  });

  it('gives the table that a CSV file of the same values gives', async () => {
    const csv = 'id,x,n,word\na,1.5,3,up\nb,,-2,NA\nc,0.25,,null\n';
    const parquet = written([
      { name: 'id', data: ['a', 'b', 'c'], type: 'STRING' },
      { name: 'x', data: [1.5, null, 0.25], type: 'DOUBLE' },
      { name: 'n', data: [3, -2, null], type: 'INT32' },
      { name: 'word', data: ['up', 'NA', 'null'], type: 'STRING' },
    ]);
    const read = await readParquet(parquet, { name: 't' });
    const other = await readTable(new TextEncoder().encode(csv), { name: 't' });
    const { columns, ...rest } = other;
    expect(read).toMatchObject(rest);
    expect(read.columns.map(({ name, kind }) => [name, kind])).toEqual(columns.map(({ name, kind }) => [name, kind]));
    read.columns.forEach((column, j) => {
      const { firstText: _, ...here } = column.kind === 'text' ? column : { ...column, firstText: [] };
      const { firstText: __, ...there } = columns[j].kind === 'text' ? columns[j] : { ...columns[j], firstText: [] };
      expect(here).toEqual(there);
    });
  });

  it('keeps text that looks like numbers as text', async () => {
    const { columns } = await readParquet(
      written([
        { name: 'id', data: ['a', 'b'] },
        { name: 'ward', data: ['01', '2'] },
      ]),
      { name: 't' },
    );
    expect(columns[0]).toMatchObject({ kind: 'text', levels: ['01', '2'], numeric: 0 });
  });

  it('takes whole numbers as ids, and a key that is named', async () => {
    const table = await readParquet(bytesOf('whole-number-ids.parquet'), { name: 't' });
    expect(table.ids.slice(0, 3)).toEqual(['0', '1', '2']);
    const named = await readParquet(bytesOf('snappy.parquet'), { name: 't', key: 'unsigned' });
    expect(named.ids[0]).toBe('4000000000');
    expect(await failure(bytesOf('snappy.parquet'), { key: 'ids' })).toMatch(
      /^t\.parquet: no key column "ids", expected one of "id"/,
    );
  });

  it('turns features by subjects', async () => {
    const table = await readParquet(
      written([
        { name: 'gene', data: ['TP53', 'EGFR'] },
        { name: 's1', data: [1, 2] },
        { name: 's2', data: [null, 4.5], type: 'DOUBLE' },
      ]),
      { name: 't', orientation: 'features-by-subjects' },
    );
    expect(table).toMatchObject({ key: 'id', ids: ['s1', 's2'] });
    expect(table.columns.map((column) => [column.name, cells(column)])).toEqual([
      ['TP53', [1, null]],
      ['EGFR', [2, 4.5]],
    ]);
  });

  it('reads stated spellings of missing values, also numbers', async () => {
    const columns: Values = [
      { name: 'id', data: ['a', 'b', 'c'] },
      { name: 'x', data: [-9, 1, 2] },
      { name: 'word', data: ['none', '?', 'NA'] },
    ];
    const stated = await readParquet(written(columns), { name: 't', missing: ['-9', 'none'] });
    expect(stated.columns.map(cells)).toEqual([
      [null, 1, 2],
      [null, '?', 'NA'],
    ]);
    const usual = await readParquet(written(columns), { name: 't' });
    expect(usual.columns.map(cells)).toEqual([
      [-9, 1, 2],
      ['none', null, null],
    ]);
    expect(usual.warnings).toEqual([{ code: 'missing-spelling', message: 't: 1 cells "?" read as missing (word)' }]);
  });
});

describe('readParquet refuses', () => {
  const good = bytesOf('snappy.parquet');

  it.each([
    [
      'too-large.parquet',
      't.parquet: row 1, column "x": a whole number that would lose digits (a name? then store it as text), expected at most 2^53 - 1 in size, got 9007199254740992',
    ],
    ['infinite.parquet', 't.parquet: row 1, column "x": an infinite value, expected finite numbers, got Infinity'],
    [
      'brotli.parquet',
      't.parquet: broken Parquet file, expected a whole one, got column "id" with compression BROTLI, which is not read here',
    ],
    [
      'shared-prefixes.parquet',
      't.parquet: broken Parquet file, expected a whole one, got column "id" with encoding 7, which is not read here',
    ],
  ])('%s', async (file, message) => {
    expect(await failure(bytesOf(file))).toBe(message);
  });

  it('other files, and one that ends too early', async () => {
    expect(await failure(new TextEncoder().encode('id,x\na,1\n'))).toBe(
      't.parquet: not a Parquet file, expected PAR1 at both ends, got something else',
    );
    expect(await failure(good.slice(0, 3000))).toBe(
      't.parquet: not a Parquet file, expected PAR1 at both ends, got a file that ends too early, after 3000 bytes',
    );
  });

  it('a footer longer than the file', async () => {
    const bytes = good.slice();
    new DataView(bytes.buffer).setUint32(bytes.length - 8, 2 ** 31, true);
    expect(await failure(bytes)).toBe(
      `t.parquet: broken Parquet file, expected a whole one, got a footer of 2147483648 bytes in a file of ${bytes.length}`,
    );
  });

  it('a subject who stands twice, a row without an id, a single column', async () => {
    const x = { name: 'x', data: [1, 2] };
    expect(await failure(written([{ name: 'id', data: ['a', 'a'] }, x]))).toBe(
      't.parquet: row 2: duplicate id "a", expected each subject once, got it in rows 1 and 2',
    );
    expect(await failure(written([{ name: 'id', data: ['a', null], type: 'STRING' }, x]))).toMatch(
      /^t\.parquet: row 2: a row without an id/,
    );
    expect(await failure(written([x]))).toMatch(/^t\.parquet: fewer than two columns to read/);
  });

  it('a page whose checksum is wrong', async () => {
    const bytes = bytesOf('plain-with-checksums.parquet');
    const at = Buffer.from(bytes).indexOf('s007');
    bytes[at + 3] = '8'.charCodeAt(0);
    expect(await failure(bytes)).toBe(
      't.parquet: broken Parquet file, expected a whole one, got column "id" with a page whose checksum is wrong',
    );
  });
});

/** A footer of its own making, after a few bytes that stand for pages. */
describe('readParquet believes no claim', () => {
  const compact = (write: (writer: ByteWriter) => void): Uint8Array => {
    const writer = new ByteWriter();
    write(writer);
    return writer.getBytes().slice();
  };
  const framed = (footer: Uint8Array): Uint8Array => {
    const bytes = new Uint8Array(4 + footer.length + 8);
    bytes.set([0x50, 0x41, 0x52, 0x31]);
    bytes.set(footer, 4);
    new DataView(bytes.buffer).setUint32(4 + footer.length, footer.length, true);
    bytes.set([0x50, 0x41, 0x52, 0x31], bytes.length - 4);
    return bytes;
  };

  it('of lists longer than the file, also inside each other', async () => {
    const list = compact((w) => {
      w.appendUint8(0x29); // field 2, a list
      w.appendUint8(0xf9); // of lists, the length follows
      w.appendVarInt(2 ** 25);
    });
    expect(await failure(framed(list))).toMatch(/got a list of 33554432 in \d+ bytes$/);
    const nested = new Uint8Array(5000).fill(0x19);
    expect(await failure(framed(nested))).toMatch(/nested too deeply$/);
  });

  const good = written([
    { name: 'id', data: ['a', 'b', 'c', 'd'] },
    { name: 'x', data: [1, 1, null, 1], type: 'INT32' },
  ]);
  /** The good file with its footer rewritten. */
  const claiming = (change: (footer: FileMetaData) => FileMetaData): Uint8Array => {
    const footer = parquetMetadata(good.slice());
    const writer = new ByteWriter();
    writer.appendBytes(good.subarray(0, good.length - 8 - footer.metadata_length));
    writeMetadata(writer, change(footer));
    writer.appendUint32(0x31524150);
    return writer.getBytes().slice();
  };
  const grouped = (footer: FileMetaData, change: Partial<FileMetaData['row_groups'][0]>) => ({
    ...footer,
    row_groups: footer.row_groups.map((group) => ({ ...group, ...change })),
  });
  const chunked = (footer: FileMetaData, change: object) =>
    grouped(footer, {
      columns: footer.row_groups[0].columns.map((column) => ({
        ...column,
        meta_data: { ...column.meta_data, ...change } as ColumnMetaData,
      })),
    });
  const broken = 't.parquet: broken Parquet file, expected a whole one, got ';

  it('of its footer', async () => {
    expect(
      (
        await readParquet(
          claiming((footer) => footer),
          { name: 't' },
        )
      ).ids,
    ).toEqual(['a', 'b', 'c', 'd']);
    const rows = 2n ** 31n;
    const length = (bytes: Uint8Array) => bytes.length;
    const cases: [(footer: FileMetaData) => FileMetaData, (bytes: Uint8Array) => string][] = [
      [(footer) => ({ ...footer, num_rows: rows }), () => '2147483648 rows said, 4 in its parts'],
      [
        (footer) => grouped({ ...footer, num_rows: rows }, { num_rows: rows }),
        (bytes) => `2147483648 rows in ${length(bytes)} bytes`,
      ],
      [
        (footer) => grouped({ ...footer, num_rows: 60_000n }, { num_rows: 60_000n }),
        () => 'column "id" with 4 values in a part of 60000 rows',
      ],
      [(footer) => chunked(footer, { num_values: 5n }), () => 'column "id" with 5 values in a part of 4 rows'],
      [
        (footer) => grouped({ ...chunked(footer, { num_values: 60_000n }), num_rows: 60_000n }, { num_rows: 60_000n }),
        () => 'column "id" with Offset is outside the bounds of the DataView',
      ],
      [
        (footer) => chunked(footer, { total_compressed_size: rows }),
        (bytes) => `column "id" with pages at bytes 4 to 2147483652 of ${length(bytes)}`,
      ],
      [
        (footer) => chunked(footer, { data_page_offset: 2n ** 40n, dictionary_page_offset: undefined }),
        (bytes) => expect.stringMatching(`column "id" with pages at bytes 1099511627776 to \\d+ of ${length(bytes)}`),
      ],
      [(footer) => grouped(footer, { columns: [] }), () => '0 columns in a part, 2 in the schema'],
    ];
    for (const [change, got] of cases) {
      const bytes = claiming(change);
      const told = got(bytes);
      const message = await failure(bytes);
      expect(message.slice(0, broken.length)).toBe(broken);
      expect(message.slice(broken.length)).toEqual(told);
    }
  });

  it('of how often a value repeats', async () => {
    const ids = Array.from({ length: 3000 }, (_, i) => `s${i}`);
    const gaps = ids.map((_, i) => (i % 2 === 0 ? i / 4 : null));
    const bytes = written([
      { name: 'id', data: ids, type: 'STRING', nullable: false },
      { name: 'x', data: gaps, type: 'DOUBLE', encoding: 'PLAIN' },
    ]);
    expect((await readParquet(bytes, { name: 't' })).columns[0].observed.slice(0, 3)).toEqual(Uint8Array.of(1, 0, 1));
    const levels = Buffer.from(bytes).indexOf(Buffer.alloc(64, 0x55)); // 1, 0, 1, 0, ... as bits, after the head of its run
    const endless = [0xfe, 0xff, 0xff, 0xff, 0x07, 0x01]; // 1, over and over
    bytes.set(endless, levels - 2);
    expect(await failure(bytes)).toBe(`${broken}column "x" with a run of 1073741823 values where 1000 are left`);
  });

  it('of its pages: each byte in turn says something else', { timeout: 60_000 }, async () => {
    for (let at = 0; at < good.length; at++) {
      for (const value of [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff]) {
        const bytes = good.slice();
        bytes[at] = value;
        await tableOrRefusal(bytes);
      }
    }
  });
});

async function tableOrRefusal(bytes: Uint8Array): Promise<void> {
  try {
    const { ids, columns } = await readParquet(bytes, { name: 't' });
    for (const { observed } of columns) expect(observed).toHaveLength(ids.length);
    expect(ids.length).toBeLessThanOrEqual(2 ** 16 + 8 * bytes.length);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
  }
}

describe('damaged files', () => {
  const files = Object.keys(expected.files).map((name) => [name, bytesOf(name)] as const);

  it('that end too early are refused', async () => {
    const cut = fc.tuple(fc.constantFrom(...files), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(cut, async ([[, bytes], share]) => {
        await failure(bytes.slice(0, Math.floor(share * bytes.length)));
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it('give a table or an InputError, in little memory', { timeout: 60_000 }, async () => {
    const flips = fc.array(fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(255)), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), flips, async ([, good], changes) => {
        const bytes = good.slice();
        for (const [share, value] of changes) bytes[Math.floor(share * bytes.length)] = value;
        await tableOrRefusal(bytes);
      }),
      { numRuns: 1500, seed: 2 },
    );
    expect(process.memoryUsage().rss).toBeLessThan(2 ** 30);
  });
});
