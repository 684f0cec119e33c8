/** A strategy learned and its thresholds chosen on some people, and what it then says of others. */
import type { AlertChange } from '../../fuse/hybrid/alert.ts';
import { alertsOf } from '../../fuse/hybrid/alert-bulk.ts';
import type { AlertRules } from '../../fuse/hybrid/alert-options.ts';
import { scoreTrack } from '../../fuse/hybrid/run.ts';
import type { Question, Scoring } from '../../fuse/hybrid/scoring.ts';
import { chooseThresholds, type ThresholdOptions } from '../../fuse/hybrid/threshold.ts';
import type { ScoredNight } from '../../fuse/hybrid/threshold-nights.ts';
import { fitOverTime, type StrategyOverTime } from './strategies.ts';
import type { WatchedNight } from './watched-night.ts';

export interface Followed {
  /** Chosen on training people. */
  readonly alerts: AlertRules;
  /** Of the training people, at these thresholds. */
  readonly trainingFalsePerNight: number;
  readonly nights: readonly FollowedNight[];
}

export interface FollowedNight {
  readonly id: string;
  /** Log-odds; NaN: nothing new to say. */
  readonly score: Float32Array; // [ticks]
  readonly fresh: Uint8Array; // [ticks]
  readonly changes: readonly AlertChange[];
}

/** @throws InputError as the fits and `chooseThresholds` */
export function follow(
  strategy: StrategyOverTime,
  question: Question,
  training: readonly WatchedNight[],
  test: readonly WatchedNight[],
  options: ThresholdOptions,
): Followed {
  const scoring = fitOverTime(
    strategy,
    training.map(({ track }) => track),
    training.map(({ episodes }) => episodes),
    question,
  );
  const { alerts, training: tally } = chooseThresholds(
    training.map((night) => scored(scoring, night)),
    options,
  );
  const nights = test.map((night) => {
    const { score, fresh, startMs, stepMs } = scored(scoring, night);
    return { id: night.track.id, score, fresh, changes: alertsOf(score, fresh, startMs, stepMs, alerts) };
  });
  return { alerts, trainingFalsePerNight: tally.false / tally.nights, nights };
}

function scored(scoring: Scoring, { track, episodes }: WatchedNight): ScoredNight {
  const { score, fresh } = scoreTrack(scoring, track);
  const { startMs, stepMs, judgedFrom } = track;
  return { score, fresh, startMs, stepMs, judgedFrom, episodes };
}
