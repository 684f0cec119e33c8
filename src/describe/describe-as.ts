/** A table of new subjects read as a modality that is already defined, such as that of a fitted model. */
import { InputError } from '../errors.ts';
import { nearestNames } from '../read/table/nearest.ts';
import type { Column, NumberColumn, Table, TextColumn } from '../read/table/table.ts';
import { type DescribedColumn, type DescribedTable, textOf } from './describe-table.ts';
import { refuseTooLarge } from './largest.ts';
import type { Feature, Modality, Scale } from './modality.ts';

/** What the new table says of itself, where it does; a contradiction is refused. */
export interface Stated {
  readonly scale?: Scale;
  readonly unit?: string;
  readonly columns?: { readonly [name: string]: { readonly scale?: Scale; readonly unit?: string } };
}

/**
 * Columns are found by name; their order does not matter, and others are left out with a note. A level of a nominal column
 * that the modality does not know becomes a further level, with a warning: encoders give it no feature of its own.
 *
 * @throws InputError where a column is missing, holds what its scale does not allow (text, fractions of a count, values
 * below 0, a value beyond what can be held, an unknown level of an ordinal column), or states another unit or scale
 */
export function describeAs(modality: Modality, table: Table, stated: Stated = {}): DescribedTable {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  refuseMissing(modality, table, byName);
  const warnings: { code: string; message: string }[] = [];
  const columns = modality.features.map((feature) => {
    refuseConflict(feature, stated, `${table.name}: column "${feature.name}"`);
    return readAs(feature, byName.get(feature.name) as Column, table, warnings);
  });
  const used = new Set(modality.features.map(({ name }) => name));
  const extra = table.columns.filter(({ name }) => !used.has(name));
  if (extra.length > 0) {
    const shown = extra.slice(0, 5).map(({ name }) => name);
    const message = `${table.name}: ${extra.length} ${extra.length > 1 ? 'columns' : 'column'} that ${modality.name} does not use: ${shown.join(', ')}${extra.length > 5 ? ', ...' : ''}`;
    warnings.push({ code: 'unused-column', message });
  }
  return { modality: { ...modality, features: columns.map(({ feature }) => feature) }, columns, warnings };
}

/** Of the columns that are there, those that the modality does not know are told: one may be the missing one, renamed. */
function refuseMissing({ name, features }: Modality, table: Table, there: ReadonlyMap<string, Column>): void {
  const missing = features.filter((feature) => !there.has(feature.name)).map((feature) => feature.name);
  if (missing.length === 0) return;
  const shown = `${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ', ...' : ''}`;
  const needed = new Set(features.map((feature) => feature.name));
  const unknown = [...there.keys()].filter((column) => !needed.has(column));
  const near = nearestNames(missing[0], unknown.length > 0 ? unknown : [...there.keys()], 3);
  const inCase = near[0]?.toLowerCase() === missing[0].toLowerCase();
  throw new InputError({
    where: table.name,
    what: `${missing.length} of the ${features.length} columns of ${name} ${missing.length > 1 ? 'are' : 'is'} missing`,
    expected: shown,
    got: `${there.size} columns, such as ${inCase ? `${near[0]} (which differs in case only)` : near.join(', ')}`,
  });
}

function refuseConflict({ name, scale, unit }: Feature, stated: Stated, where: string): void {
  const own = stated.columns?.[name];
  const saidScale = own?.scale ?? stated.scale;
  const saidUnit = own?.unit ?? stated.unit;
  if (saidScale !== undefined && saidScale !== scale) {
    throw new InputError({
      where,
      what: 'on another scale than the model was fitted to',
      expected: scale,
      got: saidScale,
    });
  }
  if (saidUnit !== undefined && unit !== undefined && saidUnit !== unit) {
    throw new InputError({
      where,
      what: 'in another unit than the model was fitted to',
      expected: unit,
      got: saidUnit,
    });
  }
}

type Warnings = { code: string; message: string }[];

function readAs(feature: Feature, column: Column, table: Table, warnings: Warnings): DescribedColumn {
  if (feature.levels) return readLevels(feature, feature.levels, column, table, warnings);
  if (column.kind === 'text') throw textInNumbers(feature, column, table);
  refuseTooLarge(column, table);
  checkNumbers(feature, column, table);
  return { feature, values: column.values, observed: column.observed };
}

function textInNumbers({ name, scale }: Feature, { firstText, levels }: TextColumn, { name: file }: Table): InputError {
  const [first] = firstText;
  return new InputError({
    where: `${file}: ${first ? `line ${first.line}, ` : ''}column "${name}"`,
    what: `text in a ${scale === 'count' ? 'count' : 'numeric'} column`,
    expected: `a number (${scale})`,
    got: JSON.stringify(first?.cell ?? levels[0]),
  });
}

function checkNumbers({ name, scale }: Feature, { values, observed }: NumberColumn, { name: file, ids }: Table): void {
  const refuse = (row: number, what: string, expected: string) => {
    const where = `${file}: subject ${JSON.stringify(ids[row])}, column "${name}"`;
    throw new InputError({ where, what, expected, got: String(values[row]) });
  };
  if (scale !== 'count' && scale !== 'ratio') return;
  for (let row = 0; row < values.length; row++) {
    if (!observed[row]) continue;
    if (values[row] < 0) refuse(row, `below 0 in a column on the ${scale} scale`, 'no value below 0');
    if (scale === 'count' && !Number.isInteger(values[row]))
      refuse(row, 'a fraction in a count column', 'a whole number');
  }
}

function readLevels(
  feature: Feature,
  levels: readonly string[],
  column: Column,
  table: Table,
  warnings: Warnings,
): DescribedColumn {
  const code = new Map(levels.map((level, k) => [level, k]));
  const strange = new Map<string, number>(); // level -> subjects
  const values = new Float64Array(table.ids.length); // [rows]
  for (let row = 0; row < values.length; row++) {
    const text = textOf(column, row);
    if (text === undefined) continue;
    let known = code.get(text) ?? code.get(String(Number(text))); // "1.0" beside text is still 1
    if (known === undefined && feature.scale === 'ordinal') throw unknownLevel(feature, levels, text, table, row);
    if (known === undefined || strange.has(text)) strange.set(text, (strange.get(text) ?? 0) + 1);
    if (known === undefined) code.set(text, (known = code.size));
    values[row] = known;
  }
  if (strange.size === 0) return { feature, values, observed: column.observed };
  const subjects = [...strange.values()].reduce((a, b) => a + b, 0);
  const shown = [...strange.keys()].slice(0, 3).map((level) => JSON.stringify(level));
  const message = `${table.name}: column "${feature.name}": ${subjects} ${subjects > 1 ? 'subjects have' : 'subject has'} a level that the model never met (${shown.join(', ')}${strange.size > 3 ? ', ...' : ''}); it is coded 0 for each of them`;
  warnings.push({ code: 'unknown-level', message });
  return { feature: { ...feature, levels: [...code.keys()] }, values, observed: column.observed };
}

function unknownLevel(
  feature: Feature,
  levels: readonly string[],
  text: string,
  table: Table,
  row: number,
): InputError {
  return new InputError({
    where: `${table.name}: subject ${JSON.stringify(table.ids[row])}, column "${feature.name}"`,
    what: 'a level that the model never met, in an ordinal column',
    expected: `one of ${levels.join(', ')}`,
    got: JSON.stringify(text),
  });
}
