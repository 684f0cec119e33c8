import { random } from '../../../src/array/random.ts';
import type { AlertNight } from '../../../src/evaluate/alerts/night.ts';
import { alertsOf } from '../../../src/fuse/hybrid/alert/bulk.ts';
import { bedtimeMs, madeNight, madeTrace } from './made-night.ts';

/** Nights of several people with events, scores and what the alert machine makes of them. */
export function someNights(people: number, each: number, seed: number, lift = 3): AlertNight[] {
  return Array.from({ length: people * each }, (_, i): AlertNight => {
    const { uniform, normal } = random(seed * 10_000 + i);
    const p = i % people;
    const onset = Math.floor(30 + 400 * uniform());
    const episodes: [number, number][] = uniform() < 0.5 ? [[onset, onset + 40]] : [];
    const truth = Array.from({ length: 540 }, (_, k) =>
      episodes.some(([from, to]) => k >= from - 20 && k < to) ? 1 : 0,
    );
    let wander = 0;
    const score = truth.map((event) => {
      wander = 0.9 * wander + 0.4 * normal();
      return wander - 3 + lift * event;
    });
    const trace = madeTrace(
      score,
      truth,
      score.map((_, k) => (k % 5 === 0 ? 1 : 0)),
    );
    const changes = alertsOf(trace.score, trace.fresh as Uint8Array, bedtimeMs, 60_000, { raise: -0.5, retract: -1 });
    return madeNight(episodes, [], {
      id: `night ${i}`,
      subject: `person ${p}`,
      group: ['positive', 'opposite', 'none'][p % 3],
      changes,
      trace,
    });
  });
}
