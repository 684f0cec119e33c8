/**
 * Trains the network of `model.ts`: nights side by side, each walked through from its beginning to its end in
 * stretches, the state handed on from one to the next. After every pass it is judged, by the very steps that run it
 * afterwards, on people set aside; the pass that told them best is kept.
 */
import type { Runtime } from '../../../engine/session/runtime.ts';
import { batchesOf } from '../../../engine/train/batches.ts';
import { Trainer } from '../../../engine/train/trainer.ts';
import { checkStopped, type Run } from '../../../estimator.ts';
import { rowLoss } from '../rows-logistic.ts';
import { parameterNames, trainingGraph } from './graph.ts';
import { compileLearned, type LearnedModel, ratioOf } from './model.ts';
import { type LabelledTrack, nextRow, startWalk, walkThrough, warmUp } from './nights.ts';

export interface LearnedTraining {
  readonly epochs: number;
  /** Passes without a smaller loss after which training ends. */
  readonly patience: number;
  /** Tracks side by side. */
  readonly batchSize: number;
  /** Moves over which gradients reach back. */
  readonly steps: number;
  readonly learningRate: number;
  readonly weightDecay: number;
}

/** After a pass; the first is before training. */
export interface LearnedPass {
  readonly epoch: number;
  /** Mean log loss on people set aside. */
  readonly loss: number;
}

export interface LearnedTrained {
  readonly model: LearnedModel;
  readonly passes: readonly LearnedPass[];
  /** The pass that is kept; 0: none was better than saying nothing. */
  readonly epoch: number;
}

/** @param blank the model before training, but for its weights, which the seed draws */
export async function trainLearned(
  blank: LearnedModel,
  taught: readonly LabelledTrack[],
  aside: readonly LabelledTrack[],
  options: LearnedTraining,
  runtime: Runtime,
  run: Pick<Run, 'seed' | 'stopped'>,
): Promise<LearnedTrained> {
  const { units, prior, features, poolTicks } = blank;
  const { epochs, patience, batchSize, steps, learningRate, weightDecay } = options;
  const graph = trainingGraph({ width: features.length, units, steps, weightDecay, prior });
  await using trainer = await Trainer.open(graph, runtime, { seed: run.seed });
  const samples = Int32Array.from(taught, (_, t) => t);
  const average = trainer.values();
  let best = withWeights(blank, average);
  const passes: LearnedPass[] = [{ epoch: 0, loss: meanLoss(best, aside) }];
  let kept = 0;
  for (let epoch = 1; epoch <= epochs && epoch - kept <= patience; epoch++) {
    for (const batch of batchesOf(samples, batchSize, run.seed, epoch)) {
      const tracks = Array.from(batch.samples, (t) => taught[t]);
      const phases = Int32Array.from(tracks, () => batch.random.integer(poolTicks));
      await passThrough(
        trainer,
        withWeights(blank, trainer.values()),
        tracks,
        phases,
        { steps, learningRate },
        run,
        () => moveAverage(average, trainer.values(), trainer.step),
      );
    }
    const model = withWeights(blank, average);
    const loss = meanLoss(model, aside);
    passes.push({ epoch, loss });
    if (loss >= passes[kept].loss) continue;
    kept = epoch;
    best = model;
  }
  return { model: best, passes, epoch: kept };
}

/** Trains on tracks side by side, from where they are judged to their ends. */
async function passThrough(
  trainer: Trainer,
  model: LearnedModel,
  tracks: readonly LabelledTrack[],
  phases: Int32Array,
  { steps, learningRate }: Pick<LearnedTraining, 'steps' | 'learningRate'>,
  run: Pick<Run, 'stopped'>,
  onStep: () => void,
): Promise<void> {
  const compiled = compileLearned(model);
  const { width, units, poolTicks } = compiled;
  const batch = tracks.length;
  const before = new Float64Array(batch * units); // [batch, units]
  const walks = tracks.map((labelled, b) => {
    const walk = startWalk(compiled, labelled, phases[b]);
    warmUp(compiled, walk, before, b * units);
    return walk;
  });
  let state = Float32Array.from(before);
  let left = Math.max(...walks.map(({ tick, labelled }) => Math.ceil((labelled.track.ticks - tick) / poolTicks)));
  for (; left > 0; left -= steps) {
    checkStopped(run, 'fitLearned');
    const x = new Float32Array(steps * batch * 2 * width); // [steps, batch, 2 features]
    const events = new Float32Array(steps * batch); // [steps, batch]
    const weights = new Float32Array(steps * batch); // [steps, batch]
    for (const [b, walk] of walks.entries()) {
      const { track, label } = walk.labelled;
      for (let t = 0; t < steps && walk.tick < track.ticks; t++) {
        const place = t * batch + b;
        events[place] = label[walk.tick];
        weights[place] = nextRow(compiled, walk) ? 1 : 0;
        x.set(compiled.x, place * 2 * width);
      }
    }
    const feeds = {
      x: { shape: [steps, batch, 2 * width], data: x },
      events: { shape: [steps, batch], data: events },
      weights: { shape: [steps, batch], data: weights },
      state: { shape: [batch, units], data: state },
    };
    const { outputs } = await trainer.run(feeds, { learningRate });
    state = outputs.next.data as Float32Array<ArrayBuffer>;
    onStep();
  }
}

const longest = 0.99;

/** Moves a running mean of the weights, over some hundred steps: single steps are noisy (Polyak and Juditsky 1992). */
function moveAverage(
  average: Record<string, Float32Array>,
  now: Readonly<Record<string, Float32Array>>,
  step: number,
): void {
  const keep = Math.min(longest, step / (step + 9));
  for (const [name, weights] of Object.entries(average)) {
    for (let i = 0; i < weights.length; i++) weights[i] += (1 - keep) * (now[name][i] - weights[i]);
  }
}

/** The model with weights by the names of the graph's parameters. */
function withWeights(blank: LearnedModel, values: Readonly<Record<string, Float32Array>>): LearnedModel {
  const { headBias, ...rest } = parameterNames;
  const arrays = Object.fromEntries(Object.entries(rest).map(([key, name]) => [key, [...values[name]]]));
  return { ...blank, ...arrays, headBias: values[headBias][0] };
}

function meanLoss(model: LearnedModel, tracks: readonly LabelledTrack[]): number {
  const { ratio, label } = ratiosOf(model, tracks);
  let sum = 0;
  for (let i = 0; i < label.length; i++) sum += rowLoss(model.prior + ratio[i], label[i]);
  return sum / label.length;
}

/** Log-likelihood ratios at all moves that count, of one recurrence a track. */
export function ratiosOf(model: LearnedModel, tracks: readonly LabelledTrack[]) {
  const compiled = compileLearned(model);
  const ratio: number[] = [];
  const label: number[] = [];
  for (const [t, labelled] of tracks.entries()) {
    walkThrough(compiled, labelled, t % compiled.poolTicks, (state, was) => {
      ratio.push(ratioOf(compiled, state, 0));
      label.push(was);
    });
  }
  return { ratio: Float32Array.from(ratio), label: Uint8Array.from(label) };
}
