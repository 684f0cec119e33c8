/** Columns of time and status become right-censored survival. */
import { known, textOf } from '../../describe/describe-table.ts';
import { InputError } from '../../errors.ts';
import type { Warning } from '../../evaluate/comparison.ts';
import type { Column, Table } from '../../read/table.ts';
import { leftOut, numbersIn } from './column.ts';

/** Days in a unit of time; months and years are those of the Julian year. */
export const daysIn = { days: 1, weeks: 7, months: 365.25 / 12, years: 365.25 } as const;
export const timeUnits = Object.keys(daysIn) as [keyof typeof daysIn, ...(keyof typeof daysIn)[]];

export interface SurvivalEntry {
  /** Column of the time; of several, the first that has a value (days to death, or to the last visit). */
  readonly time: string | readonly string[];
  readonly timeUnit?: keyof typeof daysIn | undefined;
  readonly status: string;
  /** Values of the status that mean the event; all others mean censored. */
  readonly event?: string | number | readonly (string | number)[] | undefined;
}

export interface TargetTimes {
  readonly name: string;
  /** All columns that tell the outcome. */
  readonly columns: readonly string[];
  readonly ids: readonly string[]; // subjects with time and status
  readonly timeDays: Float64Array; // of `ids`
  readonly event: Uint8Array; // of `ids`
  readonly warnings: readonly Warning[];
}

/** Usual words of a status column. */
const eventWords = new Set([
  '1',
  'true',
  'yes',
  'y',
  'event',
  'dead',
  'deceased',
  'died',
  'death',
  'relapsed',
  'progressed',
]);
const censoredWords = new Set(['0', 'false', 'no', 'n', 'censored', 'alive', 'living', 'none', 'lost to follow-up']);

/**
 * @throws InputError where a column is not known, a time is not a positive number, a status says neither event nor
 * censored, or nobody had the event
 */
export function survivalOf(table: Table, { time, timeUnit = 'days', status, event }: SurvivalEntry): TargetTimes {
  const names = typeof time === 'string' ? [time] : time;
  const columns = names.map((name) => known(name, table, `${table.name}: target.time`));
  const statusColumn = known(status, table, `${table.name}: target.status`);
  const numbers = columns.map((column) => numbersIn(column, table, `a time in ${timeUnit}`));
  const isEvent = eventTest(statusColumn, table, event);
  const ids: string[] = [];
  const timeDays: number[] = [];
  const events: number[] = [];
  table.ids.forEach((id, row) => {
    const at = columns.findIndex((column) => column.observed[row]);
    const said = textOf(statusColumn, row);
    if (at < 0 || said === undefined) return;
    const value = numbers[at][row];
    if (!(value > 0 && Number.isFinite(value))) {
      throw new InputError({
        where: `${table.name}: column "${columns[at].name}": subject ${JSON.stringify(id)}`,
        what: 'not a survival time',
        expected: `a number of ${timeUnit} above 0 (leave the cell empty to leave the subject out)`,
        got: String(value),
      });
    }
    ids.push(id);
    timeDays.push(value * daysIn[timeUnit]);
    events.push(isEvent(said) ? 1 : 0);
  });
  const where = `${table.name}: ${[...names, status].map((name) => `"${name}"`).join(', ')}`;
  if (ids.length === 0) {
    throw new InputError({ where, what: 'no subject has a time and a status', expected: 'both for each subject' });
  }
  return {
    name: statusColumn.name,
    columns: [...columns.map(({ name }) => name), statusColumn.name],
    ids,
    timeDays: Float64Array.from(timeDays),
    event: Uint8Array.from(events),
    warnings: leftOut(where, table.ids.length - ids.length, table),
  };
}

/** Which values of the status mean the event: those stated, or by their words. */
function eventTest(column: Column, table: Table, event: SurvivalEntry['event']): (said: string) => boolean {
  const where = `${table.name}: column "${column.name}"`;
  const met = [...new Set(table.ids.flatMap((_, row) => textOf(column, row) ?? []))].sort();
  if (event !== undefined) {
    const wanted = (Array.isArray(event) ? event : [event]).map(String);
    const idle = wanted.find((value) => !met.includes(value));
    if (idle === undefined) return (said) => wanted.includes(said);
    throw new InputError({
      where: `${where}: target.event`,
      what: 'no subject has this status',
      expected: `one of ${met.slice(0, 8).join(', ')}`,
      got: JSON.stringify(idle),
    });
  }
  const stray = met.find((said) => !eventWords.has(said.toLowerCase()) && !censoredWords.has(said.toLowerCase()));
  if (stray === undefined) return (said) => eventWords.has(said.toLowerCase());
  throw new InputError({
    where,
    what: 'which status means the event is not said',
    expected: 'target.event, or 1 and 0, dead and alive, event and censored',
    got: JSON.stringify(stray),
  });
}
