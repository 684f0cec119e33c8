/** Moments at which the score of nights is judged, apart from any alert. */
import type { AlertNight } from './night.ts';

export interface Moments {
  /** Log-odds, held to ±36, where probabilities round to 0 and 1. */
  readonly score: Float64Array; // [moments]
  readonly event: Uint8Array; // [moments]
  readonly person: Int32Array; // [moments]
  /** Moments before the first word of the score. */
  readonly unscored: Int32Array; // [people]
}

const most = -Math.log(Number.EPSILON);

/** The ticks of each judged stretch, every so many seconds, whose truth is known; between words the last stands. */
export function momentsOf(
  nights: readonly AlertNight[],
  person: Int32Array, // [nights]
  people: number,
  everySeconds: number,
): Moments {
  let room = 0;
  for (const { trace } of nights)
    room += trace ? Math.ceil(trace.score.length / strideOf(trace.stepMs, everySeconds)) : 0;
  const score = new Float64Array(room);
  const event = new Uint8Array(room);
  const whose = new Int32Array(room);
  let n = 0;
  const unscored = new Int32Array(people);
  for (const [i, night] of nights.entries()) {
    if (!night.trace) continue;
    const { startMs, stepMs, score: words, truth } = night.trace;
    const stride = strideOf(stepMs, everySeconds);
    const first = Math.max(0, Math.ceil((night.startMs - startMs) / stepMs));
    const end = Math.min(words.length, Math.ceil((night.endMs - startMs) / stepMs));
    const p = person[i];
    let word = Number.NaN;
    let next = first;
    for (let k = 0; k < end; k++) {
      const said = words[k];
      if (!Number.isNaN(said)) word = said;
      if (k !== next) continue;
      next += stride;
      if (truth[k] > 1) continue;
      if (Number.isNaN(word)) {
        unscored[p]++;
        continue;
      }
      score[n] = word > most ? most : Math.max(word, -most);
      event[n] = truth[k];
      whose[n++] = p;
    }
  }
  return { score: score.subarray(0, n), event: event.subarray(0, n), person: whose.subarray(0, n), unscored };
}

function strideOf(stepMs: number, everySeconds: number): number {
  return Math.max(1, Math.round((everySeconds * 1000) / stepMs));
}
