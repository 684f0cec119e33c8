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
import { fitRows, type Rows, rowLoss } from './rows-logistic.ts';
import { scoreTrack } from './run.ts';
import type { Question, Scoring } from './scoring.ts';

export interface FilterOptions {
  /** Known instead of learned; of the scale's units. */
  readonly dynamics?: Dynamics;
  /** See `HybridModel`. Default linear. */
  readonly scale?: Scale;
}

export interface HybridOptions extends FilterOptions, FastOptions {
  /** Known instead of learned, either with the other 0 by default (see `hybrid.ts`). */
  readonly weight?: number;
  readonly once?: number;
  /** A fast expert at hand instead of one that is learned. */
  readonly fast?: FastModel;
}

export interface HybridLearned {
  readonly model: HybridModel;
  /** Mean log loss on training people at the weights that were tried; the fast expert had not seen them. */
  readonly weights: readonly { readonly weight: number; readonly once: number; readonly loss: number }[];
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

const carriedTried = [0.0625, 0.125, 0.25, 0.5, 1, 2];
const onceTried = [0.25, 0.5, 0.75, 1, 1.5];

export function learnHybrid(
  tracks: readonly Track[],
  episodes: readonly (readonly Episode[])[],
  question: Question,
  options: HybridOptions = {},
): HybridLearned {
  checkOptions('fitHybrid', options, [...filterOptions, ...fastOptions, 'weight', 'once', 'fast']);
  const sample = sampleOf(tracks, episodes, question, 'fitHybrid');
  const plain = learnMotion(sample, question, options);
  // Between readings the fast sensors are asked what is now, also where the question is what will be.
  const learned = options.fast
    ? alike(options.fast, tracks.length)
    : learnFast(tracks, episodes, { ...question, mode: 'nowcast' }, options);
  const correlationSeconds = correlation(sample, learned);
  const known = options.weight !== undefined || options.once !== undefined;
  const withWeights = ({ weight, once }: Weighted, fast: FastModel): HybridModel => ({
    ...plain,
    evidence: { fast, weight, once, correlationSeconds },
  });
  const experts = sample.places.map((t) => learned.others[learned.fold[t]]);
  const attempt = (weights: Weighted): Tried => {
    const rows = rowsOf(sample, (c) => withWeights(weights, experts[c]));
    return { ...weights, ...calibration(rows, sample.people) };
  };
  const given = { weight: options.weight ?? 0, once: options.once ?? 0 };
  const tried = known || experts.every(mute) ? [attempt(given)] : search(attempt);
  const chosen = worthIt(tried);
  const warnings =
    chosen.weight + chosen.once === 0 && !known
      ? ['hybrid: the fast sensors were worth nothing to training people who were left out; it is the plain filter']
      : [];
  return {
    model: { ...withWeights(chosen, learned.model), slope: chosen.slope, intercept: chosen.intercept },
    weights: tried.map(({ weight, once, loss }) => ({ weight, once, loss })),
    warnings,
  };
}

/** Whether it says nothing at all, whatever it hears. */
function mute({ linear, square, intercept }: FastModel): boolean {
  return intercept === 0 && [...linear, ...square].every((weight) => weight === 0);
}

/** No evidence; evidence carried, or once; then the best that is carried with some that counts once. */
function search(attempt: (weights: Weighted) => Tried): Tried[] {
  const none = attempt({ weight: 0, once: 0 });
  const carried = climb(carriedTried, (weight) => attempt({ weight, once: 0 }));
  const once = climb(onceTried, (one) => attempt({ weight: 0, once: one }));
  const { weight } = least([none, ...carried]);
  const both = weight > 0 ? climb(onceTried, (one) => attempt({ weight, once: one })) : [];
  return [none, ...carried, ...once, ...both];
}

/** From the middle of the candidates as long as it goes down, to whichever side that is. */
function climb(candidates: readonly number[], attempt: (candidate: number) => Tried): Tried[] {
  const middle = candidates.length >> 1;
  const found = [attempt(candidates[middle])];
  for (const way of [1, -1]) {
    let loss = found[0].loss;
    for (let at = middle + way; at >= 0 && at < candidates.length; at += way) {
      const next = attempt(candidates[at]);
      found.push(next);
      if (next.loss >= loss) break;
      loss = next.loss;
    }
    if (loss < found[0].loss) break; // the other side is uphill
  }
  return found;
}

function least(tried: readonly Tried[]): Tried {
  return tried.reduce((best, one) => (one.loss < best.loss ? one : best));
}

interface Weighted {
  readonly weight: number;
  readonly once: number;
}

interface Tried extends Weighted {
  readonly slope: number;
  readonly intercept: number;
  readonly loss: number;
  readonly byPerson: Float64Array; // [people], mean loss
}

/** Standard errors, over people, by which evidence must beat none: one-sided 5 %. */
const surely = 1.645;

/** The weights of the smallest loss, where it beats no evidence surely enough. */
function worthIt(tried: readonly Tried[]): Tried {
  const best = least(tried);
  const none = tried.find(({ weight, once }) => weight + once === 0);
  if (!none || best === none) return best;
  const gains = none.byPerson.map((loss, p) => loss - best.byPerson[p]).filter((gain) => !Number.isNaN(gain));
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const squares = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0);
  const error = Math.sqrt(squares / Math.max(1, gains.length - 1) / gains.length);
  return mean > surely * error ? best : none;
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
const mostSeries = 50; // some 5,000 readings settle five numbers
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
  const first = tracks.map(({ judgedFrom }, c) => judgedFrom + (c % every));
  const count = tracks.reduce((sum, { ticks }, c) => sum + Math.max(0, Math.ceil((ticks - first[c]) / every)), 0);
  const rows = {
    count,
    width: 1,
    x: new Float32Array(count),
    label: new Uint8Array(count),
    person: new Int32Array(count),
  };
  let at = 0;
  tracks.forEach((track, c) => {
    const { score } = scoreTrack(hybridScoring(model(c)), track);
    for (let k = first[c]; k < track.ticks; k += every) {
      rows.x[at] = score[k];
      rows.label[at] = labels[c][k];
      rows.person[at++] = person[c];
    }
  });
  return rows;
}

