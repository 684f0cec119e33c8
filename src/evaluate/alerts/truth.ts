import type { Episode } from '../../align/time/recording.ts';

/**
 * Whether an alert at a time is right: an episode is on, or one begins within the lead. Null where what is known ends before
 * that can be said.
 */
export function rightAt(
  timeMs: number,
  episodes: readonly Episode[],
  leadMs: number,
  knownUntilMs = Number.POSITIVE_INFINITY,
): boolean | null {
  for (const { onsetMs, endMs } of episodes) {
    if (onsetMs > timeMs + leadMs) break;
    if (endMs > timeMs) return true;
  }
  return timeMs + leadMs > knownUntilMs ? null : false;
}
