/** A strategy learned and its thresholds chosen on some people, and what it then says of others. */
import type { AlertChange } from '../../fuse/hybrid/alert/alert.ts';
import { alertsOf } from '../../fuse/hybrid/alert/bulk.ts';
import type { AlertRules } from '../../fuse/hybrid/alert/options.ts';
import type { ThresholdOptions, Thresholds } from '../../fuse/hybrid/alert/threshold.ts';
import { overTime } from '../../fuse/hybrid/over-time.ts';
import { scoreTrack } from '../../fuse/hybrid/run.ts';
import type { Question } from '../../fuse/hybrid/scoring.ts';
import type { StrategyOverTime } from '../../fuse/hybrid/strategies.ts';
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

/** @throws InputError as `overTime` */
export async function follow(
  strategy: StrategyOverTime,
  question: Question,
  training: readonly WatchedNight[],
  test: readonly WatchedNight[],
  thresholds: ThresholdOptions,
  seed: number,
): Promise<Followed> {
  const { scoring, alerts, chosen } = await overTime({ strategy, question, thresholds }).fit(
    training.map(({ track }) => track),
    training.map(({ episodes }) => episodes),
    { seed },
  );
  const nights = test.map(({ track }) => {
    const { score, fresh } = scoreTrack(scoring, track);
    return { id: track.id, score, fresh, changes: alertsOf(score, fresh, track.startMs, track.stepMs, alerts) };
  });
  const { training: tally } = chosen as Thresholds;
  return { alerts, trainingFalsePerNight: tally.false / tally.nights, nights };
}
