/** Changes put together again to the alerts that they are changes of. */
import { InputError } from '../../errors.ts';
import type { AlertChange } from '../../fuse/hybrid/alert/alert.ts';

export interface Alert {
  readonly raisedMs: number;
  /** Whether it was to be confirmed at first. */
  readonly provisional: boolean;
  readonly confirmedMs: number | null;
  readonly retractedMs: number | null;
  readonly escalatedMs: number | null;
  /** When it ended or was taken back; Infinity where it is still on. */
  readonly offMs: number;
}

type Open = { -readonly [key in keyof Alert]: Alert[key] };

/**
 * In the order in which they were raised. Changes that tell of sensors are no such alerts and left out.
 *
 * @throws InputError where changes are out of order, or speak of an alert that is not on
 */
export function alertsIn(where: string, changes: readonly AlertChange[]): Alert[] {
  const alerts: Open[] = [];
  const open = new Map<number, Open>();
  const over = new Set<number>();
  let last = Number.NEGATIVE_INFINITY;
  for (const [at, { alert, kind, timeMs }] of changes.entries()) {
    const refuse = (what: string, expected: string, got: string) =>
      new InputError({ where: `${where}: change ${at}`, what, expected, got });
    if (!(timeMs >= last)) throw refuse('out of order', `a time from ${last} on`, `${timeMs}`);
    last = timeMs;
    if (kind === 'silent' || kind === 'heard' || kind === 'fault' || kind === 'cleared') continue;
    const known = open.get(alert);
    if (over.has(alert) || (known && kind === 'provisional')) {
      throw refuse(`${kind} of an alert that ${known ? 'is on' : 'is over'}`, 'a new number', `${alert}`);
    }
    if (kind === 'provisional' || (kind === 'confirmed' && !known)) {
      const provisional = kind === 'provisional';
      const raised: Open = {
        raisedMs: timeMs,
        provisional,
        confirmedMs: provisional ? null : timeMs,
        retractedMs: null,
        escalatedMs: null,
        offMs: Number.POSITIVE_INFINITY,
      };
      open.set(alert, raised);
      alerts.push(raised);
      continue;
    }
    if (!known) throw refuse(`${kind} of an alert that was not raised`, 'a number that was', `${alert}`);
    if (kind === 'confirmed') {
      if (known.confirmedMs !== null)
        throw refuse('confirmed a second time', 'escalated, retracted or ended', `${alert}`);
      known.confirmedMs = timeMs;
    } else if (kind === 'escalated') known.escalatedMs ??= timeMs;
    else {
      if (kind === 'retracted') known.retractedMs = timeMs;
      known.offMs = timeMs;
      open.delete(alert);
      over.add(alert);
    }
  }
  return alerts;
}
