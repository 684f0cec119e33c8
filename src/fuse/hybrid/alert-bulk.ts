/** The alerts of a whole track at once: the steps of the machine, without its objects. */
import { InputError } from '../../errors.ts';
import type { AlertChange, AlertKind } from './alert.ts';
import { type AlertOptions, type AlertRules, alertRules } from './alert-options.ts';
import {
  alertAt,
  heardAt,
  phaseAt,
  quiet,
  saysConfirmed,
  saysEnded,
  saysEscalated,
  saysProvisional,
  saysRetracted,
  startTransition,
  transition,
  transitionLength,
  wordAt,
} from './alert-transition.ts';

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

/**
 * Goes through a track and calls back at every tick at which something is said, with the bits of `transition` and the state
 * after it.
 *
 * @param state scratch of `transitionLength`; one is made by default
 */
export function walkAlerts(
  score: Float32Array,
  fresh: Uint8Array,
  startMs: number,
  stepMs: number,
  rules: AlertRules,
  said: (tick: number, says: number, state: Float64Array) => void,
  state: Float64Array = new Float64Array(transitionLength),
): void {
  const ticks = score.length;
  const { raise } = rules;
  startTransition(state);
  state[heardAt] = startMs;
  let heard = 0; // tick at which a reading last came
  for (let k = 0; k < ticks; k++) {
    if (state[phaseAt] === quiet) {
      while (k < ticks && !(score[k] >= raise)) {
        if (fresh[k] === 1) heard = k;
        k++;
      }
      if (k === ticks) return;
      state[heardAt] = startMs + heard * stepMs;
    }
    if (fresh[k] === 1) heard = k;
    const says = transition(state, rules, startMs + k * stepMs, score[k], fresh[k] === 1, false);
    if (says !== 0) said(k, says, state);
  }
}

/** Writes out what a step said. */
export function tell(changes: AlertChange[], says: number, state: Float64Array, timeMs: number): void {
  const score = state[wordAt];
  const isOver = (says & (saysRetracted | saysEnded)) !== 0;
  const alert = state[alertAt] - (isOver ? 1 : 0);
  const push = (kind: AlertKind) => changes.push({ alert, kind, timeMs, score });
  if (says & saysProvisional) push('provisional');
  if (says & saysConfirmed) push('confirmed');
  if (says & saysEscalated) push('escalated');
  if (says & saysRetracted) push('retracted');
  if (says & saysEnded) push('ended');
}
