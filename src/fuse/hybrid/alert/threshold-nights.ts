/** What alerts are right and wrong on nights whose events are known, counted in one pass. */
import type { Episode } from '../../../align/time/recording.ts';
import { highestByBlock, walkAlerts } from './bulk.ts';
import type { AlertRules } from './options.ts';
import { alertLength, saysConfirmed, saysEnded, saysProvisional, saysRenewed, saysRetracted } from './transition.ts';

/** A night as a strategy scored it, and what happened in it. */
export interface ScoredNight {
  /** Log-odds at every tick, NaN: nothing new to say. */
  readonly score: Float32Array; // [ticks]
  /** 1: a reading of the slow sensor has come since the tick before. */
  readonly fresh: Uint8Array; // [ticks]
  readonly startMs: number;
  readonly stepMs: number;
  /** From this tick on it is judged. */
  readonly judgedFrom: number;
  readonly episodes: readonly Episode[];
}

/** A night made ready to be walked many times. */
export interface PreparedNight {
  readonly night: ScoredNight;
  /** 1: an alert raised here is right: an episode is on, or one begins soon enough; [ticks]. */
  readonly right: Uint8Array;
  /** First and last tick at which an alert for each judged episode is raised in time; [episodes, 2]. */
  readonly inTime: Int32Array;
  /** Of `highestByBlock`. */
  readonly highest: Float32Array;
}

/**
 * An alert is right from `aheadSeconds` before an onset until the end of the episode; in time until `graceSeconds` after the
 * onset. Episodes that begin before the night is judged, or after its end, are no event to be caught, but an alert in them or
 * shortly before them is right.
 */
export function preparedNight(night: ScoredNight, aheadSeconds: number, graceSeconds: number): PreparedNight {
  const { startMs, stepMs, judgedFrom, episodes } = night;
  const ticks = night.score.length;
  const right = new Uint8Array(ticks); // [ticks]
  const first = ({ onsetMs }: Episode) => Math.max(0, Math.ceil((onsetMs - 1000 * aheadSeconds - startMs) / stepMs));
  for (const episode of episodes) {
    right.fill(
      1,
      Math.min(ticks, first(episode)),
      Math.max(0, Math.min(ticks, Math.ceil((episode.endMs - startMs) / stepMs))),
    );
  }
  const events = episodes.filter(
    ({ onsetMs }) => onsetMs >= startMs + judgedFrom * stepMs && onsetMs < startMs + ticks * stepMs,
  );
  const inTime = Int32Array.from(
    events.flatMap((event) => [first(event), Math.floor((event.onsetMs + 1000 * graceSeconds - startMs) / stepMs)]),
  );
  return { night, right, inTime, highest: highestByBlock(night.score) };
}

/** Counts over nights. An alert is right or false by the moment at which it was raised. */
export interface AlertTally {
  readonly nights: number;
  readonly events: number;
  /** Events with an alert raised in time. */
  readonly caught: number;
  readonly right: number;
  readonly false: number;
  /** Of those, the ones that were provisional. */
  readonly rightProvisional: number;
  readonly falseProvisional: number;
  /** Of the provisional, the ones taken back. */
  readonly rightRetracted: number;
  readonly falseRetracted: number;
  /** The ones ever confirmed. */
  readonly rightConfirmed: number;
  readonly falseConfirmed: number;
}

export function tallyAlerts(nights: readonly PreparedNight[], rules: AlertRules): AlertTally {
  const counts = new Int32Array(8); // [right, provisional, retracted, confirmed] by [false, right]
  let events = 0;
  let caught = 0;
  let current: PreparedNight;
  let found = new Uint8Array(16); // [episodes of the night]
  let isOn = false;
  let side = -1; // 1 right, 0 false, -1 raised before the night was judged
  const said = (tick: number, says: number) => {
    if (says & saysRenewed) isOn = false; // the one before ended, another begins
    if (!isOn) {
      isOn = true;
      side = tick < current.night.judgedFrom ? -1 : current.right[tick];
      if (side === 1) noteCaught(tick);
      if (side >= 0) {
        counts[side]++;
        if (says & saysProvisional) counts[2 + side]++;
      }
    }
    if (side >= 0) {
      if (says & saysRetracted) counts[4 + side]++;
      if (says & (saysConfirmed | saysRenewed)) counts[6 + side]++;
    }
    if (says & (saysRetracted | saysEnded)) isOn = false;
  };
  const noteCaught = (tick: number) => {
    const { inTime } = current;
    for (let e = 0; e < inTime.length; e += 2) {
      if (tick < inTime[e] || tick > inTime[e + 1] || found[e >> 1] === 1) continue;
      found[e >> 1] = 1;
      caught++;
    }
  };
  const state = new Float64Array(alertLength);
  for (const night of nights) {
    current = night;
    isOn = false;
    const own = night.inTime.length / 2;
    events += own;
    if (own > found.length) found = new Uint8Array(own);
    else found.fill(0);
    const { score, fresh, startMs, stepMs } = night.night;
    walkAlerts(score, fresh, startMs, stepMs, rules, said, night.highest, state);
  }
  return {
    nights: nights.length,
    events,
    caught,
    right: counts[1],
    false: counts[0],
    rightProvisional: counts[3],
    falseProvisional: counts[2],
    rightRetracted: counts[5],
    falseRetracted: counts[4],
    rightConfirmed: counts[7],
    falseConfirmed: counts[6],
  };
}
