/** Between scores of the classes met in training and probabilities over all classes. */

/** Scores to probabilities over all classes; a class never met in training gets `missShare`, the others share the rest. */
export function probabilities(
  scores: Float64Array,
  n: number,
  classes: number,
  met: readonly number[],
  missShare: number,
): Float64Array {
  const out = new Float64Array(n * classes).fill(met.length < classes ? missShare : 0); // [subjects, classes]
  const rest = 1 - (classes - met.length) * missShare;
  for (let i = 0; i < n; i++) {
    if (met.length === 1) out[i * classes + met[0]] = rest;
    else if (met.length === 2) {
      const p = 1 / (1 + Math.exp(-scores[i]));
      out[i * classes + met[0]] = rest * (1 - p);
      out[i * classes + met[1]] = rest * p;
    } else {
      const at = i * met.length;
      let top = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < met.length; k++) top = Math.max(top, scores[at + k]);
      let total = 0;
      for (let k = 0; k < met.length; k++) total += Math.exp(scores[at + k] - top);
      for (let k = 0; k < met.length; k++) out[i * classes + met[k]] = (rest * Math.exp(scores[at + k] - top)) / total;
    }
  }
  return out;
}

/** The classes that occur among labels. */
export function metClasses(labels: Int32Array, classes: number): number[] {
  const seen = new Uint8Array(classes);
  for (const label of labels) seen[label] = 1;
  return Array.from({ length: classes }, (_, k) => k).filter((k) => seen[k]);
}

/** Labels as places among the classes met. */
export function codeOf(labels: Int32Array, classes: number, met: readonly number[]): Int32Array {
  const code = new Int32Array(classes).fill(-1);
  met.forEach((label, i) => {
    code[label] = i;
  });
  return labels.map((label) => code[label]);
}
