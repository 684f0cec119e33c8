/**
 * A small recurrent network over the features of the fast sensors, stepped in plain TypeScript: what it learned are plain
 * numbers, and no runtime is needed to run it. The unit is the gated recurrent one (Cho et al. 2014), with the reset gate
 * applied after the product, as in PyTorch and in ONNX's GRU with `linear_before_reset`:
 *
 *     r = σ(x W_r + h U_r)    z = σ(x W_z + h U_z)    n = tanh(x W_n + r ⊙ (h U_n))    h ← n + z ⊙ (h − n)
 *
 * each product with its bias. It moves once every `poolTicks` ticks, on means over that time; so that it has something to
 * say at every tick, as many recurrences take turns, each on the newest such stretch.
 */
import { InputError } from '../../../errors.ts';

/** Weight matrices are row-major, gates in the order reset, update, new. */
export interface LearnedModel {
  readonly features: readonly string[];
  /** Between ticks. */
  readonly stepSeconds: number;
  /** Ticks over which features are averaged, and from one move of a recurrence to the next. */
  readonly poolTicks: number;
  readonly units: number;
  /** Of the features; z = (mean over the stretch − mean) / sd held to ±4. A sd of 0: not used. */
  readonly mean: readonly number[];
  readonly sd: readonly number[];
  readonly input: readonly number[]; // [2 features, 3 units]: z, then the share of the stretch in which each was heard
  readonly inputBias: readonly number[]; // [3 units]
  readonly recurrent: readonly number[]; // [units, 3 units]
  readonly recurrentBias: readonly number[]; // [3 units]
  /** Log-likelihood ratio = headBias + Σ head h. */
  readonly head: readonly number[]; // [units]
  readonly headBias: number;
  /** Share of the features that must be heard in a stretch. */
  readonly enough: number;
  /** Log-odds of the event at any tick. */
  readonly prior: number;
}

export interface LearnedCompiled {
  readonly width: number;
  readonly units: number;
  readonly poolTicks: number;
  readonly least: number;
  readonly mean: Float64Array;
  readonly perSd: Float64Array;
  readonly input: Float64Array;
  readonly inputBias: Float64Array;
  readonly recurrent: Float64Array;
  readonly recurrentBias: Float64Array;
  readonly head: Float64Array;
  readonly headBias: number;
  /** Scratch of one step. */
  readonly x: Float64Array; // [2 features]
  readonly fromInput: Float64Array; // [3 units]
  readonly fromState: Float64Array; // [3 units]
}

export const widest = 4; // standard deviations

/** @throws InputError for numbers that are missing, too many, or not finite */
export function compileLearned(model: LearnedModel): LearnedCompiled {
  const { units, poolTicks, enough } = model;
  const width = model.features.length;
  const refuse = (what: string, expected: string, got: unknown): never => {
    throw new InputError({ where: `learned: ${what}`, what: 'unusable', expected, got: String(got) });
  };
  for (const [name, whole] of Object.entries({ units, poolTicks })) {
    if (!(Number.isInteger(whole) && whole > 0)) refuse(name, 'a positive whole number', whole);
  }
  if (!(model.stepSeconds > 0)) refuse('stepSeconds', 'more than 0', model.stepSeconds);
  const numbers = (
    name: 'mean' | 'sd' | 'input' | 'inputBias' | 'recurrent' | 'recurrentBias' | 'head',
    count: number,
  ) => {
    const given = model[name];
    if (given?.length !== count) refuse(name, `${count} numbers`, given?.length);
    if (!given.every(Number.isFinite))
      refuse(
        name,
        'finite numbers',
        given.find((one) => !Number.isFinite(one)),
      );
    return Float64Array.from(given);
  };
  for (const name of ['headBias', 'prior', 'enough'] as const) {
    if (!Number.isFinite(model[name])) refuse(name, 'a finite number', model[name]);
  }
  return {
    width,
    units,
    poolTicks,
    least: Math.max(1, Math.ceil(enough * width)),
    mean: numbers('mean', width).map(Math.fround),
    perSd: perSdOf(numbers('sd', width)),
    input: numbers('input', 2 * width * 3 * units),
    inputBias: numbers('inputBias', 3 * units),
    recurrent: numbers('recurrent', units * 3 * units),
    recurrentBias: numbers('recurrentBias', 3 * units),
    head: numbers('head', units),
    headBias: model.headBias,
    x: new Float64Array(2 * width),
    fromInput: new Float64Array(3 * units),
    fromState: new Float64Array(3 * units),
  };
}

