/** Networks in training that take turns at one training step. */
import type { Matrix } from '../../array/matrix.ts';
import { deriveSeed } from '../../array/random.ts';
import { feedRows } from '../../encode/encoder.ts';
import type { NamedValues, Runtime } from '../../engine/session/runtime.ts';
import { Session } from '../../engine/session/session.ts';
import { initialValues, namedOf } from '../../engine/train/state.ts';
import { train } from '../../engine/train/train.ts';
import { Trainer, type TrainerState } from '../../engine/train/trainer.ts';
import type { Run } from '../../estimator.ts';
import { feedOf } from './design.ts';
import { saidOf } from './forward.ts';
import { dropped, hidden } from './hide.ts';
import { keptFor } from './network.ts';
import type { LearningProblem } from './problem.ts';

/** A network in training, at the end of an epoch. */
export interface NetworkState {
  /** The subjects it learns from. */
  readonly rows: Int32Array;
  readonly seed: number;
  readonly epoch: number;
  readonly state: TrainerState;
}

const warmUp = 20; // steps in which the learning rate rises

/**
 * Where states take turns: one training step and one network for prediction, loaded once, since loading takes longer than
 * many epochs of a small cohort. Holds native memory until it is closed.
 */
export class SharedTrainer implements AsyncDisposable {
  readonly problem: LearningProblem;
  readonly #trainer: Trainer;
  readonly #session: Session;
  /** Whose state the trainer holds. */
  #current: NetworkState | undefined;

  private constructor(problem: LearningProblem, trainer: Trainer, session: Session) {
    this.problem = problem;
    this.#trainer = trainer;
    this.#session = session;
  }

  static async open(problem: LearningProblem, runtime: Runtime): Promise<SharedTrainer> {
    const trainer = await Trainer.open(problem.step, runtime, { seed: 0 });
    try {
      const values = used(problem, trainer.values());
      return new SharedTrainer(problem, trainer, await Session.open(problem.forward, runtime, { values }));
    } catch (error) {
      await trainer.close();
      throw error;
    }
  }

  /** The same network after one more pass through its subjects. */
  async epoch(now: NetworkState, run: Pick<Run, 'stopped'>): Promise<NetworkState> {
    const { design, options, encoders, step, feed } = this.problem;
    if (this.#current !== now) this.#trainer.restore(now.state);
    this.#current = undefined;
    const epoch = now.epoch + 1;
    await train({
      trainer: this.#trainer,
      samples: now.rows,
      feed: (rows, generator) =>
        asked(step, {
          ...hidden(feedOf(design, rows), design.modalities, options.modalityDropout, generator),
          ...dropped(feedRows(design.columns, rows), options.inputDropout, generator),
          ...keptFor(encoders, options.width, rows.length, options.dropout, generator),
          ...feed(rows),
        }),
      seed: deriveSeed(now.seed, 'epoch', epoch),
      epochs: 1,
      batchSize: options.batchSize,
      learningRate: (step) => options.learningRate * Math.min(1, step / warmUp),
      ...(run.stopped && { stopped: run.stopped }),
    });
    const next = { ...now, epoch, state: this.#trainer.state() };
    this.#current = next;
    this.#session.use(used(this.problem, this.#trainer.values()));
    return next;
  }

  /** The parameters after the epoch run last, those for prediction, by name. */
  values(): Record<string, Float32Array> {
    return used(this.problem, this.#trainer.values());
  }

  /** What the network after the epoch run last says of some subjects: [rows, outputs]. */
  said(rows: Int32Array): Promise<Matrix<Float64Array>> {
    return saidOf(this.#session, this.problem.design, rows, this.problem.objective.outputs);
  }

  async close(): Promise<void> {
    await this.#trainer.close();
    await this.#session.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Values of parameters to start from, by name, for a network that will learn from these subjects. */
export type StartOf = (rows: Int32Array, seed: number) => Promise<Readonly<Record<string, Float32Array>>>;

/** A network before its first epoch; its first values, where none are given by name, depend on the seed only. */
export function initialState(
  { step }: LearningProblem,
  rows: Int32Array,
  seed: number,
  given: Readonly<Record<string, Float32Array>> = {},
): NetworkState {
  const first = new Map(
    step.tensors.map((tensor) => {
      const { name } = namedOf(tensor);
      return [name, given[name] ?? initialValues(tensor, seed)];
    }),
  );
  const arrays: Record<string, Float32Array> = {};
  for (const { name, length, kind, holds } of step.state) {
    arrays[name] = new Float32Array(length);
    if (kind !== 'weight' && kind !== 'buffer') continue;
    for (const held of holds) arrays[name].set(first.get(held.name) as Float32Array, held.offset);
  }
  return { rows, seed, epoch: 0, state: { step: 0, arrays } };
}

/** Of what could be fed, what the graph asks for: not every variant drops everywhere. */
function asked({ inputs }: LearningProblem['step'], feeds: NamedValues): NamedValues {
  return Object.fromEntries(inputs.map(({ name }) => [name, feeds[name]]));
}

/** Of all parameters, those for prediction. */
function used(
  { forward }: LearningProblem,
  values: Readonly<Record<string, Float32Array>>,
): Record<string, Float32Array> {
  return Object.fromEntries(forward.parameters.map(({ name }) => [name, values[name]]));
}
