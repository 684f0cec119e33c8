/**
 * Logistic recalibration of counts by bin (Cox 1958), as `calibrationSlope` has it moment by moment: with its own slope, and
 * with slope 1, whose intercept is calibration in the large. Newton's method; each draw begins where all people ended.
 */

export interface BinnedCalibration {
  readonly slope: number;
  /** At slope 1. */
  readonly intercept: number;
}

const maxSteps = 40;

/** Figures are NaN where nothing finite is most likely. */
export function binnedCalibration(
  counts: Float64Array, // [2 bins], events and others of each bin
  logOdds: Float64Array, // [bins]
  start: BinnedCalibration = { slope: 1, intercept: 0 },
  enough = 1e-9, // no figure moves by more
): BinnedCalibration {
  let events = 0;
  let others = 0;
  for (let b = 0; b < counts.length; b += 2) {
    events += counts[b];
    others += counts[b + 1];
  }
  if (events === 0 || others === 0) return { slope: Number.NaN, intercept: Number.NaN };
  return {
    slope: freeSlope(counts, logOdds, start, enough),
    intercept: atSlopeOne(counts, logOdds, start.intercept, enough),
  };
}

function atSlopeOne(counts: Float64Array, logOdds: Float64Array, start: number, enough: number): number {
  let a = Number.isFinite(start) ? start : 0;
  for (let step = 0; step < maxSteps; step++) {
    let gradient = 0;
    let weight = 0;
    for (let b = 0; b < logOdds.length; b++) {
      const n = counts[2 * b] + counts[2 * b + 1];
      if (n === 0) continue;
      const q = 1 / (1 + Math.exp(-(a + logOdds[b])));
      gradient += counts[2 * b] - n * q;
      weight += n * q * (1 - q);
    }
    // The likelihood flattens far out: long steps are cut.
    const change = Math.max(-2, Math.min(2, gradient / weight));
    a += change;
    if (Math.abs(change) < enough) return a;
  }
  return Number.NaN;
}

function freeSlope(counts: Float64Array, logOdds: Float64Array, start: BinnedCalibration, enough: number): number {
  let total = 0;
  let mean = 0;
  let events = 0;
  for (let b = 0; b < logOdds.length; b++) {
    const n = counts[2 * b] + counts[2 * b + 1];
    total += n;
    mean += n * logOdds[b];
    events += counts[2 * b];
  }
  mean /= total;
  const base = Math.log(events / (total - events));
  let slope = Number.isFinite(start.slope) ? start.slope : 0;
  let a = base;
  for (let attempt = 0; attempt < 2; attempt++) {
    for (let step = 0; step < maxSteps; step++) {
      let ga = 0;
      let gs = 0;
      let aa = 0;
      let as = 0;
      let ss = 0;
      for (let b = 0; b < logOdds.length; b++) {
        const n = counts[2 * b] + counts[2 * b + 1];
        if (n === 0) continue;
        const x = logOdds[b] - mean;
        const q = 1 / (1 + Math.exp(-(a + slope * x)));
        const residual = counts[2 * b] - n * q;
        const weight = n * q * (1 - q);
        ga += residual;
        gs += residual * x;
        aa += weight;
        as += weight * x;
        ss += weight * x * x;
      }
      const determinant = aa * ss - as * as;
      if (!(determinant > 1e-12 * aa * ss)) break;
      const da = (ss * ga - as * gs) / determinant;
      const ds = (aa * gs - as * ga) / determinant;
      const cut = Math.min(1, 2 / Math.max(Math.abs(da), 1e-300), 1 / Math.max(Math.abs(ds), 1e-300));
      a += cut * da;
      slope += cut * ds;
      if (Math.abs(da) < enough && Math.abs(ds) < enough) return slope;
    }
    slope = 0; // and once more from no slope at all
    a = base;
  }
  return Number.NaN; // separated, or all the same
}
