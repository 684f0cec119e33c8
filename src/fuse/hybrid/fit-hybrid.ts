/**
 * Learns a hybrid on training people: how the quantity moves (from the readings, see `fit-dynamics.ts`), which lag and
 * whether a lasting error of the sensor tell the truth best, what the fast sensors are worth, and a recalibration.
 */
import type { Episode } from '../../align/time/recording.ts';
import type { Track } from '../../align/time/track.ts';
import { InputError } from '../../errors.ts';
import type { Dynamics } from './dynamics.ts';
import { compileFast, type FastLearned, type FastModel, type FastOptions, fastEvidence, learnFast } from './fast.ts';
import { fitDynamics, scalesOf, seriesOf } from './fit-dynamics.ts';
import { type HybridModel, hybridScoring, type Scale } from './hybrid.ts';
import { checkTracks, labelsOf } from './labels.ts';
import { checkOptions, fastOptions, filterOptions } from './options.ts';
import { evenly, peopleOf } from './people.ts';
import { fitRows, logOdds, type Rows, rowLoss } from './rows-logistic.ts';
import { scoreTrack } from './run.ts';
import type { Question, Scoring } from './scoring.ts';

export interface FilterOptions {
  /** Known instead of learned, together with the scale that it is of. */
  readonly dynamics?: Dynamics;
  /** See `HybridModel`. By default whichever tells the truth better, linear where a reading is not positive. */
  readonly scale?: Scale;
}

export interface HybridOptions extends FilterOptions, FastOptions {
  /** Known instead of learned: how often the fast sensors' evidence counts over one correlation time. */
  readonly weight?: number;
  /** A fast expert at hand instead of one that is learned. */
  readonly fast?: FastModel;
}

export interface HybridLearned {
  readonly model: HybridModel;
  /** Mean log loss on training people at each weight that was tried; the fast expert had not seen them. */
  readonly weights: readonly { readonly weight: number; readonly loss: number }[];
  readonly warnings: readonly string[];
}

/** The filter without fast sensors. @throws InputError as `fitHybrid` */
export function fitFilter(
  tracks: readonly Track[],
  episodes: readonly (readonly Episode[])[],
  question: Question,
  options: FilterOptions = {},
): Scoring {
  checkOptions('fitFilter', options, filterOptions);
  const sample = sampleOf(tracks, episodes, question, 'fitFilter');
  return hybridScoring(recalibrated(learnMotion(sample, question, options), sample));
}

/** @throws InputError where tracks and episodes do not go together, or a feature is unknown */
export function fitHybrid(
  tracks: readonly Track[],
  episodes: readonly (readonly Episode[])[],
  question: Question,
  options: HybridOptions = {},
): Scoring {
  return hybridScoring(learnHybrid(tracks, episodes, question, options).model);
}

const weightsTried = [0, 0.0625, 0.125, 0.25, 0.5, 1, 2, 4];

export function learnHybrid(
  tracks: readonly Track[],
  episodes: readonly (readonly Episode[])[],
  question: Question,
  options: HybridOptions = {},
): HybridLearned {
  checkOptions('fitHybrid', options, [...filterOptions, ...fastOptions, 'weight', 'fast']);
  const sample = sampleOf(tracks, episodes, question, 'fitHybrid');
  const plain = learnMotion(sample, question, options);
  // Between readings the fast sensors are asked what is now, also where the question is what will be.
  const learned = options.fast
    ? alike(options.fast, tracks.length)
    : learnFast(tracks, episodes, { ...question, mode: 'nowcast' }, options);
  const correlationSeconds = correlation(sample, learned);
  const withWeight = (weight: number, fast: FastModel): HybridModel => ({
    ...plain,
    evidence: { fast, weight, correlationSeconds },
  });
  const experts = sample.places.map((t) => learned.others[learned.fold[t]]);
  const tried = (options.weight === undefined ? weightsTried : [options.weight]).map((weight) => {
    const rows = rowsOf(sample, (c) => withWeight(weight, experts[c]));
    return { weight, ...calibration(rows), byPerson: lossByPerson(rows, sample.people) };
  });
  const chosen = worthIt(tried);
  const warnings =
    chosen.weight === 0 && options.weight === undefined
      ? ['hybrid: the fast sensors were worth nothing to training people who were left out; it is the plain filter']
      : [];
  return {
    model: { ...withWeight(chosen.weight, learned.model), slope: chosen.slope, intercept: chosen.intercept },
    weights: tried.map(({ weight, loss }) => ({ weight, loss })),
    warnings,
  };
}

