import type { Matrix } from '../array/matrix.ts';
import { macroOverClasses, splitSorted } from './one-vs-rest.ts';

/**
 * The area under the ROC curve: the chance that an event scores above a non-event, ties counting half (Mann-Whitney).
 * `score` rises with the event; `event` is 1 for events, 0 otherwise. Undefined unless both are there.
 */
export function auroc(score: ArrayLike<number>, event: ArrayLike<number>): number | undefined {
  const { events, others } = splitSorted(score, event);
  if (events.length === 0 || others.length === 0) return undefined;
  let below = 0; // non-events scoring less than the current event
  let upTo = 0; // non-events scoring at most as much
  let wins = 0;
  for (const value of events) {
    while (below < others.length && others[below] < value) below++;
    if (upTo < below) upTo = below;
    while (upTo < others.length && others[upTo] === value) upTo++;
    wins += 0.5 * (below + upTo);
  }
  return wins / (events.length * others.length);
}

/**
 * AUROC of class probabilities. Two classes: of the second against the first. More: each class against the rest,
 * averaged over the classes present in the truth (unweighted; Provost and Domingos 2000 weight by prevalence).
 * Undefined where the truth holds one class only.
 */
export function aurocOfClasses(probability: Matrix, labels: ArrayLike<number>): number | undefined {
  return macroOverClasses(probability, labels, auroc);
}
