/**
 * The fast sensors alone: at each tick at which enough of them are heard, log-odds from their features and the squares of
 * these (some people's heart rate rises, of others it falls: a square tells both), by logistic regression with a ridge
 * penalty. Told as a log-likelihood ratio, that is log-odds less those that anyone has at any time, and recalibrated on
 * people who were left out; where it was worth nothing to them it says nothing.
 */
import type { Episode } from '../../../align/time/recording.ts';
import type { Track } from '../../../align/time/track.ts';
import { InputError } from '../../../errors.ts';
import type { Saved } from '../../../estimator.ts';
import { checkTracks, labelsOf } from '../labels.ts';
import { checkOptions, fastOptions } from '../options.ts';
import { peopleOf } from '../people.ts';
import { fitRows, fitRowsByPeople, priorOf, type Rows } from '../rows-logistic.ts';
import type { Question, Scoring } from '../scoring.ts';

/** Plain numbers, so that an expert's knowledge can be written by hand where nothing is to learn from. */
export interface FastModel {
  readonly features: readonly string[];
  readonly mean: readonly number[];
  readonly sd: readonly number[];
  /** Log-likelihood ratio = intercept + Σ linear z + square (z² − 1), z = (value − mean) / sd held to ±4. */
  readonly linear: readonly number[];
  readonly square: readonly number[];
  readonly intercept: number;
  /** Share of the features that must be heard. */
  readonly enough: number;
  /** Log-odds of the event at any tick. */
  readonly prior: number;
}

const widest = 4; // standard deviations

/** The log-likelihood ratio of the features at `at`; NaN where too few are heard. What is not heard says nothing. */
export function fastEvidence(model: FastCompiled, values: Float32Array, heard: Uint8Array, at: number): number {
  const { width, mean, perSd, linear, square } = model;
  let sum = model.intercept;
  let count = 0;
  for (let j = 0; j < width; j++) {
    if (heard[at + j] === 0) continue;
    count++;
    let z = (values[at + j] - mean[j]) * perSd[j];
    if (z > widest) z = widest;
    else if (z < -widest) z = -widest;
    sum += z * (linear[j] + square[j] * z) - square[j];
  }
  return count >= model.least ? sum : Number.NaN;
}

export interface FastCompiled {
  readonly width: number;
  readonly mean: Float64Array;
  readonly perSd: Float64Array;
  readonly linear: Float64Array;
  readonly square: Float64Array;
  readonly intercept: number;
  readonly least: number;
}

export function compileFast(model: FastModel): FastCompiled {
  const width = model.features.length;
  for (const name of ['mean', 'sd', 'linear', 'square'] as const) {
    if (model[name].length !== width) {
      throw new InputError({
        where: `fast: ${name}`,
        what: 'not one number a feature',
        expected: `${width}`,
        got: `${model[name].length}`,
      });
    }
  }
  return {
    width,
    mean: Float64Array.from(model.mean),
    perSd: Float64Array.from(model.sd, (sd) => (sd > 0 ? 1 / sd : 0)),
    linear: Float64Array.from(model.linear),
    square: Float64Array.from(model.square),
    intercept: model.intercept,
    least: Math.max(1, Math.ceil(model.enough * width)),
  };
}

export function fastScoring(model: FastModel): Scoring {
  const compiled = compileFast(model);
  return {
    name: 'fast',
    features: model.features,
    length: 0,
    init: () => {},
    observe: () => {},
    tick: (_, __, values, heard, at) => model.prior + fastEvidence(compiled, values, heard, at),
    save: (): Saved => ({ kind: 'scoring.fast', version: 1, state: { ...model }, blobs: {} }),
  };
}

export interface FastOptions {
  /** Features to use; all by default. */
  readonly use?: readonly string[];
  /** Share of the features that must be heard. Default 0.75. */
  readonly enough?: number;
  /** Whether squares of features are used too. Default true. */
  readonly squares?: boolean;
}

/** Penalties tried, as shares of the number of rows. */
const penaltyShares = [1e-4, 1e-3, 1e-2, 1e-1];
const mostRows = 60_000; // ticks next to each other say nearly the same

export interface FastLearned {
  readonly model: FastModel;
  /** By fold of people, the expert that learned from the others, and the fold of each track. */
  readonly others: readonly FastModel[];
  readonly fold: Int32Array; // [tracks]
}

/** Learns on training people only. @throws InputError as `fitSlow`, and for an unknown feature */
export function fitFast(
  tracks: readonly Track[],
  episodes: readonly (readonly Episode[])[],
  question: Question,
  options: FastOptions = {},
): Scoring {
  checkOptions('fitFast', options, fastOptions);
  return fastScoring(learnFast(tracks, episodes, question, options).model);
}

