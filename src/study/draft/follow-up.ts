/** Columns of times and states that belong together: the end points of a follow-up, by their names and values. */
import type { Column, Table } from '../../read/table/table.ts';
import { namedForCensoring, statusesIn, usualMeaning } from '../target/status.ts';
import { type TimeUnit, timeUnitIn } from '../target/time-unit.ts';
import type { Remark } from './commented.ts';

export interface EndPoint {
  readonly time: readonly string[];
  readonly timeUnit: TimeUnit;
  readonly status: string;
  readonly event: string | number;
  /** Why each was taken, at its place in the study file. */
  readonly remarks: readonly Remark[];
}

export interface FollowUp {
  readonly endPoints: readonly EndPoint[];
  /** Every column of a time or a state, of whatever end point. */
  readonly columns: ReadonlySet<string>;
}

/** On names in lower case with `_` between words. */
const timeName =
  /(^|_)(days|weeks|months|years|time)_to_(?!birth|diagnos|collect|consent)|follow_?up|last_contact|(^|_)surv(ival)?(_|$)|(^|_)(os|dss|pfs|pfi|dfi|dfs|rfs|efs|ttp)(_(time|t|days?|weeks?|months?|mos?|years?|yrs?))?$|^(fu_?time|time|t|duration|days|weeks|months|years)$|(event|death|relapse|recurrence|progression|censor\w*)_time$/;
const statusName =
  /vital|censor|(^|_)(event|status|dead|death|died|deceased|alive|relapsed?|recurr\w*|progress\w*)(_|$)|^(os|dss|pfs|pfi|dfi|dfs|rfs|efs|ttp)$|^(fustat|cens|delta|outcome)$/;

/** Words that say that a column is a time or a state, not of which end point; death of any cause goes without saying. */
const unsaid =
  /^(time|t|days?|weeks?|months?|mos?|years?|yrs?|to|of|in|is|at|or|the|free|surv|survival|follow|up|fu|followup|last|contact|known|duration|futime|fustat|status|event|events|indicator|censor\w*|cens|delta|vital|outcome|patient|overall|os|death|dead|died|deceased|alive)$/;
const synonyms: Readonly<Record<string, string>> = {
  relapsed: 'relapse',
  recurrence: 'relapse',
  recurred: 'relapse',
  recurrent: 'relapse',
  progressed: 'progression',
  pfs: 'progression',
};

const fewestTimes = 10; // different values, below which a column is rather a grade or a code
const covered = 0.9; // of those with a status, so that one column of times is enough

export function followUpIn(table: Table): FollowUp {
  const times = table.columns.filter((column) => timeName.test(plain(column.name)) && isTimes(column));
  const states = table.columns.filter((column) => statusName.test(plain(column.name)) && isState(column, table));
  const paired = states.flatMap((status) => {
    const own = times.filter((time) => endOf(time.name) === endOf(status.name));
    const seen = times.filter(
      (time) => endOf(time.name) === '' && /last|follow/i.test(time.name) && !own.includes(time),
    );
    const chosen = own.length > 0 ? coveringTimes(own, seen, status) : [];
    return chosen.length > 0 ? [{ status, times: chosen }] : [];
  });
  const named = paired.flatMap(({ status, times: chosen }): EndPoint[] => {
    const told = eventIn(status, table);
    return told ? [endPoint(chosen, status, told)] : [];
  });
  const columns = new Set(
    paired.length > 0 ? [...times, ...paired.map(({ status }) => status)].map(({ name }) => name) : [],
  );
  return { endPoints: named.sort((a, b) => Number(endOf(a.status) !== '') - Number(endOf(b.status) !== '')), columns };
}

function endPoint(times: readonly Column[], status: Column, [event, why]: readonly [string, string]): EndPoint {
  const [timeUnit, unitWhy] = unitOf(times);
  const of = (key: string, beside: string): Remark => ({ path: ['target', key], beside });
  return {
    time: times.map(({ name }) => name),
    timeUnit,
    status: status.name,
    event: status.kind === 'number' ? Number(event) : event,
    remarks: [
      ...(times.length > 1 ? [of('time', 'no column has it for everyone: of each subject the first that does')] : []),
      of('timeUnit', unitWhy),
      of('event', why),
    ],
  };
}

function plain(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
}

/** Which end point a column is of, empty for death of any cause. */
function endOf(name: string): string {
  const words = plain(name)
    .split('_')
    .filter((word) => word !== '' && !unsaid.test(word));
  return words
    .map((word) => (Object.hasOwn(synonyms, word) ? synonyms[word] : word))
    .sort()
    .join('_');
}

function isTimes(column: Column): boolean {
  if (column.kind !== 'number') return false;
  const values = new Set(column.values.filter((_, row) => column.observed[row]));
  return column.max > 1 && values.size > fewestTimes;
}

function isState(column: Column, table: Table): boolean {
  const states = statusesIn(column, table);
  return states.length === 2 || (states.length > 2 && states.length < 10 && states.every(usualMeaning));
}

/** The one column that has a time of nearly everyone with a status; else time of the event before the last visit. */
function coveringTimes(own: readonly Column[], seen: readonly Column[], status: Column): Column[] {
  const rows = [...status.observed.keys()].filter((row) => status.observed[row]);
  const share = (columns: readonly Column[]) =>
    rows.filter((row) => columns.some(({ observed }) => observed[row])).length / Math.max(1, rows.length);
  const best = [...own].sort((a, b) => share([b]) - share([a]))[0];
  if (share([best]) >= covered) return [best];
  const last = (column: Column) => Number(/last|follow/i.test(column.name));
  const all = [...own, ...seen].sort((a, b) => last(a) - last(b));
  const unit = timeUnitIn(all[0].name);
  const alike = all.filter(({ name }) => timeUnitIn(name) === unit);
  return share(alike) > share([best]) ? alike : [best];
}

/** The state that means the event, and why; undefined where neither name nor values say. */
function eventIn(status: Column, table: Table): readonly [event: string, why: string] | undefined {
  const met = statusesIn(status, table);
  const meaning = (what: 'event' | 'censored') => met.filter((said) => usualMeaning(said) === what);
  const [events, rest] = [meaning('event'), meaning('censored')];
  const words = met.some((said) =>
    /^(event|dead|deceased|died|censored|alive|living)/i.test(said.replace(/^[01]:/, '')),
  );
  if (events.length === 1 && rest.length > 0 && events.length + rest.length === met.length) {
    if (!words && namedForCensoring(status.name)) return [rest[0], `by its name ${events[0]} means censored`];
    return [events[0], 'all others are censored'];
  }
  const coded = met.length === 2 && met[0] === '1' && met[1] === '2';
  return coded ? ['2', 'guessed: R codes 1 for censored, 2 for the event'] : undefined;
}

/** By the name; else by how long the longest was followed. */
function unitOf(times: readonly Column[]): readonly [TimeUnit, string] {
  const said = timeUnitIn(times[0].name);
  if (said) return [said, 'by the name'];
  const longest = Math.max(...times.map((column) => (column.kind === 'number' ? column.max : 0)));
  const unit = longest > 400 ? 'days' : longest > 30 ? 'months' : 'years';
  return [unit, `guessed: no name says it, and the longest is ${Number(longest.toPrecision(6))}`];
}
