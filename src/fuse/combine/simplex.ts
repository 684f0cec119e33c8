/**
 * Minimization over weights that are at least `least` and sum to 1: the spectral projected gradient of Birgin, Martínez and
 * Raydan (2000), its line search monotone. It is deterministic, and a weight that is of no use ends at `least` itself, where
 * the multiplicative steps of an EM algorithm would only crawl towards it.
 */

/** A smooth function of the weights, with its derivative by each of them. */
export type Objective = (weights: Float64Array) => { readonly value: number; readonly gradient: Float64Array };

const maxSteps = 1000;
const maxHalvings = 50;
const shortest = 1e-10; // step
const longest = 1e10;

/**
 * From equal weights down to where no other weights promise more than `tolerance` less: for a convex objective the value is
 * then within `tolerance` of the smallest.
 *
 * @param many weights; `least` times this must be below 1
 */
export function minimizeOnSimplex(
  many: number,
  objective: Objective,
  { least = 0, tolerance = 1e-10 }: { readonly least?: number; readonly tolerance?: number } = {},
): Float64Array {
  let weights: Float64Array = new Float64Array(many).fill(1 / many);
  let { value, gradient } = objective(weights);
  let step = 1;
  for (let steps = 0; steps < maxSteps && promise(weights, gradient, least) > tolerance; steps++) {
    const aim = onSimplex(
      weights.map((w, m) => w - step * gradient[m]),
      least,
    );
    const direction = aim.map((to, m) => to - weights[m]);
    const slope = dot(gradient, direction);
    if (!(slope < 0)) break; // as low as this arithmetic goes
    let length = 1;
    let moved = aim;
    let there = objective(moved);
    for (let halving = 0; there.value > value + 1e-4 * length * slope; halving++) {
      if (halving === maxHalvings) return weights;
      length /= 2;
      const part = length;
      moved = weights.map((w, m) => w + part * direction[m]);
      there = objective(moved);
    }
    const change = moved.map((to, m) => to - weights[m]);
    const bend = dot(
      change,
      there.gradient.map((to, m) => to - gradient[m]),
    );
    // The secant's curvature (Barzilai and Borwein 1988).
    step = bend > 0 ? Math.min(longest, Math.max(shortest, dot(change, change) / bend)) : longest;
    weights = moved;
    ({ value, gradient } = there);
  }
  return weights;
}

/** How much less the tangent at these weights promises at best, at a corner of the simplex (Frank and Wolfe 1956). */
function promise(weights: Float64Array, gradient: Float64Array, least: number): number {
  const free = 1 - least * weights.length;
  const steepest = gradient.reduce((a, b) => Math.min(a, b));
  return weights.reduce((sum, w, m) => sum + (w - least) * gradient[m], 0) - free * steepest;
}

/** The nearest point of the simplex (Held, Wolfe and Crowder 1974): all are lowered alike, and what is below is cut off. */
export function onSimplex(point: Float64Array, least = 0): Float64Array {
  const many = point.length;
  const total = 1 - least * many;
  const sorted = point.map((value) => value - least).sort();
  let sum = 0;
  let lowered = 0;
  for (let kept = 1; kept <= many; kept++) {
    const value = sorted[many - kept];
    sum += value;
    const all = (sum - total) / kept;
    if (value - all <= 0) break;
    lowered = all;
  }
  return point.map((value) => Math.max(0, value - least - lowered) + least);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, at) => sum + value * b[at], 0);
}
