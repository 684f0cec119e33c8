/**
 * A continuous-discrete Kalman filter over `dynamics.ts`: what is believed of the level, its rate, the sensor's compartment
 * and the sensor's error, as a mean and a covariance in one flat stretch of numbers. Silence widens it, a reading narrows it,
 * evidence whether the level is below a threshold shifts it.
 */
import { at, type Dynamics } from './dynamics.ts';
import { millsRatio, normalDensity } from './normal-odds.ts';

/** Where a belief's numbers lie: means of g, r, i, e, then the upper triangle of their covariance. */
const g = 0;
const r = 1;
const i = 2;
const e = 3;
const gg = 4;
const gr = 5;
const gi = 6;
const ge = 7;
const rr = 8;
const ri = 9;
const re = 10;
const ii = 11;
const ie = 12;
const ee = 13;
export const beliefLength = 14;
export const belief = { g, r, gg, gr, rr } as const;

/** Of no belief is a variance smaller than this share of the readings' noise: rounding must not make one certain. */
const leastShare = 1e-6;

/** Before any reading. */
export function initBelief(b: Float64Array, from: number, d: Dynamics): void {
  const variance = d.levelSd * d.levelSd;
  for (let k = 0; k < beliefLength; k++) b[from + k] = 0;
  b[from + g] = d.levelMean;
  b[from + i] = d.levelMean;
  b[from + gg] = variance;
  b[from + gi] = variance;
  b[from + ii] = variance;
  b[from + rr] = d.rateSd * d.rateSd;
  b[from + ee] = d.errorSd * d.errorSd;
}

/** Moves the belief by a step of `transition`. */
export function predict(b: Float64Array, o: number, t: Float64Array): void {
  const c = t[at.gr];
  const d = t[at.rr];
  const ig = t[at.ig];
  const ir = t[at.ir];
  const own = t[at.ii];
  const f = t[at.ee];
  const meanI = ig * b[o + g] + ir * b[o + r] + own * b[o + i];
  b[o + g] += c * b[o + r];
  b[o + r] *= d;
  b[o + i] = meanI;
  b[o + e] *= f;
  const Pgr = b[o + gr];
  const Prr = b[o + rr];
  const Pri = b[o + ri];
  const Pre = b[o + re];
  const Pgi = b[o + gi];
  const Pge = b[o + ge];
  const Pgg = b[o + gg];
  const Pie = b[o + ie];
  // Rows g and i of F P.
  const Agg = Pgg + c * Pgr;
  const Agr = Pgr + c * Prr;
  const Agi = Pgi + c * Pri;
  const Age = Pge + c * Pre;
  const Aig = ig * Pgg + ir * Pgr + own * Pgi;
  const Air = ig * Pgr + ir * Prr + own * Pri;
  const Aii = ig * Pgi + ir * Pri + own * b[o + ii];
  const Aie = ig * Pge + ir * Pre + own * Pie;
  b[o + gg] = Agg + c * Agr + t[at.noise];
  b[o + gr] = d * Agr + t[at.noise + 1];
  b[o + gi] = ig * Agg + ir * Agr + own * Agi + t[at.noise + 2];
  b[o + ge] = f * Age;
  b[o + rr] = d * d * Prr + t[at.noise + 3];
  b[o + ri] = d * Air + t[at.noise + 4];
  b[o + re] = d * f * Pre;
  b[o + ii] = ig * Aig + ir * Air + own * Aii + t[at.noise + 5];
  b[o + ie] = f * Aie;
  b[o + ee] = f * f * b[o + ee] + t[at.noise + 6];
}

/** What a reading would be: mean `innovation` off, and its variance before and after it was found too far off. */
export interface Surprise {
  innovation: number;
  variance: number;
}

/** Standard deviations beyond which a reading counts less (Huber 1964): a compression low falls faster than glucose can. */
const gate = 3;

/**
 * Takes in a reading of variance `noise`. One that lies further off than the gate is given as much more variance as brings
 * it to the gate, so that a single impossible reading pulls little and one that repeats is believed. The covariance is
 * updated in the form of Joseph, which stays right for any gain.
 */
