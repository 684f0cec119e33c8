import { describe, expect, it } from 'vitest';
import { random } from '../../src/array/random.ts';
import { compile } from '../../src/engine/compile/compile.ts';
import { dense } from '../../src/engine/layer/dense.ts';
import { dropout, keepMask } from '../../src/engine/layer/dropout.ts';
import { ones, zeros } from '../../src/engine/layer/initializers.ts';
import { batchNorm } from '../../src/engine/layer/norm.ts';
import { meanSquaredError } from '../../src/engine/loss/value.ts';
import { add, log, mul, sub, tanh } from '../../src/engine/ops/arithmetic.ts';
import { mean, sum } from '../../src/engine/ops/reduction.ts';
import { webRuntime } from '../../src/engine/session/runtime.browser.ts';
import { nodeRuntime } from '../../src/engine/session/runtime.node.ts';
import { Session } from '../../src/engine/session/session.ts';
import { buffer, input, parameter } from '../../src/engine/tensor.ts';
import { batchesOf } from '../../src/engine/train/batches.ts';
import { adamW, sgd } from '../../src/engine/train/optimizer.ts';
import { type Checkpoint, type TrainOptions, train } from '../../src/engine/train/train.ts';
import { Trainer } from '../../src/engine/train/trainer.ts';
import { compileTrainingStep } from '../../src/engine/train/training-step.ts';

const width = 3;
const samples = 90;
const data = (() => {
  const generator = random(7);
  const x = Float32Array.from({ length: samples * width }, () => generator.normal());
  const y = Float32Array.from(
    { length: samples },
    (_, i) => Math.sin(x[i * width]) - x[i * width + 1] + 0.3 * generator.normal(),
  );
  return { x, y };
})();

const rows = (of: Int32Array) => ({
  x: {
    shape: [of.length, width],
    data: Float32Array.from(
      { length: of.length * width },
      (_, at) => data.x[of[Math.floor(at / width)] * width + (at % width)],
    ),
  },
  y: { shape: [of.length, 1], data: Float32Array.from(of, (i) => data.y[i]) },
});

const range = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i);

function model({ drops = false } = {}) {
  const first = dense('first', width, 16);
  const second = dense('second', 16, 1);
  const x = input('x', ['batch', width]);
  const y = input('y', ['batch', 1]);
  const hidden = tanh(first(x));
  const kept = drops ? dropout(hidden, input('kept', ['batch', 16])) : hidden;
  return { trained: meanSquaredError(second(kept), y), predicted: meanSquaredError(second(hidden), y) };
}

const feed: TrainOptions['feed'] = (of, generator) => ({
  ...rows(of),
  kept: keepMask([of.length, 16], 0.2, generator),
});

interface Setting {
  readonly accumulate?: boolean;
  readonly drops?: boolean;
}

async function trainOn(
  options: Partial<TrainOptions> & { patience?: number } = {},
  { accumulate = false, drops = true }: Setting = {},
) {
  const { patience, ...rest } = options;
  const { trained, predicted } = model({ drops });
  const program = compileTrainingStep({ loss: trained, optimizer: adamW(), clipNorm: 1, accumulate });
  await using trainer = await Trainer.open(program, await nodeRuntime(), { seed: 5 });
  const validating = compile({ loss: predicted });
  const values = Object.fromEntries(Object.entries(trainer.values()));
  await using session = await Session.open(validating, await nodeRuntime(), { values });
  return await train({
    trainer,
    samples: range(0, 60),
    feed: drops ? feed : rows,
    seed: 3,
    epochs: 6,
    batchSize: 16,
    learningRate: 0.02,
    ...(patience !== undefined && { validation: { samples: range(60, samples), session, feed: rows, patience } }),
    ...rest,
  });
}

const bytes = (values: Readonly<Record<string, Float32Array>>) =>
  Object.fromEntries(Object.entries(values).map(([name, { buffer: own }]) => [name, [...new Uint8Array(own)]]));

