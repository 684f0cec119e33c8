/**
 * How the watched quantity moves between two moments, and what the slow sensor makes of it. A level `g` moves at a rate `r`
 * that reverts to 0 (an integrated Ornstein-Uhlenbeck process, Johnson et al. 2008, "Continuous-time correlated random walk
 * model"); the sensor sits in a compartment `i` that follows the level with a lag (of glucose the interstitium: Steil et al.
 * 2005), and tells `i + e + noise`, where `e` is an error that persists for a while (an Ornstein-Uhlenbeck process; of
 * glucose sensors Facchinetti et al. 2014 model it as autoregressive) and the noise is new in every reading:
 *
 *     dg = r dt    dr = -r / rateMinutes dt + dw    di = (g - i) / lagMinutes dt    de = -e / errorMinutes dt + dw'
 *
 * Everything is linear and Gaussian, so that mean and covariance move in closed form over a step of any length.
 */
export interface Dynamics {
  /** Mean and standard deviation of the level where nothing has been read yet. */
  readonly levelMean: number;
  readonly levelSd: number;
  /** Standard deviation of the rate, units a minute, and how long a rate lasts. */
  readonly rateSd: number;
  readonly rateMinutes: number;
  /** 0: the sensor sits at the level itself. */
  readonly lagMinutes: number;
  /** Of the sensor's lasting error; a standard deviation of 0: none. */
  readonly errorSd: number;
  readonly errorMinutes: number;
  /** Of what is new in every reading. */
  readonly noiseSd: number;
}

/** Where each number of a transition lies. State: level g, rate r, sensor's compartment i, its error e. */
export const at = {
  gr: 0, // g' = g + gr r
  rr: 1, // r' = rr r
  ig: 2, // i' = ig g + ir r + ii i
  ir: 3,
  ii: 4,
  ee: 5, // e' = ee e
  noise: 6, // covariance added: gg gr gi rr ri ii, then that of e
} as const;
export const transitionLength = 13;

// Gauss-Legendre nodes and weights on 0 .. 1 (6 points, exact to degree 11).
const nodes = [
  0.033765242898423975, 0.16939530676686776, 0.38069040695840156, 0.6193095930415985, 0.8306046932331322,
  0.966234757101576,
];
const shares = [
  0.08566224618958516, 0.1803807865240693, 0.23395696728634552, 0.23395696728634552, 0.1803807865240693,
  0.08566224618958516,
];

const longestPiece = 4; // of the time that a rate lasts: errors stay below 1e-3
const mostPieces = 1000;

/**
 * The step of `minutes` written into `out`. The covariance is the integral of the outer product of the responses to a
 * shock, by quadrature: a sum of squares, so that it is never indefinite, however short the step. A long one, such as a gap
 * of hours, is cut into pieces over which a shock to the rate does not fade too far for the nodes to follow.
 */
export function transition(d: Dynamics, minutes: number, out: Float64Array): void {
  const { rateMinutes: tau, lagMinutes: lag } = d;
  const decay = Math.exp(-minutes / tau);
  out[at.rr] = decay;
  out[at.gr] = tau * (1 - decay);
  out[at.ii] = lag > 0 ? Math.exp(-minutes / lag) : 0;
  out[at.ig] = 1 - out[at.ii];
  out[at.ir] = lagged(tau, lag, minutes, decay);
  out[at.ee] = Math.exp(-minutes / d.errorMinutes);
  for (let k = at.noise; k < transitionLength; k++) out[k] = 0;
  const power = (2 * d.rateSd * d.rateSd) / tau; // of the shocks to the rate, a minute
  const pieces = Math.min(Math.max(1, Math.ceil(minutes / (longestPiece * tau))), mostPieces);
  const piece = minutes / pieces;
  for (let k = 0; k < pieces * nodes.length; k++) {
    const node = k % nodes.length;
    const u = piece * ((k - node) / nodes.length + nodes[node]);
    const weight = power * piece * shares[node];
    const r = Math.exp(-u / tau);
    const g = tau * (1 - r);
    const i = lagged(tau, lag, u, r);
    out[at.noise] += weight * g * g;
    out[at.noise + 1] += weight * g * r;
    out[at.noise + 2] += weight * g * i;
    out[at.noise + 3] += weight * r * r;
    out[at.noise + 4] += weight * r * i;
    out[at.noise + 5] += weight * i * i;
  }
  out[at.noise + 6] = d.errorSd * d.errorSd * (1 - out[at.ee] * out[at.ee]);
}

/** What a rate of 1 has done to the sensor's compartment `u` minutes later, when `r` is left of it. */
function lagged(tau: number, lag: number, u: number, r: number): number {
  if (!(lag > 0)) return tau * (1 - r);
  const e = Math.exp(-u / lag);
  const between = Math.abs(tau - lag) < 1e-6 * tau ? (u / tau) * r : (tau * (r - e)) / (tau - lag);
  return tau * (1 - e - between); // ∫ tau (1 - exp(-s / tau)) exp(-(u - s) / lag) / lag ds over 0 .. u
}
