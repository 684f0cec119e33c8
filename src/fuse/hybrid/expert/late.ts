/**
 * Late fusion over time: the log-likelihood ratios of the slow and of the fast sensors added to the prior log-odds (naive
 * Bayes; the prior counts once), each discounted by its age, exp(−age / tau). It speaks at every tick.
 */
import type { Episode } from '../../../align/time/recording.ts';
import type { Track } from '../../../align/time/track.ts';
import type { Saved } from '../../../estimator.ts';
import { lessonOf, noLesson } from '../labels.ts';
import { checkOptions, fastOptions } from '../options.ts';
import { evenly } from '../people.ts';
import { priorOf, rowLoss } from '../rows-logistic.ts';
import type { Question, Scoring } from '../scoring.ts';
import { compileFast, type FastModel, type FastOptions, fastEvidence, learnFast } from './fast.ts';
import { initLine, type LineOptions, line as lineAt, lineHearing, lineLength, marginsOf } from './line.ts';
import { learnSlow, type SlowModel } from './slow.ts';

export interface LateModel {
  readonly slow: SlowModel;
  readonly fast: FastModel;
  readonly slowTauSeconds: number;
  readonly fastTauSeconds: number;
  /** Log-odds of the event at any tick. */
  readonly prior: number;
}

/** After the numbers of the line: what the fast sensors last said, and when. */
const fastSaid = lineLength;
const fastMs = lineLength + 1;

export function lateScoring(model: LateModel): Scoring {
  const { slow, fast, prior } = model;
  const compiled = compileFast(fast);
  const slowTauMs = 1000 * model.slowTauSeconds;
  const fastTauMs = 1000 * model.fastTauSeconds;
  return {
    name: 'late',
    features: fast.features,
    length: lineLength + 2,
    init(state) {
      initLine(state);
      state[fastSaid] = 0;
      state[fastMs] = 0;
    },
    observe: lineHearing(slow).observe,
    tick(state, timeMs, values, heard, at) {
      const evidence = fastEvidence(compiled, values, heard, at);
      if (!Number.isNaN(evidence)) {
        state[fastSaid] = evidence;
        state[fastMs] = timeMs;
      }
      let sum = prior + state[fastSaid] * Math.exp((state[fastMs] - timeMs) / fastTauMs);
      if (!Number.isNaN(state[lineAt.last])) {
        const ratio = slow.intercept + slow.slope * state[lineAt.margin] - slow.prior;
        sum += ratio * Math.exp((state[lineAt.last] - timeMs) / slowTauMs);
      }
      return sum;
    },
    save: (): Saved => ({ kind: 'scoring.late', version: 1, state: { ...model } as never, blobs: {} }),
  };
}

/** Ages tried at which evidence has lost all but 1 / e of its weight, seconds; the last is never. */
const taus = [75, 150, 300, 600, 1200, 2400, 4800, 1e9];
const mostTracks = 200;

/** Learns on training people only. @throws InputError as `fitFast` */
export function fitLate(
  tracks: readonly Track[],
  episodes: readonly (readonly Episode[])[],
  question: Question,
  { lineSeconds, ...options }: LineOptions & FastOptions = {},
): Scoring {
  checkOptions('fitLate', options, fastOptions);
  const slow = learnSlow(tracks, episodes, question, lineSeconds === undefined ? {} : { lineSeconds });
  const fast = learnFast(tracks, episodes, question, options);
  const chosen = Array.from(evenly(tracks.length, mostTracks));
  const heard = chosen.map((t) => ratios(tracks[t], slow, fast.others[fast.fold[t]]));
  const labels = chosen.map((t) => lessonOf(tracks[t], episodes[t], question));
  const judged = labels.flatMap((own, c) => [...own.subarray(tracks[chosen[c]].judgedFrom)]);
  const prior = priorOf(Uint8Array.from(judged.filter((one) => one !== noLesson)));
  const loss = (slowTau: number, fastTau: number) => {
    let sum = 0;
    chosen.forEach((t, c) => {
      const { ticks, judgedFrom } = tracks[t];
      const { said, age, fastSaid: own, fastAge } = heard[c];
      for (let k = judgedFrom + (c % 4); k < ticks; k += 4) {
        if (labels[c][k] === noLesson) continue;
        const z = prior + said[k] * Math.exp(-age[k] / slowTau) + own[k] * Math.exp(-fastAge[k] / fastTau);
        sum += rowLoss(z, labels[c][k]);
      }
    });
    return sum;
  };
  let [slowTau, fastTau] = [300, 300];
  for (let round = 0; round < 2; round++) {
    slowTau = least(taus, (tau) => loss(tau, fastTau));
    fastTau = least(taus, (tau) => loss(slowTau, tau));
  }
  return lateScoring({ slow, fast: fast.model, slowTauSeconds: slowTau, fastTauSeconds: fastTau, prior });
}

/** What each side last said at every tick of a track, and how many seconds ago. */
function ratios(track: Track, slow: SlowModel, fast: FastModel) {
  const { ticks, stepMs, values, heard } = track;
  const compiled = compileFast(fast);
  const margins = marginsOf(slow, track);
  const said = new Float32Array(ticks);
  const age = new Float32Array(ticks);
  const fastSaid = new Float32Array(ticks);
  const fastAge = new Float32Array(ticks);
  for (let k = 0; k < ticks; k++) {
    const fresh = !Number.isNaN(margins[k]);
    if (fresh) said[k] = slow.intercept + slow.slope * margins[k] - slow.prior;
    else if (k > 0) {
      said[k] = said[k - 1];
      age[k] = age[k - 1] + stepMs / 1000;
    }
    const evidence = fastEvidence(compiled, values, heard, k * track.features.length);
    if (!Number.isNaN(evidence)) fastSaid[k] = evidence;
    else if (k > 0) {
      fastSaid[k] = fastSaid[k - 1];
      fastAge[k] = fastAge[k - 1] + stepMs / 1000;
    }
  }
  return { said, age, fastSaid, fastAge };
}

/** The one of the candidates with the smallest loss; of equals the first. */
function least(candidates: readonly number[], loss: (candidate: number) => number): number {
  let best = candidates[0];
  let smallest = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const own = loss(candidate);
    if (own < smallest) {
      smallest = own;
      best = candidate;
    }
  }
  return best;
}