/** Rounded as the exported graph holds them. */
function perSdOf(sd: ArrayLike<number>): Float64Array {
  return Float64Array.from(sd, (one) => (one > 0 ? Math.fround(1 / one) : 0));
}

/** In the state: how many ticks there were, then the features of the newest ones (NaN: not heard), then the recurrences. */
const ticksAt = 0;
const ringAt = 1;

export function learnedLength({ width, units, poolTicks }: LearnedCompiled): number {
  return ringAt + poolTicks * (width + units);
}

/** @param base where the state begins in a longer one, as of a strategy that holds more than this */
export function initLearned(compiled: LearnedCompiled, state: Float64Array, base: number): void {
  const { width, poolTicks } = compiled;
  const recurrences = base + ringAt + poolTicks * width;
  state[base + ticksAt] = 0;
  state.fill(Number.NaN, base + ringAt, recurrences);
  state.fill(0, recurrences, base + learnedLength(compiled));
}

/**
 * Moves to the next tick.
 *
 * @param values features from `at` on
 * @returns the log-likelihood ratio of all that was heard; NaN where too few features were heard in the newest stretch
 */
export function learnedEvidence(
  compiled: LearnedCompiled,
  state: Float64Array,
  base: number,
  values: Float32Array,
  heard: Uint8Array,
  at: number,
): number {
  const { width, units, poolTicks, least } = compiled;
  const turn = state[base + ticksAt] % poolTicks;
  state[base + ticksAt]++;
  const ring = base + ringAt;
  for (let j = 0; j < width; j++) {
    state[ring + turn * width + j] = heard[at + j] === 1 ? values[at + j] : Number.NaN;
  }
  const count = pool(compiled, state, ring);
  const h = ring + poolTicks * width + turn * units;
  moveUnit(compiled, state, h);
  return count >= least ? ratioOf(compiled, state, h) : Number.NaN;
}

/** Standardizes the means over a stretch of ticks into `x`; says how many features were heard. What is NaN was not. */
export function pool(compiled: LearnedCompiled, ring: Float64Array, from: number): number {
  const { width, poolTicks, mean, perSd, x } = compiled;
  let count = 0;
  for (let j = 0; j < width; j++) {
    let sum = 0;
    let times = 0;
    for (let k = 0, at = from + j; k < poolTicks; k++, at += width) {
      const off = ring[at] - mean[j];
      if (off - off !== 0) continue; // NaN or infinite
      sum += off;
      times++;
    }
    let z = times > 0 ? (sum / times) * perSd[j] : 0;
    if (z > widest) z = widest;
    else if (z < -widest) z = -widest;
    x[j] = z;
    x[width + j] = times / poolTicks;
    if (times > 0) count++;
  }
  return count;
}

/** Moves the recurrence whose units lie from `h` on, by what is in `x`. */
export function moveUnit(compiled: LearnedCompiled, state: Float64Array, h: number): void {
  const { width, units, x, fromInput: a, fromState: c, input, recurrent } = compiled;
  const gates = 3 * units;
  a.set(compiled.inputBias);
  c.set(compiled.recurrentBias);
  for (let j = 0; j < 2 * width; j++) {
    const xj = x[j];
    if (xj === 0) continue;
    for (let k = 0, at = j * gates; k < gates; k++, at++) a[k] += xj * input[at];
  }
  for (let j = 0; j < units; j++) {
    const hj = state[h + j];
    for (let k = 0, at = j * gates; k < gates; k++, at++) c[k] += hj * recurrent[at];
  }
  for (let i = 0; i < units; i++) {
    const reset = 1 / (1 + Math.exp(-a[i] - c[i]));
    const keep = 1 / (1 + Math.exp(-a[units + i] - c[units + i]));
    const fresh = Math.tanh(a[2 * units + i] + reset * c[2 * units + i]);
    state[h + i] = fresh + keep * (state[h + i] - fresh);
  }
}

export function ratioOf({ units, head, headBias }: LearnedCompiled, state: Float64Array, h: number): number {
  let ratio = headBias;
  for (let i = 0; i < units; i++) ratio += head[i] * state[h + i];
  return ratio;
}
