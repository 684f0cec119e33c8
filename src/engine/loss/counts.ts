/**
 * Likelihoods of counts. ONNX has no log gamma, and in float32 differences of log gammas lose everything at large counts, so
 * the negative binomial is written in deviances (Loader 2000, "Fast and accurate computation of binomial probabilities").
 * With δ the error of Stirling's formula and D(x, m) = x ln(x / m) + m − x,
 *
 *   log p(x) = D(θ + x, θ + μ) − D(x, μ) − ½ ln(1 + x / θ) − ½ ln 2πx + δ(θ + x) − δ(θ) − δ(x),
 *
 * where ½ ln 2πx and δ(x) are left out at x = 0. Where D(x, μ) is large and θ is not, its two deviances cancel, and are
 * taken as θ ln((θ + x) / (θ + μ)) + x ln((θ + x) μ / ((θ + μ) x)).
 */
import {
  abs,
  add,
  div,
  equal,
  greater,
  log,
  log1p,
  maximum,
  mul,
  neg,
  poissonDeviance,
  reciprocal,
  softplus,
  square,
  sub,
  where,
} from '../ops/arithmetic.ts';
import type { Tensor } from '../tensor.ts';

/**
 * δ(x) in Γ(x) = √(2π / x) (x / e)^x e^δ(x), for x > 0: its asymptotic series at z = x + 4, brought down by the recurrence,
 *
 *   δ(x) = (x + ½) ln(1 + 4 / x) − 4 + ln((x + 4)³ / ((x + 1) (x + 2) (x + 3))) + δ(z).
 */
function stirlingError(x: Tensor): Tensor {
  const z = add(x, 4);
  const r = reciprocal(z);
  const r2 = square(r);
  const inner = sub(1 / 360, mul(r2, sub(1 / 1260, mul(r2, 1 / 1680))));
  const series = mul(r, sub(1 / 12, mul(r2, inner)));
  const product = mul(add(x, 1), mul(add(x, 2), add(x, 3)));
  const rest = div(add(mul(add(mul(x, 6), 37), x), 58), product); // (x + 4)³ = product + 6 x² + 37 x + 58
  const shift = sub(mul(add(x, 0.5), log1p(div(4, x))), 4);
  return add(add(shift, log1p(rest)), series);
}

/** ln Γ(x) for x > 0. */
export function logGamma(x: Tensor): Tensor {
  return add(add(sub(mul(sub(x, 0.5), log(x)), x), 0.5 * Math.log(2 * Math.PI)), stirlingError(x));
}

/** D(θ + x, θ + μ) − D(x, μ). `some` is x, or 1 where x is 0. */
function differenceOfDeviances(x: Tensor, some: Tensor, mean: Tensor, theta: Tensor): Tensor {
  const total = add(theta, x);
  const totalMean = add(theta, mean);
  const own = poissonDeviance(x, mean);
  const plain = sub(poissonDeviance(total, totalMean), own);
  const change = div(mul(theta, sub(mean, x)), mul(totalMean, some));
  const isSmall = greater(0.5, abs(change));
  const ratio = mul(div(total, totalMean), div(mean, some));
  const logRatio = where(isSmall, log1p(where(isSmall, change, 0)), log(ratio));
  const direct = add(mul(theta, log(div(total, totalMean))), mul(x, logRatio));
  return where(greater(own, theta), direct, plain);
}

/**
 * Log probability of each count under a negative binomial of mean μ and inverse dispersion θ (variance μ + μ² / θ).
 *
 * @param counts >= 0, float32
 * @param mean μ > 0; broadcasts with the counts
 * @param inverseDispersion θ > 0; broadcasts with the counts
 */
export function negativeBinomial(counts: Tensor, mean: Tensor, inverseDispersion: Tensor): Tensor {
  const theta = inverseDispersion;
  const isZero = equal(counts, 0);
  const some = maximum(counts, 1); // where the terms of x = 0 are left out, anything finite
  const ofCount = where(isZero, 0, add(mul(log(mul(some, 2 * Math.PI)), 0.5), stirlingError(some)));
  const total = add(theta, counts);
  const deviances = differenceOfDeviances(counts, some, mean, theta);
  const gammas = sub(stirlingError(total), stirlingError(theta));
  return sub(sub(add(deviances, gammas), mul(log1p(div(counts, theta)), 0.5)), ofCount);
}

/**
 * The same with further zeros: a count is 0 with probability sigmoid(`zeroLogit`), else negative binomial.
 */
export function zeroInflatedNegativeBinomial(
  counts: Tensor,
  mean: Tensor,
  inverseDispersion: Tensor,
  zeroLogit: Tensor,
): Tensor {
  const plain = negativeBinomial(counts, mean, inverseDispersion);
  const zero = sub(softplus(sub(plain, zeroLogit)), softplus(neg(zeroLogit)));
  return where(equal(counts, 0), zero, sub(plain, softplus(zeroLogit)));
}
