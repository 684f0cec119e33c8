/** What is counted of a person's nights. Every share and rate is a ratio of two of these, of all people or of a draw. */
import type { NightJudgement } from './judge-night.ts';

export const counted = [
  'nights',
  'events',
  'caught',
  'caughtBefore',
  'caughtWithinGrace',
  'standing',
  'late',
  'missed',
  'onAfterGrace',
  'confirmedEvents',
  'alertedEvents',
  'takenBackEvents',
  'alertedAfterOnset',
  'alerts',
  'rightAlerts',
  'falseAlarms',
  'undecided',
  'provisionalFalseAlarms',
  'falseTakenBack',
  'rightProvisional',
  'rightTakenBack',
  'rightConfirmations',
  'falseConfirmations',
  'sensorAlerts',
  'minutesQuiet',
  'minutesProvisional',
  'minutesConfirmed',
  'eventNights',
  'toldEventNights',
  'quietNights',
  'silentQuietNights',
  'alertedNights',
  'rightlyAlertedNights',
] as const;
export type Counted = (typeof counted)[number];

export const at = Object.fromEntries(counted.map((name, i) => [name, i])) as Readonly<Record<Counted, number>>;

/** Adds a night to the sums of its person. */
export function addNight(sums: Float64Array, person: number, night: NightJudgement): void {
  const from = person * counted.length;
  const add = (name: Counted, amount: number) => {
    sums[from + at[name]] += amount;
  };
  add('nights', 1);
  for (const { outcome, delaySeconds, confirmedAfterSeconds, onAfterGrace, takenBack } of night.events) {
    add('events', 1);
    add(outcome, 1);
    if (outcome === 'caught') add((delaySeconds as number) < 0 ? 'caughtBefore' : 'caughtWithinGrace', 1);
    if (onAfterGrace) add('onAfterGrace', 1);
    if (confirmedAfterSeconds !== null) add('confirmedEvents', 1);
    if (delaySeconds !== null) add('alertedEvents', 1);
    if (outcome !== 'standing' && delaySeconds !== null && delaySeconds >= 0) add('alertedAfterOnset', 1);
    if (takenBack) add('takenBackEvents', 1);
  }
  for (const { right, provisional, confirmedAfterSeconds, confirmedRight, takenBackWrongly } of night.alerts) {
    add('alerts', 1);
    add(right === null ? 'undecided' : right ? 'rightAlerts' : 'falseAlarms', 1);
    if (provisional && right === false) {
      add('provisionalFalseAlarms', 1);
      if (takenBackWrongly === false) add('falseTakenBack', 1);
    }
    if (provisional && right === true) {
      add('rightProvisional', 1);
      if (takenBackWrongly === true) add('rightTakenBack', 1);
    }
    if (confirmedAfterSeconds !== null && confirmedRight !== null) {
      add(confirmedRight ? 'rightConfirmations' : 'falseConfirmations', 1);
    }
  }
  add('sensorAlerts', night.silent + night.fault);
  add('minutesProvisional', night.minutesProvisional);
  add('minutesConfirmed', night.minutesConfirmed);
  add('minutesQuiet', 60 * night.hours - night.minutesProvisional - night.minutesConfirmed);
  addWholeNight(night, add);
}

/**
 * A night without a judged event counts as quiet unless events were left out, an alert is undecided, or an alert was right
 * since its event began just after the night.
 */
function addWholeNight(night: NightJudgement, add: (name: Counted, amount: number) => void): void {
  const leftOut = night.alreadyOn + night.notWatched > 0;
  const right = night.alerts.some((alert) => alert.right === true);
  const undecided = night.alerts.some((alert) => alert.right === null);
  if (night.alerts.length > 0 && (right || !undecided)) {
    add('alertedNights', 1);
    if (right) add('rightlyAlertedNights', 1);
  }
  if (night.events.length > 0) {
    add('eventNights', 1);
    if (right) add('toldEventNights', 1);
  } else if (!leftOut && !undecided && !right) {
    add('quietNights', 1);
    if (night.alerts.length === 0) add('silentQuietNights', 1);
  }
}
