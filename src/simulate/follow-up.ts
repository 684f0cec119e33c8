/**
 * Survival of which the truth is known: proportional hazards over a Weibull baseline, censored independently of everything.
 *
 * A subject of log hazard ratio η has the event after T = median · (E / (ln 2 · exp(η)))^(1 / shape) days, E being standard
 * exponential (Bender, Augustin and Blettner 2005, equation 3), and is lost to view after the same with a hazard of its own
 * that gives the share of censored subjects asked for. Of two subjects the one of higher hazard has the event first with
 * chance 1 / (1 + exp(−|Δη|)), whatever the shape: what the best of all scores reaches follows from η.
 */
import { deriveSeed, random } from '../array/random.ts';
import type { SurvivalTarget } from '../describe/target.ts';
import { InputError } from '../errors.ts';

export interface FollowUpOptions {
  /** Log hazard ratio of each subject, such as a weighted sum of latent states. */
  readonly logHazard: ArrayLike<number>; // [subjects]
  readonly seed: number;
  /** Of the Weibull: 1 is a constant hazard, above 1 one that rises. */
  readonly shape?: number;
  /** Median time to the event of a subject of log hazard ratio 0. */
  readonly medianDays?: number;
  /** Share of subjects who are censored, on average over draws; 0 watches everybody to the end. */
  readonly censored?: number;
}

/** @throws InputError for an unknown option, a number out of its range, and a log hazard that is not finite */
export function simulateFollowUp(options: FollowUpOptions): SurvivalTarget {
  const { logHazard, seed, shape = 1, medianDays = 1000, censored = 0.5, ...unknown } = options;
  for (const name of Object.keys(unknown)) refuse(name, 'unknown option', 'an option of simulateFollowUp', name);
  if (!(shape > 0 && shape < Infinity)) refuse('shape', 'out of range', 'a positive number', String(shape));
  if (!(medianDays > 0 && medianDays < Infinity)) {
    refuse('medianDays', 'out of range', 'a positive number', String(medianDays));
  }
  if (!(censored >= 0 && censored < 1)) {
    refuse('censored', 'out of range', 'a number from 0 to below 1', String(censored));
  }
  const hazards = Float64Array.from(logHazard, (value, i) => {
    if (!Number.isFinite(value)) refuse(`logHazard of subject ${i}`, 'not finite', 'a finite number', String(value));
    return Math.LN2 * Math.exp(value);
  });
  const rivals = censoringHazard(hazards, censored);
  const events = random(deriveSeed(seed, 'events'));
  const losses = random(deriveSeed(seed, 'censoring'));
  const timeDays = new Float64Array(hazards.length); // [subjects]
  const event = new Uint8Array(hazards.length); // [subjects]
  hazards.forEach((hazard, i) => {
    const happens = exponential(events.uniform()) / hazard;
    const lost = exponential(losses.uniform()) / rivals;
    event[i] = happens <= lost ? 1 : 0;
    timeDays[i] = medianDays * Math.min(happens, lost) ** (1 / shape);
  });
  return { kind: 'survival', name: 'survival', timeDays, event };
}

/** Never 0, so that times are positive. */
function exponential(uniform: number): number {
  return -Math.log1p(-uniform) || Number.MIN_VALUE;
}

/** The hazard c of being lost at which the mean chance c / (c + hazard) of being so before the event is as asked for. */
function censoringHazard(hazards: Float64Array, censored: number): number {
  if (censored === 0 || hazards.length === 0) return 0;
  const share = (c: number) => hazards.reduce((sum, hazard) => sum + c / (c + hazard), 0) / hazards.length;
  let low = Math.log(hazards.reduce((a, b) => Math.min(a, b))) - 40;
  let high = Math.log(hazards.reduce((a, b) => Math.max(a, b))) + 40;
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (share(Math.exp(middle)) < censored) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

/**
 * Harrell's C without censoring that a score reaches in the long run: of all pairs, how often the one scored higher has the
 * event first. Give the log hazards themselves as the score for what no score exceeds. Quadratic in subjects.
 */
export function expectedConcordance(logHazard: ArrayLike<number>, score: ArrayLike<number> = logHazard): number {
  let sum = 0;
  let pairs = 0;
  for (let i = 1; i < logHazard.length; i++) {
    for (let j = 0; j < i; j++) {
      const first = 1 / (1 + Math.exp(logHazard[j] - logHazard[i])); // chance that i has the event before j
      sum += score[i] > score[j] ? first : score[i] < score[j] ? 1 - first : 0.5;
      pairs++;
    }
  }
  return sum / pairs;
}

function refuse(name: string, what: string, expected: string, got: string): never {
  throw new InputError({ where: `simulateFollowUp: ${name}`, what, expected, got });
}
