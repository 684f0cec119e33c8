/** The pieces that a comparison over nights is cut into; each runs on any thread and gives the same bytes there. */
import { trackOf } from '../../align/time/track-of.ts';
import type { FollowTask } from '../../evaluate/nights/compare.ts';
import { type Followed, follow } from '../../evaluate/nights/follow.ts';
import type { WatchedNight } from '../../evaluate/nights/watched-night.ts';
import { simulateNights } from '../../simulate/night/night.ts';
import { nightSetup } from '../../simulate/night/night-setup.ts';
import type { TransportName } from '../../simulate/night/transport.ts';

/** All nights of one person. */
export interface SimulateTask {
  readonly kind: 'simulate';
  readonly seed: number;
  /** Index of the person. */
  readonly person: number;
  readonly nights: number;
  readonly heartRateEffect: number;
  readonly transport: TransportName;
}

export interface FollowNightsTask {
  readonly kind: 'follow';
  readonly task: FollowTask;
  /** Those of training, and of test. */
  readonly training: readonly WatchedNight[];
  readonly test: readonly WatchedNight[];
}

export type NightTask = SimulateTask | FollowNightsTask;
export type NightAnswer<Task extends NightTask> = Task extends SimulateTask ? WatchedNight[] : Followed;

export async function doNightTask<Task extends NightTask>(task: Task): Promise<NightAnswer<Task>> {
  return (task.kind === 'simulate' ? watchPerson(task) : await followed(task)) as NightAnswer<Task>;
}

/** What was heard of a person's nights. The recordings themselves, some 80,000 readings each, are let go. */
function watchPerson({ seed, person, nights, heartRateEffect, transport }: SimulateTask): WatchedNight[] {
  const watched: WatchedNight[] = [];
  const made = simulateNights({ people: 1, firstPerson: person, nightsEach: nights, seed, heartRateEffect, transport });
  for (const { recording, truth } of made) {
    watched.push({ track: trackOf(recording, nightSetup), episodes: truth.episodes, group: truth.response });
  }
  return watched;
}

function followed({ task, training, test }: FollowNightsTask): Promise<Followed> {
  return follow(task.strategy, task.question, training, test, task.thresholds, task.seed);
}
