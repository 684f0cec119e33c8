/** A training step loaded into a runtime, with the state that it changes. */
import { InputError, internal } from '../../errors.ts';
import type { Slot } from '../compile/emit.ts';
import { checkFeeds } from '../session/feeds.ts';
import type { NamedValues, Runtime, RuntimeOptions, RuntimeSession, Values } from '../session/runtime.ts';
import { initialValues, type StateArray } from './state.ts';
import { nextOf, type TrainingProgram } from './training-step.ts';

export interface TrainerOptions extends RuntimeOptions {
  /** Draws the first values of parameters and buffers. */
  readonly seed: number;
  /** First values by name, instead of drawn ones. */
  readonly values?: Readonly<Record<string, Float32Array>>;
}

export interface StepOptions {
  readonly learningRate: number;
  /** Of a program that accumulates: the weight of this batch in the mean; shares add up to 1. Default 1. */
  readonly share?: number;
  /** Of a program that accumulates: whether the optimizer moves after this batch. Default true. */
  readonly last?: boolean;
}

export interface StepResult {
  readonly loss: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  readonly outputs: NamedValues;
}

/** Everything that makes two trainers go on alike: copies of the state, and the number of steps made. */
export interface TrainerState {
  readonly step: number;
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

/** Holds native memory: close it, or declare it with `await using`. */
export class Trainer implements AsyncDisposable {
  readonly program: TrainingProgram;
  readonly #session: RuntimeSession;
  /** The arrays of now, and those that the next step is written to; they change places, so nothing is copied. */
  #now: NamedValues;
  #next: NamedValues;
  #step = 0;
  #running = false;

  private constructor(program: TrainingProgram, session: RuntimeSession, now: NamedValues) {
    this.program = program;
    this.#session = session;
    this.#now = now;
    const changing = program.state.filter(({ changes }) => changes);
    const twins = changing.map(({ name, length }) => [name, { shape: [length], data: new Float32Array(length) }]);
    this.#next = Object.fromEntries(twins);
  }

  static async open(program: TrainingProgram, runtime: Runtime, options: TrainerOptions): Promise<Trainer> {
    const { seed, values = {}, ...runtimeOptions } = options;
    const first = new Map<string, Float32Array>();
    for (const tensor of program.tensors) {
      const { name } = tensor.source as { readonly name: string };
      const given = values[name] ?? initialValues(tensor, seed);
      checkFeeds('Trainer.open', [{ name, shape: tensor.shape, dtype: 'float32' }], {
        [name]: { shape: tensor.shape.map(Number), data: given },
      });
      first.set(name, given);
    }
    const now: Record<string, Values> = {};
    for (const { name, length, kind, holds } of program.state) {
      const data = new Float32Array(length);
      const starts = kind === 'weight' || kind === 'buffer';
      if (starts) for (const held of holds) data.set(first.get(held.name)!, held.offset);
      now[name] = { shape: [length], data };
    }
    return new Trainer(program, await runtime.open(program.onnx, runtimeOptions), now);
  }

  /** Steps of the optimizer made so far. */
  get step(): number {
    return this.#step;
  }

  /**
   * One step. Throws an InputError at a loss or a gradient that is not finite, naming the step and the parameter; the
   * state is then that before the step.
   */
  async run(feeds: NamedValues, { learningRate, share = 1, last = true }: StepOptions): Promise<StepResult> {
    if (this.#running) throw internal('a training step is started while another runs');
    const { program } = this;
    checkFeeds('step', program.inputs, feeds);
    const numbers = program.optimizer.scalars(this.#step + 1, learningRate);
    const all = program.accumulates ? { ...numbers, share, last: last ? 1 : 0 } : numbers;
    const scalars = Object.entries(all).map(([name, value]) => [
      `optimizer/${name}`,
      { shape: [], data: Float32Array.of(value) },
    ]);
    this.#running = true;
    try {
      const into = Object.fromEntries(Object.entries(this.#next).map(([name, array]) => [nextOf(name), array]));
      const made = await this.#session.run({ ...feeds, ...Object.fromEntries(scalars), ...this.#now }, into);
      const loss = made.loss.data[0];
      const gradientNorm = made.gradientNorm.data[0];
      if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) throw this.#notFinite(loss);
      const before = this.#now;
      this.#now = { ...before, ...this.#next };
      this.#next = mapValues(this.#next, (_, name) => before[name]);
      if (last) this.#step++;
      const outputs = program.outputs.filter(({ name }) => !isOwn(name));
      return { loss, gradientNorm, outputs: Object.fromEntries(outputs.map(({ name }) => [name, made[name]])) };
    } finally {
      this.#running = false;
    }
  }

  #notFinite(loss: number): InputError {
    const where = `training step ${this.#step + 1}`;
    const before = whereNotFinite(this.program.state, this.#now, 'weight');
    const after = ['accumulated', 'moment', 'weight'].map((kind) =>
      whereNotFinite(this.program.state, this.#next, kind),
    );
    const at = before ?? after.find((name) => name !== undefined);
    const told = before
      ? `parameter ${at} is not finite`
      : `the gradient${at ? ` of ${at}` : ', taken together,'} is not finite`;
    return new InputError({
      where,
      what: Number.isFinite(loss) ? told : `the loss is ${loss}${at ? ` and ${told}` : ''}`,
      expected: 'finite values (a smaller learning rate, clipNorm, or inputs without outliers may help)',
    });
  }

  /** Copies of parameters and buffers, by name. */
  values(): Record<string, Float32Array> {
    const values: Record<string, Float32Array> = {};
    for (const { name, kind, holds } of this.program.state) {
      if (kind !== 'weight' && kind !== 'buffer') continue;
      const { data } = this.#now[name];
      for (const held of holds) {
        values[held.name] = data.slice(held.offset, held.offset + sizeOf(held.shape)) as Float32Array;
      }
    }
    return values;
  }

  state(): TrainerState {
    return { step: this.#step, arrays: mapValues(this.#now, ({ data }) => data.slice() as Float32Array) };
  }

  /** Goes on from a state of the same program. */
  restore({ step, arrays }: TrainerState): void {
    const slots: Slot[] = this.program.state.map(({ name, length }) => ({ name, shape: [length], dtype: 'float32' }));
    const values = mapValues(arrays, (data) => ({ shape: [data.length], data }));
    checkFeeds('Trainer.restore', slots, values);
    for (const { name } of slots) this.#now[name].data.set(arrays[name]);
    this.#step = step;
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

const isOwn = (name: string) => name === 'loss' || name === 'gradientNorm' || name.startsWith(nextOf(''));

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

function mapValues<A, B>(record: Readonly<Record<string, A>>, f: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value, key)]));
}

/** The first parameter with a value that is not finite in arrays of a kind. */
function whereNotFinite(state: readonly StateArray[], arrays: NamedValues, kind: string): string | undefined {
  for (const array of state) {
    if (array.kind !== kind || !arrays[array.name]) continue;
    const at = arrays[array.name].data.findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    return array.holds.findLast(({ offset }) => offset <= at)?.name;
  }
  return undefined;
}
