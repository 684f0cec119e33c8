/**
 * Learns the fast expert with memory on training people. Like the plain one it tells a log-likelihood ratio, recalibrated on
 * people who were set aside; where it was worth nothing to them it says nothing.
 */
import type { Episode } from '../../../align/time/recording.ts';
import type { Track } from '../../../align/time/track.ts';
import { defaultRuntime } from '../../../engine/session/default-runtime.ts';
import type { RuntimeSource } from '../../../engine/session/runtime.ts';
import { InputError } from '../../../errors.ts';
import { fastScale } from '../expert/fast.ts';
import { checkTracks, labelsOf } from '../labels.ts';
import { checkOptions } from '../options.ts';
import { peopleOf } from '../people.ts';
import { fitRows, priorOf } from '../rows-logistic.ts';
import type { Question, Scoring } from '../scoring.ts';
import { setAside } from './aside.ts';
import { learnedScoring } from './learned.ts';
import { compileLearned, type LearnedModel } from './model.ts';
import { countedLabels, type LabelledTrack } from './nights.ts';
import { type LearnedPass, type LearnedTraining, ratiosOf, trainLearned } from './train.ts';

export interface LearnedOptions extends Partial<LearnedTraining> {
  readonly seed: number;
  /** What trains it. Default: onnxruntime-node in Node, onnxruntime-web elsewhere, loaded when first needed. */
  readonly runtime?: RuntimeSource;
  /** Features to use; all by default. */
  readonly use?: readonly string[];
  /** Share of the features that must be heard. Default 0.75. */
  readonly enough?: number;
  /** Of the recurrence. Default 16. */
  readonly units?: number;
  /** Features are averaged over so long, a multiple of the tick. Default 60. */
  readonly poolSeconds?: number;
  /** Share of people set aside. Default 0.2. */
  readonly asideShare?: number;
  /** Asked between steps; true ends training with a CancelledError. */
  readonly stopped?: () => boolean;
}

export interface LearnedLearned {
  readonly model: LearnedModel;
  readonly passes: readonly LearnedPass[];
  /** The pass that was kept; 0: none was better than saying nothing. */
  readonly epoch: number;
  /** 1: of a person who was set aside, so that the network did not learn from it; [tracks]. */
  readonly aside: Uint8Array;
  readonly warnings: readonly string[];
}

const where = 'fitLearned';
const own = ['seed', 'runtime', 'use', 'enough', 'units', 'poolSeconds', 'asideShare', 'stopped'] as const;
const defaults: LearnedTraining = {
  epochs: 40,
  patience: 8,
  batchSize: 64,
  steps: 40,
  learningRate: 0.01,
  weightDecay: 0.01,
};

/**
 * Learns on training people only, at least two. The same seed gives the same bytes.
 *
 * @throws InputError as `fitFast`, for fewer than two people, and where ONNX Runtime is absent
 */
export async function fitLearned(
  tracks: readonly Track[],
  episodes: readonly (readonly Episode[])[],
  question: Question,
  options: LearnedOptions,
): Promise<Scoring> {
  return learnedScoring((await learnLearned(tracks, episodes, question, options)).model);
}

