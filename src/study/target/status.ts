/** Which values of a status column mean that the event was seen. */
import { textOf } from '../../describe/describe-table.ts';
import { InputError } from '../../errors.ts';
import type { Column, Table } from '../../read/table/table.ts';

export type StatusEvent = string | number | readonly (string | number)[];

const eventWords = new Set([
  ...['1', 'true', 'yes', 'y', 'event', 'dead', 'deceased', 'died', 'death', 'relapsed', 'recurred', 'progressed'],
  ...['progression', 'recurred/progressed', 'dead with tumor'],
]);
const censoredWords = new Set([
  ...['0', 'false', 'no', 'n', 'censored', 'alive', 'living', 'none', 'lost to follow-up', 'diseasefree'],
  ...['alive or dead tumor free'],
]);

/** A column named for censoring says the opposite of one named for an event. */
export const namedForCensoring = (name: string): boolean => /censor/i.test(name);

/** What a status says by its words; cBioPortal writes `1:DECEASED` and `0:LIVING`. undefined: neither. */
export function usualMeaning(said: string): 'event' | 'censored' | undefined {
  const words = said.toLowerCase().replace(/^[01]:\s*/, '');
  return eventWords.has(words) ? 'event' : censoredWords.has(words) ? 'censored' : undefined;
}

/** The different values of a column, sorted. */
export function statusesIn(column: Column, table: Table): string[] {
  return [...new Set(table.ids.flatMap((_, row) => textOf(column, row) ?? []))].sort();
}

/**
 * Tells the event from the rest: by the values stated, of which every other is censored; else by usual words, of which
 * each must be one.
 *
 * @throws InputError where a stated value is nobody's, a word is not known, what `1` means is open since the column is named
 *   for censoring, or a status is not a number
 */
export function eventTest(column: Column, table: Table, event: StatusEvent | undefined): (said: string) => boolean {
  const where = `${table.name}: column "${column.name}"`;
  const met = statusesIn(column, table);
  const wrong = met.find((said) => /^[+-]?(nan|inf(inity)?)$/i.test(said));
  if (wrong !== undefined) {
    const row = table.ids.findIndex((_, at) => textOf(column, at) === wrong);
    throw new InputError({
      where: `${where}: subject ${JSON.stringify(table.ids[row])}`,
      what: 'not a status',
      expected: 'a status, or an empty cell to leave the subject out',
      got: JSON.stringify(wrong),
    });
  }
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
  const stray = met.find((said) => usualMeaning(said) === undefined);
  if (stray !== undefined) {
    throw new InputError({
      where,
      what: 'which status means the event is not said',
      expected: 'target.event, or 1 and 0, dead and alive, event and censored',
      got: JSON.stringify(stray),
    });
  }
  const bare = met.find((said) => /^([01]|true|false|yes|no|y|n)$/i.test(said));
  if (bare !== undefined && namedForCensoring(column.name)) {
    throw new InputError({
      where,
      what: 'whether its 1 means censored or the event is not said',
      expected: 'target.event, the status of those who had it (0 where 1 means censored)',
      got: met.join(', '),
    });
  }
  return (said) => usualMeaning(said) === 'event';
}
