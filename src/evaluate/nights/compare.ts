/**
 * Strategies over time, compared: learned on some people and judged on others, in two modes, with thresholds that give
 * everyone the same number of false alarms on training people.
 */

import { deriveSeed } from '../../array/random.ts';
import type { ThresholdOptions } from '../../fuse/hybrid/alert/threshold.ts';
import { labelsOf } from '../../fuse/hybrid/labels.ts';
import type { Mode, Question } from '../../fuse/hybrid/scoring.ts';
import type { StrategyOverTime } from '../../fuse/hybrid/strategies.ts';
import { type AlertComparison, compareAlerts, type JudgedStrategy } from '../alerts/compare.ts';
import type { AlertNight } from '../alerts/night.ts';
import type { JudgingRules } from '../alerts/rules.ts';
import type { Followed, FollowedNight } from './follow.ts';
import { peopleFolds } from './people-folds.ts';
import type { WatchedNight } from './watched-night.ts';

export const modes = ['nowcast', 'forecast'] as const satisfies readonly Mode[];

export interface FollowOptions {
  readonly seed: number;
  readonly strategies: readonly StrategyOverTime[];
  /** The event, and how far ahead a forecast looks. */
  readonly question: Omit<Question, 'mode'>;
  /** Of people. */
  readonly folds: number;
  readonly thresholds: ThresholdOptions;
  readonly judging?: Partial<JudgingRules>;
}

/** What is to be done for one strategy, mode and fold: learn on `training`, be judged on `test`; indices of nights. */
export interface FollowTask {
  readonly strategy: StrategyOverTime;
  readonly question: Question;
  readonly fold: number;
  readonly seed: number;
  readonly training: Int32Array;
  readonly test: Int32Array;
  readonly thresholds: ThresholdOptions;
}

export interface ModeComparison extends AlertComparison {
  readonly mode: Mode;
  /** By strategy and fold. */
  readonly thresholds: Readonly<Record<string, readonly ChosenThresholds[]>>;
}

export interface ChosenThresholds {
  readonly raise: number;
  readonly confirm: number;
  readonly retract: number;
  /** On the people they were chosen on. */
  readonly trainingFalsePerNight: number;
}

/** Tasks in the order in which `comparisons` wants their outcomes; the last ones, of networks and hybrids, take longest. */
export function followTasks(nights: readonly WatchedNight[], options: FollowOptions): FollowTask[] {
  const { seed, folds, strategies, question, thresholds } = options;
  const foldOf = peopleFolds(
    nights.map(({ track }) => track.subject),
    folds,
    seed,
  );
  const all = [...nights.keys()];
  return modes.flatMap((mode) =>
    strategies.flatMap((strategy) =>
      Array.from({ length: folds }, (_, fold) => ({
        strategy,
        question: { ...question, mode },
        fold,
        seed: deriveSeed(seed, strategy, mode, fold),
        training: Int32Array.from(all.filter((at) => foldOf[at] !== fold)),
        test: Int32Array.from(all.filter((at) => foldOf[at] === fold)),
        thresholds,
      })),
    ),
  );
}

/** @param outcomes of the tasks, in their order */
export function comparisons(
  nights: readonly WatchedNight[],
  tasks: readonly FollowTask[],
  outcomes: readonly Followed[],
  { strategies, judging }: FollowOptions,
): ModeComparison[] {
  return modes.map((mode) => {
    const own = tasks.flatMap((task, at) => (task.question.mode === mode ? [{ task, followed: outcomes[at] }] : []));
    const judged = strategies.map((name): JudgedStrategy => {
      const parts = own.filter(({ task }) => task.strategy === name);
      const byNight = new Map(parts.flatMap(({ followed }) => followed.nights.map((night) => [night.id, night])));
      const { question } = parts[0].task;
      return {
        name,
        nights: nights.map((night) => alertNight(night, byNight.get(night.track.id) as FollowedNight, question)),
      };
    });
    const thresholds = strategies.map((name) => [
      name,
      own.filter(({ task }) => task.strategy === name).map(({ followed }) => chosenOf(followed)),
    ]);
    return {
      mode,
      ...compareAlerts(judged, { ...judging, pairs: pairsOf(strategies) }),
      thresholds: Object.fromEntries(thresholds),
    };
  });
}

/** What differs from what: hybrid fusion from each other, and the rest from the slow sensor alone. */
function pairsOf(strategies: readonly StrategyOverTime[]): (readonly [string, string])[] {
  const has = (name: StrategyOverTime) => strategies.includes(name);
  const hybrid = has('hybrid')
    ? strategies.filter((name) => name !== 'hybrid').map((name) => ['hybrid', name] as const)
    : [];
  const slow = has('slow')
    ? strategies.filter((name) => name !== 'slow' && name !== 'hybrid').map((name) => [name, 'slow'] as const)
    : [];
  return [...hybrid, ...slow];
}

function chosenOf({ alerts, trainingFalsePerNight }: Followed): ChosenThresholds {
  const { raise, confirm, retract } = alerts;
  return { raise, confirm, retract, trainingFalsePerNight };
}

/** A night as alerts are judged on it. */
export function alertNight(
  { track, episodes, group }: WatchedNight,
  { score, fresh, changes }: FollowedNight,
  question: Question,
): AlertNight {
  const { id, subject, startMs: firstMs, stepMs, ticks, judgedFrom } = track;
  return {
    id,
    subject,
    ...(group !== undefined && { group }),
    startMs: firstMs + judgedFrom * stepMs,
    endMs: firstMs + ticks * stepMs,
    knownUntilMs: firstMs + ticks * stepMs,
    episodes,
    changes,
    trace: { startMs: firstMs, stepMs, score, fresh, truth: labelsOf(track, episodes, question) },
  };
}
