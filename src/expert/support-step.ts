/**
 * A step on the support: where columns are alike, coordinate descent creeps. While no weight changes its sign, the quadratic
 * model plus penalty is a plain quadratic in the weights that are not zero, whose minimum conjugate gradients find soon.
 */
import { dot } from './products.ts';
import type { QuadraticModel } from './quadratic-model.ts';
import { alongColumn, type Shrinkage, type SparseColumns } from './working-set.ts';

const maxConjugateSteps = 100;

/**
 * Moves the weights [columns, outputs] that are not zero, and the intercepts, to their minimum with signs as they are; those
 * that would change sign become zero, or, where the model does not fall so, the step ends at the first of them.
 *
 * @param gradient of the model by scores [subjects, outputs], followed in place
 * @param enough the slope at which the minimum is near enough
 */
export function stepOnSupport(
  { columns, outputs, penalized }: SparseColumns,
  model: QuadraticModel,
  { l1, l2 }: Shrinkage,
  { weights, gradient, enough }: { weights: Float64Array; gradient: Float64Array; enough: number },
): void {
  const subjects = gradient.length / outputs;
  const shrunk = penalized * outputs; // intercepts stand after
  const support = Int32Array.from(weights.keys()).filter((c) => weights[c] !== 0 || c >= shrunk);
  const along = (c: number, scores: Float64Array) =>
    alongColumn(columns, Math.floor(c / outputs) * subjects, scores, outputs, c % outputs);
  const scoresOf = (direction: Float64Array): Float64Array => {
    const scores = new Float64Array(gradient.length); // [subjects, outputs]
    support.forEach((c, s) => {
      let at = c % outputs;
      for (let i = Math.floor(c / outputs) * subjects, end = i + subjects; i < end; i++, at += outputs) {
        scores[at] += columns[i] * direction[s];
      }
    });
    return scores;
  };
  const curved = (scores: Float64Array): Float64Array => {
    const out = scores.slice();
    model.curve(out);
    return out;
  };
  const against = Float64Array.from(support, (c) => {
    const slope = -along(c, gradient);
    return c < shrunk ? slope - l2 * weights[c] - (weights[c] > 0 ? l1 : -l1) : slope;
  });
  const direction = solve(against, enough, {
    apply(search, out) {
      const scores = curved(scoresOf(search));
      support.forEach((c, s) => {
        out[s] = along(c, scores) + (c < shrunk ? l2 * search[s] : 0);
      });
    },
    diagonal: Float64Array.from(support, (c) => {
      return model.curvature(Math.floor(c / outputs), c % outputs) + (c < shrunk ? l2 : 0) || 1;
    }),
  });
  if (!direction.every(Number.isFinite)) return;

  const flips = support.map((c, s) => (c < shrunk && weights[c] * (weights[c] + direction[s]) <= 0 ? 1 : 0));
  const clipped = direction.map((step, s) => (flips[s] ? -weights[support[s]] : step));
  let change = scoresOf(clipped);
  let bent = curved(change);
  let fall = dot(change, gradient) + 0.5 * dot(change, bent);
  support.forEach((c, s) => {
    const moved = weights[c] + clipped[s];
    if (c < shrunk) fall += l1 * (Math.abs(moved) - Math.abs(weights[c])) + 0.5 * l2 * (moved ** 2 - weights[c] ** 2);
  });
  if (!(fall < 0)) {
    let length = 1;
    support.forEach((c, s) => {
      if (flips[s]) length = Math.min(length, -weights[c] / direction[s]);
    });
    support.forEach((c, s) => {
      clipped[s] = flips[s] && -weights[c] / direction[s] <= length ? -weights[c] : length * direction[s];
    });
    change = scoresOf(clipped);
    bent = curved(change);
  }
  support.forEach((c, s) => {
    weights[c] = clipped[s] === -weights[c] ? 0 : weights[c] + clipped[s];
  });
  for (let at = 0; at < gradient.length; at++) gradient[at] += bent[at];
}

/** Conjugate gradients, preconditioned by the diagonal, until no residual is over `enough`. */
function solve(
  right: Float64Array,
  enough: number,
  { apply, diagonal }: { apply(search: Float64Array, out: Float64Array): void; diagonal: Float64Array },
): Float64Array {
  const solution = new Float64Array(right.length);
  const residual = right.slice();
  const search = residual.map((value, s) => value / diagonal[s]);
  const applied = new Float64Array(right.length);
  let energy = dot(residual, search);
  for (let step = 0; step < maxConjugateSteps && residual.some((value) => Math.abs(value) > enough); step++) {
    apply(search, applied);
    const curvature = dot(search, applied);
    if (!(curvature > 1e-14 * energy)) break; // flat: no further in this direction
    const length = energy / curvature;
    for (let s = 0; s < solution.length; s++) {
      solution[s] += length * search[s];
      residual[s] -= length * applied[s];
    }
    let next = 0;
    for (let s = 0; s < solution.length; s++) next += (residual[s] * residual[s]) / diagonal[s];
    const momentum = next / energy;
    energy = next;
    for (let s = 0; s < solution.length; s++) search[s] = residual[s] / diagonal[s] + momentum * search[s];
  }
  return solution;
}
