/** The training loop: epochs of seeded batches, early stopping on samples set aside, checkpoints, progress as data. */

import type { Random } from '../../array/random.ts';
import { CancelledError, InputError } from '../../errors.ts';
import type { NamedValues } from '../session/runtime.ts';
import type { Session } from '../session/session.ts';
import { type Batch, batchesOf, partsOf } from './batches.ts';
import type { Trainer, TrainerState } from './trainer.ts';

export interface Validation {
  /** Samples set aside: none of them is trained on. */
  readonly samples: Int32Array;
  /** A program with an output `loss`, in the form for prediction (no dropout, running statistics). */
  readonly session: Session;
  /** What is fed for some samples. */
  readonly feed: (samples: Int32Array) => NamedValues;
  /** Epochs without a smaller loss after which training ends. Default 10. */
  readonly patience?: number;
}

export interface Progress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps of the optimizer until now. */
  readonly step: number;
  /** Mean over the samples of the epoch, as they were trained on. */
  readonly loss: number;
  readonly validationLoss?: number;
}

/** All that is needed to go on as if never interrupted, at the end of an epoch. Arrays and plain data only. */
export interface Checkpoint {
  readonly history: readonly Progress[];
  readonly trainer: TrainerState;
  readonly best?: Best;
}

interface Best {
  readonly epoch: number;
  readonly loss: number;
  readonly values: Readonly<Record<string, Float32Array>>;
}

export interface TrainOptions {
  readonly trainer: Trainer;
  /** Samples to train on. */
  readonly samples: Int32Array;
  /** What is fed for some samples; dropout and noise are drawn from `random`. */
  readonly feed: (samples: Int32Array, random: Random) => NamedValues;
  /** Decides the order of the samples and what `random` gives. */
  readonly seed: number;
  readonly epochs: number;
  /** Default 32. */
  readonly batchSize?: number;
  /** Of a program that accumulates: samples that are computed at once. Default: the whole batch. */
  readonly microBatchSize?: number;
  /** The learning rate, or one for each step (from 1). */
  readonly learningRate: number | ((step: number) => number);
  readonly validation?: Validation;
  /** Goes on from here. */
  readonly from?: Checkpoint;
  readonly onProgress?: (progress: Progress) => void;
  /** Called at the end of each epoch; `checkpoint` copies the state when asked. */
  readonly onEpoch?: (checkpoint: () => Checkpoint) => void | Promise<void>;
  /** Asked between steps; true ends training with a CancelledError. */
  readonly stopped?: () => boolean;
}

export interface Trained {
  /** Parameters and buffers by name: with validation those of the best epoch, else those of the last. */
  readonly values: Readonly<Record<string, Float32Array>>;
  readonly history: readonly Progress[];
  /** The epoch of the values. */
  readonly epoch: number;
  /** Whether patience ended before the epochs did. */
  readonly stoppedEarly: boolean;
}

export async function train(options: TrainOptions): Promise<Trained> {
  const { trainer, seed, epochs, validation, from, batchSize = 32 } = options;
  check(options);
  if (from) trainer.restore(from.trainer);
  const history: Progress[] = [...(from?.history ?? [])];
  let best = from?.best;
  const spent = () => best !== undefined && history.length - best.epoch >= (validation?.patience ?? 10);
  while (history.length < epochs && !spent()) {
    const epoch = history.length + 1;
    let sum = 0;
    for (const batch of batchesOf(options.samples, batchSize, seed, epoch)) {
      sum += (await trainOn(batch, options)) * batch.samples.length;
    }
    const loss = sum / options.samples.length;
    const progress: Progress = { epoch, epochs, step: trainer.step, loss };
    if (validation) {
      const values = trainer.values();
      const validationLoss = await lossOn(validation, values, options);
      history.push({ ...progress, validationLoss });
      if (best === undefined || validationLoss < best.loss) best = { epoch, loss: validationLoss, values };
    } else {
      history.push(progress);
    }
    options.onProgress?.(history[history.length - 1]);
    const kept = best;
    const checkpoint = () => ({ history: [...history], trainer: trainer.state(), ...(kept && { best: kept }) });
    await options.onEpoch?.(checkpoint);
  }
  return {
    values: best?.values ?? trainer.values(),
    history,
    epoch: best?.epoch ?? history.length,
    stoppedEarly: spent() && history.length < epochs,
  };
}

/** One step of the optimizer, in parts where the batch is larger than is computed at once. Gives the mean loss. */
async function trainOn({ samples, random }: Batch, options: TrainOptions): Promise<number> {
  const { trainer, feed, learningRate, microBatchSize = samples.length } = options;
  const rate = typeof learningRate === 'number' ? learningRate : learningRate(trainer.step + 1);
  const parts = partsOf(samples, microBatchSize);
  let loss = 0;
  for (const [at, part] of parts.entries()) {
    checkStopped(options);
    const share = part.length / samples.length;
    const last = at === parts.length - 1;
    loss += share * (await trainer.run(feed(part, random), { learningRate: rate, share, last })).loss;
  }
  return loss;
}

async function lossOn(validation: Validation, values: Trained['values'], options: TrainOptions): Promise<number> {
  const { samples, session, feed } = validation;
  session.use(Object.fromEntries(session.program.parameters.map(({ name }) => [name, values[name]])));
  let sum = 0;
  for (const part of partsOf(samples, options.microBatchSize ?? options.batchSize ?? 32)) {
    checkStopped(options);
    sum += (await session.run(feed(part))).loss.data[0] * part.length;
  }
  return sum / samples.length;
}

function checkStopped({ stopped }: TrainOptions): void {
  if (stopped?.()) throw new CancelledError('train');
}

function check({ trainer, samples, epochs, batchSize = 32, microBatchSize, validation }: TrainOptions): void {
  const where = 'train';
  for (const [what, value] of Object.entries({ epochs, batchSize, microBatchSize: microBatchSize ?? 1 })) {
    if (Number.isInteger(value) && value > 0) continue;
    throw new InputError({ where, what, expected: 'a positive whole number', got: `${value}` });
  }
  if (samples.length === 0) throw new InputError({ where, what: 'no samples' });
  if (microBatchSize !== undefined && microBatchSize < batchSize && !trainer.program.accumulates) {
    const expected = 'a program compiled with accumulate: true';
    throw new InputError({ where, what: `microBatchSize ${microBatchSize} below batchSize ${batchSize}`, expected });
  }
  if (!validation) return;
  if (validation.samples.length === 0) throw new InputError({ where, what: 'no samples to validate on' });
  const trained = new Set(samples);
  const both = validation.samples.find((sample) => trained.has(sample));
  if (both !== undefined) throw new InputError({ where, what: `sample ${both} is trained and validated on` });
  if (!validation.session.program.outputs.some(({ name }) => name === 'loss')) {
    throw new InputError({ where, what: 'the validation program has no output "loss"' });
  }
}
