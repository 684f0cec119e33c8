/**
 * Hybrid fusion: a belief about the level and its rate (see `filter.ts`) that readings of the slow sensor make precise and
 * the fast sensors lean on in between. Their log-likelihood ratio enters as a likelihood, e^lambda below the threshold
 * against 1 above, in two ways, each with its own weight, since their noise has two parts:
 *
 *     carried: lambda = weight × ratio × step / correlationSeconds, into the belief itself at every tick. Over one
 *              correlation time it counts `weight` times, and what was said before still counts: right for noise that soon
 *              gives way to new noise.
 *     once:    lambda = once × ratio, into what is told at this tick and no other. What was said before is forgotten: right
 *              for noise that lasts as long as the night does, which would else be taken for ever more evidence.
 *
 * Weights of 0, or no fast model, are the plain filter, byte for byte.
 *
 * Nowcast: log-odds that the level is beyond the threshold now, recalibrated where there are people to learn from. Forecast,
 * by hand: that it is at the likeliest of now, half the horizon and the horizon, as paths with a rate are smooth; learned: a
 * logistic readout of how far beyond it is believed to be now and at the horizon.
 */
import { InputError } from '../../../errors.ts';
import type { Saved } from '../../../estimator.ts';
import { compileFast, type FastModel, fastEvidence } from '../expert/fast.ts';
import type { Question, Scoring } from '../scoring.ts';
import { at, type Dynamics, transition, transitionLength } from './dynamics.ts';
import { belief, beliefLength, initBelief, predict, type Surprise, thresholdAlpha, tilt, update } from './filter.ts';
import { normalLogOdds } from './normal-odds.ts';

/**
 * `log`: level and readings are followed by their logarithms, so that errors are shares of the level and it moves slower
 * where it is low.
 */
export type Scale = 'linear' | 'log';

/** Plain numbers: they can be written by hand where nothing is to learn from. */
export interface HybridModel {
  readonly question: Question;
  /** In units of the readings, or of their logarithms. */
  readonly dynamics: Dynamics;
  /** Default linear. */
  readonly scale?: Scale;
  /** Between ticks. Others are taken as they come, more slowly. */
  readonly stepSeconds: number;
  readonly evidence?: {
    readonly fast: FastModel;
    /** Of what is carried on in the belief. */
    readonly weight: number;
    readonly correlationSeconds: number;
    /** Of what counts at its own tick only. Default 0. */
    readonly once?: number;
  };
  /** Of the recalibration: log-odds told = intercept + slope × log-odds. Default 1 and 0. */
  readonly slope?: number;
  readonly intercept?: number;
  /**
   * Of a forecast, instead of the likeliest time: log-odds = intercept + now × α(now) + ahead × α(horizon), α the standard
   * deviations by which the level is beyond the threshold. Where it is believed to be beyond now, a weight of now below 0 does
   * not count, and α(horizon) is at least α(now).
   */
  readonly readout?: Readout;
}

export interface Readout {
  readonly intercept: number;
  readonly now: number;
  readonly ahead: number;
}

/** In the state: the time of the belief (NaN: nothing was heard yet), then the belief. */
const time = 0;
const start = 1;

/** Log-odds beyond which a belief is not told; the alert thresholds lie well within. */
const surest = 40;

