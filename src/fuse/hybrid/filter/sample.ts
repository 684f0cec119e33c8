/** What the searches of a fit run on: some tracks of everyone, and how well a model tells their labels. */
import type { Episode } from '../../../align/time/recording.ts';
import type { Track } from '../../../align/time/track.ts';
import { checkTracks, labelsOf, lessonOf, noLesson } from '../labels.ts';
import { evenly, peopleOf } from '../people.ts';
import { fitRows, type Rows, rowLoss } from '../rows-logistic.ts';
import { scoreTrack } from '../run.ts';
import type { Question } from '../scoring.ts';
import { type HybridModel, hybridScoring } from './hybrid.ts';

export interface Sample {
  readonly tracks: readonly Track[];
  readonly labels: readonly Uint8Array[]; // [ticks] each
  /** Likewise, without ticks that are not learned from (see `lessonOf`). */
  readonly lessons: readonly Uint8Array[]; // [ticks] each
  /** Their places in the whole list. */
  readonly places: readonly number[];
  readonly person: Int32Array; // [tracks]
  readonly people: number;
}

const mostTracks = 120;
const every = 4; // ticks

export function sampleOf(
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
    lessons: places.map((t) => lessonOf(tracks[t], episodes[t], question)),
    places,
    person: Int32Array.from(places, (t) => whose[t]),
    people: whose.reduce((last, p) => Math.max(last, p), -1) + 1,
  };
}

/**
 * Scores of the sample's judged ticks as rows of a column for each model.
 *
 * @param truth labels or lessons of the sample
 * @param models of each track of the sample
 */
export function rowsOf(
  { tracks, person }: Sample,
  truth: readonly Uint8Array[],
  ...models: ((c: number) => HybridModel)[]
): Rows {
  const width = models.length;
  const ticks = tracks.map(({ judgedFrom, ticks: end }, c) => {
    const own: number[] = [];
    for (let k = judgedFrom + (c % every); k < end; k += every) if (truth[c][k] !== noLesson) own.push(k);
    return own;
  });
  const count = ticks.reduce((sum, own) => sum + own.length, 0);
  const rows = {
    count,
    width,
    x: new Float32Array(count * width), // [rows, models]
    label: new Uint8Array(count),
    person: new Int32Array(count),
  };
  let from = 0;
  tracks.forEach((track, c) => {
    models.forEach((model, j) => {
      const { score } = scoreTrack(hybridScoring(model(c)), track);
      ticks[c].forEach((k, i) => {
        rows.x[(from + i) * width + j] = score[k];
      });
    });
    for (const k of ticks[c]) {
      rows.label[from] = truth[c][k];
      rows.person[from++] = person[c];
    }
  });
  return rows;
}

/** Slope (never below 0.01) and intercept that tell the scores best, and the mean log loss then, in all and by person. */
export function calibration(rows: Rows, people: number) {
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
export function honestLoss({ count, x, label }: Rows): number {
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
