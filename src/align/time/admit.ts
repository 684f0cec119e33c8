/**
 * Whether a reading is taken in. It is judged by its sensor, by the clock of arrivals, and by which readings came before; the
 * same for a message of a live stream and for a row of a recording.
 */
import type { Sensor } from '../../describe/sensor.ts';
import { type Counts, count, newCounts, taken, type Verdict, verdictOf } from './refusals.ts';

export interface AdmitOptions {
  /** How far the clock of a sensor may run ahead of that of arrivals. Default 5 s: assumed, network time keeps well within. */
  readonly aheadSeconds?: number;
  /**
   * Messages of one sensor looked at in one second; those beyond are counted only. Default: 100 times its rate and at least
   * 300, so that a day of five-minute readings (288) can be sent at once after an outage.
   */
  readonly perSecond?: number;
  /** Whether verdicts are counted in the state; otherwise whoever asks has to. Default: they are. */
  readonly counted?: boolean;
}

/** What is remembered of a subject's sensors, plain data. Rings of unequal length lie behind each other. */
export interface AdmitState {
  /** The clock of arrivals, Unix milliseconds. It never goes back. */
  readonly clockMs: Float64Array; // [1]
  /** When the newest reading taken in was measured; -Infinity before the first. */
  readonly newestMs: Float64Array; // [sensors]
  /** Where the second, by the clock of arrivals, began in which `within` messages came. */
  readonly secondMs: Float64Array; // [sensors]
  readonly within: Uint32Array; // [sensors]
  /** Sequence numbers last taken in, each at its own place modulo the ring; -1 empty. */
  readonly sequences: Int32Array; // [rings]
  /** Of each its content, in 16 bits: enough to tell a repeat from a conflict, and both are refused. */
  readonly contents: Uint16Array; // [rings]
  readonly counts: Counts;
}

/** Says what becomes of a reading that arrives now. */
export type JudgeReading<State> = (
  state: State,
  sensor: number,
  stream: number,
  sequence: number,
  timeMs: number,
  value: number,
  quality: number,
) => Verdict;

export interface Admission {
  init(): AdmitState;
  /** Moves the clock of arrivals; it never goes back. */
  clock(state: AdmitState, nowMs: number): void;
  /**
   * Judges a reading of a known sensor that arrives now, remembers it where it is taken in, and counts the verdict.
   *
   * @param stream 0 where there is one; otherwise some number of the stream that sent it, since each counts for itself
   * @param value rounded to float32, as it is kept
   */
  readonly judge: JudgeReading<AdmitState>;
}

const malformed = verdictOf('malformed');
const notANumber = verdictOf('not-a-number');
const outOfRange = verdictOf('out-of-range');
const wrongUnit = verdictOf('wrong-unit');
const future = verdictOf('future');
const late = verdictOf('late');
const duplicate = verdictOf('duplicate');
const conflict = verdictOf('conflict');
const tooMany = verdictOf('too-many');

export function admission(
  sensors: readonly Sensor[],
  { aheadSeconds = 5, perSecond, counted = true }: AdmitOptions = {},
): Admission {
  const rings = sensors.map(ringOf);
  const places = Int32Array.from(rings, (_, at) => rings.slice(0, at).reduce((sum, ring) => sum + ring, 0));
  const masks = Int32Array.from(rings, (ring) => ring - 1);
  const total = rings.reduce((sum, ring) => sum + ring, 0);
  const lows = Float64Array.from(sensors, ({ low }) => low);
  const highs = Float64Array.from(sensors, ({ high }) => high);
  const factors = Float64Array.from(sensors, ({ mistakenUnit }) => mistakenUnit?.factor ?? 0);
  const latenessMs = Float64Array.from(sensors, ({ latenessSeconds }) => latenessSeconds * 1000);
  const most = Float64Array.from(sensors, ({ everySeconds }) => perSecond ?? Math.max(300, 100 / everySeconds));
  const aheadMs = aheadSeconds * 1000;

  const verdictOn: JudgeReading<AdmitState> = (state, sensor, stream, sequence, timeMs, value, quality) => {
    const now = state.clockMs[0];
    if (now >= state.secondMs[sensor] + 1000) {
      state.secondMs[sensor] = Math.floor(now / 1000) * 1000;
      state.within[sensor] = 0;
    }
    if (state.within[sensor] >= most[sensor]) return tooMany;
    state.within[sensor]++;
    // x - x is 0 for every number but NaN and the infinite ones.
    if (value - value !== 0 || timeMs - timeMs !== 0 || sequence - sequence !== 0 || quality - quality !== 0) {
      return notANumber;
    }
    if ((sequence | 0) !== sequence || sequence < 0 || quality < 0 || quality > 1) return malformed;
    if (value < lows[sensor] || value > highs[sensor]) {
      const meant = value * factors[sensor];
      return factors[sensor] > 0 && meant >= lows[sensor] && meant <= highs[sensor] ? wrongUnit : outOfRange;
    }
    if (timeMs - now > aheadMs) return future;
    const key = (sequence ^ stream) & 0x7fffffff;
    const slot = places[sensor] + (key & masks[sensor]);
    const content = contentOf(timeMs, value, quality);
    if (state.sequences[slot] === key) return state.contents[slot] === content ? duplicate : conflict;
    if (now - timeMs > latenessMs[sensor]) return late;
    state.sequences[slot] = key;
    state.contents[slot] = content;
    if (timeMs > state.newestMs[sensor]) state.newestMs[sensor] = timeMs;
    return taken;
  };

  return {
    init: () => ({
      clockMs: new Float64Array(1).fill(Number.NEGATIVE_INFINITY),
      newestMs: new Float64Array(sensors.length).fill(Number.NEGATIVE_INFINITY),
      secondMs: new Float64Array(sensors.length).fill(Number.NEGATIVE_INFINITY),
      within: new Uint32Array(sensors.length),
      sequences: new Int32Array(total).fill(-1),
      contents: new Uint16Array(total),
      counts: newCounts(counted ? sensors.length : -1),
    }),
    clock(state, nowMs) {
      if (nowMs > state.clockMs[0]) state.clockMs[0] = nowMs;
    },
    judge(state, sensor, stream, sequence, timeMs, value, quality) {
      const verdict = verdictOn(state, sensor, stream, sequence, timeMs, value, quality);
      count(state.counts, sensor, verdict);
      return verdict;
    },
  };
}

/**
 * So many sequence numbers that those of twice the time that a reading may be late have room. What is repeated after its place
 * was taken by a newer one is too late anyway.
 */
function ringOf({ latenessSeconds, everySeconds }: Sensor): number {
  let ring = 8;
  while (ring < 1024 && ring < (2 * latenessSeconds) / everySeconds) ring *= 2;
  return ring;
}

const scratch = new Float32Array(2);
const words = new Int32Array(scratch.buffer);

/** Of whole milliseconds; a hash in the manner of xxHash32. */
function contentOf(timeMs: number, value: number, quality: number): number {
  scratch[0] = value;
  scratch[1] = quality;
  let hash = Math.imul(timeMs | 0, 0x9e3779b1) ^ words[0];
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca77) ^ words[1];
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae3d);
  return (hash ^ (hash >>> 16)) & 0xffff;
}
