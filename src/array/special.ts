/**
 * Gamma and beta functions, complete and incomplete. The powers in front of the incomplete functions are taken in
 * deviance form (Loader 2000, "Fast and accurate computation of binomial probabilities"), which keeps its relative
 * accuracy in far tails and at large parameters, where differences of log gammas do not.
 */
import { internal } from '../errors.ts';

const halfLog2Pi = 0.5 * Math.log(2 * Math.PI);
const maxTerms = 100_000;

/**
 * δ(x) in Γ(x + 1) = √(2πx) (x / e)^x e^δ(x), for x > 0. The asymptotic series from 15 upwards; below by
 * δ(x) = δ(x + 1) + (x + 1/2) ln(1 + 1/x) - 1.
 */
function stirlingError(x: number): number {
  let shift = 0;
  for (; x < 15; x++) shift += (x + 0.5) * Math.log1p(1 / x) - 1;
  const r = 1 / (x * x);
  return (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - (r * 691) / 360360))))) / x + shift;
}

/** x ln(x / m) + m - x >= 0, without cancellation where x and m are close. */
function deviance(x: number, m: number): number {
  if (!(Math.abs(x - m) < 0.1 * (x + m))) return x * Math.log(x / m) + m - x;
  const v = (x - m) / (x + m);
  let sum = (x - m) * v;
  let power = 2 * x * v;
  for (let odd = 3; ; odd += 2) {
    power *= v * v;
    const next = sum + power / odd;
    if (next === sum) return sum;
    sum = next;
  }
}

/** ln Γ(x) for x > 0, to about 1e-15 absolute or relative, whichever is larger. */
export function logGamma(x: number): number {
  return (x - 0.5) * Math.log(x) - x + halfLog2Pi + stirlingError(x);
}

/** ln Γ(r + x) - ln Γ(r) - x ln r for r > 0 and x >= 0, without cancellation at large r, where it goes to 0. */
export function logGammaRise(r: number, x: number): number {
  return (r + x - 0.5) * Math.log1p(x / r) - x + stirlingError(r + x) - stirlingError(r);
}

/** The digamma function ψ(x) = d/dx ln Γ(x) for x > 0. */
export function digamma(x: number): number {
  return Math.log(x) + digammaError(x);
}

/** ψ(x) - ln x for x > 0, to full relative accuracy at large x: the asymptotic series (DLMF 5.11.2) from 15 upwards. */
export function digammaError(x: number): number {
  if (x < 15) return digammaError(x + 1) + Math.log1p(1 / x) - 1 / x;
  const r = 1 / (x * x);
  const series = 1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - (r * 691) / 32760))));
  return -0.5 / x - r * series;
}

/** The trigamma function ψ′(x) for x > 0: the derivative of the same series. */
export function trigamma(x: number): number {
  let shift = 0;
  for (; x < 15; x++) shift += 1 / (x * x);
  const r = 1 / (x * x);
  const series = 1 / 6 - r * (1 / 30 - r * (1 / 42 - r * (1 / 30 - r * (5 / 66 - (r * 691) / 2730))));
  return shift + (1 + 0.5 / x + r * series) / x;
}

/** x^a e^-x / Γ(a), for a > 0 and x >= 0. */
export function gammaKernel(a: number, x: number): number {
  return Math.sqrt(a / (2 * Math.PI)) * Math.exp(-stirlingError(a) - deviance(a, x));
}

/** The regularized lower incomplete gamma function P(a, x), for a > 0 and x >= 0. */
export function gammaLower(a: number, x: number): number {
  if (x <= 0) return 0;
  return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x);
}

/** The regularized upper incomplete gamma function Q(a, x) = 1 - P(a, x), small values to full relative accuracy. */
export function gammaUpper(a: number, x: number): number {
  if (x <= 0) return 1;
  return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x);
}

/** DLMF 8.11.4. */
function gammaSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < maxTerms; n++) {
    term *= x / (a + n);
    sum += term;
    if (term < sum * 1e-17) return gammaKernel(a, x) * sum;
  }
  throw internal(`gammaSeries(${a}, ${x}) does not converge`);
}

/** DLMF 8.9.2 in its even part: Q = kernel / (x + 1 - a - 1 (1 - a) / (x + 3 - a - ...)). */
function gammaFraction(a: number, x: number): number {
  if (x === Infinity) return 0;
  const value = lentz(
    (n) => n * (a - n),
    (n) => x + 2 * n + 1 - a,
  );
  return gammaKernel(a, x) / value;
}

/** x^a y^b / B(a, b) with y = 1 - x, for a, b > 0. */
export function betaKernel(x: number, a: number, b: number, y = 1 - x): number {
  const n = a + b;
  const exponent = stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y);
  return Math.sqrt(((a / n) * b) / (2 * Math.PI)) * Math.exp(exponent);
}

/**
 * The regularized incomplete beta function I_x(a, b), for a, b > 0. Its upper tail is `betaLower(y, b, a, x)`. Hand over
 * y = 1 - x where it is known better than the subtraction gives it.
 */
export function betaLower(x: number, a: number, b: number, y = 1 - x): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  return x <= (a + 1) / (a + b + 2) ? betaFraction(x, a, b, y) : 1 - betaFraction(y, b, a, x);
}

/** The continued fraction of DiDonato and Morris (1992, ACM TOMS 18, equation 9). */
function betaFraction(x: number, a: number, b: number, y: number): number {
  const value = lentz(
    (n) => ((a + n - 1) / (a + 2 * n - 1)) * ((a + b + n - 1) / (a + 2 * n - 1)) * n * (b - n) * x * x,
    (n) => {
      const linear = n === 0 ? 0 : n + (n * (b - n) * x) / (a + 2 * n - 1); // 0 / 0 at n = 0, a = 1
      return linear + ((a + n) / (a + 2 * n + 1)) * (a * y - b * x + 1 + n * (1 + y));
    },
  );
  return betaKernel(x, a, b, y) / value;
}

/** b(0) + a(1) / (b(1) + a(2) / (b(2) + ...)) by the modified Lentz method (Thompson and Barnett 1986). */
function lentz(a: (n: number) => number, b: (n: number) => number): number {
  const tiny = 1e-300;
  let value = b(0) || tiny;
  let c = value;
  let d = 0;
  for (let n = 1; n < maxTerms; n++) {
    const an = a(n);
    const bn = b(n);
    d = 1 / (bn + an * d || tiny);
    c = bn + an / c || tiny;
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) < 1e-15) return value;
  }
  throw internal('a continued fraction does not converge');
}
