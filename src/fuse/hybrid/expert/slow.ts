/**
 * The slow sensor alone. Nowcast: log-odds from the last reading as it is. Forecast: a straight line through the readings of
 * the last quarter of an hour, and log-odds from where it stands at the horizon or now, whichever is further beyond. It
 * speaks at the first tick that knows of a reading, and is silent in between.
 */
import type { Episode } from '../../../align/time/recording.ts';
import type { Track } from '../../../align/time/track.ts';
import type { Saved } from '../../../estimator.ts';
import { checkTracks, lessonOf, noLesson } from '../labels.ts';
import { checkOptions, lineOptions } from '../options.ts';
import { peopleOf } from '../people.ts';
import { fitRows, priorOf } from '../rows-logistic.ts';
import type { Question, Scoring } from '../scoring.ts';
import { freshMargin, type LineModel, type LineOptions, lineHearing, lineModel, marginsOf } from './line.ts';

export interface SlowModel extends LineModel {
  /** Log-odds = intercept + slope × margin (below: value − threshold). */
  readonly slope: number;
  readonly intercept: number;
  /** Log-odds of the event at any tick. */
  readonly prior: number;
}

export function slowScoring(model: SlowModel): Scoring {
  return {
    name: 'slow',
    features: [],
    ...lineHearing(model),
    tick: (state) => model.intercept + model.slope * freshMargin(state),
    save: (): Saved => ({ kind: 'scoring.slow', version: 1, state: { ...model }, blobs: {} }),
  };
}

/**
 * Learns on training people only.
 *
 * @param episodes of each track
 * @throws InputError where tracks and episodes do not go together, or an option is unknown
 */
export function fitSlow(
  tracks: readonly Track[],
  episodes: readonly (readonly Episode[])[],
  question: Question,
  options: LineOptions = {},
): Scoring {
  checkOptions('fitSlow', options, lineOptions);
  return slowScoring(learnSlow(tracks, episodes, question, options));
}

export function learnSlow(
  tracks: readonly Track[],
  episodes: readonly (readonly Episode[])[],
  question: Question,
  options: LineOptions = {},
): SlowModel {
  checkTracks('fitSlow', tracks, episodes);
  const line = lineModel(question, options);
  const people = peopleOf(tracks);
  const x: number[] = [];
  const label: number[] = [];
  const person: number[] = [];
  tracks.forEach((track, t) => {
    const margins = marginsOf(line, track);
    const lesson = lessonOf(track, episodes[t], question);
    for (let k = track.judgedFrom; k < track.ticks; k++) {
      if (lesson[k] === noLesson || Number.isNaN(margins[k])) continue;
      x.push(margins[k]);
      label.push(lesson[k]);
      person.push(people[t]);
    }
  });
  const labels = Uint8Array.from(label);
  const rows = { count: x.length, width: 1, x: Float32Array.from(x), label: labels, person: Int32Array.from(person) };
  const [slope, intercept] = fitRows(rows, 0);
  return { ...line, slope, intercept, prior: priorOf(labels) };
}
