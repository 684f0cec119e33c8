/**
 * Fusion over time under the contract of all fusions: `fit` takes tracks of training people and what happened in them, and
 * returns a fitted value that scores other tracks; with a setup of sensors the same value runs live.
 */
import type { Episode } from '../../align/time/recording.ts';
import type { Setup } from '../../align/time/setup.ts';
import type { Track } from '../../align/time/track.ts';
import { InputError } from '../../errors.ts';
import {
  type ApplyOptions,
  type Estimator,
  type Fitted,
  type JsonObject,
  nest,
  type Saved,
  unnest,
} from '../../estimator.ts';
import type { PredictionBasis } from '../prediction.ts';
import { normalizedEntropy } from '../task/basis.ts';
import type { AlertChange } from './alert/alert.ts';
import { alertsOf } from './alert/bulk.ts';
import { type AlertOptions, type AlertRules, alertRules } from './alert/options.ts';
import { chooseThresholds, type ThresholdOptions, type Thresholds } from './alert/threshold.ts';
import { labelsOf } from './labels.ts';
import { type HybridStream, hybridOnline } from './online.ts';
import { openScoring } from './open-scoring.ts';
import { type Scored, scoreTrack } from './run.ts';
import type { Question, Scoring } from './scoring.ts';
import { fitOverTime, type StrategyOverTime } from './strategies.ts';

/** Of each track the episodes that truly happened. */
export type Happened = readonly (readonly Episode[])[];

export interface OverTimeOptions {
  readonly strategy: StrategyOverTime;
  readonly question: Question;
  /** How alerts are chosen on the training tracks. */
  readonly thresholds?: ThresholdOptions;
}

/** Rows are (subject, time): the judged ticks of all tracks, one after the other. */
export interface OverTimePrediction extends PredictionBasis {
  readonly kind: 'over-time';
  /** Of the track of each row. */
  readonly tracks: readonly string[];
  readonly timeMs: Float64Array; // [rows]
  /** Of the event that the question asks for; between words of the strategy the last stands. */
  readonly probability: Float64Array; // [rows]
  /** By track. */
  readonly alerts: readonly (readonly AlertChange[])[];
}

export interface FittedOverTime extends Fitted<readonly Track[], OverTimePrediction> {
  readonly scoring: Scoring;
  readonly alerts: AlertRules;
  /** How the thresholds were found; of an opened one absent. */
  readonly chosen?: Thresholds;
  /** The same, live. */
  online(setup: Setup, options?: Pick<HybridStream, 'startMs' | 'utcOffsetMs'>): ReturnType<typeof hybridOnline>;
}

const kind = 'over-time';
const where = 'overTime';

/** @throws InputError for an unknown strategy; at `fit` where tracks and episodes do not go together, or hold no event */
export function overTime(
  options: OverTimeOptions,
): Estimator<readonly Track[], Happened, OverTimePrediction, FittedOverTime> {
  const { strategy, question, thresholds = {} } = options;
  return {
    spec: { kind, version: 1, options: options as unknown as JsonObject },
    async fit(tracks, happened, { seed }) {
      const scoring = await fitOverTime(strategy, tracks, happened, question, { seed });
      const scored = tracks.map((track, at) => {
        const { startMs, stepMs, judgedFrom } = track;
        return { ...scoreTrack(scoring, track), startMs, stepMs, judgedFrom, episodes: happened[at] };
      });
      const chosen = chooseThresholds(scored, thresholds);
      return { ...fitted(scoring, chosen.alerts, priorOf(tracks, happened, question)), chosen };
    },
  };
}

/** @throws InputError for a saved value of another kind or version */
export function openOverTime(saved: Saved): FittedOverTime {
  if (saved.kind !== kind || saved.version !== 1) {
    const got = `${saved.kind} ${saved.version}`;
    throw new InputError({ where: 'openOverTime', what: 'not a fusion over time', expected: `${kind} 1`, got });
  }
  const { scoring, alerts, prior } = saved.state as { scoring: JsonObject; alerts: JsonObject; prior: number };
  return fitted(
    openScoring(unnest(scoring, 'scoring', saved.blobs)),
    alertRules(alerts as unknown as AlertOptions),
    prior,
  );
}

