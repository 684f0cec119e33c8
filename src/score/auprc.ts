import type { Matrix } from '../array/matrix.ts';
import { macroOverClasses, splitSorted } from './one-vs-rest.ts';

/**
 * Average precision, Σ (recall_k - recall_k-1) precision_k over distinct thresholds from high to low, without
 * interpolation (as scikit-learn's `average_precision_score`). A constant score gives the prevalence. Undefined unless
 * events and non-events are both there.
 */
export function auprc(score: ArrayLike<number>, event: ArrayLike<number>): number | undefined {
  const { events, others } = splitSorted(score, event);
  if (events.length === 0 || others.length === 0) return undefined;
  let e = events.length - 1;
  let o = others.length - 1;
  let sum = 0;
  while (e >= 0) {
    const threshold = events[e];
    const before = e;
    while (e >= 0 && events[e] === threshold) e--;
    while (o >= 0 && others[o] >= threshold) o--;
    const truePositives = events.length - 1 - e;
    const falsePositives = others.length - 1 - o;
    sum += (before - e) * (truePositives / (truePositives + falsePositives));
  }
  return sum / events.length;
}

/** Average precision of class probabilities: two classes or the macro average, as `aurocOfClasses`. */
export function auprcOfClasses(probability: Matrix, labels: ArrayLike<number>): number | undefined {
  return macroOverClasses(probability, labels, auprc);
}
