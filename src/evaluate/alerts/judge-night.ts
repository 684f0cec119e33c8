/** One night: what became of each event, and of each alert. */
import type { Episode } from '../../align/time/recording.ts';
import { InputError } from '../../errors.ts';
import { type Alert, alertsIn } from './alerts-in.ts';
import type { AlertNight } from './night.ts';
import { type JudgingRules, judgingRules } from './rules.ts';
import { rightAt } from './truth.ts';

/**
 * `caught`: the first alert that belongs to it was raised in time. `standing`: none was, but one raised earlier still, which
 * counted as false then, was on at onset. `late`: raised while it was on, but too late. `missed`: nothing.
 */
export type EventOutcome = 'caught' | 'standing' | 'late' | 'missed';

export interface JudgedEvent {
  readonly onsetMs: number;
  readonly outcome: EventOutcome;
  /** From onset to the first alert that belongs to it, raised from the lead before its onset until its end; below 0: before. */
  readonly delaySeconds: number | null;
  /** Until the first confirmation from the lead before onset until its end. */
  readonly confirmedAfterSeconds: number | null;
  /** An alert was on when the grace after onset ran out. */
  readonly onAfterGrace: boolean;
  /** An alert that belongs to it was taken back when it was on or about to begin. */
  readonly takenBack: boolean;
}

export interface JudgedAlert {
  readonly raisedMs: number;
  readonly provisional: boolean;
  /** Whether an event was on or followed when it was raised; null: not known. */
  readonly right: boolean | null;
  readonly confirmedAfterSeconds: number | null;
  /** The same at confirmation; null where it was not confirmed, too. */
  readonly confirmedRight: boolean | null;
  readonly takenBackAfterSeconds: number | null;
  /** The same when it was taken back: it was wrong to. Null where it was not taken back, too. */
  readonly takenBackWrongly: boolean | null;
}

export interface NightJudgement {
  readonly id: string;
  readonly subject: string;
  /** Events whose onset lies in the stretch, and for which alerts could be raised since the lead before it. */
  readonly events: readonly JudgedEvent[];
  /** Events that are not judged: on when the stretch began; or begun before the machine had run for as long as the lead. */
  readonly alreadyOn: number;
  readonly notWatched: number;
  /** Raised in the stretch; what became of them until its end. */
  readonly alerts: readonly JudgedAlert[];
  /** Changes that tell of sensors. */
  readonly silent: number;
  readonly fault: number;
  /** Of the stretch. */
  readonly hours: number;
  readonly minutesProvisional: number;
  readonly minutesConfirmed: number;
}

/** @throws InputError where its times, episodes or changes are out of order */
export function judgeNight(night: AlertNight, rules: Partial<JudgingRules> = {}): NightJudgement {
  return judgedNight(night, judgingRules('judgeNight', rules));
}

export function judgedNight(night: AlertNight, { leadSeconds, graceSeconds }: JudgingRules): NightJudgement {
  const { id, subject, startMs, endMs, episodes, changes, knownUntilMs } = night;
  checkNight(night);
  const alerts = alertsIn(`night "${id}"`, changes);
  const leadMs = leadSeconds * 1000;
  const graceMs = graceSeconds * 1000;
  const right = (timeMs: number) => rightAt(timeMs, episodes, leadMs, knownUntilMs);
  const inside = (timeMs: number) => timeMs >= startMs && timeMs < endMs;
  const runningFrom = night.runningFromMs ?? Math.min(startMs, night.trace?.startMs ?? startMs);
  const judged = episodes.filter(({ onsetMs }) => inside(onsetMs) && onsetMs - leadMs >= runningFrom);
  const inStretch = (kind: string) => changes.filter((change) => change.kind === kind && inside(change.timeMs)).length;
  return {
    id,
    subject,
    events: judged.map((episode) => judgedEvent(episode, alerts, leadMs, graceMs, right)),
    alreadyOn: episodes.filter((episode) => episode.onsetMs < startMs && episode.endMs > startMs).length,
    notWatched: episodes.filter(({ onsetMs }) => inside(onsetMs)).length - judged.length,
    alerts: alerts.filter(({ raisedMs }) => inside(raisedMs)).map((alert) => judgedAlert(alert, endMs, right)),
    silent: inStretch('silent'),
    fault: inStretch('fault'),
    hours: (endMs - startMs) / 3_600_000,
    ...minutesOn(alerts, startMs, endMs),
  };
}

