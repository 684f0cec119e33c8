/** Units of times. */

/** Days in a unit; months and years are those of the Julian year. */
export const daysIn = { days: 1, weeks: 7, months: 365.25 / 12, years: 365.25 } as const;
export type TimeUnit = keyof typeof daysIn;
export const timeUnits = Object.keys(daysIn) as [TimeUnit, ...TimeUnit[]];

const spelled: readonly (readonly [RegExp, TimeUnit])[] = [
  [/^(d|day|days)$/, 'days'],
  [/^(wk|wks|week|weeks)$/, 'weeks'],
  [/^(mo|mos|month|months)$/, 'months'],
  [/^(yr|yrs|year|years)$/, 'years'],
];

/** The unit that a column's name spells, such as `survival_months`, `OS.days`, `timeYears`. */
export function timeUnitIn(name: string): TimeUnit | undefined {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return spelled.find(([pattern]) => words.some((word) => pattern.test(word)))?.[1];
}
