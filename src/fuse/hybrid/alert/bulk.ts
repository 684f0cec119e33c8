/** The alerts of a whole track at once: the steps of the machine, without its objects. */
import { InputError } from '../../../errors.ts';
import type { AlertChange, AlertKind } from './alert.ts';
import { type AlertOptions, type AlertRules, alertRules } from './options.ts';
import {
  alertAt,
  alertLength,
  heardAt,
  phaseAt,
  quiet,
  saysConfirmed,
  saysEnded,
  saysEscalated,
  saysProvisional,
  saysRenewed,
  saysRetracted,
  startAlert,
  stepAlert,
  wordAt,
} from './transition.ts';

/**
 * All changes of a track. What is about sensors (`silent`, `fault`) is not among them: it takes more than scores to tell.
 *
 * @param score log-odds at every tick, NaN: nothing new to say; [ticks]
 * @param fresh 1: a reading of the slow sensor has come since the tick before; [ticks]
 * @throws InputError for an unknown option, a number out of its range, and columns of unequal length
 */
export function alertsOf(
  score: Float32Array,
  fresh: Uint8Array,
  startMs: number,
  stepMs: number,
  options: AlertOptions,
): AlertChange[] {
  if (score.length !== fresh.length) {
    const expected = `${score.length} ticks of fresh`;
    throw new InputError({ where: 'alertsOf', what: 'columns differ', expected, got: `${fresh.length}` });
  }
  const changes: AlertChange[] = [];
  walkAlerts(score, fresh, startMs, stepMs, alertRules(options), (tick, says, state) => {
    tell(changes, says, state, startMs + tick * stepMs);
  });
  return changes;
}

/** So many ticks are passed over at once where none of them reaches the raising score. */
const block = 32;

/** The highest score of every 32 ticks, for those who walk a track many times; [ceil(ticks / 32)]. */
export function highestByBlock(score: Float32Array): Float32Array {
  const highest = new Float32Array(Math.ceil(score.length / block)).fill(Number.NEGATIVE_INFINITY);
  for (let k = 0; k < score.length; k++) {
    const at = (k / block) | 0;
    if (score[k] > highest[at]) highest[at] = score[k];
  }
  return highest;
}

/**
 * Goes through a track and calls back at every tick at which something is said, with the bits of `stepAlert` and the state
 * after it.
 *
 * @param highest of `highestByBlock`
 * @param state scratch of `alertLength`
 */
export function walkAlerts(
  score: Float32Array,
  fresh: Uint8Array,
  startMs: number,
  stepMs: number,
  rules: AlertRules,
  said: (tick: number, says: number, state: Float64Array) => void,
  highest: Float32Array = highestByBlock(score),
  state: Float64Array = new Float64Array(alertLength),
): void {
  const ticks = score.length;
  startAlert(state);
  let heard = 0; // tick at which a reading last came, as far as `looked`
  let looked = 0;
  for (let k = 0; k < ticks; k++) {
    const isQuiet = state[phaseAt] === quiet;
    if (isQuiet) {
      k = nextAtLeast(score, highest, rules.raise, k);
      if (k === ticks) return;
    }
    for (let j = k; j > looked; j--) {
      if (fresh[j] === 0) continue;
      heard = j;
      break;
    }
    looked = k;
    if (isQuiet) state[heardAt] = startMs + heard * stepMs;
    const says = stepAlert(state, rules, startMs + k * stepMs, score[k], fresh[k] === 1, false);
    if (says !== 0) said(k, says, state);
  }
}

/** The first tick from `from` on whose score is at least `raise`; the number of ticks where none is. */
function nextAtLeast(score: Float32Array, highest: Float32Array, raise: number, from: number): number {
  const ticks = score.length;
  let k = from;
  while (k < ticks) {
    const at = (k / block) | 0;
    const end = Math.min(ticks, (at + 1) * block);
    if (highest[at] >= raise) {
      for (; k < end; k++) if (score[k] >= raise) return k;
    }
    k = end;
  }
  return ticks;
}

/** Writes out what a step said. */
export function tell(changes: AlertChange[], says: number, state: Float64Array, timeMs: number): void {
  const score = state[wordAt];
  const isOver = (says & (saysRetracted | saysEnded)) !== 0;
  const alert = state[alertAt] - (isOver ? 1 : 0);
  const push = (kind: AlertKind) => changes.push({ alert, kind, timeMs, score });
  if (says & saysRenewed) {
    changes.push({ alert: alert - 1, kind: 'ended', timeMs, score });
    push('confirmed');
  }
  if (says & saysProvisional) push('provisional');
  if (says & saysConfirmed) push('confirmed');
  if (says & saysEscalated) push('escalated');
  if (says & saysRetracted) push('retracted');
  if (says & saysEnded) push('ended');
}
