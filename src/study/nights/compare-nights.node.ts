/** Nights simulated, heard, fused in every way, and judged: `consilience night`. */
import { availableParallelism } from 'node:os';
import { InputError } from '../../errors.ts';
import type { AlertDifference } from '../../evaluate/alerts/compare.ts';
import {
  comparisons,
  type FollowOptions,
  type FollowTask,
  followTasks,
  type ModeComparison,
} from '../../evaluate/nights/compare.ts';
import type { Followed } from '../../evaluate/nights/follow.ts';
import type { NightPicture } from '../../evaluate/nights/picture.ts';
import type { WatchedNight } from '../../evaluate/nights/watched-night.ts';
import type { Mode } from '../../fuse/hybrid/scoring.ts';
import { type StrategyOverTime, strategiesOverTime } from '../../fuse/hybrid/strategies.ts';
import { LOW_MG_PER_DL } from '../../simulate/night/night.ts';
import type { TransportName } from '../../simulate/night/transport.ts';
import { packageVersion } from '../environment.node.ts';
import { type NightPool, nightPool } from './night-pool.node.ts';
import { pictureNights } from './picture-nights.ts';
import { sharedNight } from './shared-night.ts';

export interface CompareNightsOptions {
  /** In all; people have ten each, the last one fewer. Default 100. */
  readonly nights?: number;
  readonly seed?: number;
  /** False alarms a night that every strategy may raise on the people it learns on. Default 1. */
  readonly falsePerNight?: number;
  /** How strongly heart and sleep answer low glucose, in multiples of the literature. Default 1. */
  readonly heartRateEffect?: number;
  readonly transport?: TransportName;
  /** Effects at which the worth of the fast sensors is told besides. Default: none. */
  readonly worth?: readonly number[];
  /** Also the fast expert with memory, a network (takes ONNX Runtime, and minutes for a thousand nights). Default false. */
  readonly learned?: boolean;
  /** Worker threads; changes no figure. Default: one a core. */
  readonly jobs?: number;
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, total: number) => void;
}

/** Plain JSON. */
export interface NightsComparison {
  readonly kind: 'consilience-nights';
  readonly version: 1;
  readonly package: string;
  readonly options: {
    readonly nights: number;
    readonly seed: number;
    readonly falsePerNight: number;
    readonly heartRateEffect: number;
    readonly transport: TransportName;
    readonly folds: number;
    readonly horizonSeconds: number;
    readonly thresholdMgPerDl: number;
  };
  readonly world: {
    readonly people: number;
    /** By how the heart answers low glucose. */
    readonly groups: Readonly<Record<string, number>>;
    readonly nights: number;
    /** That begin while nights are judged. */
    readonly events: number;
  };
  readonly modes: readonly ModeComparison[];
  /** Hybrid minus the same filter without fast sensors. */
  readonly worth: readonly WorthOfFast[];
  readonly pictures: readonly NightPicture[];
}

export interface WorthOfFast {
  readonly heartRateEffect: number;
  readonly mode: Mode;
  readonly difference: AlertDifference;
}

const nightsEach = 10;
const folds = 2;
const horizonSeconds = 1200;

/** @throws InputError for options out of range, CancelledError when interrupted */
export async function compareNights(options: CompareNightsOptions = {}): Promise<NightsComparison> {
  const { nights = 100, seed = 1, falsePerNight = 1, heartRateEffect = 1, transport = 'usual', worth = [] } = options;
  const { jobs = availableParallelism(), learned = false, signal, progress } = options;
  if (!(Number.isInteger(nights) && nights >= 2 * nightsEach && nights <= 100_000)) {
    throw new InputError({ where: 'nights', what: 'unusable', expected: '20 to 100000', got: `${nights}` });
  }
  const of = (strategies: readonly StrategyOverTime[]): FollowOptions => ({
    seed,
    strategies,
    folds,
    question: { threshold: LOW_MG_PER_DL, beyond: 'below', horizonSeconds },
    // An alert covers the onsets of the next 20 minutes; what stands longer is told again, and counts again.
    thresholds: { falsePerNight, spend: 'whole-budget', alerts: { renewSeconds: horizonSeconds } },
  });
  const people = Math.ceil(nights / nightsEach);
  const asked = [...new Set(worth)].sort((a, b) => a - b);
  const effects = asked.filter((effect) => effect !== heartRateEffect);
  const all = of(strategiesOverTime.filter((name) => learned || name !== 'learned'));
  const two = of(['filter', 'hybrid']);
  const tasks = (1 + effects.length) * people + 2 * folds * (all.strategies.length + 2 * effects.length);
  let finished = 0;
  const done = () => progress?.(++finished, tasks);
  await using pool = nightPool(Math.max(1, jobs), signal);
  const simulated = (effect: number) =>
    simulate(pool, { nights, people, seed, heartRateEffect: effect, transport }, done);

  const watched = await simulated(heartRateEffect);
  const { modes, outcomes, followed } = await fused(pool, watched, all, done);
  const worths: WorthOfFast[] = [];
  for (const effect of asked) {
    const own = effect === heartRateEffect ? modes : (await fused(pool, await simulated(effect), two, done)).modes;
    for (const { mode, differences } of own) {
      const difference = differences.find(({ a, b, group }) => a === 'hybrid' && b === 'filter' && group === null);
      worths.push({ heartRateEffect: effect, mode, difference: difference as AlertDifference });
    }
  }
  return {
    kind: 'consilience-nights',
    version: 1,
    package: packageVersion(),
    options: {
      nights,
      seed,
      falsePerNight,
      heartRateEffect,
      transport,
      folds,
      horizonSeconds,
      thresholdMgPerDl: LOW_MG_PER_DL,
    },
    world: worldOf(watched, modes),
    modes,
    worth: worths,
    pictures: pictureNights(watched, followed, outcomes, { seed, heartRateEffect, transport }),
  };
}

interface World {
  readonly nights: number;
  readonly people: number;
  readonly seed: number;
  readonly heartRateEffect: number;
  readonly transport: TransportName;
}

async function simulate(
  pool: NightPool,
  { nights, people, ...world }: World,
  done: () => void,
): Promise<WatchedNight[]> {
  const tasks = Array.from({ length: people }, (_, person) => ({
    kind: 'simulate' as const,
    person,
    nights: Math.min(nightsEach, nights - person * nightsEach),
    ...world,
  }));
  return (await pool.run(tasks, done)).flat().map(sharedNight);
}

async function fused(pool: NightPool, nights: readonly WatchedNight[], options: FollowOptions, done: () => void) {
  const followed = followTasks(nights, options);
  const take = (indices: Int32Array) => Array.from(indices, (at) => nights[at]);
  // The longest first, so that no thread is left alone with one.
  const ran: Followed[] = await pool.run(
    followed.toReversed().map((task: FollowTask) => ({
      kind: 'follow' as const,
      task,
      training: take(task.training),
      test: take(task.test),
    })),
    done,
  );
  const outcomes = ran.toReversed();
  return { modes: comparisons(nights, followed, outcomes, options), outcomes, followed };
}

function worldOf(nights: readonly WatchedNight[], modes: readonly ModeComparison[]): NightsComparison['world'] {
  const groupOf = new Map(nights.map(({ track, group }) => [track.subject, group ?? 'unknown']));
  const groups: Record<string, number> = {};
  for (const group of groupOf.values()) groups[group] = (groups[group] ?? 0) + 1;
  return {
    people: groupOf.size,
    groups,
    nights: nights.length,
    events: modes[0].strategies[0].judgement.events,
  };
}
