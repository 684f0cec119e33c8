/** The target of a study, of whatever kind, read from its table. */
import type { Target, TargetKind } from '../../describe/target.ts';
import { InputError } from '../../errors.ts';
import type { Warning } from '../../evaluate/comparison.ts';
import type { Table } from '../../read/table/table.ts';
import type { TargetSchema } from '../schema.ts';
import { censoringIgnored } from './censoring-ignored.ts';
import { classesOf } from './classes.ts';
import { survivalOf } from './survival.ts';
import { valuesOf } from './value.ts';

export interface ReadTarget {
  /** Columns that tell the outcome and must not be inputs. */
  readonly columns: readonly string[];
  readonly ids: readonly string[]; // subjects who have it
  /** The target of these subjects, all of them among `ids`. */
  readonly of: (subjects: readonly string[]) => Target;
  readonly warnings: readonly Warning[];
}

/** What each option belongs to. One that would do nothing is refused, since its writer thinks that it does. */
const meaningOf: { readonly [option: string]: readonly TargetKind[] } = {
  column: ['classes', 'value'],
  classes: ['classes'],
  names: ['classes'],
  event: ['classes', 'survival'],
  unit: ['value'],
  time: ['survival'],
  timeUnit: ['survival'],
  status: ['survival'],
};

/** @throws InputError where the options do not fit the kind, or the table does not hold such a target */
export function readTarget(table: Table, entry: TargetSchema): ReadTarget {
  const kind = entry.kind ?? (entry.time !== undefined || entry.status !== undefined ? 'survival' : 'classes');
  for (const [option, kinds] of Object.entries(meaningOf)) {
    if (entry[option as keyof TargetSchema] === undefined || kinds.includes(kind)) continue;
    throw new InputError({
      where: `target.${option}`,
      what: `means nothing to kind "${kind}"`,
      expected: `kind: ${kinds.join(' or ')} with it`,
      got: entry.kind === undefined ? `no kind, which here means "${kind}"` : `kind: ${kind}`,
    });
  }
  if (kind === 'classes') {
    const { event, ...rest } = entry;
    if (Array.isArray(event)) {
      throw new InputError({ where: 'target.event', what: 'several values', expected: 'one class of two' });
    }
    const { column, ids, labels, classes, warnings } = classesOf(table, {
      ...rest,
      ...(event !== undefined && { event }),
    });
    const row = rowOf(ids);
    return {
      columns: [column],
      ids,
      of: (subjects) => ({ kind, name: column, classes, labels: Int32Array.from(subjects, (id) => labels[row(id)]) }),
      warnings: [...warnings, ...censoringIgnored(column, classes, table)],
    };
  }
  if (kind === 'value') {
    const { column, ids, values, warnings } = valuesOf(table, entry.column);
    const row = rowOf(ids);
    const { unit } = entry;
    return {
      columns: [column],
      ids,
      of: (subjects) => ({
        kind,
        name: column,
        ...(unit !== undefined && { unit }),
        values: Float64Array.from(subjects, (id) => values[row(id)]),
      }),
      warnings,
    };
  }
  const { time, status, timeUnit, event } = entry;
  if (time === undefined || status === undefined) {
    const lacking = time === undefined ? 'time' : 'status';
    const expected = 'target.time and target.status, the columns of both';
    throw new InputError({ where: `target.${lacking}`, what: 'survival needs it', expected });
  }
  const {
    name,
    columns,
    ids,
    timeDays,
    event: events,
    warnings,
  } = survivalOf(table, { time, status, timeUnit, event });
  const row = rowOf(ids);
  return {
    columns,
    ids,
    of: (subjects) => ({
      kind,
      name,
      timeDays: Float64Array.from(subjects, (id) => timeDays[row(id)]),
      event: Uint8Array.from(subjects, (id) => events[row(id)]),
    }),
    warnings,
  };
}

function rowOf(ids: readonly string[]): (id: string) => number {
  const rows = new Map(ids.map((id, i) => [id, i]));
  return (id) => rows.get(id) as number;
}
