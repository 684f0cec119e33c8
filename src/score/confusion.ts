import type { Matrix } from '../array/matrix.ts';

/** Counts of subjects by true class (row) and predicted class (column). */
export interface Confusion {
  readonly classes: number;
  readonly counts: Int32Array; // [classes, classes], row-major
}

/** The most probable class of each subject, ties to the lower index: of two classes the event only if p1 > p0. */
export function predictedClasses(probability: Matrix): Int32Array {
  const [subjects, classes] = probability.shape;
  const predicted = new Int32Array(subjects);
  for (let i = 0; i < subjects; i++) {
    const from = i * classes;
    let best = 0;
    for (let c = 1; c < classes; c++) if (probability.data[from + c] > probability.data[from + best]) best = c;
    predicted[i] = best;
  }
  return predicted;
}

export function confusion(labels: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): Confusion {
  const counts = new Int32Array(classes * classes); // [classes, classes]
  for (let i = 0; i < labels.length; i++) counts[labels[i] * classes + predicted[i]]++;
  return { classes, counts };
}

interface Margins {
  readonly hits: Int32Array; // [classes]
  readonly truth: Int32Array; // [classes]
  readonly predicted: Int32Array; // [classes]
}

function margins({ classes, counts }: Confusion): Margins {
  const hits = new Int32Array(classes);
  const truth = new Int32Array(classes);
  const predicted = new Int32Array(classes);
  for (let t = 0; t < classes; t++) {
    hits[t] = counts[t * classes + t];
    for (let p = 0; p < classes; p++) {
      truth[t] += counts[t * classes + p];
      predicted[p] += counts[t * classes + p];
    }
  }
  return { hits, truth, predicted };
}

/** The share of subjects whose class is told right. */
export function accuracy(table: Confusion): number | undefined {
  const { hits, truth } = margins(table);
  const n = sum(truth);
  return n === 0 ? undefined : sum(hits) / n;
}

/** One minus the mean recall over the classes present in the truth; undefined where there is only one. */
export function balancedErrorRate(table: Confusion): number | undefined {
  const { hits, truth } = margins(table);
  let recalls = 0;
  let present = 0;
  for (let c = 0; c < table.classes; c++) {
    if (truth[c] === 0) continue;
    recalls += hits[c] / truth[c];
    present++;
  }
  return present < 2 ? undefined : 1 - recalls / present;
}

/**
 * F1, the harmonic mean of precision and recall: of the event (second class) where there are two classes, else the mean
 * over the classes that occur in truth or predictions. A class that is never told right has 0. Undefined where the truth
 * holds one class only.
 */
export function f1(table: Confusion): number | undefined {
  const { hits, truth, predicted } = margins(table);
  if (presentClasses(truth) < 2) return undefined;
  if (table.classes === 2) return f1OfClass(hits[1], truth[1], predicted[1]);
  let total = 0;
  let occurring = 0;
  for (let c = 0; c < table.classes; c++) {
    if (truth[c] + predicted[c] === 0) continue;
    total += f1OfClass(hits[c], truth[c], predicted[c]);
    occurring++;
  }
  return total / occurring;
}

/** F1 of every class, weighted by how often it occurs in the truth. Undefined where the truth holds one class only. */
export function f1Weighted(table: Confusion): number | undefined {
  const { hits, truth, predicted } = margins(table);
  if (presentClasses(truth) < 2) return undefined;
  let total = 0;
  for (let c = 0; c < table.classes; c++) total += truth[c] * f1OfClass(hits[c], truth[c], predicted[c]);
  return total / sum(truth);
}

function f1OfClass(hits: number, truth: number, predicted: number): number {
  return hits === 0 ? 0 : (2 * hits) / (truth + predicted);
}

function presentClasses(truth: Int32Array): number {
  return truth.reduce((count, n) => count + (n > 0 ? 1 : 0), 0);
}

function sum(values: Int32Array): number {
  return values.reduce((a, b) => a + b, 0);
}