interface Tried {
  readonly weight: number;
  readonly slope: number;
  readonly intercept: number;
  readonly loss: number;
  readonly byPerson: Float64Array; // [people], mean loss
}

/** The weight of the smallest loss, where it beats no evidence by more than the standard error of that over people. */
function worthIt(tried: readonly Tried[]): Tried {
  const best = tried.reduce((least, one) => (one.loss < least.loss ? one : least));
  const none = tried.find(({ weight }) => weight === 0);
  if (!none || best === none) return best;
  const gains = none.byPerson.map((loss, p) => loss - best.byPerson[p]).filter((gain) => !Number.isNaN(gain));
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const squares = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0);
  const error = Math.sqrt(squares / Math.max(1, gains.length - 1) / gains.length);
  return mean > error ? best : none;
}

/** What the searches run on: some tracks of everyone, with their labels, and every so many of their ticks. */
interface Sample {
  readonly tracks: readonly Track[];
  readonly labels: readonly Uint8Array[]; // [ticks] each
  /** Their places in the whole list. */
  readonly places: readonly number[];
  readonly person: Int32Array; // [tracks]
  readonly people: number;
}

const mostTracks = 120;
const every = 4; // ticks

function sampleOf(
  tracks: readonly Track[],
  episodes: readonly (readonly Episode[])[],
  question: Question,
  where: string,
): Sample {
  checkTracks(where, tracks, episodes);
  const places = Array.from(evenly(tracks.length, mostTracks));
  const whose = peopleOf(tracks);
  return {
    tracks: places.map((t) => tracks[t]),
    labels: places.map((t) => labelsOf(tracks[t], episodes[t], question)),
    places,
    person: Int32Array.from(places, (t) => whose[t]),
    people: whose.reduce((last, p) => Math.max(last, p), -1) + 1,
  };
}

/** Scores of the sample's judged ticks as rows of one column. @param model of each track of the sample */
function rowsOf({ tracks, labels, person }: Sample, model: (c: number) => HybridModel): Rows {
  const x: number[] = [];
  const label: number[] = [];
  const whose: number[] = [];
  tracks.forEach((track, c) => {
    const { score } = scoreTrack(hybridScoring(model(c)), track);
    for (let k = track.judgedFrom + (c % every); k < track.ticks; k += every) {
      x.push(score[k]);
      label.push(labels[c][k]);
      whose.push(person[c]);
    }
  });
  return {
    count: x.length,
    width: 1,
    x: Float32Array.from(x),
    label: Uint8Array.from(label),
    person: Int32Array.from(whose),
  };
}

/** Slope and intercept that tell the scores best, and the mean log loss then. A slope is never below 0.01. */
function calibration(rows: Rows) {
  const w = fitRows(rows, 0);
  const slope = Math.max(w[0], 0.01);
  let loss = 0;
  for (let i = 0; i < rows.count; i++) loss += rowLoss(slope * rows.x[i] + w[1], rows.label[i]);
  return { slope, intercept: w[1], loss: loss / rows.count };
}

function lossByPerson(rows: Rows, people: number): Float64Array {
  const w = fitRows(rows, 0);
  const sum = new Float64Array(people);
  const count = new Float64Array(people);
  for (let i = 0; i < rows.count; i++) {
    sum[rows.person[i]] += rowLoss(logOdds(rows, w, i), rows.label[i]);
    count[rows.person[i]]++;
  }
  return sum.map((total, p) => total / count[p]);
}

