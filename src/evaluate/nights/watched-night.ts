import type { Episode } from '../../align/time/recording.ts';
import type { Track } from '../../align/time/track.ts';

/** A night as it was heard, and what truly happened in it. */
export interface WatchedNight {
  readonly track: Track;
  readonly episodes: readonly Episode[];
  /** Of the person, where people are judged apart too. */
  readonly group?: string;
}