type Right = (timeMs: number) => boolean | null;

function judgedEvent(
  { onsetMs, endMs }: Episode,
  alerts: readonly Alert[],
  leadMs: number,
  graceMs: number,
  right: Right,
): JudgedEvent {
  const from = onsetMs - leadMs;
  const own = alerts.filter(({ raisedMs }) => raisedMs >= from && raisedMs < endMs);
  const onAt = (timeMs: number) => alerts.some((alert) => alert.raisedMs <= timeMs && alert.offMs > timeMs);
  const standing = alerts.some(({ raisedMs, offMs }) => raisedMs < from && offMs > onsetMs);
  const first = own.length > 0 ? own[0].raisedMs : undefined;
  const confirmed = alerts
    .map(({ confirmedMs }) => confirmedMs ?? Number.NEGATIVE_INFINITY)
    .filter((timeMs) => timeMs >= from && timeMs < endMs);
  let outcome: EventOutcome = 'missed';
  if (first !== undefined && first <= onsetMs + graceMs) outcome = 'caught';
  else if (standing) outcome = 'standing';
  else if (first !== undefined) outcome = 'late';
  return {
    onsetMs,
    outcome,
    delaySeconds: first === undefined ? null : (first - onsetMs) / 1000,
    confirmedAfterSeconds: confirmed.length === 0 ? null : (Math.min(...confirmed) - onsetMs) / 1000,
    onAfterGrace: onAt(onsetMs + graceMs),
    takenBack: own.some(
      ({ retractedMs }) => retractedMs !== null && retractedMs < endMs && right(retractedMs) === true,
    ),
  };
}

function judgedAlert(
  { raisedMs, provisional, confirmedMs, retractedMs }: Alert,
  endMs: number,
  right: Right,
): JudgedAlert {
  const confirmed = confirmedMs !== null && confirmedMs < endMs ? confirmedMs : null;
  const retracted = retractedMs !== null && retractedMs < endMs ? retractedMs : null;
  return {
    raisedMs,
    provisional,
    right: right(raisedMs),
    confirmedAfterSeconds: confirmed === null ? null : (confirmed - raisedMs) / 1000,
    confirmedRight: confirmed === null ? null : right(confirmed),
    takenBackAfterSeconds: retracted === null ? null : (retracted - raisedMs) / 1000,
    takenBackWrongly: retracted === null ? null : right(retracted),
  };
}

/** Where several alerts are on at once each counts; machines here have one at a time. */
function minutesOn(alerts: readonly Alert[], startMs: number, endMs: number) {
  let provisional = 0;
  let confirmed = 0;
  const within = (from: number, to: number) => Math.max(0, Math.min(to, endMs) - Math.max(from, startMs)) / 60_000;
  for (const { raisedMs, confirmedMs, offMs } of alerts) {
    provisional += within(raisedMs, confirmedMs ?? offMs);
    if (confirmedMs !== null) confirmed += within(confirmedMs, offMs);
  }
  return { minutesProvisional: provisional, minutesConfirmed: confirmed };
}

function checkNight({ id, startMs, endMs, episodes, trace }: AlertNight): void {
  const where = `night "${id}"`;
  if (!(endMs > startMs && Number.isFinite(endMs - startMs))) {
    throw new InputError({
      where,
      what: 'no stretch of time',
      expected: 'startMs < endMs',
      got: `${startMs}, ${endMs}`,
    });
  }
  let last = Number.NEGATIVE_INFINITY;
  for (const { onsetMs, endMs: over } of episodes) {
    if (!(onsetMs >= last && over > onsetMs)) {
      throw new InputError({
        where: `${where}: episodes`,
        what: 'out of order or overlapping',
        expected: 'each onset before its end, and after the end of the one before',
        got: `${onsetMs} to ${over} after ${last}`,
      });
    }
    last = over;
  }
  if (!trace) return;
  const lengths = [trace.score.length, trace.truth.length, trace.fresh?.length ?? trace.score.length];
  if (lengths.some((length) => length !== lengths[0]) || !(trace.stepMs > 0)) {
    throw new InputError({
      where: `${where}: trace`,
      what: 'columns that do not go together',
      expected: 'score, truth and fresh of one length, stepMs above 0',
      got: `${lengths.join(', ')}; ${trace.stepMs}`,
    });
  }
}
