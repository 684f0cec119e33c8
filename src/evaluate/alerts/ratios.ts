/** Shares and rates: of what, out of what, and what it means that there are none of the latter. */
import type { Counted } from './tally.ts';

interface Ratio {
  readonly of: Counted;
  readonly among: readonly Counted[];
  /** Why it has no value where `among` sums to 0. */
  readonly why: string;
}

const among = (why: string, ...names: readonly Counted[]) => ({ among: names, why });
const events = among('no events', 'events');
const nights = among('no nights', 'nights');

export const ratios = {
  /** First alert raised between the lead before onset and the grace after it. */
  caught: { of: 'caught', ...events },
  caughtBefore: { of: 'caughtBefore', ...events },
  caughtWithinGrace: { of: 'caughtWithinGrace', ...events },
  /** None raised in time, but one raised earlier, and false then, was on at onset. */
  standing: { of: 'standing', ...events },
  late: { of: 'late', ...events },
  missed: { of: 'missed', ...events },
  /** An alert was on when the grace ran out: caught and not taken back by then, or standing. */
  onAfterGrace: { of: 'onAfterGrace', ...events },
  /** Confirmed between the lead before onset and the end of the event. */
  confirmed: { of: 'confirmedEvents', ...events },
  /** Of events with an alert of their own, those with one taken back that should not have been. */
  eventsTakenBack: { of: 'takenBackEvents', ...among('no event had an alert', 'alertedEvents') },
  /** Of events whose first alert came at or after onset. */
  withinGrace: { of: 'caughtWithinGrace', ...among('no event had its first alert after onset', 'alertedAfterOnset') },
  alertsPerNight: { of: 'alerts', ...nights },
  falseAlarmsPerNight: { of: 'falseAlarms', ...nights },
  provisionalFalseAlarmsPerNight: { of: 'provisionalFalseAlarms', ...nights },
  /** Judged when they were confirmed. */
  falseConfirmationsPerNight: { of: 'falseConfirmations', ...nights },
  sensorAlertsPerNight: { of: 'sensorAlerts', ...nights },
  minutesQuietPerNight: { of: 'minutesQuiet', ...nights },
  minutesProvisionalPerNight: { of: 'minutesProvisional', ...nights },
  minutesConfirmedPerNight: { of: 'minutesConfirmed', ...nights },
  ppv: { of: 'rightAlerts', ...among('no alerts', 'rightAlerts', 'falseAlarms') },
  confirmedPpv: { of: 'rightConfirmations', ...among('no confirmations', 'rightConfirmations', 'falseConfirmations') },
  falseTakenBack: { of: 'falseTakenBack', ...among('no false provisional alerts', 'provisionalFalseAlarms') },
  rightTakenBack: { of: 'rightTakenBack', ...among('no right provisional alerts', 'rightProvisional') },
  /** Nights with an event in which an alert was right. */
  nightSensitivity: { of: 'toldEventNights', ...among('no nights with an event', 'eventNights') },
  /** Nights without an event in which no alert was raised. */
  nightSpecificity: { of: 'silentQuietNights', ...among('no nights without an event', 'quietNights') },
  /** Nights with an alert in which one was right. */
  nightPpv: { of: 'rightlyAlertedNights', ...among('no nights with an alert', 'alertedNights') },
} as const satisfies Readonly<Record<string, Ratio>>;
export type RatioName = keyof typeof ratios;

export const ratioNames = Object.keys(ratios) as RatioName[];
