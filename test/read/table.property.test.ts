import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { type Column, readTable, type Table } from '../../src/read/table/table.ts';
import type { Encoding } from '../../src/read/table/text.ts';

type Cell = number | string | null;
interface Written {
  readonly ids: readonly string[];
  readonly names: readonly string[];
  readonly columns: readonly (readonly Cell[])[]; // [columns][rows]
}

const separator = fc.constantFrom(',' as const, '\t' as const, ';' as const);
const piece = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 4 }),
  fc.constantFrom('"', ',', ';', '\t', '\n', 'é', ' ', "'", 'x'.repeat(20)),
);
const name = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => `n${pieces.join('')}.`);
const number = fc
  .oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .filter((x) => !Number.isInteger(x) || Number.isSafeInteger(x))
  .map((x) => x + 0);

function written(rows: number, columns: number): fc.Arbitrary<Written> {
  const numbers = fc.array(fc.option(number, { freq: 4 }), { minLength: rows, maxLength: rows });
  const texts = fc.array(fc.option(name, { freq: 4 }), { minLength: rows, maxLength: rows });
  return fc.record({
    ids: fc.uniqueArray(name, { minLength: rows, maxLength: rows }),
    names: fc.uniqueArray(name, { minLength: columns, maxLength: columns }),
    columns: fc.array(fc.oneof(numbers, texts), { minLength: columns, maxLength: columns }),
  });
}
const table = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5 })).chain(([r, c]) => written(r, c));

/** As other programs write it: quoted where needed, or everywhere. */
function delimited({ ids, names, columns }: Written, by: string, quoteAll: boolean, newline: string): string {
  const cell = (value: Cell) => {
    const plain = value === null ? '' : `${value}`;
    return quoteAll || /["\n\r,;\t]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  };
  const lines = [['key', ...names], ...ids.map((id, row) => [id, ...columns.map((column) => column[row])])];
  return lines.map((line) => line.map(cell).join(by)).join(newline);
}

function transposed({ ids, names, columns }: Written): Written {
  return { ids: names, names: ids, columns: ids.map((_, row) => columns.map((column) => column[row])) };
}

function encoded(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'utf-8') return new TextEncoder().encode(text);
  const bytes = new Uint8Array(2 + 2 * text.length);
  const view = new DataView(bytes.buffer);
  const units = `\ufeff${text}`;
  for (let i = 0; i < units.length; i++) view.setUint16(2 * i, units.charCodeAt(i), encoding === 'utf-16le');
  return bytes;
}

function cells(column: Column): Cell[] {
  return Array.from(column.observed, (observed, row) => {
    if (!observed) return null;
    return column.kind === 'number' ? column.values[row] : column.levels[column.codes[row]];
  });
}

function same(read: Table, wrote: Written): void {
  expect(read.ids).toEqual(wrote.ids);
  expect(read.columns.map((column) => column.name)).toEqual(wrote.names);
  expect(read.columns.map(cells)).toEqual(wrote.columns);
}

describe('readTable', () => {
  const encoding = fc.constantFrom('utf-8' as const, 'utf-16le' as const, 'utf-16be' as const);

  test('reads back what was written, whatever the separator, quoting, line ends, encoding and packing', async () => {
    const newline = fc.constantFrom('\n', '\r\n');
    await fc.assert(
      fc.asyncProperty(table, separator, fc.boolean(), newline, encoding, fc.boolean(), async (wrote, by, ...how) => {
        const [quoteAll, lineEnd, code, zip] = how;
        const bytes = encoded(delimited(wrote, by, quoteAll, lineEnd), code);
        const file = zip ? new Uint8Array(gzipSync(bytes)) : bytes;
        same(await readTable(file, { name: 't', separator: by }), wrote);
      }),
      { numRuns: 300 },
    );
  });

  test('reads a turned table as the same table', async () => {
    await fc.assert(
      fc.asyncProperty(table, separator, async (wrote, by) => {
        const bytes = encoded(delimited(transposed(wrote), by, false, '\n'), 'utf-8');
        same(await readTable(bytes, { name: 't', separator: by, orientation: 'features-by-subjects' }), wrote);
      }),
      { numRuns: 200 },
    );
  });

  test('finds the separator where cells are quoted', async () => {
    await fc.assert(
      fc.asyncProperty(table, separator, async (wrote, by) => {
        same(await readTable(encoded(delimited(wrote, by, true, '\n'), 'utf-8'), { name: 't' }), wrote);
      }),
      { numRuns: 200 },
    );
  });

  test('makes of any bytes a table or an InputError that names the file', async () => {
    const odd = fc.constantFrom(
      ...[',', ';', '\t', '"', '\n', '\r', ' ', '-', 'Inf', '\0', '\ufeff', '0x', '1,5', '\u00e9'],
    );
    const usual = fc.constantFrom('1', '-2.5', 'x', 'NA', '"q,"', '');
    const cell = fc.oneof({ weight: 20, arbitrary: usual }, { weight: 1, arbitrary: odd });
    const end = fc.oneof({ weight: 20, arbitrary: fc.constantFrom('\n', '\r\n') }, { weight: 1, arbitrary: odd });
    const rows = fc.array(fc.tuple(cell, cell, end), { maxLength: 8 });
    const tableLike = rows.map((lines) => {
      return new TextEncoder().encode(`k,v,w\n${lines.map(([v, w, end], at) => `${at},${v},${w}${end}`).join('')}`);
    });
    const prefixed = fc
      .tuple(fc.constantFrom([0xff, 0xfe], [0xfe, 0xff], [0xef, 0xbb, 0xbf], [0x1f, 0x8b, 8, 0]), fc.uint8Array())
      .map(([prefix, rest]) => new Uint8Array([...prefix, ...rest]));
    const packed = tableLike.map((bytes) => new Uint8Array(gzipSync(bytes)));
    const options = fc.record(
      {
        separator,
        encoding: fc.constantFrom('utf-8', 'utf-16le', 'utf-16be', 'windows-1252'),
        orientation: fc.constantFrom('subjects-by-features', 'features-by-subjects'),
        repeatedIds: fc.constantFrom('refuse', 'allow'),
      },
      { requiredKeys: [] },
    );
    let tables = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(tableLike, tableLike, fc.uint8Array(), prefixed, packed),
        fc.oneof(fc.constant({}), options),
        async (bytes, how) => {
          const out = await readTable(bytes, { name: 'any.csv', ...how } as never).catch((error: unknown) => error);
          if (out instanceof Error) {
            expect(out).toBeInstanceOf(InputError);
            expect(out.message).toMatch(/^any\.csv: /);
            return;
          }
          tables++;
          const { ids, columns } = out as Table;
          for (const column of columns) expect(column.observed).toHaveLength(ids.length);
        },
      ),
      { numRuns: 3000 },
    );
    expect(tables).toBeGreaterThan(300); // else the property says little
  });

  test('a file cut anywhere is a table of fewer rows or is refused, never a column that changed its kind', async () => {
    const bytes = new TextEncoder().encode('id,age,sex\nP1,61.5,f\nP2,47.5,"m"\nP3,50.5,f\n');
    const whole = await readTable(bytes, { name: 'cut.csv' });
    let tables = 0;
    for (let end = 0; end < bytes.length; end++) {
      const out = await readTable(bytes.subarray(0, end), { name: 'cut.csv' }).catch((error: unknown) => error);
      if (out instanceof InputError) continue;
      const read = out as Table;
      tables++;
      expect(whole.ids.slice(0, read.ids.length)).toEqual(read.ids);
      expect(read.columns[0].kind).toBe('number');
    }
    expect(tables).toBeGreaterThan(3);
  });
});
