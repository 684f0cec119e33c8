/**
 * Climbing to the nearest top: the limited-memory method of Broyden, Fletcher, Goldfarb and Shanno with backtracking (Nocedal
 * and Wright 2006, algorithms 7.4 and 3.1), in steps no longer than the pyramid's level allows.
 */
export interface Slope<State> {
  readonly state: State;
  readonly value: number;
  readonly slope: Float64Array;
}

export interface Climb<State> {
  readonly at: (state: State) => Slope<State>;
  readonly moved: (state: State, step: Float64Array) => State;
  /** Of a step, mm. */
  readonly lengthMm: (step: Float64Array) => number;
  readonly firstMm: number;
  readonly longestMm: number;
  /** Shorter steps end the climb. */
  readonly shortestMm: number;
  readonly iterations: number;
  /** Awaited between steps; may throw to stop. */
  readonly pause?: () => Promise<void> | undefined;
}

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly curvature: number;
}

const memory = 8;

export async function ascend<State>(start: State, climb: Climb<State>): Promise<Slope<State>> {
  let here = climb.at(start);
  const pairs: Pair[] = [];
  for (let iteration = 0; iteration < climb.iterations; iteration++) {
    await climb.pause?.();
    const step = direction(here.slope, pairs);
    const length = climb.lengthMm(step);
    if (!(length > 0)) break;
    const wanted = pairs.length === 0 ? climb.firstMm : Math.min(length, climb.longestMm);
    scale(step, wanted / length);
    const next = backtrack(here, step, climb);
    if (!next) {
      if (pairs.length === 0) break;
      pairs.length = 0; // the memory misled: once more along the slope itself
      continue;
    }
    const change = here.slope.map((value, i) => value - next.slope[i]);
    const curvature = dot(step, change);
    if (curvature > 1e-12 * dot(change, change)) pairs.push({ step: step.slice(), change, curvature });
    if (pairs.length > memory) pairs.shift();
    here = next;
    if (climb.lengthMm(step) < climb.shortestMm) break;
  }
  return here;
}

/** Halves the step, in place, until the climb is real. */
function backtrack<State>(here: Slope<State>, step: Float64Array, climb: Climb<State>): Slope<State> | undefined {
  const gain = dot(here.slope, step);
  if (!(gain > 0)) return undefined;
  for (let factor = 1; climb.lengthMm(step) >= climb.shortestMm / 4; factor /= 2) {
    const next = climb.at(climb.moved(here.state, step));
    if (next.value >= here.value + 1e-4 * gain * factor) return next;
    scale(step, 0.5);
  }
  return undefined;
}

/** The two loops over the remembered pairs. */
function direction(slope: Float64Array, pairs: readonly Pair[]): Float64Array {
  const out = Float64Array.from(slope);
  const shares: number[] = [];
  for (let p = pairs.length - 1; p >= 0; p--) {
    shares[p] = dot(pairs[p].step, out) / pairs[p].curvature;
    add(out, pairs[p].change, -shares[p]);
  }
  const last = pairs.at(-1);
  if (last) scale(out, last.curvature / dot(last.change, last.change));
  for (let p = 0; p < pairs.length; p++) {
    add(out, pairs[p].step, shares[p] - dot(pairs[p].change, out) / pairs[p].curvature);
  }
  return out;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function add(to: Float64Array, what: Float64Array, times: number): void {
  for (let i = 0; i < to.length; i++) to[i] += what[i] * times;
}

function scale(what: Float64Array, by: number): void {
  for (let i = 0; i < what.length; i++) what[i] *= by;
}
