/**
 * What a test needs beyond Node and npm. Where it is absent the test is skipped with a reason, unless
 * `CONSILIENCE_REQUIRE` (names separated by commas) says that it must be there: then its absence is a failure.
 */
export type Need = 'browser' | 'nats' | 'shared';

export interface Needed {
  readonly skip: boolean;
  readonly reason: string;
}

export function need(what: Need, available: boolean): Needed {
  const required = (process.env.CONSILIENCE_REQUIRE ?? '').split(/[\s,]+/).includes(what);
  if (!available && required) throw new Error(`CONSILIENCE_REQUIRE: ${what} is required, but it is not there`);
  return { skip: !available, reason: available ? '' : `${what} is not there` };
}
