/** Nights made by hand; times are minutes since the stretch that is judged began. */
import type { AlertNight, ScoreTrace } from '../../../src/evaluate/alerts/night.ts';
import type { AlertChange, AlertKind } from '../../../src/fuse/hybrid/alert/alert.ts';

export const bedtimeMs = Date.UTC(2026, 0, 5, 22);
export const minute = (minutes: number) => bedtimeMs + minutes * 60_000;

/** Changes of alerts: number, kind, minutes. */
export type Change = readonly [number, AlertKind, number];

export function changesOf(...changes: readonly Change[]): AlertChange[] {
  return changes.map(([alert, kind, minutes]) => ({ alert, kind, timeMs: minute(minutes), score: 0 }));
}

/** Of nine hours, the machine running for two hours before. */
export function madeNight(
  episodes: readonly (readonly [number, number])[],
  changes: readonly Change[],
  more: Partial<AlertNight> = {},
): AlertNight {
  return {
    id: 'night',
    subject: 'person',
    startMs: bedtimeMs,
    endMs: minute(540),
    runningFromMs: minute(-120),
    episodes: episodes.map(([onset, end]) => ({ onsetMs: minute(onset), endMs: minute(end), extreme: 60 })),
    changes: changesOf(...changes),
    ...more,
  };
}

/** One tick a minute from the beginning of the stretch on. */
export function madeTrace(score: readonly number[], truth: readonly number[], fresh?: readonly number[]): ScoreTrace {
  return {
    startMs: bedtimeMs,
    stepMs: 60_000,
    score: Float32Array.from(score),
    truth: Uint8Array.from(truth),
    ...(fresh && { fresh: Uint8Array.from(fresh) }),
  };
}
