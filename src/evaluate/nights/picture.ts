/** One stretch of time as it is drawn: what was true, what was measured, what each strategy said. */
import type { Episode } from '../../align/time/recording.ts';
import type { AlertChange } from '../../fuse/hybrid/alert/alert.ts';
import type { Question } from '../../fuse/hybrid/scoring.ts';

/** A quantity over time. */
export interface Series {
  readonly timeMs: readonly number[];
  readonly value: readonly number[];
}

export interface NightPicture {
  readonly id: string;
  /** In a few words, why it is shown. */
  readonly caption: string;
  readonly startMs: number;
  readonly endMs: number;
  /** To be added to a time for the subject's local clock. */
  readonly utcOffsetMs: number;
  /** The watched quantity, its unit and its threshold. */
  readonly watched: { readonly name: string; readonly unit: string } & Pick<Question, 'threshold' | 'beyond'>;
  /** As it truly was, where that is known. */
  readonly truth?: Series;
  /** As the slow sensor read it, at the time of measurement. */
  readonly readings: Series;
  /** What the fast sensors measured, averaged by minute. */
  readonly fast: readonly { readonly name: string; readonly unit: string; readonly series: Series }[];
  readonly episodes: readonly Episode[];
  /** In the order in which they are drawn; the first one's probability is drawn too. */
  readonly strategies: readonly {
    readonly name: string;
    readonly probability: Series;
    /** From which probability on it raises an alert. */
    readonly raise: number;
    readonly changes: readonly AlertChange[];
  }[];
}
