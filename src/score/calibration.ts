/** Subjects whose predicted probability lies in (low, high]; the first bin also holds 0. */
export interface CalibrationCount {
  readonly low: number;
  readonly high: number;
  /** Mean predicted probability of the event. */
  readonly meanPredicted: number;
  /** Share of subjects with the event. */
  readonly observed: number;
  readonly n: number;
}

/**
 * Observed against predicted: `bins` equally wide bins of the probability of an event, empty ones left out (as
 * scikit-learn's `calibration_curve`). `event` is 1 for events, 0 otherwise.
 */
export function calibrationCurve(
  probability: ArrayLike<number>,
  event: ArrayLike<number>,
  bins = 10,
): readonly CalibrationCount[] {
  const n = new Int32Array(bins);
  const predicted = new Float64Array(bins);
  const events = new Int32Array(bins);
  for (let i = 0; i < probability.length; i++) {
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(probability[i] * bins) - 1));
    n[bin]++;
    predicted[bin] += probability[i];
    if (event[i]) events[bin]++;
  }
  const curve: CalibrationCount[] = [];
  for (let b = 0; b < bins; b++) {
    if (n[b] === 0) continue;
    curve.push({
      low: b / bins,
      high: (b + 1) / bins,
      meanPredicted: predicted[b] / n[b],
      observed: events[b] / n[b],
      n: n[b],
    });
  }
  return curve;
}
