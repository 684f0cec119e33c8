import { readTable, type Table, type TableOptions } from '../../src/read/table/table.ts';

/** A table from its text. */
export function tableOf(csv: string, options: Partial<TableOptions> = {}): Promise<Table> {
  return readTable(new TextEncoder().encode(csv), { name: 'table.csv', ...options });
}

/** A table of named columns, subjects `s1`, `s2`, ... down. */
export function tableWith(columns: Readonly<Record<string, readonly (string | number)[]>>): Promise<Table> {
  const names = Object.keys(columns);
  const rows = Math.max(...names.map((name) => columns[name].length));
  const lines = Array.from({ length: rows }, (_, i) => [`s${i + 1}`, ...names.map((name) => columns[name][i])].join());
  return tableOf(`${[['id', ...names].join(), ...lines].join('\n')}\n`);
}