export function learnFast(
  tracks: readonly Track[],
  episodes: readonly (readonly Episode[])[],
  question: Question,
  { use, enough = 0.75, squares = true }: FastOptions = {},
): FastLearned {
  checkTracks('fitFast', tracks, episodes);
  const scale = fastScale(tracks, { use, enough });
  const every = Math.max(1, Math.ceil(tracks.reduce((sum, t) => sum + t.ticks - t.judgedFrom, 0) / mostRows));
  const rows = fastRows(tracks, episodes, question, scale, { every, squares });
  const people = peopleOf(tracks);
  const { weights, outOfFold, byFold, fold } = fitRowsByPeople(rows, penaltyShares);
  const prior = priorOf(rows.label);
  const told = { ...rows, width: 1, x: Float32Array.from(outOfFold) };
  const [slope, intercept] = fitRows(told, 0);
  const model = (w: Float64Array) => {
    const width = scale.features.length;
    const held = Math.max(slope, 0);
    return {
      ...scale,
      linear: Array.from({ length: width }, (_, j) => held * w[j]),
      square: Array.from({ length: width }, (_, j) => (squares ? held * w[width + j] : 0)),
      intercept: slope > 0 ? intercept + slope * w[w.length - 1] - prior : 0,
      prior,
    };
  };
  return { model: model(weights), others: byFold.map(model), fold: people.map((p) => fold[p]) };
}

export type FastScale = Pick<FastModel, 'features' | 'mean' | 'sd' | 'enough'>;

/** Means and standard deviations of what was heard; of a feature that is not used, or never changes, a deviation of 0. */
export function fastScale(
  tracks: readonly Track[],
  { use, enough = 0.75 }: { use?: readonly string[] | undefined; enough?: number },
): FastScale {
  const { features } = tracks[0];
  for (const name of use ?? []) {
    if (!features.includes(name)) {
      throw new InputError({
        where: 'fast',
        what: `unknown feature "${name}"`,
        expected: `one of ${features.join(', ')}`,
      });
    }
  }
  const width = features.length;
  const count = new Float64Array(width);
  const mean = new Float64Array(width);
  const squares = new Float64Array(width);
  for (const track of tracks) {
    for (let k = track.judgedFrom; k < track.ticks; k++) {
      for (let j = 0; j < width; j++) {
        const at = k * width + j;
        if (track.heard[at] === 0) continue;
        count[j]++;
        const off = track.values[at] - mean[j];
        mean[j] += off / count[j];
        squares[j] += off * (track.values[at] - mean[j]);
      }
    }
  }
  const sd = Array.from(squares, (sum, j) =>
    count[j] > 1 && (!use || use.includes(features[j])) && sum / count[j] > (1e-7 * (1 + Math.abs(mean[j]))) ** 2
      ? Math.sqrt(sum / count[j])
      : 0,
  );
  return { features, mean: [...mean], sd, enough };
}

/** Standardized features (and squares) of every so many judged ticks at which enough is heard. */
function fastRows(
  tracks: readonly Track[],
  episodes: readonly (readonly Episode[])[],
  question: Question,
  scale: FastScale,
  { every, squares }: { every: number; squares: boolean },
): Rows {
  const people = peopleOf(tracks);
  const width = scale.features.length;
  const x: number[] = [];
  const label: number[] = [];
  const person: number[] = [];
  const row = standardizer(scale, squares);
  tracks.forEach((track, t) => {
    // All ticks, also of a forecast: such sensors show what is rather than what will be.
    const labels = labelsOf(track, episodes[t], question);
    for (let k = track.judgedFrom + (t % every); k < track.ticks; k += every) {
      if (!row(track.values, track.heard, k * width, x)) continue;
      label.push(labels[k]);
      person.push(people[t]);
    }
  });
  return {
    count: label.length,
    width: squares ? 2 * width : width,
    x: Float32Array.from(x),
    label: Uint8Array.from(label),
    person: Int32Array.from(person),
  };
}

/** Appends the row of one tick; says whether enough was heard to have one. */
export function standardizer(scale: FastScale, squares: boolean) {
  const width = scale.features.length;
  const least = Math.max(1, Math.ceil(scale.enough * width));
  return (values: Float32Array, heard: Uint8Array, at: number, out: number[]): boolean => {
    let count = 0;
    for (let j = 0; j < width; j++) count += heard[at + j];
    if (count < least) return false;
    const z = (j: number) =>
      heard[at + j] === 1 && scale.sd[j] > 0
        ? Math.min(Math.max((values[at + j] - scale.mean[j]) / scale.sd[j], -widest), widest)
        : 0;
    for (let j = 0; j < width; j++) out.push(z(j));
    if (squares) {
      for (let j = 0; j < width; j++) out.push(heard[at + j] === 1 && scale.sd[j] > 0 ? z(j) ** 2 - 1 : 0);
    }
    return true;
  };
}