function recalibrated(model: HybridModel, sample: Sample): HybridModel {
  const { slope, intercept } = calibration(rowsOf(sample, () => model));
  return { ...model, slope, intercept };
}

/** Lags tried, in intervals between readings. */
const lagsTried = [0, 0.6, 1.2, 1.8];

/**
 * The dynamics of each lag, with and without a lasting error of the sensor, are learned from the readings; which of them it
 * is, the labels tell, since they know the level itself (in life often only by the sensor: then no lag and no error).
 */
function learnMotion(sample: Sample, question: Question, { dynamics, scale }: FilterOptions): HybridModel {
  const stepSeconds = sample.tracks[0].stepMs / 1000;
  if (dynamics) return { question, dynamics, stepSeconds, scale: scale ?? 'linear' };
  const positive = question.threshold > 0 && sample.tracks.every(({ readings }) => readings.value.every((v) => v > 0));
  const scales: readonly Scale[] = scale ? [scale] : positive ? ['linear', 'log'] : ['linear'];
  let best: HybridModel | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const model of scales.flatMap((one) => motions(sample, question, one))) {
    const { loss } = calibration(rowsOf(sample, () => model));
    if (loss >= least) continue;
    least = loss;
    best = model;
  }
  if (!best)
    throw new InputError({ where: 'fitHybrid', what: 'no judged tick', expected: 'tracks that are judged somewhere' });
  return best;
}

/** What the readings make likeliest under each assumption that they cannot decide on. */
function motions(sample: Sample, question: Question, scale: Scale): HybridModel[] {
  const series = sample.tracks.map((track) => seriesOf(track, scale));
  const stepSeconds = sample.tracks[0].stepMs / 1000;
  const { everyMinutes } = scalesOf(series);
  const bare = fitDynamics(series, { lagMinutes: 0, lastingError: false });
  const found = [bare];
  let from: Dynamics | undefined;
  for (const lag of lagsTried) {
    from = fitDynamics(series, { lagMinutes: lag * everyMinutes, lastingError: true }, from);
    found.push(from);
  }
  return found.map((dynamics) => ({ question, dynamics, stepSeconds, scale }));
}

function alike(fast: FastModel, tracks: number): FastLearned {
  return { model: fast, others: [fast], fold: new Int32Array(tracks) };
}

/**
 * After how long the fast sensors say something new: where the autocorrelation of their ratio about its mean over the
 * track, while no event is on, has fallen to 1 / e.
 */
function correlation({ tracks, labels, places }: Sample, { others, fold }: FastLearned): number {
  const stepSeconds = tracks[0].stepMs / 1000;
  const longest = Math.max(1, Math.ceil(3600 / stepSeconds));
  const quiet = tracks.map((track, c) => {
    const compiled = compileFast(others[fold[places[c]]]);
    const ratio = new Float64Array(track.ticks).fill(Number.NaN);
    let sum = 0;
    let count = 0;
    for (let k = track.judgedFrom; k < track.ticks; k++) {
      if (labels[c][k] === 1) continue;
      ratio[k] = fastEvidence(compiled, track.values, track.heard, k * compiled.width);
      if (Number.isNaN(ratio[k])) continue;
      sum += ratio[k];
      count++;
    }
    return ratio.map((one) => one - sum / count);
  });
  const alone = product(quiet, 0);
  if (!(alone > 0)) return stepSeconds;
  for (let lag = 1; lag < longest; lag++) {
    if (!(product(quiet, lag) > alone / Math.E)) return lag * stepSeconds;
  }
  return longest * stepSeconds;
}

/** Mean product of values so many ticks apart, over all tracks. */
function product(series: readonly ArrayLike<number>[], lag: number): number {
  let sum = 0;
  let count = 0;
  for (const own of series) {
    for (let k = lag; k < own.length; k++) {
      const both = own[k] * own[k - lag];
      if (Number.isNaN(both)) continue;
      sum += both;
      count++;
    }
  }
  return count > 0 ? sum / count : 0;
}