describe('training', () => {
  it('lowers the loss', async () => {
    const { history, epoch, stoppedEarly } = await trainOn({ epochs: 30 });
    expect(history[29].loss).toBeLessThan(0.5 * history[0].loss);
    expect(history[29]).toMatchObject({ epoch: 30, epochs: 30, step: 120 });
    expect([epoch, stoppedEarly]).toEqual([30, false]);
  });

  it('gives the same bytes for the same seed, and others for another', async () => {
    const [one, same, other] = [await trainOn(), await trainOn(), await trainOn({ seed: 4 })];
    expect(bytes(one.values)).toEqual(bytes(same.values));
    expect(one.history).toEqual(same.history);
    expect(bytes(other.values)).not.toEqual(bytes(one.values));
  });

  it('goes on from a checkpoint with the same bytes as without interruption', async () => {
    const whole = await trainOn({ patience: 50 });
    let kept: Checkpoint | undefined;
    const stopAfter = 3;
    await trainOn({
      patience: 50,
      epochs: stopAfter,
      onEpoch(checkpoint) {
        kept = structuredClone(checkpoint());
      },
    });
    expect(kept?.history.length).toBe(stopAfter);
    const resumed = await trainOn({ patience: 50, from: kept! });
    expect(bytes(resumed.values)).toEqual(bytes(whole.values));
    expect(resumed.history.slice(stopAfter)).toEqual(whole.history.slice(stopAfter));
  });

  it('stops early on the samples set aside, and keeps the best epoch', async () => {
    const { history, epoch, stoppedEarly, values } = await trainOn({ patience: 3, epochs: 400, learningRate: 0.05 });
    expect(stoppedEarly).toBe(true);
    expect(history.length).toBe(epoch + 3);
    const losses = history.map(({ validationLoss }) => validationLoss!);
    expect(Math.min(...losses)).toBe(losses[epoch - 1]);
    const { predicted } = model();
    await using session = await Session.open(compile({ loss: predicted }), await nodeRuntime(), { values });
    const made = await session.run(rows(range(60, samples)));
    expect(made.loss.data[0]).toBeCloseTo(losses[epoch - 1], 5);
  });

  it('in parts of a batch reaches what whole batches reach', async () => {
    const whole = await trainOn({}, { drops: false });
    const inParts = await trainOn({ microBatchSize: 5 }, { accumulate: true, drops: false });
    for (const [name, values] of Object.entries(whole.values)) {
      values.forEach((value, i) => {
        expect(inParts.values[name][i]).toBeCloseTo(value, 4);
      });
    }
    expect(inParts.history[5].step).toBe(whole.history[5].step);
  });

  it('tells progress as data and can be cancelled between steps', async () => {
    const seen: number[] = [];
    let steps = 0;
    const cancelled = trainOn({ onProgress: ({ epoch }) => seen.push(epoch), stopped: () => ++steps > 10 });
    await expect(cancelled).rejects.toThrow('train: cancelled');
    expect(seen).toEqual([1, 2]); // 4 steps an epoch
  });

  it('refuses what it cannot use', async () => {
    await expect(trainOn({ epochs: 0 })).rejects.toThrow('train: epochs, expected a positive whole number, got 0');
    await expect(trainOn({ samples: new Int32Array(0) })).rejects.toThrow('train: no samples');
    await expect(trainOn({ microBatchSize: 4 })).rejects.toThrow(
      'train: microBatchSize 4 below batchSize 16, expected a program compiled with accumulate: true',
    );
    await expect(trainOn({ samples: range(0, 61), patience: 1 })).rejects.toThrow(
      'train: sample 60 is trained and validated on',
    );
  });

  it('takes every sample once an epoch, in batches of even sizes', () => {
    const batches = batchesOf(range(10, 33), 8, 1, 1);
    expect(batches.map((batch) => batch.samples.length)).toEqual([7, 8, 8]);
    const taken = batches.flatMap((batch) => [...batch.samples]);
    expect([...taken].sort((a, b) => a - b)).toEqual([...range(10, 33)]);
    const next = batchesOf(range(10, 33), 8, 1, 2).flatMap((batch) => [...batch.samples]);
    expect(next).not.toEqual(taken);
  });
});

