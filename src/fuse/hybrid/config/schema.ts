/** A hybrid fusion as a file: which sensors, which event, which evidence, which alerts; nothing of it need be learned. */
import { z } from 'zod';
import { featureKinds } from '../../../align/time/setup.ts';
import { scales } from '../../../describe/modality.ts';

const hybridVersion = 1;
export const strategies = ['early', 'slow', 'fast', 'late', 'filter', 'hybrid', 'learned'] as const;
export type Strategy = (typeof strategies)[number];

const secondsIn = { ms: 0.001, s: 1, min: 60, h: 3600 } as const;
const spelled = /^(\d+(?:\.\d+)?|\.\d+) *(ms|s|min|h)$/;

const longestSeconds = 366 * 86_400;

/** Seconds, written as a number or as `300 s`, `20 min`, `2 h`, `40 ms`. */
const duration = z
  .union([z.number().positive(), z.string().regex(spelled)])
  .transform((given) => {
    if (typeof given === 'number') return given;
    const [, amount, unit] = spelled.exec(given) as unknown as [string, string, keyof typeof secondsIn];
    return Number(amount) * secondsIn[unit];
  })
  .refine((seconds) => seconds > 0 && seconds <= longestSeconds)
  .meta({ title: 'duration, such as 300 (seconds), 300 s, 20 min or 2 h' });

const probability = z.number().gt(0).lt(1).meta({ title: 'probability between 0 and 1' });
const largest = 1e12; // of numbers that are squared, so that no sum of them is infinite
const number = z.number().min(-largest).max(largest).meta({ title: 'number, -1e12 to 1e12' });
const positive = z.number().positive().max(largest).meta({ title: 'number above 0, at most 1e12' });
const name = z.string().min(1).max(80);

const sensor = z.strictObject({
  unit: z.string(),
  scale: z.enum(scales).optional().describe('Default: interval.'),
  every: duration.describe('Between two readings, as a rule.'),
  low: number.describe('The smallest value it can mean.'),
  high: number.describe('The largest.'),
  mistakenUnit: z
    .strictObject({ unit: z.string(), factor: positive })
    .optional()
    .describe('A unit it is known to be confused with; times the factor it is a value in the right one.'),
  lateness: duration.optional().describe('How long after its time a reading may come. Default: 30 s.'),
  silentAfter: duration.optional().describe('Default: four times `every`, at least 60 s.'),
});

const feature = z.strictObject({
  sensor: name.optional().describe('A fast one; none of the phase of the clock.'),
  kind: z.enum(featureKinds),
  window: duration.optional().describe('Over how long it is taken.'),
  baseline: duration.optional().describe('Of deviation: over how long the baseline follows a lasting change.'),
  about: z.enum(['zero', 'mean']).optional().describe('Of energy. Default: zero.'),
});

const evidence = z.strictObject({
  usual: number.optional().describe('The mean of the feature without the event. Default: 0.'),
  shift: number.describe('By how much its mean is higher during the event.'),
  sd: positive.describe('Its standard deviation, taken to be the same in both.'),
  least: z
    .number()
    .min(-largest)
    .max(0)
    .meta({ title: 'number, 0 or less' })
    .optional()
    .describe('The strongest it may say against the event, log-odds. Default: -3.'),
  most: z
    .number()
    .min(0)
    .max(largest)
    .meta({ title: 'number, 0 or more' })
    .optional()
    .describe('The strongest it may say for it. Default: 3.'),
});

const quantity = z.strictObject({
  mean: number.describe('Where the quantity starts from as a guess, before the first reading.'),
  sd: positive.describe('How uncertain that guess is.'),
  rateSd: positive.describe('Standard deviation of its rate of change, in units a minute.'),
  rateTime: duration.describe('How long a rate lasts: its time of correlation.'),
  lag: duration.optional().describe('By how much the slow sensor trails behind. Default: none.'),
  noise: positive.describe("Standard deviation of the slow sensor's error that is new in every reading, in its unit."),
  drift: positive.optional().describe('Standard deviation of its error that persists for a while. Default: none.'),
  driftTime: duration.optional().describe('For how long. Default: 1 h.'),
});

const alerts = z.strictObject({
  raise: probability.describe('From this probability of the event on an alert is raised.'),
  confirm: probability.optional().describe('From this one on a reading of the slow sensor confirms. Default: raise.'),
  retract: probability
    .optional()
    .describe('Below this one such a reading takes it back. Default: confirm, at most raise.'),
  quiet: probability
    .optional()
    .describe('Below this one a confirmed alert is on its way out. Default: half the odds of raise.'),
  quietFor: duration.optional().describe('It ends after so long there. Default: 10 min.'),
  provisionalFor: duration
    .optional()
    .describe('An alert on which no reading has a word is confirmed after so long. Default: 15 min.'),
  snooze: duration
    .optional()
    .describe('After an alert was taken back, the same does not raise again for so long. Default: 15 min.'),
  escalateAfter: duration
    .optional()
    .describe('A confirmed alert that nobody answers is escalated after so long. Default: 30 min.'),
  renew: duration
    .optional()
    .describe('A confirmed alert that still stands after so long is told anew, as another. Default: never.'),
  deep: probability.optional().describe('From this one on a confirmed alert is escalated at once. Default: never.'),
});

export const hybridSchema = z.strictObject({
  kind: z.literal('hybrid-fusion'),
  version: z.literal(hybridVersion),
  name,
  sensors: z.record(name, sensor),
  slow: name.describe('The sensor that is accurate and slow, and has the last word.'),
  event: z
    .strictObject({ below: number.optional(), above: number.optional() })
    .describe('The quantity of the slow sensor below, or above, this.'),
  mode: z.enum(['nowcast', 'forecast']).optional().describe('Default: nowcast.'),
  horizon: duration.optional().describe('Of a forecast. Default: 20 min.'),
  tick: duration.optional().describe('From decision to decision. Default: 15 s.'),
  features: z.record(name, feature).optional(),
  strategy: z.enum(strategies).optional().describe('Default: hybrid.'),
  evidence: z.record(name, evidence).optional().describe('What each feature says of the event, as experts put it.'),
  evidenceTime: duration
    .optional()
    .describe('For how long evidence repeats itself: within it, it counts once. Default: 60 s.'),
  quantity: quantity.optional().describe('How the quantity moves and how its sensor errs, as experts put it.'),
  fitted: z.string().min(1).optional().describe('Instead, a file with a fitted strategy, relative to this one.'),
  alerts: alerts.optional().describe('Default: those of the fitted fusion, where it has them.'),
  utcOffset: z.number().min(-14).max(14).optional().describe('Hours that the local clock is ahead of UTC. Default: 0.'),
});

export type HybridFile = z.infer<typeof hybridSchema>;
