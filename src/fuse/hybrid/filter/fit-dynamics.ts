/**
 * Learns how the watched quantity moves, and what the slow sensor adds, from its readings alone: the parameters under which
 * each reading was most likely, given those before it (prediction error decomposition, Schweppe 1965), by a compass search in
 * their logarithms. Errors beyond the filter's gate count linearly (Huber), so that a few impossible readings do not pass
 * for noise.
 */
import type { Track } from '../../../align/time/track.ts';
import { InputError } from '../../../errors.ts';
import { type Dynamics, transition, transitionLength } from './dynamics.ts';
import { beliefLength, initBelief, predict, type Surprise, update } from './filter.ts';
import type { Scale } from './hybrid.ts';

/** What is not learned from readings alone, since a lag or a lasting error cannot be told from the level's own course. */
export interface Assumed {
  readonly lagMinutes: number;
  /** Whether the sensor may be off for long; otherwise what it shows is the level, but for the noise. */
  readonly lastingError: boolean;
}

/** Readings of one stretch, in order of their own time. */
export interface Series {
  readonly minutes: Float64Array; // [readings]
  readonly value: Float64Array; // [readings]
}

export function seriesOf({ readings }: Track, scale: Scale = 'linear'): Series {
  const order = Array.from(readings.timeMs.keys())
    .filter((i) => readings.quality[i] > 0)
    .sort((a, b) => readings.timeMs[a] - readings.timeMs[b] || a - b);
  return {
    minutes: Float64Array.from(order, (i) => readings.timeMs[i] / 60_000),
    value: Float64Array.from(order, (i) => (scale === 'log' ? Math.log(readings.value[i]) : readings.value[i])),
  };
}

/** What the data say at a glance: where the search starts, and by what its bounds are measured. */
export interface Scales {
  readonly levelMean: number;
  readonly levelSd: number;
  /** Between readings, median. */
  readonly everyMinutes: number;
  /** Of the change between readings, a robust standard deviation. */
  readonly changeSd: number;
}

export function scalesOf(series: readonly Series[]): Scales {
  const gaps: number[] = [];
  const changes: number[] = [];
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const { minutes, value } of series) {
    for (let i = 0; i < value.length; i++) {
      count++;
      const off = value[i] - mean;
      mean += off / count;
      squares += off * (value[i] - mean);
      if (i === 0 || minutes[i] <= minutes[i - 1]) continue;
      gaps.push(minutes[i] - minutes[i - 1]);
      changes.push(Math.abs(value[i] - value[i - 1]));
    }
  }
  if (gaps.length === 0) {
    throw new InputError({
      where: 'fitDynamics',
      what: 'too few readings',
      expected: 'two in a row somewhere',
      got: `${count}`,
    });
  }
  const levelSd = Math.sqrt(squares / count) || 1;
  const robust = 1.4826 * median(changes); // of a normal, its standard deviation
  return { levelMean: mean, levelSd, everyMinutes: median(gaps), changeSd: robust > 0 ? robust : 0.1 * levelSd };
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1];
}

/** In this order in the search. */
const searched = ['rateSd', 'rateMinutes', 'noiseSd', 'errorSd', 'errorMinutes'] as const;

/** @param from where to start; by default what the scales suggest */
export function fitDynamics(series: readonly Series[], assumed: Assumed, from?: Dynamics): Dynamics {
  const { levelMean, levelSd, everyMinutes, changeSd } = scalesOf(series);
  const suggested: Dynamics = {
    levelMean,
    levelSd,
    rateSd: changeSd / everyMinutes,
    rateMinutes: 3 * everyMinutes,
    lagMinutes: assumed.lagMinutes,
    errorSd: assumed.lastingError ? 0.5 * changeSd : 0,
    errorMinutes: 6 * everyMinutes,
    noiseSd: 0.3 * changeSd,
  };
  const bounds = {
    rateSd: [0.01 * suggested.rateSd, 100 * suggested.rateSd],
    rateMinutes: [0.5 * everyMinutes, 60 * everyMinutes],
    noiseSd: [0.05 * changeSd, 20 * changeSd],
    errorSd: [0.05 * changeSd, levelSd],
    errorMinutes: [everyMinutes, 200 * everyMinutes],
  } as const;
  const names = searched.slice(0, assumed.lastingError ? 5 : 3);
  let best: Dynamics = from
    ? { ...from, lagMinutes: assumed.lagMinutes, errorSd: assumed.lastingError ? from.errorSd || suggested.errorSd : 0 }
    : suggested;
  let loss = surprisal(series, best);
  for (let step = from ? 0.35 : 0.7; step > 0.04; step /= 2) {
    for (let round = 0, moved = true; moved && round < 8; round++) {
      moved = false;
      for (const name of names) {
        for (const way of [1, -1]) {
          const value = best[name] * Math.exp(way * step);
          if (value < bounds[name][0] || value > bounds[name][1]) continue;
          const trial = { ...best, [name]: value };
          const own = surprisal(series, trial);
          if (own >= loss - 1e-9 * Math.abs(loss)) continue;
          best = trial;
          loss = own;
          moved = true;
          break;
        }
      }
    }
  }
  return best;
}

const gate = 3;

/** −log likelihood of the readings but for a constant, each given those before it. */
export function surprisal(series: readonly Series[], d: Dynamics): number {
  const state = new Float64Array(beliefLength);
  const step = new Float64Array(transitionLength);
  const surprise: Surprise = { innovation: 0, variance: 0 };
  const noise = d.noiseSd * d.noiseSd;
  let sum = 0;
  let made = Number.NaN; // the length that `step` is of
  for (const { minutes, value } of series) {
    initBelief(state, 0, d);
    for (let i = 0; i < value.length; i++) {
      const passed = i > 0 ? minutes[i] - minutes[i - 1] : 0;
      if (passed > 0) {
        if (passed !== made) transition(d, passed, step);
        made = passed;
        predict(state, 0, step);
      }
      update(state, 0, value[i], noise, surprise);
      const off = Math.abs(surprise.innovation) / Math.sqrt(surprise.variance);
      sum += 0.5 * Math.log(surprise.variance) + (off < gate ? 0.5 * off * off : gate * (off - 0.5 * gate));
    }
  }
  return sum;
}
