/**
 * One step of the alert machine on a flat state, shared by the machine that runs live and the one that runs over whole
 * nights. It allocates nothing.
 *
 * - quiet: a word of at least `raise` begins an alert. If it is the word of a fresh reading and at least `confirm`, the alert
 *   is confirmed from its first moment; else it is provisional. The reading that raised it is not asked a second time.
 * - provisional: a fresh reading whose word is at least `confirm` confirms it, one below `retract` takes it back. Between the
 *   two, and without readings, it stays; after `provisionalSeconds` it is confirmed, since nobody has said that all is well.
 * - taken back: for `snoozeSeconds` only a word that exceeds the highest of that alert by `snoozeMargin`, or the word of a
 *   fresh reading that confirms, begins another.
 * - confirmed: ends when the word has been below `quiet` for `quietSeconds`, all of them with the slow sensor heard.
 *   Escalates once: at `deep`, or unanswered after `escalateAfterSeconds` unless it is on its way out. Where it stands for
 *   `renewSeconds` since it was raised and its word is at least `raise` still, it is over and another begins, confirmed from
 *   its first moment: what has not ended by then is told again.
 *
 * A word is a score that is a number. Between words the last stands: clocks run on it, but it raises nothing again.
 */
import type { AlertRules } from './options.ts';

/** Places in the state. */
export const phaseAt = 0;
/** Number of the alert that is on, or comes next. */
export const alertAt = 1;
/** The last word. */
export const wordAt = 2;
/** When a reading of the slow sensor last came, or the first step. */
export const heardAt = 3;
/** Since when the phase lasts. */
const sinceAt = 4;
/** Since when the word is below `quiet`; NaN: it is not. */
const quietAt = 5;
/** The highest word of the alert that is on or was taken back. */
const peakAt = 6;
/** Until when to snooze. */
const snoozeAt = 7;
/** 1: the alert that is on was answered. */
const answeredAt = 8;
/** 1: it was escalated. */
const escalatedAt = 9;
/** When it was raised, or told anew. */
const raisedAt = 10;
export const alertLength = 11;

/** Values of the phase, in the order of `alertStates`. */
export const quiet = 0;
export const provisional = 1;
export const confirmed = 2;

/** What a step says: bits, in the order in which they are told. */
export const saysProvisional = 1;
export const saysConfirmed = 2;
export const saysEscalated = 4;
export const saysRetracted = 8;
export const saysEnded = 16;
/** Ended and confirmed: of the alert before, and of the next. */
export const saysRenewed = 32;

export function startAlert(state: Float64Array): void {
  state.fill(0, 0, alertLength);
  state[wordAt] = Number.NaN;
  state[heardAt] = Number.NaN;
  state[quietAt] = Number.NaN;
  state[snoozeAt] = Number.NEGATIVE_INFINITY;
}

/** @returns bits of what is said; the number of an alert that is over is the one before `state[alertAt]` */
export function stepAlert(
  state: Float64Array,
  rules: AlertRules,
  timeMs: number,
  score: number,
  fresh: boolean,
  answered: boolean,
): number {
  const speaks = !Number.isNaN(score);
  if (speaks) state[wordAt] = score;
  if (fresh || Number.isNaN(state[heardAt])) state[heardAt] = timeMs;
  const phase = state[phaseAt];
  if (phase === quiet) return speaks && score >= rules.raise ? raised(state, rules, timeMs, score, fresh) : 0;
  if (answered) state[answeredAt] = 1;
  const word = state[wordAt];
  if (word > state[peakAt]) state[peakAt] = word;
  if (phase === confirmed) return during(state, rules, timeMs, word);
  if (speaks && fresh) {
    if (score >= rules.confirm) return confirm(state, rules, timeMs, word);
    if (score < rules.retract) {
      state[snoozeAt] = timeMs + 1000 * rules.snoozeSeconds;
      over(state, timeMs);
      return saysRetracted;
    }
  }
  return timeMs - state[sinceAt] >= 1000 * rules.provisionalSeconds ? confirm(state, rules, timeMs, word) : 0;
}

function raised(state: Float64Array, rules: AlertRules, timeMs: number, score: number, fresh: boolean): number {
  const sure = fresh && score >= rules.confirm;
  if (timeMs < state[snoozeAt] && !sure && score < state[peakAt] + rules.snoozeMargin) return 0;
  state[peakAt] = score;
  state[raisedAt] = timeMs;
  state[answeredAt] = 0;
  state[escalatedAt] = 0;
  if (sure) return confirm(state, rules, timeMs, score);
  state[phaseAt] = provisional;
  state[sinceAt] = timeMs;
  return saysProvisional;
}

/** The alert is over, and another begins at once. */
function renew(state: Float64Array, rules: AlertRules, timeMs: number, word: number): number {
  over(state, timeMs);
  state[peakAt] = word;
  state[raisedAt] = timeMs;
  state[answeredAt] = 0;
  state[escalatedAt] = 0;
  state[phaseAt] = confirmed;
  state[quietAt] = Number.NaN;
  if (!(word >= rules.deep)) return saysRenewed;
  state[escalatedAt] = 1;
  return saysRenewed | saysEscalated;
}

function confirm(state: Float64Array, rules: AlertRules, timeMs: number, word: number): number {
  state[phaseAt] = confirmed;
  state[sinceAt] = timeMs;
  state[quietAt] = Number.NaN;
  return saysConfirmed | during(state, rules, timeMs, word);
}

function during(state: Float64Array, rules: AlertRules, timeMs: number, word: number): number {
  const isOld = timeMs > state[sinceAt] && timeMs - state[raisedAt] >= 1000 * rules.renewSeconds;
  if (isOld && word >= rules.raise) return renew(state, rules, timeMs, word);
  const silent = timeMs - state[heardAt] >= 1000 * rules.slowSilentSeconds;
  if (silent || !(word < rules.quiet)) {
    state[quietAt] = Number.NaN;
    if (state[escalatedAt] === 1) return 0;
    const unanswered = state[answeredAt] === 0 && timeMs - state[sinceAt] >= 1000 * rules.escalateAfterSeconds;
    if (!unanswered && !(word >= rules.deep)) return 0;
    state[escalatedAt] = 1;
    return saysEscalated;
  }
  if (Number.isNaN(state[quietAt])) state[quietAt] = timeMs;
  if (timeMs - state[quietAt] < 1000 * rules.quietSeconds || timeMs === state[sinceAt]) return 0;
  over(state, timeMs);
  return saysEnded;
}

function over(state: Float64Array, timeMs: number): void {
  state[phaseAt] = quiet;
  state[sinceAt] = timeMs;
  state[alertAt]++;
}