/** Slope (never below 0.01) and intercept that tell the scores best, and the mean log loss then, in all and by person. */
function calibration(rows: Rows, people: number) {
  const w = fitRows(rows, 0);
  const slope = Math.max(w[0], 0.01);
  const sum = new Float64Array(people);
  const count = new Float64Array(people);
  for (let i = 0; i < rows.count; i++) {
    sum[rows.person[i]] += rowLoss(slope * rows.x[i] + w[1], rows.label[i]);
    count[rows.person[i]]++;
  }
  const loss = sum.reduce((all, one) => all + one, 0) / rows.count;
  return { slope, intercept: w[1], loss, byPerson: sum.map((total, p) => total / count[p]) };
}

/** Mean log loss with a slope of 1: the belief must be as wide as it ought to be. Only the intercept is free. */
function honestLoss({ count, x, label }: Rows): number {
  let intercept = 0;
  let loss = 0;
  for (let round = 0; round < 20; round++) {
    let gradient = 0;
    let curvature = 1e-9;
    loss = 0;
    for (let i = 0; i < count; i++) {
      const z = x[i] + intercept;
      const p = 1 / (1 + Math.exp(-z));
      gradient += p - label[i];
      curvature += p * (1 - p);
      loss += rowLoss(z, label[i]);
    }
    const step = Math.min(Math.max(gradient / curvature, -1), 1);
    intercept -= step;
    if (Math.abs(step) < 1e-4) break;
  }
  return loss / count;
}

function recalibrated(model: HybridModel, sample: Sample): HybridModel {
  const { slope, intercept } = calibration(
    rowsOf(sample, () => model),
    sample.people,
  );
  return { ...model, slope, intercept };
}

/** Lags tried, in intervals between readings. */
const lagsTried = [0, 0.6, 1.2, 1.8];
/** Lasting errors tried beside the one that readings suggest: shares of the level's standard deviation. */
const errorsTried = [0.1, 0.15, 0.2, 0.3];
const errorIntervals = 48; // over which such an error lasts: a calibration holds for hours

/**
 * How fast the level moves and what noise a reading has, the readings tell (`fit-dynamics.ts`). They do not tell a lag, nor
 * an error that lasts as long as the level itself does: of the candidates for these, the one is taken whose log-odds tell
 * the labels best as they are, but for an intercept. The labels know the level; in life often only by the sensor itself, and then it has no lag or error.
 */
function learnMotion(sample: Sample, question: Question, options: FilterOptions): HybridModel {
  const { dynamics, scale = 'linear' } = options;
  const stepSeconds = sample.tracks[0].stepMs / 1000;
  if (dynamics) return { question, dynamics, stepSeconds, scale };
  if (scale === 'log') checkPositive(sample, question);
  let best: HybridModel | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates(sample, scale)) {
    const model: HybridModel = { question, dynamics: candidate, stepSeconds, scale };
    const loss = honestLoss(rowsOf(sample, () => model));
    if (loss >= least) continue;
    least = loss;
    best = model;
  }
  if (!best)
    throw new InputError({ where: 'fitHybrid', what: 'no judged tick', expected: 'tracks that are judged somewhere' });
  return best;
}

function candidates(sample: Sample, scale: Scale): Dynamics[] {
  const series = Array.from(evenly(sample.tracks.length, mostSeries), (c) => seriesOf(sample.tracks[c], scale));
  const { everyMinutes, levelSd } = scalesOf(series);
  const found = [fitDynamics(series, { lagMinutes: 0, lastingError: false })];
  let from: Dynamics | undefined;
  for (const lag of lagsTried) {
    from = fitDynamics(series, { lagMinutes: lag * everyMinutes, lastingError: true }, from);
    found.push(from);
    for (const share of errorsTried) {
      if (share * levelSd <= from.errorSd) continue;
      found.push({ ...from, errorSd: share * levelSd, errorMinutes: errorIntervals * everyMinutes });
    }
  }
  return found;
}

function checkPositive({ tracks }: Sample, { threshold }: Question): void {
  const where = 'fitHybrid: scale';
  if (!(threshold > 0))
    throw new InputError({ where, what: 'a logarithm of the threshold', expected: 'more than 0', got: `${threshold}` });
  for (const { id, readings } of tracks) {
    const bad = readings.value.find((value) => !(value > 0));
    if (bad !== undefined)
      throw new InputError({
        where: `${where}: ${id}`,
        what: 'a logarithm of a reading',
        expected: 'more than 0',
        got: `${bad}`,
      });
  }
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
