/** Chooses when to raise, confirm and take back an alert on training nights, for a stated number of false alarms. */
import { InputError } from '../../../errors.ts';
import { type AlertOptions, type AlertRules, alertRules } from './options.ts';
import {
  type AlertTally,
  type PreparedNight,
  preparedNight,
  type ScoredNight,
  tallyAlerts,
} from './threshold-nights.ts';
import { chooseRaise, type RaisePoint, raiseCandidates, type Spending, spendings } from './threshold-raise.ts';
import { chooseRetraction, isShareKept, neverRetract, type Retraction, waitingAlerts } from './threshold-retraction.ts';

export interface ThresholdOptions {
  /** False alarms a night that are allowed on average, provisional ones included. Default: 1. */
  readonly falsePerNight?: number;
  /** Which of the scores that keep the budget is taken: that which catches most, or the lowest. Default: most-caught. */
  readonly spend?: Spending;
  /** Share of right provisional alerts that may wrongly be taken back. Default: 0.05. */
  readonly wronglyShare?: number;
  /** How sure it has to be that new people keep that share; with few events less may be asked for. Default: 0.9. */
  readonly wronglyConfidence?: number;
  /** An alert is right from so long before an onset on. Default: 1200. */
  readonly aheadSeconds?: number;
  /** An event is caught by an alert until so long after its onset. Default: 60. */
  readonly graceSeconds?: number;
  /** What else the machine is told, and how far below `raise` an alert is on its way out (default: ln 2). */
  readonly alerts?: Omit<AlertOptions, 'raise' | 'confirm' | 'retract' | 'quiet'> & { readonly quietMargin?: number };
}

export interface Thresholds {
  /** Ready for the machine: every option is set. */
  readonly alerts: AlertRules;
  /** What they do on the training nights. */
  readonly training: AlertTally;
  /** Scores of raising that were tried last, descending. */
  readonly raiseCurve: readonly RaisePoint[];
  /** Absent where alerts are never provisional: the strategy speaks only when the slow sensor does. */
  readonly retraction?: Retraction;
}

const known = ['falsePerNight', 'spend', 'wronglyShare', 'wronglyConfidence', 'aheadSeconds', 'graceSeconds', 'alerts'];
const where = 'chooseThresholds';

/**
 * Raising and taking back depend on each other: what is taken back may be raised again, and which alerts wait depends on
 * when they are raised. They are chosen in turn, raising last, so that the budget is kept on the training nights by the very
 * machine that is used afterwards.
 *
 * @throws InputError for no nights, scores that are infinite, an unknown option, and a number out of its range
 */
export function chooseThresholds(nights: readonly ScoredNight[], options: ThresholdOptions = {}): Thresholds {
  const { falsePerNight, spend, allowed, aheadSeconds, graceSeconds, alerts } = checked(nights, options);
  const judged = nights.map((night) => preparedNight(night, aheadSeconds, graceSeconds));
  const candidates = raiseCandidates(judged);
  if (candidates[0] === Number.POSITIVE_INFINITY) {
    throw new InputError({ where, what: 'unusable scores', expected: 'finite log-odds', got: 'Infinity' });
  }
  const { quietMargin = Math.LN2, ...rest } = alerts;
  const rules = (raise: number, confirm: number, retract: number) =>
    alertRules({ ...rest, raise, confirm, retract, quiet: raise - quietMargin }, where);
  const budget = falsePerNight * nights.length;
  let { chosen, tried } = chooseRaise(
    candidates,
    budget,
    (raise) => tallyAlerts(judged, rules(raise, raise, raise)),
    spend,
  );
  if (judged.every(speaksOnlyAtReadings)) {
    const { raise } = chosen;
    return { alerts: rules(raise, raise, raise), training: chosen.tally, raiseCurve: tried };
  }
  const waited = (raise: number) => chooseRetraction(waitingAlerts(judged, rules(raise, raise, raise)), raise, allowed);
  let retraction = waited(chosen.raise);
  const raiseFor = ({ confirm, retract }: Retraction) =>
    chooseRaise(candidates, budget, (raise) => tallyAlerts(judged, rules(raise, confirm, retract)), spend);
  ({ chosen, tried } = raiseFor(retraction));
  retraction = waited(chosen.raise);
  ({ chosen, tried } = raiseFor(retraction));
  // Alerts that are raised again after they were taken back were not among those that waited: the machine has the last word.
  while (retraction.retract > neverRetract) {
    const { rightRetracted, rightProvisional } = chosen.tally;
    if (rightRetracted === 0 || isShareKept(rightRetracted, rightProvisional, allowed)) break;
    retraction = { ...retraction, retract: gentler(retraction) };
    ({ chosen, tried } = raiseFor(retraction));
  }
  const { confirm, retract } = retraction;
  return { alerts: rules(chosen.raise, confirm, retract), training: chosen.tally, raiseCurve: tried, retraction };
}

/** A score of taking back that is some way further down the curve. */
function gentler({ retract, curve }: Retraction): number {
  const at = curve.findIndex((point) => point.retract >= retract);
  return curve[Math.max(0, Math.min(at - 1, Math.floor(0.9 * at)))].retract;
}

function speaksOnlyAtReadings({ night: { score, fresh } }: PreparedNight): boolean {
  for (let k = 0; k < score.length; k++) if (fresh[k] === 0 && !Number.isNaN(score[k])) return false;
  return true;
}

function checked(nights: readonly ScoredNight[], options: ThresholdOptions) {
  const stray = Object.keys(options).find((name) => !known.includes(name));
  if (stray !== undefined) {
    throw new InputError({ where, what: `unknown option "${stray}"`, expected: `one of ${known.join(', ')}` });
  }
  if (nights.length === 0) throw new InputError({ where, what: 'no nights', expected: 'at least one' });
  const {
    falsePerNight = 1,
    spend = 'most-caught',
    wronglyShare = 0.05,
    wronglyConfidence = 0.9,
    aheadSeconds = 1200,
    graceSeconds = 60,
    alerts = {},
  } = options;
  const chosenHere = Object.keys(alerts).find((name) => ['raise', 'confirm', 'retract', 'quiet'].includes(name));
  if (chosenHere !== undefined)
    throw new InputError({ where: `${where}: alerts: ${chosenHere}`, what: 'chosen here, not given' });
  for (const [name, given] of Object.entries({
    falsePerNight,
    wronglyShare,
    wronglyConfidence,
    aheadSeconds,
    graceSeconds,
  })) {
    const isShare = name.startsWith('wrongly');
    if (given >= 0 && (!isShare || given <= 1)) continue;
    const expected = isShare ? 'a share from 0 to 1' : 'a number of at least 0';
    throw new InputError({ where: `${where}: ${name}`, what: 'unusable', expected, got: `${given}` });
  }
  if (!spendings.includes(spend)) {
    throw new InputError({
      where: `${where}: spend`,
      what: 'unusable',
      expected: spendings.join(' or '),
      got: String(spend),
    });
  }
  const allowed = { share: wronglyShare, confidence: wronglyConfidence };
  return { falsePerNight, spend, allowed, aheadSeconds, graceSeconds, alerts };
}
