import { InputError } from '../../errors.ts';

/** What is asked of an alert, and how figures are made. */
export interface JudgingRules {
  /** An alert belongs to an event from so long before its onset on; one that no onset follows within this time is false. */
  readonly leadSeconds: number;
  /** After onset an alert is in time for so long. */
  readonly graceSeconds: number;
  /** Apart from alerts the score is judged so often: neighbouring ticks say nearly the same. */
  readonly scoreEverySeconds: number;
  /** Of the draws of people. */
  readonly seed: number;
  readonly resamples: number;
  /** Coverage of the intervals. */
  readonly level: number;
}

const defaults: JudgingRules = {
  leadSeconds: 1200,
  graceSeconds: 60,
  scoreEverySeconds: 60,
  seed: 0,
  resamples: 1000,
  level: 0.95,
};

/** @throws InputError for an unknown option, and a number out of its range */
export function judgingRules(where: string, options: Partial<JudgingRules> = {}): JudgingRules {
  const known = Object.keys(defaults);
  for (const [name, value] of Object.entries(options)) {
    const refuse = (what: string, expected: string, got?: string) => {
      throw new InputError({ where: `${where}: ${name}`, what, expected, ...(got !== undefined && { got }) });
    };
    if (!known.includes(name)) refuse('unknown option', `one of ${known.join(', ')}`, name);
    if (value === undefined) continue;
    const number = typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN;
    if (name === 'level' && !(number > 0 && number < 1)) refuse('not a coverage', 'between 0 and 1', `${value}`);
    if (name === 'scoreEverySeconds' && !(number > 0)) refuse('not a time', 'above 0 seconds', `${value}`);
    if (name === 'resamples' && !(Number.isInteger(number) && number >= 0)) {
      refuse('not a number of resamples', 'a whole number from 0', `${value}`);
    }
    if (!(number >= 0) && name !== 'seed') refuse('not a time', '0 seconds or more', `${value}`);
    if (name === 'seed' && Number.isNaN(number)) refuse('not a seed', 'a number', `${value}`);
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) };
}
