/** Moments at which the score of nights is judged, apart from any alert. */
import type { JudgedNight } from './night.ts';

export interface Moments {
  /** Log-odds, held to ±36, where probabilities round to 0 and 1. */
  readonly score: Float64Array; // [moments]
  readonly event: Uint8Array; // [moments]
  readonly person: Int32Array; // [moments]
  /** Moments before the first word of the score. */
  readonly unscored: number;
}

const most = -Math.log(Number.EPSILON);

/** The ticks of each judged stretch, every so many seconds, whose truth is known; between words the last stands. */
export function momentsOf(
  nights: readonly JudgedNight[],
  person: (night: JudgedNight) => number,
  everySeconds: number,
): Moments {
  let room = 0;
  for (const { trace } of nights) room += trace?.score.length ?? 0;
  const score = new Float64Array(room);
  const event = new Uint8Array(room);
  const whose = new Int32Array(room);
  let n = 0;
  let unscored = 0;
  for (const night of nights) {
    if (!night.trace) continue;
    const { startMs, stepMs, score: words, truth } = night.trace;
    const stride = Math.max(1, Math.round((everySeconds * 1000) / stepMs));
    const first = Math.max(0, Math.ceil((night.startMs - startMs) / stepMs));
    const end = Math.min(words.length, Math.ceil((night.endMs - startMs) / stepMs));
    const p = person(night);
    let word = Number.NaN;
    let next = first;
    for (let k = 0; k < end; k++) {
      const said = words[k];
      if (said === said) word = said;
      if (k !== next) continue;
      next += stride;
      if (truth[k] > 1) continue;
      if (word !== word) {
        unscored++;
        continue;
      }
      score[n] = word > most ? most : word < -most ? -most : word;
      event[n] = truth[k];
      whose[n++] = p;
    }
  }
  return { score: score.slice(0, n), event: event.slice(0, n), person: whose.slice(0, n), unscored };
}
