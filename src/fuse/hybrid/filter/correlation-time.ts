/** How soon the fast sensors say something new. */
import { compileFast, type FastLearned, fastEvidence } from '../expert/fast.ts';
import type { Sample } from './sample.ts';

/**
 * After how long the fast sensors say something new: where the autocorrelation of their ratio about its mean over the
 * track, while no event is on, has fallen to 1 / e.
 */
export function correlationSeconds({ tracks, labels, places }: Sample, { others, fold }: FastLearned): number {
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