/** @param prior share of training ticks with the event: what is said where nothing is known */
function fitted(scoring: Scoring, alerts: AlertRules, prior: number): FittedOverTime {
  return {
    scoring,
    alerts,
    async apply(tracks, options) {
      return predicted(scoring, alerts, prior, tracks, options);
    },
    online: (setup, options) => hybridOnline({ setup, scoring, alerts, ...options }),
    save() {
      const blobs: Record<string, Uint8Array> = {};
      const part = nest(scoring.save(), 'scoring', blobs);
      return { kind, version: 1, state: { scoring: part, alerts: JSON.parse(JSON.stringify(alerts)), prior }, blobs };
    },
  };
}

function priorOf(tracks: readonly Track[], happened: Happened, question: Question): number {
  let [events, ticks] = [0, 0];
  tracks.forEach((track, at) => {
    const label = labelsOf(track, happened[at], question).subarray(track.judgedFrom);
    ticks += label.length;
    for (const one of label) events += one;
  });
  if (events > 0) return events / ticks;
  throw new InputError({ where, what: 'no event in training', expected: 'at least one judged tick with the event' });
}

const modalities = ['slow', 'fast'] as const;

function predicted(
  scoring: Scoring,
  alerts: AlertRules,
  prior: number,
  tracks: readonly Track[],
  { explain = false }: ApplyOptions = {},
): OverTimePrediction {
  const rows = tracks.reduce((sum, { ticks, judgedFrom }) => sum + ticks - judgedFrom, 0);
  const out = {
    subjects: [] as string[],
    tracks: [] as string[],
    timeMs: new Float64Array(rows),
    probability: new Float64Array(rows),
    present: new Uint8Array(rows * 2), // [rows, modalities]
    fromPrior: new Uint8Array(rows),
    filled: new Float64Array(rows),
    uncertainty: new Float64Array(rows),
    alerts: [] as AlertChange[][],
  };
  const contributions = explain ? new Float64Array(rows * 2) : undefined; // [rows, modalities]
  let row = 0;
  for (const track of tracks) {
    const { startMs, stepMs, ticks, judgedFrom, heard, features, subject, id, readings } = track;
    const scored = scoreTrack(scoring, track);
    out.alerts.push(alertsOf(scored.score, scored.fresh, startMs, stepMs, alerts));
    const said = probabilities(scored, prior);
    const apart = contributions && apartOf(track).map((heardOf) => probabilities(scoreTrack(scoring, heardOf), prior));
    let known = 0;
    for (let k = 0; k < ticks; k++) {
      const timeMs = startMs + k * stepMs;
      while (known < readings.knownMs.length && readings.knownMs[known] <= timeMs) known++;
      if (k < judgedFrom) continue;
      let there = 0;
      for (let j = 0; j < features.length; j++) there += heard[k * features.length + j];
      out.subjects.push(subject);
      out.tracks.push(id);
      out.timeMs[row] = timeMs;
      out.probability[row] = said[k];
      out.present[row * 2] = known > 0 ? 1 : 0;
      out.present[row * 2 + 1] = there > 0 ? 1 : 0;
      out.fromPrior[row] = known === 0 && there === 0 ? 1 : 0;
      out.filled[row] = features.length === 0 ? 0 : 1 - there / features.length;
      out.uncertainty[row] = normalizedEntropy([said[k], 1 - said[k]]);
      if (contributions && apart) {
        // Shapley's value for two: halfway between what each adds to nothing and what it adds to the other.
        const [nothing, slow, fast] = apart.map((one) => one[k]);
        contributions[row * 2] = (slow - nothing + said[k] - fast) / 2;
        contributions[row * 2 + 1] = (fast - nothing + said[k] - slow) / 2;
      }
      row++;
    }
  }
  return { kind, modalities, ...out, ...(contributions && { contributions }) };
}

/** The last word stands; before the first, what is usual. */
function probabilities({ score }: Scored, prior: number): Float64Array {
  let word = Math.log(prior / (1 - prior));
  return Float64Array.from(score, (said) => {
    if (!Number.isNaN(said)) word = said;
    return 1 / (1 + Math.exp(-word));
  });
}

/** As if nothing had been heard, the slow sensor alone, the fast ones alone. */
function apartOf(track: Track): [nothing: Track, slow: Track, fast: Track] {
  const slow = without(track, 'fast');
  return [without(slow, 'slow'), slow, without(track, 'slow')];
}

/** The same track as if one side had never been heard. */
function without(track: Track, side: 'slow' | 'fast'): Track {
  if (side === 'fast') {
    return { ...track, values: new Float32Array(track.values.length), heard: new Uint8Array(track.heard.length) };
  }
  const none = new Float64Array(0);
  return { ...track, readings: { timeMs: none, knownMs: none, value: none, quality: new Float32Array(0) } };
}
