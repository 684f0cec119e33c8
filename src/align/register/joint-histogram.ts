/**
 * The joint histogram of paired values: fixed values fall into one bin each, moving values are spread over four by a cubic
 * B-spline, so that it changes smoothly with the moving values (Mattes et al. 2003, IEEE TMI 22(1):120-128, equations 5 to 9).
 */
import { margin, type Range } from './range.ts';
import type { Samples } from './samples.ts';

export interface JointBins extends Range {
  readonly bins: number;
  /** Of space; 1 for the whole. */
  readonly regions: number;
}

export interface JointHistogram {
  readonly bins: number;
  readonly regions: number;
  /** Shares that sum to 1, `[regions, bins of the fixed, bins of the moving]`. */
  readonly joint: Float64Array;
  readonly fixed: Float64Array; // [regions, bins]
  readonly moving: Float64Array; // [regions, bins]
  /** Samples inside both images. */
  readonly inside: number;
}

/** Where a moving value stands on the axis of bins: `bin + offset`, so that its spline covers `bin - 1` to `bin + 2`. */
export function binPlace(value: number, low: number, perBin: number, bins: number): number {
  const at = (value - low) * perBin + margin;
  return at < margin ? margin : Math.min(at, bins - 1 - margin);
}

/** How many bins a unit of the moving value spans. */
export function binsPerUnit(bins: number, low: number, high: number): number {
  return high > low ? (bins - 1 - 2 * margin) / (high - low) : 0;
}

export function jointHistogram(
  samples: Samples,
  values: Float32Array,
  { bins, regions, low, high }: JointBins,
): JointHistogram {
  const perBin = binsPerUnit(bins, low, high);
  const joint = new Float64Array(regions * bins * bins); // [regions, bins, bins]
  const { count, row: rowOf } = samples;
  let inside = 0;
  for (let s = 0; s < count; s++) {
    const value = values[s];
    if (Number.isNaN(value)) continue;
    inside++;
    const at = binPlace(value, low, perBin, bins);
    const first = Math.floor(at);
    const t = at - first;
    const u = 1 - t;
    const row = rowOf[s] * bins + first;
    const tt = t * t;
    joint[row - 1] += (u * u * u) / 6;
    joint[row] += 2 / 3 - tt + (tt * t) / 2;
    joint[row + 1] += 2 / 3 - u * u + (u * u * u) / 2;
    joint[row + 2] += (tt * t) / 6;
  }
  const fixed = new Float64Array(regions * bins); // [regions, bins]
  const moving = new Float64Array(regions * bins); // [regions, bins]
  if (inside > 0) {
    for (let f = 0, at = 0; f < regions * bins; f++) {
      const region = bins * Math.floor(f / bins);
      for (let m = 0; m < bins; m++, at++) {
        joint[at] /= inside;
        fixed[f] += joint[at];
        moving[region + m] += joint[at];
      }
    }
  }
  return { bins, regions, joint, fixed, moving, inside };
}
