/**
 * Nights in which the course of a feature tells the event, and its value at no single moment: it wanders, and rises slowly
 * over ten minutes before each event and during it; as often it falls by as much for as long, without one.
 */
import type { Episode } from '../../../../src/align/time/recording.ts';
import type { Track } from '../../../../src/align/time/track.ts';
import { deriveSeed, random } from '../../../../src/array/random.ts';

export interface ShapeWorld {
  readonly seed: number;
  readonly people?: number;
  /** Whether the feature rises at events; otherwise it knows nothing of them. */
  readonly isTold?: boolean;
}

const start = Date.UTC(2026, 0, 1, 22);
const stepMs = 15_000;
const ticks = 1200; // five hours
const judgedFrom = 240;
const rise = 80; // ticks; the event is on during the latter half
const nightsEach = 3;

export function shapeWorld({ seed, people = 30, isTold = true }: ShapeWorld) {
  const made = Array.from({ length: people * nightsEach }, (_, n) => night(n, deriveSeed(seed, n), isTold));
  return { tracks: made.map(({ track }) => track), episodes: made.map(({ episodes }) => episodes) };
}

function night(n: number, seed: number, isTold: boolean): { track: Track; episodes: Episode[] } {
  const draw = random(seed);
  const slope = new Float64Array(ticks);
  const episodes: Episode[] = [];
  for (let k = 100 + draw.integer(100); k + rise <= ticks; k += rise + 40 + draw.integer(80)) {
    const isEvent = draw.uniform() < 0.4;
    const isRise = isTold ? isEvent : draw.uniform() < 0.4;
    const isFall = !isRise && draw.uniform() < 0.67;
    slope.fill(isRise ? 0.05 : isFall ? -0.05 : 0, k, k + rise);
    if (!isEvent) continue;
    episodes.push({ onsetMs: start + (k + rise / 2) * stepMs, endMs: start + (k + rise) * stepMs, extreme: 60 });
  }
  const values = new Float32Array(ticks * 2); // [ticks, features]
  const heard = new Uint8Array(ticks * 2); // [ticks, features]
  let level = 4 * draw.normal();
  for (let k = 0; k < ticks; k++) {
    level += slope[k] - 0.001 * level + 0.05 * draw.normal();
    const now = [level + 0.3 * draw.normal(), draw.normal()];
    for (const [j, value] of now.entries()) {
      if (draw.uniform() < 0.1) continue;
      heard[2 * k + j] = 1;
      values[2 * k + j] = value;
    }
  }
  const none = new Float64Array(0);
  const readings = { timeMs: none, knownMs: none, value: none, quality: new Float32Array(0) };
  const frame = { startMs: start, stepMs, ticks, utcOffsetMs: 0, judgedFrom, features: ['heart', 'other'] };
  return {
    track: { id: `${n}`, subject: `p${Math.floor(n / nightsEach)}`, ...frame, values, heard, readings },
    episodes,
  };
}
