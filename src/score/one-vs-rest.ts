import type { Matrix } from '../array/matrix.ts';

type BinaryMetric = (score: ArrayLike<number>, event: ArrayLike<number>) => number | undefined;

/**
 * A metric of two classes on class probabilities [subjects, classes]: the second against the first where there are two,
 * else the unweighted mean of every class against the rest, over the classes for which it is defined.
 */
export function macroOverClasses(
  probability: Matrix,
  labels: ArrayLike<number>,
  metric: BinaryMetric,
): number | undefined {
  const [subjects, classes] = probability.shape;
  const score = new Float64Array(subjects);
  const event = new Uint8Array(subjects);
  let sum = 0;
  let defined = 0;
  for (let c = classes === 2 ? 1 : 0; c < classes; c++) {
    for (let i = 0; i < subjects; i++) {
      score[i] = probability.data[i * classes + c];
      event[i] = labels[i] === c ? 1 : 0;
    }
    const value = metric(score, event);
    if (value === undefined) continue;
    sum += value;
    defined++;
  }
  return defined === 0 ? undefined : sum / defined;
}

/** Scores of events and of the others, each ascending: two native sorts, then every rank metric is one merge. */
export function splitSorted(
  score: ArrayLike<number>,
  event: ArrayLike<number>,
): { readonly events: Float64Array; readonly others: Float64Array } {
  let count = 0;
  for (let i = 0; i < event.length; i++) if (event[i]) count++;
  const events = new Float64Array(count);
  const others = new Float64Array(event.length - count);
  let e = 0;
  let o = 0;
  for (let i = 0; i < event.length; i++) {
    if (event[i]) events[e++] = score[i];
    else others[o++] = score[i];
  }
  return { events: events.sort(), others: others.sort() };
}
