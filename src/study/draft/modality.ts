/** A table as a modality of the draft: its scales and units, what is left out and why, what was seen. */
import { type DescribedTable, describeTable } from '../../describe/describe-table.ts';
import type { Feature } from '../../describe/modality.ts';
import { InputError } from '../../errors.ts';
import type { Column } from '../../read/table/table.ts';
import type { Path, Remark } from './commented.ts';
import { givenAway, type NamedIds, origins, suspicion, type Told } from './suspects.ts';
import { type DraftTable, fileNames } from './table.ts';
import { unitIn } from './unit.ts';

export interface DraftModality {
  readonly table: DraftTable;
  /** The entry of the study file. */
  readonly entry: Record<string, unknown>;
  readonly remarks: readonly Remark[];
  /** What was seen, in a line. */
  readonly seen: string;
  readonly leftOut: readonly string[];
  readonly undecided: readonly string[];
}

const narrow = 40;

/**
 * @param isRecord a clinical record or the like, in which suspects are left out; of an assay only sites are, others are told
 * @param endPoints columns of times and states of the table, of whatever end point
 * @returns undefined where nothing is left to measure
 */
export function draftModality(
  table: DraftTable,
  told: Told,
  isTargetFile: boolean,
  isRecord: boolean,
  assays: readonly NamedIds[],
  endPoints: ReadonlySet<string>,
): DraftModality | undefined {
  const at: Path = ['modalities', table.name];
  const left = isRecord ? suspects(table, told, assays, endPoints) : origins(table.table);
  const own = isTargetFile ? told.columns : []; // a study never measures its target
  for (const column of own) left.delete(column);
  const undecided = isRecord ? [] : strangelyGood(table, told);
  const entry: Record<string, unknown> = {
    file: table.files,
    ...(table.key !== undefined && { key: table.key }),
    ...(table.turned && { orientation: 'features-by-subjects' }),
  };
  const others = table.table.columns.length - left.size - own.length;
  if (others <= 0) return undefined;
  const remarks: Remark[] = [...left.values()].map((reason, i) => ({ path: [...at, 'exclude', i], beside: reason }));
  if (left.size > 0) entry.exclude = [...left.keys()];
  const described = describe(table, [...left.keys()], own);
  if (typeof described === 'string') {
    undecided.push(described);
    remarks.push({ path: at, above: `To be mended before use: ${described}` });
    return { table, entry, remarks, seen: 'cannot be read as it is', leftOut: [...left.keys()], undecided };
  }
  remarks.push(...describeColumns(described, table, entry, at));
  const seen = seenIn(described);
  const onOneLine = left.size === 0 && entry.columns === undefined;
  remarks.push({ path: [...at, 'file'], flow: true }, { path: at, above: seen, ...(onOneLine && { flow: true }) });
  return { table, entry, remarks, seen, leftOut: [...left.keys()], undecided };
}

function suspects(
  { table }: DraftTable,
  told: Told,
  assays: readonly NamedIds[],
  endPoints: ReadonlySet<string>,
): Map<string, string> {
  const out = new Map<string, string>();
  for (const column of table.columns) {
    const reason = suspicion(column, table, told, assays, endPoints);
    if (reason) out.set(column.name, reason);
  }
  return out;
}

/** Measurements that alone tell the target are named, not left out: a strong marker looks the same as a leak. */
function strangelyGood({ table, files }: DraftTable, told: Told): string[] {
  const names = table.columns.filter((column) => givenAway(column, table, told)).map(({ name }) => name);
  if (names.length === 0) return [];
  const shown = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
  const tells = names.length > 1 ? 'each tell' : 'alone tells';
  return [`${fileNames(files)}: ${shown} ${tells} the target almost perfectly: measured, or the outcome in disguise?`];
}

function describe(
  table: DraftTable,
  exclude: readonly string[],
  excludeIfThere: readonly string[],
): DescribedTable | string {
  try {
    return describeTable(table.name, table.table, { exclude, excludeIfThere });
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

/** States scales and units: once where all columns share them, else by column where those are few. */
function describeColumns(
  { modality }: DescribedTable,
  { table }: DraftTable,
  entry: Record<string, unknown>,
  at: Path,
): Remark[] {
  const { features } = modality;
  const units = new Map(features.map(({ name, scale }) => [name, scale === 'nominal' ? undefined : unitIn(name)]));
  const wide = features.length > narrow;
  const scales = new Set(features.map(({ scale }) => scale));
  const ordered = features.some(({ scale, levels }) => scale === 'ordinal' && levels);
  if (scales.size === 1 && !ordered && (wide || [...units.values()].every((unit) => unit === undefined))) {
    [entry.scale] = scales;
    return [];
  }
  if (wide) return [];
  const columns: Record<string, object> = {};
  for (const { name, scale, levels } of features) {
    const unit = units.get(name);
    columns[name] = {
      scale,
      ...(unit !== undefined && { unit }),
      ...(scale === 'ordinal' && levels && { order: levels }),
    };
  }
  entry.columns = columns;
  const known = new Map(table.columns.map((column) => [column.name, column]));
  return features.map((feature) => ({
    path: [...at, 'columns', feature.name],
    flow: true,
    beside: rangeOf(feature, known.get(feature.name) as Column),
  }));
}

function rangeOf({ levels, scale }: Feature, column: Column): string {
  const empty = column.observed.reduce((sum, there) => sum - there, column.observed.length);
  const missing = empty > 0 ? `, ${percent(empty / column.observed.length)} missing` : '';
  if (column.kind === 'number' && !levels) return `${short(column.min)} to ${short(column.max)}${missing}`;
  const all = levels ?? [];
  const shown = scale === 'ordinal' ? `${all.length} levels` : all.slice(0, 5).join(' | ');
  return `${shown}${all.length > 5 && scale !== 'ordinal' ? ` and ${all.length - 5} more` : ''}${missing}`;
}

/** "79 subjects x 198 columns, 0 to 355326, nothing missing". */
function seenIn({ modality, columns }: DescribedTable): string {
  const rows = columns[0].observed.length;
  const has = new Uint8Array(rows); // [rows], 1 where the subject has any value
  let measured = 0;
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { values, observed, feature } of columns) {
    for (let row = 0; row < rows; row++) {
      if (observed[row] === 0) continue;
      has[row] = 1;
      measured++;
      if (feature.levels) continue;
      if (values[row] < min) min = values[row];
      if (values[row] > max) max = values[row];
    }
  }
  const subjects = has.reduce((sum, there) => sum + there, 0);
  const missing = 1 - measured / (subjects * columns.length);
  const counts = new Map<string, number>();
  for (const { scale } of modality.features) counts.set(scale, (counts.get(scale) ?? 0) + 1);
  const scales = counts.size > 1 ? [...counts].map(([scale, n]) => `${n} ${scale}`).join(', ') : [...counts.keys()][0];
  const range = min <= max ? `, ${short(min)} to ${short(max)}` : '';
  const many = columns.length === 1 ? 'column' : 'columns';
  return `${subjects} subjects x ${columns.length} ${many} (${scales})${range}, ${missing > 0 ? `${percent(missing)} missing` : 'nothing missing'}`;
}

function percent(share: number): string {
  return share < 0.01 ? '<1 %' : `${Math.round(100 * share)} %`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
