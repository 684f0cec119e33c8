/** Probabilities against what happened, in ten equally wide bins, as sums by person. */
import type { CalibrationCount } from '../../score/calibration.ts';
import type { Moments } from './score-moments.ts';

const bins = 10;
/** Of each bin events, sum of probabilities and number; then squared errors. */
export const reliabilityColumns = 3 * bins + 1;

export function reliabilitySums({ score, event, person }: Moments, people: number): Float64Array {
  const sums = new Float64Array(people * reliabilityColumns); // [people, columns]
  for (let i = 0; i < score.length; i++) {
    const p = 1 / (1 + Math.exp(-score[i]));
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(p * bins) - 1));
    const from = person[i] * reliabilityColumns;
    sums[from + 3 * bin] += event[i];
    sums[from + 3 * bin + 1] += p;
    sums[from + 3 * bin + 2]++;
    sums[from + 3 * bins] += (p - event[i]) ** 2;
  }
  return sums;
}

/** As `calibrationCurve`. */
export function reliabilityCurve(total: Float64Array): CalibrationCount[] {
  const curve: CalibrationCount[] = [];
  for (let b = 0; b < bins; b++) {
    const n = total[3 * b + 2];
    if (n === 0) continue;
    const [low, high] = [b / bins, (b + 1) / bins];
    curve.push({ low, high, meanPredicted: total[3 * b + 1] / n, observed: total[3 * b] / n, n });
  }
  return curve;
}

/** NaN of no moments. */
export function brierOf(total: Float64Array): number {
  return total[3 * bins] / numberOf(total);
}

/** As `expectedCalibrationError` by equal width. NaN of no moments. */
export function calibrationErrorOf(total: Float64Array): number {
  let sum = 0;
  for (let b = 0; b < bins; b++) sum += Math.abs(total[3 * b] - total[3 * b + 1]);
  return sum / numberOf(total);
}

function numberOf(total: Float64Array): number {
  let n = 0;
  for (let b = 0; b < bins; b++) n += total[3 * b + 2];
  return n;
}