export async function learnLearned(
  tracks: readonly Track[],
  episodes: readonly (readonly Episode[])[],
  question: Question,
  options: LearnedOptions,
): Promise<LearnedLearned> {
  checkOptions(where, options, [...own, ...Object.keys(defaults)]);
  checkTracks(where, tracks, episodes);
  const { seed, runtime = defaultRuntime, use, enough = 0.75, asideShare = 0.2, stopped } = options;
  const training = { ...defaults, ...options };
  const sizes = checkedSizes(options, training, tracks[0].stepMs);
  const labelled = tracks.map((track, t): LabelledTrack => ({ track, label: labelsOf(track, episodes[t], question) }));
  const aside = setAside(peopleOf(tracks), labelled.map(eventsOf), asideShare, seed);
  const taught = labelled.filter((_, t) => aside[t] === 0);
  const others = labelled.filter((_, t) => aside[t] === 1);
  if (taught.length === 0) {
    throw new InputError({ where, what: 'too few people', expected: 'at least 2: some are set aside', got: '1' });
  }
  const scale = fastScale(
    taught.map(({ track }) => track),
    { use, enough },
  );
  const blank = {
    ...scale,
    ...sizes,
    stepSeconds: tracks[0].stepMs / 1000,
    ...noWeights(scale.features.length, sizes.units),
  };
  const [labels, othersLabels] = [taught, others].map((part) => countedLabels(compileLearned(blank), part));
  if (labels.length === 0 || othersLabels.length === 0) {
    throw new InputError({ where, what: 'nothing heard', expected: 'judged ticks at which enough features are heard' });
  }
  const prior = priorOf(labels);
  const run = { seed, ...(stopped && { stopped }) };
  const trained = await trainLearned({ ...blank, prior }, taught, others, training, await runtime(), run);
  const told = recalibrated(trained.model, others);
  return {
    model: told ?? { ...blank, prior },
    passes: trained.passes,
    epoch: told ? trained.epoch : 0,
    aside,
    warnings: told ? [] : ['learned: it was worth nothing to training people who were set aside, and says nothing'],
  };
}

const eventsOf = ({ track, label }: LabelledTrack) =>
  label.subarray(track.judgedFrom).reduce((sum, one) => sum + one, 0);

/** @throws InputError for a number that cannot be meant */
function checkedSizes(
  { units = 16, poolSeconds = 60, enough = 0.75, asideShare = 0.2 }: LearnedOptions,
  { epochs, patience, batchSize, steps, learningRate, weightDecay }: LearnedTraining,
  stepMs: number,
) {
  const poolTicks = (1000 * poolSeconds) / stepMs;
  const refuse = (name: string, expected: string, got: number) => {
    throw new InputError({ where: `${where}: ${name}`, what: 'unusable', expected, got: `${got}` });
  };
  for (const [name, given] of Object.entries({ units, epochs, patience, batchSize, steps })) {
    if (!(Number.isInteger(given) && given > 0)) refuse(name, 'a positive whole number', given);
  }
  if (!(Number.isInteger(poolTicks) && poolTicks > 0))
    refuse('poolSeconds', `a multiple of ${stepMs / 1000} s`, poolSeconds);
  if (!(learningRate > 0)) refuse('learningRate', 'more than 0', learningRate);
  if (!(weightDecay >= 0)) refuse('weightDecay', 'at least 0', weightDecay);
  if (!(enough >= 0 && enough <= 1)) refuse('enough', 'a share from 0 to 1', enough);
  if (!(asideShare > 0 && asideShare < 1)) refuse('asideShare', 'a share between 0 and 1', asideShare);
  return { units, poolTicks };
}

/** Of a network that says nothing. */
function noWeights(width: number, units: number) {
  const zeros = (count: number) => new Array<number>(count).fill(0);
  return {
    input: zeros(2 * width * 3 * units),
    inputBias: zeros(3 * units),
    recurrent: zeros(units * 3 * units),
    recurrentBias: zeros(3 * units),
    head: zeros(units),
    headBias: 0,
    prior: 0,
  };
}

/** With the slope and intercept that tell people set aside best; undefined where no slope upwards does. */
function recalibrated(model: LearnedModel, others: readonly LabelledTrack[]): LearnedModel | undefined {
  const { ratio, label } = ratiosOf(model, others);
  const [slope, offset] = fitRows(
    { count: label.length, width: 1, x: ratio, label, person: new Int32Array(label.length) },
    0,
  );
  if (!(slope > 0) || model.head.every((weight) => weight === 0)) return undefined;
  return {
    ...model,
    head: model.head.map((weight) => Math.fround(slope * weight)),
    headBias: Math.fround(slope * model.headBias + offset - model.prior),
  };
}
