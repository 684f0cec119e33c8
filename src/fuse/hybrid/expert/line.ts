/**
 * What the slow sensor's readings say by themselves: how far the last one is from beyond the threshold, or how far a straight
 * line through the readings of the last quarter of an hour will be at the horizon, whichever is further beyond.
 */
import type { Track } from '../../../align/time/track.ts';
import { scoreTrack } from '../run.ts';
import type { Question, Scoring } from '../scoring.ts';

/** What the slow sensor's readings are turned into. */
export interface LineModel {
  readonly threshold: number;
  /** 1 where the event is below the threshold, −1 where above. */
  readonly sign: 1 | -1;
  /** 0: the last reading as it is. */
  readonly horizonSeconds: number;
  readonly lineSeconds: number;
}

/** Where the numbers of a line lie in the state. */
const last = 0; // time of the last reading, ms; NaN: none
const margin = 1; // how far from beyond the threshold it is (or the line will be)
const told = 2; // 1: a tick has seen it
const filled = 3;
const most = 12; // readings kept
const times = 4; // seconds before the last, by place
const marginsAt = times + most;
export const lineLength = marginsAt + most;
export const line = { last, margin } as const;

export function initLine(state: Float64Array): void {
  state.fill(0, 0, lineLength);
  state[last] = Number.NaN;
  state[told] = 1;
}

/** Takes in a reading; those older than the line's window, or the oldest of more than twelve, fall out. */
function observeLine(model: LineModel, state: Float64Array, timeMs: number, value: number): void {
  const own = model.sign * (value - model.threshold);
  const passed = !Number.isNaN(state[last]) ? (timeMs - state[last]) / 1000 : 0;
  let kept = 0;
  const count = state[filled];
  const drop = count === most ? 1 : 0;
  for (let k = drop; k < count; k++) {
    const age = state[times + k] + passed;
    if (age > model.lineSeconds + slackSeconds) continue;
    state[times + kept] = age;
    state[marginsAt + kept] = state[marginsAt + k];
    kept++;
  }
  state[times + kept] = 0;
  state[marginsAt + kept] = own;
  state[filled] = kept + 1;
  state[last] = timeMs;
  state[told] = 0;
  state[margin] = model.horizonSeconds > 0 ? Math.min(own, ahead(model, state)) : own;
}

const slackSeconds = 30; // a reading of a quarter of an hour ago may be half a minute older

/** Where the least-squares line through the kept readings stands at the horizon; flat where there is but one. */
function ahead({ horizonSeconds }: LineModel, state: Float64Array): number {
  const n = state[filled];
  let meanT = 0;
  let meanY = 0;
  for (let k = 0; k < n; k++) {
    meanT -= state[times + k] / n;
    meanY += state[marginsAt + k] / n;
  }
  let squares = 0;
  let products = 0;
  for (let k = 0; k < n; k++) {
    const t = -state[times + k] - meanT;
    squares += t * t;
    products += t * (state[marginsAt + k] - meanY);
  }
  const slope = squares > 0 ? products / squares : 0;
  return meanY + slope * (horizonSeconds - meanT);
}

export interface LineOptions {
  /** Of the readings that a forecast's straight line goes through. Default 900. */
  readonly lineSeconds?: number;
}

export function lineModel(question: Question, { lineSeconds = 900 }: LineOptions = {}): LineModel {
  return {
    threshold: question.threshold,
    sign: question.beyond === 'below' ? 1 : -1,
    horizonSeconds: question.mode === 'forecast' ? question.horizonSeconds : 0,
    lineSeconds,
  };
}

/** The part of a scoring that hears the slow sensor alone. */
export function lineHearing(model: LineModel): Pick<Scoring, 'length' | 'init' | 'observe'> {
  return {
    length: lineLength,
    init: initLine,
    observe(state, timeMs, value, quality) {
      if (quality > 0) observeLine(model, state, timeMs, value);
    },
  };
}

/** The margin at the ticks that first know of a reading, NaN at others; [ticks]. */
export function marginsOf(model: LineModel, track: Track): Float32Array {
  return scoreTrack(lineProbe(model), track).score;
}

/** A scoring that tells the margin itself: what the fits learn from. */
function lineProbe(model: LineModel): Scoring {
  return {
    name: 'line',
    features: [],
    ...lineHearing(model),
    tick: (state) => freshMargin(state),
    save: () => ({ kind: 'scoring.line', version: 1, state: { ...model }, blobs: {} }),
  };
}

/** The margin where a reading has come since the last tick; NaN elsewhere. */
export function freshMargin(state: Float64Array): number {
  if (state[told] === 1) return Number.NaN;
  state[told] = 1;
  return state[margin];
}
