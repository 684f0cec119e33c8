/** The survival curve of Kaplan and Meier (1958), and the same of censoring, which weights scores of survival models. */
import { normalQuantile } from '../array/distributions.ts';
import { checkSurvivalTimes, orderOfTimes, type SurvivalTimes, stepsUpTo } from './survival-times.ts';

/** A curve that steps at `timesDays` and holds its value until the next. Before the first it is 1. */
export interface KaplanMeier {
  readonly timesDays: Float64Array; // [distinct times], ascending
  /** Subjects under observation just before each time. */
  readonly atRisk: Int32Array;
  readonly events: Int32Array;
  /** Share without the event beyond each time. */
  readonly survival: Float64Array;
  /** Greenwood's (1926) standard error; 0 where the curve has reached 0. */
  readonly standardError: Float64Array;
  /** Pointwise interval. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export interface KaplanMeierOptions {
  readonly level?: number;
  /**
   * `log-log`: normal on log(−log S), never outside 0 to 1 (Kalbfleisch and Prentice 2002). `plain`: S ± z se, cut to 0
   * and 1.
   */
  readonly interval?: 'log-log' | 'plain';
}

/**
 * Where the curve has reached 0, Greenwood's variance is undefined: the interval then goes from 0 to its last upper limit.
 *
 * @throws InputError where times and events are unusable
 */
export function kaplanMeier(
  times: SurvivalTimes,
  { level = 0.95, interval = 'log-log' }: KaplanMeierOptions = {},
): KaplanMeier {
  checkSurvivalTimes(times, 'kaplanMeier');
  const curve = productLimit(times);
  const z = -normalQuantile((1 - level) / 2);
  const groups = curve.timesDays.length;
  const standardError = new Float64Array(groups);
  const low = new Float64Array(groups);
  const high = new Float64Array(groups);
  let greenwood = 0; // Σ d / (n (n − d))
  for (let g = 0; g < groups; g++) {
    const s = curve.survival[g];
    const n = curve.atRisk[g];
    const d = curve.events[g];
    if (s === 0) {
      high[g] = g === 0 ? 1 : high[g - 1];
      continue;
    }
    greenwood += d / (n * (n - d));
    standardError[g] = s * Math.sqrt(greenwood);
    if (interval === 'plain' || s === 1) {
      low[g] = Math.max(0, s - z * standardError[g]);
      high[g] = Math.min(1, s + z * standardError[g]);
    } else {
      const width = (z * Math.sqrt(greenwood)) / -Math.log(s);
      low[g] = s ** Math.exp(width);
      high[g] = s ** Math.exp(-width);
    }
  }
  return { ...curve, standardError, low, high };
}

interface Steps {
  readonly timesDays: Float64Array;
  readonly survival: Float64Array;
}

/** The value of a curve at a time, its step included. */
export function curveAt({ timesDays, survival }: Steps, timeDays: number): number {
  const steps = stepsUpTo(timesDays, timeDays);
  return steps === 0 ? 1 : survival[steps - 1];
}

/**
 * G(t), the chance of not being censored up to t: Kaplan-Meier with censoring as the event. Of subjects with the same time,
 * those with the event leave first (as scikit-survival's `CensoringDistributionEstimator`).
 */
export function censoringCurve(times: SurvivalTimes): Steps {
  let curve = curves.get(times);
  if (!curve) curves.set(times, (curve = productLimit(times, true)));
  return curve;
}

/** A bootstrap asks for the censoring of the same training subjects thousands of times. Times are never mutated. */
const curves = new WeakMap<SurvivalTimes, Steps>();

function productLimit({ timeDays, event }: SurvivalTimes, ofCensoring = false) {
  const order = orderOfTimes(timeDays);
  const steps: { time: number; atRisk: number; events: number; censored: number }[] = [];
  order.forEach((subject, at) => {
    const time = timeDays[subject];
    if (steps.at(-1)?.time !== time) steps.push({ time, atRisk: order.length - at, events: 0, censored: 0 });
    const step = steps[steps.length - 1];
    if (event[subject]) step.events++;
    else step.censored++;
  });
  let value = 1;
  return {
    timesDays: Float64Array.from(steps, ({ time }) => time),
    atRisk: Int32Array.from(steps, ({ atRisk }) => atRisk),
    events: Int32Array.from(steps, ({ events }) => events),
    survival: Float64Array.from(steps, ({ atRisk, events, censored }) => {
      const exposed = ofCensoring ? atRisk - events : atRisk;
      const leaving = ofCensoring ? censored : events;
      if (leaving > 0) value *= (exposed - leaving) / exposed;
      return value;
    }),
  };
}