export function update(b: Float64Array, o: number, reading: number, noise: number, surprise: Surprise): void {
  const hg = b[o + gi] + b[o + ge];
  const hr = b[o + ri] + b[o + re];
  const hi = b[o + ii] + b[o + ie];
  const he = b[o + ie] + b[o + ee];
  const innovation = reading - b[o + i] - b[o + e];
  const variance = hi + he + noise;
  surprise.innovation = innovation;
  surprise.variance = variance;
  const s = Math.max(variance, (innovation * innovation) / (gate * gate));
  const kg = hg / s;
  const kr = hr / s;
  const ki = hi / s;
  const ke = he / s;
  b[o + g] += kg * innovation;
  b[o + r] += kr * innovation;
  b[o + i] += ki * innovation;
  b[o + e] += ke * innovation;
  b[o + gg] += kg * kg * s - 2 * kg * hg;
  b[o + gr] += kg * kr * s - kg * hr - kr * hg;
  b[o + gi] += kg * ki * s - kg * hi - ki * hg;
  b[o + ge] += kg * ke * s - kg * he - ke * hg;
  b[o + rr] += kr * kr * s - 2 * kr * hr;
  b[o + ri] += kr * ki * s - kr * hi - ki * hr;
  b[o + re] += kr * ke * s - kr * he - ke * hr;
  b[o + ii] += ki * ki * s - 2 * ki * hi;
  b[o + ie] += ki * ke * s - ki * he - ke * hi;
  b[o + ee] += ke * ke * s - 2 * ke * he;
  const least = leastShare * noise;
  if (b[o + gg] < least) b[o + gg] = least;
  if (b[o + ii] < least) b[o + ii] = least;
}

/** Standard deviations that the threshold lies above the mean level. */
export function thresholdAlpha(b: Float64Array, o: number, threshold: number): number {
  return (threshold - b[o + g]) / Math.sqrt(b[o + gg]);
}

/**
 * Takes in evidence whose likelihood is e^lambda times as large below the threshold as above. The level's density is then
 * no longer normal; the normal of the same mean and variance takes its place (assumed density filtering, Maybeck 1979
 * chapter 12), and the rest of the state follows by its regression on the level. With k = (e^lambda - 1) / Z and Z the
 * chance of the evidence, truncated normal moments give mean m - s k φ(α) and variance s² (1 - k α φ(α) - k² φ(α)²).
 */
export function tilt(b: Float64Array, o: number, threshold: number, lambda: number): void {
  const s2 = b[o + gg];
  const s = Math.sqrt(s2);
  const alpha = (threshold - b[o + g]) / s;
  if (alpha < -8 || alpha > 8) return; // beyond all doubt on which side: nothing moves in double precision
  const density = normalDensity(alpha);
  const tail = density * millsRatio(Math.abs(alpha));
  const below = alpha < 0 ? tail : 1 - tail;
  const rise = Math.expm1(lambda);
  const push = (rise / (1 + rise * below)) * density; // k φ
  const shift = -push / s; // of the mean, in units of the gain's variance
  const ratio = Math.max(1 - push * (alpha + push), 1e-3);
  const change = (ratio - 1) / s2;
  const cr = b[o + gr];
  const ci = b[o + gi];
  const ce = b[o + ge];
  b[o + g] += s2 * shift;
  b[o + r] += cr * shift;
  b[o + i] += ci * shift;
  b[o + e] += ce * shift;
  b[o + gg] = s2 * ratio;
  b[o + gr] = cr * ratio;
  b[o + gi] = ci * ratio;
  b[o + ge] = ce * ratio;
  b[o + rr] += cr * cr * change;
  b[o + ri] += cr * ci * change;
  b[o + re] += cr * ce * change;
  b[o + ii] += ci * ci * change;
  b[o + ie] += ci * ce * change;
  b[o + ee] += ce * ce * change;
}
