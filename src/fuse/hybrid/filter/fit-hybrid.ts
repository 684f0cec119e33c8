/**
 * Learns a hybrid on training people: how the quantity moves (from the readings, see `fit-dynamics.ts`), which lag and
 * whether a lasting error of the sensor tell the truth best, what the fast sensors are worth, and a recalibration.
 */
import type { Episode } from '../../../align/time/recording.ts';
import type { Track } from '../../../align/time/track.ts';
import { type FastLearned, type FastModel, type FastOptions, learnFast } from '../expert/fast.ts';
import { checkOptions, fastOptions, filterOptions } from '../options.ts';
import { fitRows } from '../rows-logistic.ts';
import type { Question, Scoring } from '../scoring.ts';
import { correlationSeconds } from './correlation-time.ts';
import { type FilterOptions, learnMotion } from './fit-motion.ts';
import { type HybridModel, hybridScoring, type Readout } from './hybrid.ts';
import { calibration, rowsOf, type Sample, sampleOf } from './sample.ts';

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
  const model = learnMotion(sample, question, options);
  return hybridScoring({ ...model, ...toldBy(() => model, sample, question) });
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
  const seconds = correlationSeconds(sample, learned);
  const known = options.weight !== undefined || options.once !== undefined;
  const withWeights = ({ weight, once }: Weighted, fast: FastModel): HybridModel => ({
    ...plain,
    evidence: { fast, weight, once, correlationSeconds: seconds },
  });
  const experts = sample.places.map((t) => learned.others[learned.fold[t]]);
  const attempt = (weights: Weighted): Tried => {
    const rows = rowsOf(sample, sample.labels, (c) => withWeights(weights, experts[c]));
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
    model: {
      ...withWeights(chosen, learned.model),
      ...toldBy((c) => withWeights(chosen, experts[c]), sample, question),
    },
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

/** The model with what makes log-odds of its belief: of a forecast a readout of now and the horizon, else a recalibration. */
function toldBy(model: (c: number) => HybridModel, sample: Sample, { mode }: Question): Partial<HybridModel> {
  if (mode === 'nowcast') {
    const { slope, intercept } = calibration(rowsOf(sample, sample.labels, model), sample.people);
    return { slope, intercept };
  }
  const read = (readout: Readout) => (c: number) => ({ ...model(c), readout });
  const [now1, ahead1] = [read({ intercept: 0, now: 1, ahead: 0 }), read({ intercept: 0, now: 0, ahead: 1 })];
  const rows = rowsOf(sample, sample.lessons, now1, ahead1);
  const [now, ahead, intercept] = fitRows(rows, 0);
  return { readout: { intercept, now, ahead } };
}

function alike(fast: FastModel, tracks: number): FastLearned {
  return { model: fast, others: [fast], fold: new Int32Array(tracks) };
}
