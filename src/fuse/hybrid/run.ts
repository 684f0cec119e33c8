/**
 * A scoring over a track. A reading that is known later than its own time is taken in at its own time: the state goes back
 * to the tick before it, and the ticks since are told again. Whatever the order of arrival, the state is then that of having
 * heard everything in order.
 */
import type { Track } from '../../align/time/track.ts';
import { InputError } from '../../errors.ts';
import type { Scoring } from './scoring.ts';

export interface Scored {
  /** Log-odds at every tick; NaN: nothing new to say. */
  readonly score: Float32Array; // [ticks]
  /** 1: a reading of a quality above 0 has become known since the tick before. */
  readonly fresh: Uint8Array; // [ticks]
  /** Readings older than `latenessSeconds` when they came: not taken in. */
  readonly tooLate: number;
}

export interface RunOptions {
  /** How far back a late reading is still taken in. Default 3600. */
  readonly latenessSeconds?: number;
}

/**
 * What is said at tick k, with what is known by then and no more. Where a late reading makes the ticks before k be told
 * again, its word at k is the last word of that telling.
 *
 * @throws InputError where the track's features are not those that the scoring reads
 */
export function scoreTrack(scoring: Scoring, track: Track, { latenessSeconds = 3600 }: RunOptions = {}): Scored {
  const { ticks, startMs, stepMs, values, heard, readings } = track;
  const width = track.features.length;
  const { length } = scoring;
  checkFeatures(scoring, track);
  const back = Math.min(ticks, Math.ceil((latenessSeconds * 1000) / stepMs)) + 1;
  const kept = new Float64Array(back * length); // [back, length], the state after tick k at place k % back
  const before = new Float64Array(length); // before the first tick
  const state = new Float64Array(length);
  scoring.init(before);
  state.set(before);
  const count = readings.timeMs.length;
  const { time: inTime, known } = orders(readings.timeMs, readings.knownMs);
  const score = new Float32Array(ticks).fill(Number.NaN);
  const fresh = new Uint8Array(ticks);
  const taken = new Uint8Array(count); // [readings]
  let next = 0; // of the readings as they become known
  let tooLate = 0;
  let from = 0; // in `inTime`: all before it were taken in, or are too late, before the tick to come
  for (let k = 0; k < ticks; k++) {
    const now = startMs + k * stepMs;
    const previous = now - stepMs;
    let restart = k; // the first tick to be told again
    for (; next < count; next++) {
      const reading = known[next];
      const time = readings.timeMs[reading];
      if (Math.max(readings.knownMs[reading], time) > now) break;
      if (!(readings.quality[reading] > 0)) continue; // its sensor is there; it says nothing else
      const belongs = time <= previous ? Math.max(0, Math.ceil((time - startMs) / stepMs)) : k;
      if (belongs < k - back + 1) {
        tooLate++;
        continue;
      }
      taken[reading] = 1;
      fresh[k] = 1;
      if (belongs < restart) restart = belongs;
    }
    if (restart < k) {
      if (restart === 0) state.set(before);
      else state.set(kept.subarray(((restart - 1) % back) * length, ((restart - 1) % back) * length + length));
      const since = restart === 0 ? Number.NEGATIVE_INFINITY : startMs + (restart - 1) * stepMs;
      while (from > 0 && readings.timeMs[inTime[from - 1]] > since) from--;
    }
    let word = Number.NaN;
    for (let j = restart; j <= k; j++) {
      const moment = startMs + j * stepMs;
      for (; from < count; from++) {
        const reading = inTime[from];
        const time = readings.timeMs[reading];
        if (time > moment) break;
        if (taken[reading] === 1) scoring.observe(state, time, readings.value[reading], readings.quality[reading]);
      }
      const said = scoring.tick(state, moment, values, heard, j * width);
      if (!Number.isNaN(said)) word = said;
      if (length > 0) kept.set(state, (j % back) * length);
    }
    score[k] = word;
  }
  return { score, fresh, tooLate };
}

function checkFeatures({ name, features }: Scoring, track: Track): void {
  if (features.length === 0 || features.join('\n') === track.features.join('\n')) return;
  throw new InputError({
    where: `${name}: ${track.id}`,
    what: 'other features than it was fitted on',
    expected: features.join(', '),
    got: track.features.join(', '),
  });
}

/** Readings in order of their own time, and in the order in which they can be taken in. */
function orders(timeMs: Float64Array, knownMs: Float64Array) {
  const all = Int32Array.from(timeMs, (_, i) => i);
  const time = all.slice().sort((a, b) => timeMs[a] - timeMs[b] || a - b);
  const usable = (a: number) => Math.max(timeMs[a], knownMs[a]);
  const known = all.slice().sort((a, b) => usable(a) - usable(b) || a - b);
  return { time, known };
}