describe('a training step', () => {
  const x = input('x', ['batch']);
  const one = (value: number) => ({ x: { shape: [1], data: Float32Array.of(value) } });

  it('clips the gradient to a norm over all parameters, and tells the norm before', async () => {
    const w = parameter('w', [1], zeros);
    const v = parameter('v', [1], zeros);
    const loss = mean(add(mul(mul(x, 3), w), mul(mul(x, 4), v))); // the gradient is (3, 4)
    const program = compileTrainingStep({ loss, optimizer: sgd(), clipNorm: 1 });
    await using trainer = await Trainer.open(program, await nodeRuntime(), { seed: 1 });
    const { gradientNorm } = await trainer.run(one(1), { learningRate: 1 });
    expect(gradientNorm).toBeCloseTo(5, 5);
    const values = trainer.values();
    expect(values.w[0]).toBeCloseTo(-0.6, 5);
    expect(values.v[0]).toBeCloseTo(-0.8, 5);
  });

  it('leaves alone parameters that are not to be learned, and decays only those named', async () => {
    const tensors = ['learned', 'plain', 'frozen'].map((name) => parameter(name, [1], ones));
    const loss = sum(mul(x, add(add(tensors[0], tensors[1]), tensors[2])));
    const program = compileTrainingStep({
      loss,
      optimizer: adamW({ weightDecay: 0.5 }),
      parameters: tensors.slice(0, 2),
      decays: (name) => name === 'learned',
    });
    await using trainer = await Trainer.open(program, await nodeRuntime(), { seed: 1 });
    await trainer.run(one(1), { learningRate: 0.1 });
    const values = trainer.values();
    expect(values.learned[0]).toBeCloseTo(0.85, 5); // 1 (1 − .1 .5) − .1
    expect(values.plain[0]).toBeCloseTo(0.9, 5);
    expect(values.frozen[0]).toBe(1);
    expect(program.state.find(({ holds }) => holds[0].name === 'frozen')?.changes).toBe(false);
  });

  it('keeps running statistics of a batch norm, which prediction uses', async () => {
    const norm = batchNorm('n', 2, { momentum: 0.5 });
    const values = input('v', ['batch', 2]);
    const loss = mean(mul(norm.training(values), norm.training(values)));
    const program = compileTrainingStep({ loss, optimizer: sgd(), updates: norm.updates() });
    await using trainer = await Trainer.open(program, await nodeRuntime(), { seed: 1 });
    const feeds = { v: { shape: [3, 2], data: Float32Array.of(1, 10, 2, 20, 3, 60) } };
    await trainer.run(feeds, { learningRate: 0 });
    const after = trainer.values();
    expect([...after['n/mean']]).toEqual([1, 15]); // halfway from 0 to 2 and 30
    expect(after['n/variance'][0]).toBeCloseTo(0.5 + 0.5 * 1, 5);
    expect(after['n/variance'][1]).toBeCloseTo(0.5 + 0.5 * 700, 2);
    await using session = await Session.open(compile({ y: norm.inference(values) }), await nodeRuntime(), {
      values: after,
    });
    const { y } = await session.run(feeds);
    expect(y.data[1]).toBeCloseTo((10 - 15) / Math.sqrt(350.5), 4);
  });

  it('stops at the first loss that is not finite, names the step and the parameter, and keeps the state before it', async () => {
    const w = parameter('w', [1], ones);
    const fine = parameter('fine', [1], ones);
    const loss = sum(add(log(sub(w, x)), mul(fine, 2)));
    const program = compileTrainingStep({ loss, optimizer: adamW() });
    await using trainer = await Trainer.open(program, await nodeRuntime(), { seed: 1 });
    await trainer.run(one(0), { learningRate: 0.01 });
    const before = trainer.values();
    await expect(trainer.run(one(before.w[0]), { learningRate: 0.01 })).rejects.toThrow(
      'training step 2: the loss is -Infinity and the gradient of w is not finite, expected finite values',
    );
    expect(trainer.values()).toEqual(before);
    expect(trainer.step).toBe(1);
    await trainer.run(one(-1), { learningRate: 0.01 });
  });

  it('copies no state: the arrays of two steps change places', async () => {
    const w = parameter('w', [4], ones);
    const fedArrays: unknown[] = [];
    const runtime = await nodeRuntime();
    const watched = {
      ...runtime,
      async open(...args: Parameters<typeof runtime.open>) {
        const session = await runtime.open(...args);
        return {
          ...session,
          run: (...[feeds, into]: Parameters<typeof session.run>) => {
            fedArrays.push(feeds['parameters/0'].data, into?.['next/parameters/0'].data);
            return session.run(feeds, into);
          },
        };
      },
    };
    const program = compileTrainingStep({ loss: sum(mul(mul(w, w), mean(x))), optimizer: sgd() });
    await using trainer = await Trainer.open(program, watched, { seed: 1 });
    for (let i = 0; i < 4; i++) await trainer.run(one(1), { learningRate: 0.1 });
    expect(new Set(fedArrays).size).toBe(2);
    expect(trainer.values().w[0]).toBeCloseTo(0.8 ** 4, 5);
  });

  it('ends where it does in Node when a browser runtime makes it', async () => {
    const { trained } = model({ drops: false });
    const program = compileTrainingStep({ loss: trained, optimizer: adamW(), clipNorm: 1 });
    const ends: Readonly<Record<string, Float32Array>>[] = [];
    for (const runtime of [await nodeRuntime(), await webRuntime()]) {
      await using trainer = await Trainer.open(program, runtime, { seed: 1 });
      for (let i = 0; i < 5; i++) await trainer.run(rows(range(i * 10, i * 10 + 10)), { learningRate: 0.05 });
      ends.push(trainer.values());
    }
    for (const [name, values] of Object.entries(ends[0])) {
      values.forEach((value, i) => {
        expect(ends[1][name][i]).toBeCloseTo(value, 5);
      });
    }
  });

  it('packs small parameters, and gives a large one an array of its own', () => {
    const tensors = [parameter('a', [10], ones), parameter('b', [300, 300], ones), parameter('c', [5], ones)];
    const loss = sum(mul(mean(x), tensors.map((tensor) => sum(tensor)).reduce(add)));
    const { state } = compileTrainingStep({ loss, optimizer: sgd({ momentum: 0.9 }) });
    expect(state.map(({ length, kind, holds }) => [length, kind, holds.map(({ name }) => name).join()])).toEqual([
      [15, 'weight', 'a,c'],
      [15, 'moment', 'a,c'],
      [90000, 'weight', 'b'],
      [90000, 'moment', 'b'],
    ]);
  });

  it('refuses what it cannot learn', () => {
    const w = parameter('w', [1], ones);
    const loss = sum(mul(w, x));
    const step = (options: object) => () => compileTrainingStep({ loss, optimizer: sgd(), ...options });
    expect(step({ loss: sum(x) })).toThrow('compileTrainingStep: no parameters to learn');
    expect(step({ parameters: [parameter('v', [1], ones)] })).toThrow(
      'compileTrainingStep: the loss does not depend on v',
    );
    expect(step({ clipNorm: 0 })).toThrow('compileTrainingStep: clipNorm, expected a positive number, got 0');
    expect(step({ outputs: { loss: x } })).toThrow('compileTrainingStep: output "loss", expected another name');
    const b = buffer('b', [2], zeros);
    expect(step({ updates: [[b, w]] })).toThrow(
      'compileTrainingStep: update, expected a buffer and its new value, of one shape, got buffer [2] and [1]',
    );
    expect(() => adamW({ beta1: 1 })).toThrow('adamW: beta1, expected 0 <= ... < 1, got 1');
  });
});
