/** When an alert is raised, confirmed, taken back and ended. */
import { InputError } from '../../../errors.ts';

/** Scores are log-odds. */
export interface AlertOptions {
  /** From this score on an alert is raised. */
  readonly raise: number;
  /** From this one on a reading of the slow sensor confirms it. Default: raise. */
  readonly confirm?: number;
  /** Below this one a reading takes it back; at most confirm. Default: the lower of raise and confirm. */
  readonly retract?: number;
  /** Below this one a confirmed alert is on its way out; at most raise. Default: raise - ln 2, half the odds. */
  readonly quiet?: number;
  /** For so long it has to stay there. Default: 600, two readings of a CGM. */
  readonly quietSeconds?: number;
  /** After so long without a verdict of the slow sensor an alert is confirmed: silence is not safety. Default: 900. */
  readonly provisionalSeconds?: number;
  /** For so long after an alert was taken back the same does not raise again. Default: 900. */
  readonly snoozeSeconds?: number;
  /** What exceeds the highest score of the alert taken back by so much is not the same. Default: ln 2. */
  readonly snoozeMargin?: number;
  /** A confirmed alert that nobody answers is escalated after so long. Default: 1800. */
  readonly escalateAfterSeconds?: number;
  /** From this score on a confirmed alert is escalated at once. Default: never. */
  readonly deep?: number;
  /** A confirmed alert that still stands so long after it was raised ends and begins anew, as an alert of its own. Default: never. */
  readonly renewSeconds?: number;
  /** While the slow sensor has not been heard for so long, no alert ends. Default: 1200. */
  readonly slowSilentSeconds?: number;
}

export type AlertRules = Required<AlertOptions>;

const known: readonly (keyof AlertRules)[] = [
  'raise',
  'confirm',
  'retract',
  'quiet',
  'quietSeconds',
  'provisionalSeconds',
  'snoozeSeconds',
  'snoozeMargin',
  'escalateAfterSeconds',
  'deep',
  'renewSeconds',
  'slowSilentSeconds',
];

/** Scores below which something happens. */
const lowest: readonly string[] = ['retract', 'quiet'];

/** The options with their defaults. @throws InputError for an unknown option, and a number out of its range */
export function alertRules(given: AlertOptions, where = 'alerts'): AlertRules {
  // JSON has no Infinity, and writes null for what is never: no score is low enough for `retract` and `quiet`.
  // Never to raise is not believed.
  const never = (name: string) => (lowest.includes(name) ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
  const options = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, value === null && name !== 'raise' ? never(name) : value]),
  ) as unknown as AlertOptions;
  for (const name of Object.keys(options)) {
    if ((known as readonly string[]).includes(name)) continue;
    throw new InputError({ where, what: `unknown option "${name}"`, expected: `one of ${known.join(', ')}` });
  }
  const { raise, confirm = raise, deep = Number.POSITIVE_INFINITY } = options;
  const { retract = Math.min(raise, confirm), quiet = raise - Math.LN2 } = options;
  const { quietSeconds = 600, provisionalSeconds = 900, snoozeSeconds = 900, snoozeMargin = Math.LN2 } = options;
  const { escalateAfterSeconds = 1800, slowSilentSeconds = 1200, renewSeconds = Number.POSITIVE_INFINITY } = options;
  const rules = {
    raise,
    confirm,
    retract,
    quiet,
    quietSeconds,
    provisionalSeconds,
    snoozeSeconds,
    snoozeMargin,
    escalateAfterSeconds,
    deep,
    renewSeconds,
    slowSilentSeconds,
  };
  for (const name of known) {
    const value: unknown = rules[name];
    const least = name.endsWith('Seconds') || name === 'snoozeMargin' ? 0 : Number.NEGATIVE_INFINITY;
    if (typeof value === 'number' && value >= least) continue;
    const expected = least === 0 ? 'a number of at least 0' : 'a number';
    throw new InputError({ where: `${where}: ${name}`, what: 'unusable', expected, got: String(value) });
  }
  atMost(where, 'retract', retract, 'confirm', confirm);
  atMost(where, 'quiet', quiet, 'raise', raise);
  return rules;
}

function atMost(where: string, name: string, value: number, other: string, limit: number): void {
  if (value <= limit) return;
  const expected = `at most ${other}, ${limit}`;
  throw new InputError({ where: `${where}: ${name}`, what: 'too high', expected, got: `${value}` });
}
