/** A table of plain values becomes a modality: scales are stated by the study, or inferred and shown. */
import { InputError } from '../errors.ts';
import { nearestNames } from '../read/table/nearest.ts';
import type { Column, NumberColumn, Table, TextColumn } from '../read/table/table.ts';
import { inferScales, ordinalOrder } from './infer.ts';
import { refuseTooLarge } from './largest.ts';
import type { Constraint, Feature, Missingness, Modality, NoiseModel, Sampling, Scale } from './modality.ts';

export interface Declared {
  readonly scale?: Scale | undefined;
  readonly unit?: string | undefined;
  readonly noise?: NoiseModel | undefined;
  readonly constraint?: Constraint | undefined;
  readonly missingness?: Missingness | undefined;
  readonly sampling?: Sampling | undefined;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** Left out where they occur; unlike `exclude`, a name that the table lacks is no mistake. */
  readonly excludeIfThere?: readonly string[] | undefined;
  readonly columns?:
    | {
        readonly [name: string]: {
          readonly scale?: Scale | undefined;
          readonly unit?: string | undefined;
          readonly order?: readonly (string | number)[] | undefined;
        };
      }
    | undefined;
}

/** One feature of a described table: its meaning and its values by table row. */
export interface DescribedColumn {
  readonly feature: Feature;
  readonly values: Float64Array; // [rows]
  readonly observed: Uint8Array; // [rows]
}

export interface DescribedTable {
  readonly modality: Modality;
  readonly columns: readonly DescribedColumn[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

export function describeTable(name: string, table: Table, declared: Declared = {}): DescribedTable {
  const warnings: { code: string; message: string }[] = [];
  const where = `${table.name}`;
  for (const column of Object.keys(declared.columns ?? {})) known(column, table, where);
  const chosen = choose(table, declared, where);
  const inferred = inferScales(chosen.filter((column) => column.kind === 'number'));
  const columns: DescribedColumn[] = [];
  for (const column of chosen) {
    const own = declared.columns?.[column.name];
    const scale = own?.scale ?? (own?.order ? 'ordinal' : declared.scale);
    const unit = own?.unit ?? declared.unit;
    if (column.kind === 'number') {
      refuseTooLarge(column, table);
      columns.push(numberFeature(column, scale ?? (inferred.get(column.name) as Scale), unit, own?.order, where));
      continue;
    }
    const described = textFeature(column, scale, unit, own?.order, where);
    if (described) columns.push(described);
    else {
      warnings.push({
        code: 'free-text',
        message: `${where}: column "${column.name}" has ${column.levels.length} different texts; left out as free text (declare its scale to use it)`,
      });
    }
  }
  const missing = columns.filter(({ observed }) => !observed.includes(1)).map(({ feature }) => feature.name);
  if (columns.length > 0 && missing.length === columns.length) {
    throw new InputError({
      where,
      what: `every column of modality ${name} is empty`,
      expected: 'at least one measured value',
    });
  }
  if (columns.length === 0)
    throw new InputError({
      where,
      what: `modality ${name} has no usable column`,
      got: `${table.columns.length} in the table`,
    });
  if (missing.length) {
    const shown = missing.slice(0, 5).join(', ');
    warnings.push({
      code: 'empty-column',
      message: `${where}: ${missing.length} column${missing.length > 1 ? 's' : ''} without any value left out (${shown}${missing.length > 5 ? ', ...' : ''})`,
    });
  }
  const kept = columns.filter(({ observed }) => observed.includes(1));
  const modality: Modality = {
    name,
    features: kept.map(({ feature }) => feature),
    noise: declared.noise ?? 'unknown',
    constraint: declared.constraint ?? 'none',
    sampling: declared.sampling ?? { kind: 'once' },
    missingness: declared.missingness ?? 'unknown',
  };
  return { modality, columns: kept, warnings };
}

function choose(table: Table, { include, exclude = [], excludeIfThere = [] }: Declared, where: string): Column[] {
  for (const pattern of [...(include ?? []), ...exclude]) {
    if (!pattern.endsWith('*')) known(pattern, table, where);
    else if (!table.columns.some(({ name }) => matchesAny(name, [pattern]))) {
      const expected = `a pattern that fits one of its ${table.columns.length} columns`;
      throw new InputError({ where, what: `no column fits "${pattern}"`, expected });
    }
  }
  const out = [...exclude, ...excludeIfThere];
  return table.columns.filter(({ name }) => (!include || matchesAny(name, include)) && !matchesAny(name, out));
}

/** Whether a name is one of the patterns, whose trailing `*` stands for any ending; a name may itself end in `*`. */
export function matchesAny(name: string, patterns: readonly string[]): boolean {
  return patterns.some(
    (pattern) => name === pattern || (pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1))),
  );
}

