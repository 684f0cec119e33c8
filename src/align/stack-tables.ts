import { InputError } from '../errors.ts';
import type { Column, NumberColumn, Table, TextColumn } from '../read/table/table.ts';

/**
 * Puts the subjects of a second table under those of a first (training under test files of one modality). A column that one
 * of them lacks is missing there, and said so.
 *
 * @throws InputError where a subject stands in both.
 */
export function stackTables(first: Table, second: Table): Table {
  const known = new Set(first.ids);
  const twice = second.ids.filter((id) => known.has(id));
  if (twice.length > 0) {
    throw new InputError({
      where: `${first.name} and ${second.name}`,
      what: `${twice.length} subject${twice.length > 1 ? 's' : ''} in both parts`,
      expected: 'every subject in one',
      got: twice
        .slice(0, 3)
        .map((id) => JSON.stringify(id))
        .join(', '),
    });
  }
  const lower = new Map(second.columns.map((column) => [column.name, column]));
  const upper = new Set(first.columns.map(({ name }) => name));
  const columns = first.columns.map((column) =>
    stackColumns(column, lower.get(column.name), first.ids.length, second.ids.length),
  );
  for (const column of second.columns) {
    if (!upper.has(column.name)) columns.push(stackColumns(undefined, column, first.ids.length, second.ids.length));
  }
  const onlyFirst = first.columns.filter(({ name }) => !lower.has(name)).map(({ name }) => name);
  const onlySecond = second.columns.filter(({ name }) => !upper.has(name)).map(({ name }) => name);
  const warnings = [...first.warnings, ...second.warnings];
  for (const [names, there, lacking] of [
    [onlyFirst, first, second],
    [onlySecond, second, first],
  ] as const) {
    if (names.length === 0) continue;
    const shown = `${names.slice(0, 5).join(', ')}${names.length > 5 ? ', ...' : ''}`;
    warnings.push({
      code: 'column-in-one-part',
      message: `${names.length} ${names.length > 1 ? 'columns' : 'column'} of ${there.name} not in ${lacking.name}, missing there: ${shown}`,
    });
  }
  return {
    name: `${first.name} and ${second.name}`,
    key: first.key,
    ids: [...first.ids, ...second.ids],
    columns,
    warnings,
  };
}

function stackColumns(above: Column | undefined, below: Column | undefined, n: number, m: number): Column {
  const name = (above ?? below)?.name as string;
  const observed = new Uint8Array(n + m);
  if (above) observed.set(above.observed);
  if (below) observed.set(below.observed, n);
  if (above?.kind !== 'text' && below?.kind !== 'text') {
    const values = new Float64Array(n + m);
    if (above) values.set(above.values);
    if (below) values.set(below.values, n);
    const parts = [above, below].filter((part): part is NumberColumn => part?.observed.includes(1) ?? false);
    return {
      kind: 'number',
      name,
      values,
      observed,
      whole: parts.every(({ whole }) => whole),
      min: parts.length ? Math.min(...parts.map(({ min }) => min)) : 0,
      max: parts.length ? Math.max(...parts.map(({ max }) => max)) : 0,
    };
  }
  const texts = [...textsOf(above, n), ...textsOf(below, m)];
  const levels = [...new Set(texts.filter((_, i) => observed[i]))].sort();
  const index = new Map(levels.map((level, i) => [level, i]));
  const parts = [above, below];
  return {
    kind: 'text',
    name,
    observed,
    levels,
    codes: Int32Array.from(texts, (text, i) => (observed[i] ? (index.get(text) as number) : 0)),
    firstText: parts.flatMap((part) => (part?.kind === 'text' ? part.firstText : [])).slice(0, 3),
    numeric: parts.reduce((sum, part) => sum + numericCells(part), 0),
  };
}

function textsOf(column: Column | undefined, rows: number): string[] {
  if (!column) return new Array<string>(rows).fill('');
  if (column.kind === 'number') return Array.from(column.values, String);
  return Array.from((column as TextColumn).codes, (code) => column.levels[code] ?? '');
}

function numericCells(column: Column | undefined): number {
  if (!column) return 0;
  return column.kind === 'text' ? column.numeric : column.observed.reduce((sum, there) => sum + there, 0);
}