export function hybridScoring(model: HybridModel): Scoring {
  const { question, evidence, scale = 'linear', slope = 1, intercept = 0, readout } = model;
  if (!(slope > 0)) {
    throw new InputError({ where: 'hybrid: slope', what: 'out of range', expected: 'more than 0', got: `${slope}` });
  }
  const sign = question.beyond === 'below' ? 1 : -1;
  const threshold = sign * scaled(question.threshold, scale);
  const d = sign === 1 ? model.dynamics : { ...model.dynamics, levelMean: -model.dynamics.levelMean };
  const noise = d.noiseSd * d.noiseSd;
  const stepMs = 1000 * model.stepSeconds;
  const step = new Float64Array(transitionLength);
  transition(d, stepMs / 60_000, step);
  const other = new Float64Array(transitionLength);
  const ahead = horizons(d, question);
  const once = Math.max(evidence?.once ?? 0, 0);
  const carried = evidence ? (Math.max(evidence.weight, 0) * model.stepSeconds) / evidence.correlationSeconds : 0;
  const fast = evidence && carried + once > 0 ? compileFast(evidence.fast) : undefined;
  const momentary = new Float64Array(beliefLength); // what is believed at this tick only
  const surprise: Surprise = { innovation: 0, variance: 0 };

  function moveTo(state: Float64Array, timeMs: number): void {
    const passed = timeMs - state[time];
    if (passed === stepMs) predict(state, start, step);
    else if (passed > 0) {
      transition(d, passed / 60_000, other);
      predict(state, start, other);
    }
    if (!(passed <= 0)) state[time] = timeMs;
  }

  /** By how many standard deviations the level is beyond the threshold at a horizon. */
  function beyondAt(b: Float64Array, o: number, h: number): number {
    const reach = ahead[h];
    const mean = b[o + belief.g] + reach * b[o + belief.r];
    const variance = b[o + belief.gg] + reach * (2 * b[o + belief.gr] + reach * b[o + belief.rr]) + ahead[h + 1];
    return (threshold - mean) / Math.sqrt(variance);
  }

  function forecast(b: Float64Array, o: number): number {
    const now = thresholdAlpha(b, o, threshold);
    const half = beyondAt(b, o, 0);
    const end = beyondAt(b, o, 2);
    if (readout) {
      // Learned before events: there, being far from the threshold now but not ahead tells of a fall. Where it is beyond
      // already, that would count against it.
      if (now > 0 && readout.now < 0) return readout.intercept + readout.ahead * Math.max(now, end);
      return readout.intercept + readout.now * now + readout.ahead * end;
    }
    return normalLogOdds(Math.max(now, half, end));
  }

  const told = (odds: number) => intercept + slope * Math.min(Math.max(odds, -surest), surest);

  return {
    name: evidence ? 'hybrid' : 'filter',
    features: evidence ? evidence.fast.features : [],
    length: start + beliefLength,
    init(state) {
      initBelief(state, start, d);
      state[time] = Number.NaN;
    },
    observe(state, timeMs, value, quality) {
      if (!(quality > 0)) return;
      moveTo(state, timeMs);
      update(state, start, sign * scaled(value, scale), noise / Math.min(quality, 1), surprise);
    },
    tick(state, timeMs, values, heard, from) {
      moveTo(state, timeMs);
      let passing = 0;
      if (fast) {
        const ratio = fastEvidence(fast, values, heard, from);
        if (!Number.isNaN(ratio)) {
          if (carried > 0) tilt(state, start, threshold, carried * ratio);
          passing = once * ratio;
        }
      }
      if (ahead.length === 0) return told(normalLogOdds(thresholdAlpha(state, start, threshold)) + passing);
      if (passing === 0) return told(forecast(state, start));
      for (let k = 0; k < beliefLength; k++) momentary[k] = state[start + k];
      tilt(momentary, 0, threshold, passing);
      return told(forecast(momentary, 0));
    },
    save: (): Saved => ({ kind: 'scoring.hybrid', version: 1, state: { ...model } as never, blobs: {} }),
  };
}

const leastPositive = 1e-3; // a reading of 0 has no logarithm; admission refuses what a sensor cannot mean

function scaled(value: number, scale: Scale): number {
  return scale === 'log' ? Math.log(Math.max(value, leastPositive)) : value;
}

/** Of half the horizon and the horizon: how far a rate carries, and the variance that comes on the way. */
function horizons(d: Dynamics, { mode, horizonSeconds }: Question): Float64Array {
  if (mode === 'nowcast') return new Float64Array(0);
  const step = new Float64Array(transitionLength);
  return Float64Array.from(
    [0.5, 1].flatMap((share) => {
      transition(d, (share * horizonSeconds) / 60, step);
      return [step[at.gr], step[at.noise]];
    }),
  );
}
