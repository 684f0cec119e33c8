/** Columns of time and status become right-censored survival. */
import { known, textOf } from '../../describe/describe-table.ts';
import { InputError } from '../../errors.ts';
import type { Warning } from '../../evaluate/comparison.ts';
import type { Column, Table } from '../../read/table/table.ts';
import { leftOut, numbersIn } from './column.ts';
import { eventTest, type StatusEvent } from './status.ts';
import { daysIn, type TimeUnit, timeUnitIn } from './time-unit.ts';

export { daysIn, timeUnits } from './time-unit.ts';

export interface SurvivalEntry {
  /** Column of the time; of several, the first that has a value (days to death, or to the last visit). */
  readonly time: string | readonly string[];
  readonly timeUnit?: TimeUnit | undefined;
  readonly status: string;
  /** Values of the status that mean the event; all others mean censored. */
  readonly event?: StatusEvent | undefined;
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

/** A time of 0 is left out while rare: more of them are times rounded down, and leaving those out would bias. */
const mostAtZero = 0.05; // share of those with time and status

/**
 * Survival in days. Left out with a warning: who lacks time or status, and who has a time of 0 (followed for no time, or
 * dead when first seen: there is nothing to foretell) while these are at most one in twenty.
 *
 * @throws InputError where a column is not known or is both time and status, a time is not a number above 0, or a status says
 * neither event nor censored
 */
export function survivalOf(table: Table, { time, timeUnit = 'days', status, event }: SurvivalEntry): TargetTimes {
  const names = typeof time === 'string' ? [time] : time;
  const columns = names.map((name) => known(name, table, `${table.name}: target.time`));
  const statusColumn = known(status, table, `${table.name}: target.status`);
  if (columns.includes(statusColumn)) {
    const where = `${table.name}: column "${status}"`;
    throw new InputError({ where, what: 'is named as time and as status', expected: 'a column for each' });
  }
  const numbers = columns.map((column) => numbersIn(column, table, `a time in ${timeUnit}`));
  const isEvent = eventTest(statusColumn, table, event);
  const ids: string[] = [];
  const timeDays: number[] = [];
  const events: number[] = [];
  const atZero: string[] = [];
  let contradicted = 0;
  table.ids.forEach((id, row) => {
    const at = columns.findIndex((column) => column.observed[row]);
    const said = textOf(statusColumn, row);
    if (at < 0 || said === undefined) return;
    const value = numbers[at][row];
    if (!(value >= 0 && Number.isFinite(value))) throw notATime(table, columns[at], id, timeUnit, value);
    if (value === 0) {
      atZero.push(id);
      return;
    }
    if (columns.some((column, other) => column.observed[row] && numbers[other][row] > value)) contradicted++;
    ids.push(id);
    timeDays.push(value * daysIn[timeUnit]);
    events.push(isEvent(said) ? 1 : 0);
  });
  const where = `${table.name}: ${[...names, status].map((name) => `"${name}"`).join(', ')}`;
  const both = ids.length + atZero.length;
  if (both === 0) {
    throw new InputError({ where, what: 'no subject has a time and a status', expected: 'both for each subject' });
  }
  if (atZero.length > mostAtZero * both) {
    throw new InputError({
      where,
      what: `${atZero.length} of ${both} times are 0`,
      expected: `times above 0: not rounded down to whole ${timeUnit}, and empty cells for who was not followed`,
      got: `0 for ${JSON.stringify(atZero[0])}`,
    });
  }
  return {
    name: statusColumn.name,
    columns: [...columns.map(({ name }) => name), statusColumn.name],
    ids,
    timeDays: Float64Array.from(timeDays),
    event: Uint8Array.from(events),
    warnings: [
      ...leftOut(where, table.ids.length - both, table),
      ...notFollowed(where, atZero, both),
      ...laterElsewhere(where, contradicted),
      ...otherUnit(table, names, timeUnit),
    ],
  };
}

function notATime(table: Table, { name }: Column, id: string, timeUnit: TimeUnit, value: number): InputError {
  return new InputError({
    where: `${table.name}: column "${name}": subject ${JSON.stringify(id)}`,
    what: 'not a survival time',
    expected: `a number of ${timeUnit} above 0 (leave the cell empty to leave the subject out)`,
    got: String(value),
  });
}

function notFollowed(where: string, atZero: readonly string[], of: number): Warning[] {
  if (atZero.length === 0) return [];
  const has = atZero.length > 1 ? 'have' : 'has';
  const message = `${where}: ${atZero.length} of ${of} subjects ${has} a time of 0, with nothing to foretell, and ${atZero.length > 1 ? 'are' : 'is'} left out`;
  return [{ code: 'time-zero', message }];
}

/** The last visit after the death: one of the columns is wrong, or the first is not the one that was meant. */
function laterElsewhere(where: string, many: number): Warning[] {
  const message = `${where}: of several times the first counts, yet ${many} ${many > 1 ? 'subjects have' : 'subject has'} a later one in another column`;
  return many ? [{ code: 'later-time', message }] : [];
}

/** Ranks do not care, but horizons, calibration and every axis would be off by the factor. */
function otherUnit(table: Table, names: readonly string[], timeUnit: TimeUnit): Warning[] {
  const other = names.find((name) => (timeUnitIn(name) ?? timeUnit) !== timeUnit);
  if (other === undefined) return [];
  const message = `${table.name}: column "${other}" is read in ${timeUnit}, although its name says ${timeUnitIn(other)}; if it does mean them, set target.timeUnit`;
  return [{ code: 'time-unit', message }];
}
