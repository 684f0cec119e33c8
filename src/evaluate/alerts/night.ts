/** A stretch of time that is judged, such as a night: what was true, and what a strategy made of it. */
import type { Episode } from '../../align/time/recording.ts';
import type { AlertChange } from '../../fuse/hybrid/alert/alert.ts';

export interface AlertNight {
  readonly id: string;
  readonly subject: string;
  /** Of the subject, where subjects are judged apart too, such as how the heart responds. The same on all its nights. */
  readonly group?: string;
  /** The stretch that is judged, Unix milliseconds; its end not included. */
  readonly startMs: number;
  readonly endMs: number;
  /** Since when the alert machine runs. Default: from the first tick of the trace, or from `startMs`, whichever is earlier. */
  readonly runningFromMs?: number;
  /**
   * Until when all episodes are known. An alert so shortly before it that its event may come later is neither right nor
   * false. Default: for ever, so that what is not in `episodes` did not happen.
   */
  readonly knownUntilMs?: number;
  /** In order of time, apart from each other; those outside the stretch may be among them, and tell of alerts near its ends. */
  readonly episodes: readonly Episode[];
  /** In order of time; those before the stretch may be among them. */
  readonly changes: readonly AlertChange[];
  /** Without it nothing is said of the score, nor of what another retract threshold would have done. */
  readonly trace?: ScoreTrace;
}

/** The score behind the alerts. Tick k stands at `startMs + k * stepMs`. */
export interface ScoreTrace {
  readonly startMs: number;
  readonly stepMs: number;
  /** Log-odds; NaN: nothing new to say, the last word stands. */
  readonly score: Float32Array; // [ticks]
  /** What the score asks: 1 an event, 0 none, anything else not known. */
  readonly truth: Uint8Array; // [ticks]
  /** 1: a reading of the slow sensor came since the tick before. Without it there is no retraction curve. */
  readonly fresh?: Uint8Array; // [ticks]
}
