/**
 * Naive early fusion: one logistic regression on everything side by side, the slow sensor's margin (see `line.ts`) and the
 * features of the fast ones. It needs all of them fresh, so it speaks only at the ticks that know of a new reading and at
 * which enough of the fast sensors are heard. Here to be compared with: what begins just after a reading waits for the next.
 */
import type { Episode } from '../../../align/time/recording.ts';
import type { Track } from '../../../align/time/track.ts';
import type { Saved } from '../../../estimator.ts';
import { checkTracks, lessonOf, noLesson } from '../labels.ts';
import { checkOptions, fastOptions } from '../options.ts';
import { peopleOf } from '../people.ts';
import { fitRowsByPeople, priorOf } from '../rows-logistic.ts';
import type { Question, Scoring } from '../scoring.ts';
import { compileFast, type FastModel, type FastOptions, fastEvidence, fastScale, standardizer } from './fast.ts';
import { freshMargin, type LineModel, type LineOptions, lineHearing, lineModel, marginsOf } from './line.ts';

/** Log-odds = prior + what the fast features say (its intercept the whole model's) + slope × margin / scale. */
export interface EarlyModel {
  readonly line: LineModel;
  readonly slope: number;
  readonly fast: FastModel;
}

export function earlyScoring(model: EarlyModel): Scoring {
  const { line, slope, fast } = model;
  const compiled = compileFast(fast);
  return {
    name: 'early',
    features: fast.features,
    ...lineHearing(line),
    tick(state, _, values, heard, at) {
      return fast.prior + slope * freshMargin(state) + fastEvidence(compiled, values, heard, at);
    },
    save: (): Saved => ({ kind: 'scoring.early', version: 1, state: { ...model } as never, blobs: {} }),
  };
}

const penaltyShares = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1];

/** Learns on training people only. @throws InputError as `fitFast` */
export function fitEarly(
  tracks: readonly Track[],
  episodes: readonly (readonly Episode[])[],
  question: Question,
  { lineSeconds, ...options }: LineOptions & FastOptions = {},
): Scoring {
  checkOptions('fitEarly', options, fastOptions);
  checkTracks('fitEarly', tracks, episodes);
  const { squares = true } = options;
  const line = lineModel(question, lineSeconds === undefined ? {} : { lineSeconds });
  const scale = fastScale(tracks, options);
  const people = peopleOf(tracks);
  const width = scale.features.length;
  const row = standardizer(scale, squares);
  const x: number[] = [];
  const label: number[] = [];
  const person: number[] = [];
  const margins = tracks.map((track) => marginsOf(line, track));
  const unit = typical(margins);
  tracks.forEach((track, t) => {
    const lesson = lessonOf(track, episodes[t], question);
    for (let k = track.judgedFrom; k < track.ticks; k++) {
      const margin = margins[t][k];
      if (lesson[k] === noLesson || Number.isNaN(margin) || !row(track.values, track.heard, k * width, x)) continue;
      x.push(margin / unit);
      label.push(lesson[k]);
      person.push(people[t]);
    }
  });
  const labels = Uint8Array.from(label);
  const columns = (squares ? 2 * width : width) + 1;
  const rows = {
    count: label.length,
    width: columns,
    x: Float32Array.from(x),
    label: labels,
    person: Int32Array.from(person),
  };
  const { weights } = fitRowsByPeople(rows, penaltyShares);
  const prior = priorOf(labels);
  return earlyScoring({
    line,
    slope: weights[columns - 1] / unit,
    fast: {
      ...scale,
      linear: Array.from({ length: width }, (_, j) => weights[j]),
      square: Array.from({ length: width }, (_, j) => (squares ? weights[width + j] : 0)),
      intercept: weights[columns] - prior,
      prior,
    },
  });
}

/** Of the margins' size: a scale on which the penalty means the same for them as for standardized features. */
function typical(margins: readonly Float32Array[]): number {
  let count = 0;
  let squares = 0;
  for (const own of margins) {
    for (const one of own) {
      if (Number.isNaN(one)) continue;
      count++;
      squares += one * one;
    }
  }
  return squares > 0 ? Math.sqrt(squares / count) / 4 : 1;
}
