/**
 * Which word of a fresh reading confirms a provisional alert, and which takes it back.
 *
 * As many false alerts as can be are taken back while, of right ones, at most a stated share is. So that it is held by new
 * people too and not only by those it was chosen on, it is the upper confidence limit (90 %) of the share that must not exceed
 * it (Clopper and Pearson 1934; so used to control a risk by Bates et al. 2021, section 3). With too few right alerts none is
 * ever taken back: a share of 5 % takes 45 of them, none of which the score would take back.
 */
import { walkAlerts } from './bulk.ts';
import type { AlertRules } from './options.ts';
import type { PreparedNight } from './threshold-nights.ts';
import { alertLength, saysProvisional } from './transition.ts';

/** Log-odds that no word falls below: never take back. Finite, so that it survives JSON. */
export const neverRetract = -1e6;

/** Share of right alerts that may wrongly be taken back, and how sure that has to be. */
export interface AllowedRetraction {
  readonly share: number;
  readonly confidence: number;
}

/** What becomes of provisional alerts at one score of taking back. */
export interface RetractionPoint {
  readonly retract: number;
  /** Right alerts wrongly taken back, of `right`. */
  readonly rightRetracted: number;
  /** False ones rightly taken back, of `false`. */
  readonly falseRetracted: number;
}

export interface Retraction {
  readonly confirm: number;
  readonly retract: number;
  /** Provisional alerts of training at this score of confirming. */
  readonly right: number;
  readonly false: number;
  /** From never to whatever does not confirm; ascending. */
  readonly curve: readonly RetractionPoint[];
}

/** Provisional alerts and the words of fresh readings while they wait. */
export interface Waiting {
  readonly right: Uint8Array; // [alerts]
  /** Word of the raising reading; -Infinity where no reading raised it. */
  readonly raisedBy: Float32Array; // [alerts]
  /** Words of alert i stand from `from[i]` to `from[i + 1]`. */
  readonly from: Int32Array; // [alerts + 1]
  readonly words: Float32Array;
}

/** Follows every alert of the judged time as though no reading had a verdict, for as long as it may be provisional. */
export function waitingAlerts(nights: readonly PreparedNight[], rules: AlertRules): Waiting {
  const right: number[] = [];
  const raisedBy: number[] = [];
  const from: number[] = [0];
  const words: number[] = [];
  const unjudged = { ...rules, confirm: Number.POSITIVE_INFINITY, retract: Number.NEGATIVE_INFINITY };
  let current: PreparedNight;
  const said = (tick: number, says: number) => {
    const { score, fresh, judgedFrom, stepMs } = current.night;
    if (!(says & saysProvisional) || tick < judgedFrom) return;
    right.push(current.right[tick]);
    raisedBy.push(fresh[tick] === 1 ? score[tick] : Number.NEGATIVE_INFINITY);
    const wait = Math.ceil((1000 * rules.provisionalSeconds) / stepMs);
    const end = Math.min(score.length - 1, tick + wait);
    for (let k = tick + 1; k <= end; k++) if (fresh[k] === 1 && !Number.isNaN(score[k])) words.push(score[k]);
    from.push(words.length);
  };
  const state = new Float64Array(alertLength);
  for (const night of nights) {
    current = night;
    const { score, fresh, startMs, stepMs } = night.night;
    walkAlerts(score, fresh, startMs, stepMs, unjudged, said, night.highest, state);
  }
  return {
    right: Uint8Array.from(right),
    raisedBy: Float32Array.from(raisedBy),
    from: Int32Array.from(from),
    words: Float32Array.from(words),
  };
}

/**
 * Candidates to confirm from are the raising score and quantiles of the first word on right alerts up to its median: most
 * right alerts are then confirmed by their first reading. Of pairs that take back equally many, the lowest to confirm, then
 * the lowest to take back.
 */
export function chooseRetraction(waiting: Waiting, raise: number, allowed: AllowedRetraction): Retraction {
  const rightOnes = [...waiting.right.keys()].filter(
    (i) => waiting.right[i] === 1 && waiting.from[i + 1] > waiting.from[i],
  );
  const firsts = Float32Array.from(rightOnes, (i) => waiting.words[waiting.from[i]]).sort();
  const toConfirm = spread([raise, ...quantiles(firsts, 0.5, 12).filter((word) => word > raise)]);
  const lowest = Float32Array.from(rightOnes, (i) => leastWord(waiting, i, Number.POSITIVE_INFINITY)).sort();
  const pooled = [
    ...quantiles(waiting.words.slice().sort(), 1, 40),
    ...quantiles(lowest, Math.min(1, 3 * allowed.share), 40),
  ];
  let best: Retraction | undefined;
  let most = -1;
  for (const confirm of toConfirm) {
    const toRetract = spread([neverRetract, ...pooled.filter((word) => word < confirm), confirm]);
    const { counts, right, false: wrong } = fates(waiting, confirm, toRetract);
    let at = 0;
    toRetract.forEach((_, k) => {
      if (isShareKept(counts[2 * k + 1], right, allowed) && counts[2 * k] > counts[2 * at]) at = k;
    });
    if (counts[2 * at] <= most) continue;
    most = counts[2 * at];
    const curve = toRetract.map((retract, k) => ({
      retract,
      rightRetracted: counts[2 * k + 1],
      falseRetracted: counts[2 * k],
    }));
    best = { confirm, retract: toRetract[at], right, false: wrong, curve };
  }
  return best as Retraction;
}

/** Whether the share of right alerts taken back is at most the allowed one, as surely as is asked for. */
export function isShareKept(
  wronglyRetracted: number,
  right: number,
  { share, confidence }: AllowedRetraction,
): boolean {
  return share >= 1 || binomialAtMost(wronglyRetracted, right, share) <= 1 - confidence;
}

/** The chance of at most k of n, each with chance p < 1. */
function binomialAtMost(k: number, n: number, p: number): number {
  let log = n * Math.log1p(-p); // of the chance of exactly i
  let sum = Math.exp(log);
  for (let i = 1; i <= k; i++) {
    log += Math.log(((n - i + 1) / i) * (p / (1 - p)));
    sum += Math.exp(log);
  }
  return sum;
}

/** Alerts taken back, by [score of taking back, false or right], and how many were provisional at all. */
function fates(waiting: Waiting, confirm: number, toRetract: readonly number[]) {
  const { right, raisedBy } = waiting;
  const counts = new Int32Array(toRetract.length * 2); // [scores, 2]
  const all = [0, 0];
  for (let i = 0; i < right.length; i++) {
    if (raisedBy[i] >= confirm) continue; // confirmed from its first moment
    all[right[i]]++;
    const least = leastWord(waiting, i, confirm);
    for (let k = toRetract.length - 1; k >= 0 && least < toRetract[k]; k--) counts[2 * k + right[i]]++;
  }
  return { counts, false: all[0], right: all[1] };
}

/** The lowest word of an alert before one that confirms; Infinity where there is none. */
function leastWord({ from, words }: Waiting, alert: number, confirm: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let w = from[alert]; w < from[alert + 1] && words[w] < confirm; w++) if (words[w] < least) least = words[w];
  return least;
}

/** At most `count` values of a sorted list, evenly by rank from its lowest to its quantile `to`. */
function quantiles(sorted: Float32Array, to: number, count: number): number[] {
  if (sorted.length === 0) return [];
  return Array.from({ length: count }, (_, k) => sorted[Math.floor(((sorted.length - 1) * to * k) / (count - 1))]);
}

/** Ascending, each once. */
function spread(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