/** @throws InputError where the table has no column of that name, with those that look like it. */
export function known(name: string, table: Table, where: string): Column {
  const found = table.columns.find((column) => column.name === name);
  if (found) return found;
  const names = table.columns.map((column) => column.name);
  const few = names.length <= 6;
  throw new InputError({
    where,
    what: `unknown column "${name}"${name === table.key ? ' (it is the key)' : ''}`,
    expected: few
      ? `one of ${names.join(', ')}`
      : `one of its ${names.length} columns, such as ${nearestNames(name, names, 3).join(', ')}`,
  });
}

/** The value of a row as text; undefined where it is missing. */
export function textOf(column: Column, row: number): string | undefined {
  if (!column.observed[row]) return undefined;
  return column.kind === 'text' ? column.levels[column.codes[row]] : String(column.values[row]);
}

function numberFeature(
  column: NumberColumn,
  scale: Scale,
  unit: string | undefined,
  order: readonly (string | number)[] | undefined,
  where: string,
): DescribedColumn {
  const { name, values, observed } = column;
  if (scale === 'count' && !column.whole) {
    throw new InputError({
      where: `${where}: column "${name}"`,
      what: 'declared a count',
      expected: 'whole numbers',
      got: 'fractions',
    });
  }
  if ((scale === 'count' || scale === 'ratio') && column.min < 0) {
    throw new InputError({
      where: `${where}: column "${name}"`,
      what: `declared on the ${scale} scale`,
      expected: 'no value below 0',
      got: String(column.min),
    });
  }
  const units = unit === undefined ? {} : { unit };
  if (scale === 'nominal' || order) {
    const texts = Array.from(values, String);
    const met = [...new Set(texts.filter((_, i) => observed[i]))].sort((a, b) => Number(a) - Number(b));
    const levels = order ? order.map(String) : met;
    return {
      feature: { name, scale, ...units, levels },
      values: coded(texts, observed, levels, `${where}: column "${name}"`),
      observed,
    };
  }
  return { feature: { name, scale, ...units }, values, observed };
}

function textFeature(
  column: TextColumn,
  scale: Scale | undefined,
  unit: string | undefined,
  order: readonly (string | number)[] | undefined,
  where: string,
): DescribedColumn | undefined {
  const { name, levels, observed, codes, firstText, numeric } = column;
  const measured = observed.reduce((sum, there) => sum + there, 0);
  const isNumber = scale === 'interval' || scale === 'ratio' || scale === 'count';
  if (isNumber || (scale === undefined && numeric > measured / 2)) {
    const { line, cell } = firstText[0];
    throw new InputError({
      where: `${where}: line ${line}, column "${name}"`,
      what: 'text in a numeric column',
      expected: 'a number (or, if it stands for a missing value, its spelling under "missing"; or "scale: nominal")',
      got: JSON.stringify(cell),
    });
  }
  if (scale === undefined && levels.length > Math.max(20, measured / 2)) return undefined;
  const texts = Array.from(codes, (code, i) => (observed[i] ? levels[code] : ''));
  const inOrder = order?.map(String) ?? (scale === 'nominal' ? undefined : ordinalOrder(name, levels));
  if (scale === 'ordinal' && !inOrder) {
    throw new InputError({
      where: `${where}: column "${name}"`,
      what: 'declared ordinal, but which level is lower does not show',
      expected: `columns.${name}.order with ${levels.slice(0, 6).join(', ')}`,
    });
  }
  const units = unit === undefined ? {} : { unit };
  const final = inOrder ?? levels;
  const feature: Feature = { name, scale: inOrder ? 'ordinal' : 'nominal', ...units, levels: final };
  return { feature, values: coded(texts, observed, final, `${where}: column "${name}"`), observed };
}

function coded(texts: readonly string[], observed: Uint8Array, levels: readonly string[], where: string): Float64Array {
  const index = new Map(levels.map((level, i) => [level, i]));
  return Float64Array.from(texts, (text, i) => {
    if (!observed[i]) return 0;
    const code = index.get(text);
    if (code === undefined) {
      throw new InputError({
        where,
        what: `value ${JSON.stringify(text)} is not among the declared levels`,
        expected: `one of ${levels.join(', ')}`,
      });
    }
    return code;
  });
}
