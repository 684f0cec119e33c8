/**
 * The contracts. `fit` takes data and returns a new fitted value; a fitted value keeps only what was learned (never the
 * training data), so predicting before fitting does not compile and a saved model carries no subject.
 */
import { CancelledError } from './errors.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** What an estimator is, as plain JSON: the registry rebuilds it from this, also in a worker or from a file. */
export interface Spec {
  readonly kind: string;
  readonly version: number;
  readonly options: JsonObject;
}

/** A fitted value at rest: JSON for what is small, bytes for what is large (little-endian typed arrays). */
export interface Saved {
  readonly kind: string;
  readonly version: number;
  readonly state: JsonObject;
  readonly blobs: Readonly<Record<string, Uint8Array>>;
}

/** The circumstances of one fit. */
export interface Run {
  readonly seed: number;
  /**
   * Inner-validation fold of each subject handed to `fit` (0 .. folds - 1): penalties, weights and stackers are chosen
   * on these, all of them training subjects. Without it an estimator derives folds from the seed.
   */
  readonly inner?: Int32Array;
  /** Asked between steps of long work. */
  readonly stopped?: () => boolean;
  /** Told the milliseconds of work that a fit took over from an earlier one (see `remember.ts`). */
  readonly charge?: (milliseconds: number) => void;
}

export interface ApplyOptions {
  /** Also give each modality's contribution to each prediction. */
  readonly explain?: boolean;
}

export interface Fitted<X, Z> {
  apply(x: X, options?: ApplyOptions): Promise<Z>;
  save(): Saved;
}

export interface Estimator<X, Y, Z, F extends Fitted<X, Z> = Fitted<X, Z>> {
  readonly spec: Spec;
  fit(x: X, y: Y, run: Run): Promise<F>;
}

/** Turns a saved value into a fitted one. Estimators that hold others are handed this to open their parts. */
export type Open = (saved: Saved) => Fitted<never, unknown>;

export function checkStopped(run: Pick<Run, 'stopped'>, where: string): void {
  if (run.stopped?.()) throw new CancelledError(where);
}

/**
 * The only way preprocessing enters a fold: `pipe(log1p(), impute(), standardize(), logistic())` is one estimator, so
 * whoever fits it on training subjects has fitted every step on them and no other.
 */
export function pipe<X, Y, Z>(...steps: readonly Estimator<never, Y, unknown>[]): Estimator<X, Y, Z> {
  return {
    spec: { kind: 'pipe', version: 1, options: { steps: steps.map(({ spec }) => ({ ...spec })) } },
    async fit(x, y, run) {
      const fitted: Fitted<never, unknown>[] = [];
      let value: unknown = x;
      for (const [at, step] of steps.entries()) {
        checkStopped(run, step.spec.kind);
        const learned = await step.fit(value as never, y, run);
        fitted.push(learned);
        if (at < steps.length - 1) value = await learned.apply(value as never);
      }
      return piped(fitted);
    },
  };
}

function piped<X, Z>(steps: readonly Fitted<never, unknown>[]): Fitted<X, Z> {
  return {
    async apply(x) {
      let value: unknown = x;
      for (const step of steps) value = await step.apply(value as never);
      return value as Z;
    },
    save() {
      const blobs: Record<string, Uint8Array> = {};
      const parts = steps.map((step, at) => nest(step.save(), `${at}`, blobs));
      return { kind: 'pipe', version: 1, state: { steps: parts }, blobs };
    },
  };
}

export function openPipe(saved: Saved, open: Open): Fitted<never, unknown> {
  const parts = saved.state.steps as unknown as JsonObject[];
  return piped(parts.map((part, at) => open(unnest(part, `${at}`, saved.blobs))));
}

/** Puts a part's blobs among those of its holder under `prefix/`, and returns the rest as JSON. */
export function nest(part: Saved, prefix: string, blobs: Record<string, Uint8Array>): JsonObject {
  for (const [name, bytes] of Object.entries(part.blobs)) blobs[`${prefix}/${name}`] = bytes;
  return { kind: part.kind, version: part.version, state: part.state };
}

export function unnest(part: JsonObject, prefix: string, blobs: Saved['blobs']): Saved {
  const own = Object.entries(blobs)
    .filter(([name]) => name.startsWith(`${prefix}/`))
    .map(([name, bytes]) => [name.slice(prefix.length + 1), bytes]);
  return { ...(part as unknown as Omit<Saved, 'blobs'>), blobs: Object.fromEntries(own) };
}

/**
 * What runs on input as it comes, and keeps only `State` between inputs. Nothing else decides what it says: no clock, no
 * ambient randomness, so that the same inputs give the same bytes, live or replayed.
 *
 * `step` owns the state that it is handed: it may change it in place and return it. Whoever wants to come back to a state
 * copies it first (`structuredClone`: states are plain data and typed arrays).
 */
export interface Online<In, State, Out> {
  init(): State;
  step(state: State, input: In): readonly [State, Out];
}
