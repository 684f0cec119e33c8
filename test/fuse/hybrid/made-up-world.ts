/**
 * Tracks of a made-up quantity with a known course: its rate is an Ornstein-Uhlenbeck process, it is drawn back to a mean, a
 * lagged sensor reads it every 300 s, and one fast feature is shifted while it is below 70. Made here and not by
 * `simulate/night`, so that the filters meet a truth of their own kind, and one can say what they should find.
 */
import type { Episode } from '../../../src/align/time/recording.ts';
import type { Track } from '../../../src/align/time/track.ts';
import { deriveSeed, type Random, random } from '../../../src/array/random.ts';

export interface World {
  readonly seed: number;
  readonly people?: number;
  readonly tracksEach?: number;
  readonly hours?: number;
  readonly stepSeconds?: number;
  /** Shift of the feature below 70, standard deviations. */
  readonly shift?: number;
  /** How long the feature's noise lasts. */
  readonly featureSeconds?: number;
  readonly rateSd?: number;
  readonly rateMinutes?: number;
  readonly lagMinutes?: number;
  readonly errorSd?: number;
  readonly errorMinutes?: number;
  readonly noiseSd?: number;
  /** How long after its time a reading is known. */
  readonly delaySeconds?: number;
  /** Shares of ticks at which the feature is not heard. */
  readonly unheard?: number;
}

export interface Told {
  readonly tracks: readonly Track[];
  readonly episodes: readonly (readonly Episode[])[];
  /** The level at every tick. */
  readonly levels: readonly Float64Array[];
}

const start = Date.UTC(2026, 0, 1, 22);

export function madeUpWorld({ people = 10, tracksEach = 3, ...world }: World): Told {
  const made = Array.from({ length: people * tracksEach }, (_, n) => madeUpTrack(world, Math.floor(n / tracksEach), n));
  return {
    tracks: made.map(({ track }) => track),
    episodes: made.map(({ episodes }) => episodes),
    levels: made.map(({ level }) => level),
  };
}

function madeUpTrack(world: World, person: number, n: number) {
  const { stepSeconds = 15, hours = 9, shift = 1, featureSeconds = 60, delaySeconds = 0, unheard = 0 } = world;
  const draw = random(deriveSeed(world.seed, 'track', n));
  const ticks = Math.round((hours * 3600) / stepSeconds);
  const { level, seen } = course(world, draw, ticks);
  const values = new Float32Array(ticks);
  const heard = new Uint8Array(ticks).fill(1);
  const keep = Math.exp(-stepSeconds / featureSeconds);
  let noise = draw.normal();
  for (let k = 0; k < ticks; k++) {
    noise = keep * noise + Math.sqrt(1 - keep * keep) * draw.normal();
    values[k] = noise + (level[k] < 70 ? shift : 0);
    if (draw.uniform() < unheard) {
      values[k] = 0;
      heard[k] = 0;
    }
  }
  const every = Math.round(300 / stepSeconds);
  const phase = draw.integer(every);
  const at = Array.from({ length: Math.floor((ticks - phase - 1) / every) + 1 }, (_, i) => phase + i * every);
  const timeMs = Float64Array.from(at, (k) => start + k * stepSeconds * 1000);
  const track: Track = {
    id: `${person}/${n}`,
    subject: `person ${person}`,
    startMs: start,
    stepMs: stepSeconds * 1000,
    ticks,
    utcOffsetMs: 0,
    judgedFrom: Math.round(3600 / stepSeconds),
    features: ['heart'],
    values,
    heard,
    readings: {
      timeMs,
      knownMs: timeMs.map((t) => t + 1000 * delaySeconds),
      value: Float64Array.from(at, (k) => seen[k]),
      quality: new Float32Array(at.length).fill(1),
    },
  };
  return { track, episodes: below70(level, track), level };
}

/** Euler steps of a fraction of a second's rate, a minute being long against them. */
function course(world: World, draw: Random, ticks: number) {
  const {
    stepSeconds = 15,
    rateSd = 1,
    rateMinutes = 15,
    lagMinutes = 6,
    errorSd = 4,
    errorMinutes = 30,
    noiseSd = 2,
  } = world;
  const sub = 5;
  const dt = stepSeconds / 60 / sub;
  const level = new Float64Array(ticks);
  const seen = new Float64Array(ticks);
  let g = 90 + 25 * draw.normal();
  let r = rateSd * draw.normal();
  let i = g;
  let e = errorSd * draw.normal();
  for (let k = 0; k < ticks; k++) {
    level[k] = g;
    seen[k] = i + e + noiseSd * draw.normal();
    for (let s = 0; s < sub; s++) {
      i = lagMinutes > 0 ? i + ((g - i) * dt) / lagMinutes : g;
      g += r * dt;
      const pull = g < 45 ? 1 : g > 200 ? -1 : 0; // walls, rarely met
      r += (-r / rateMinutes) * dt + rateSd * Math.sqrt((2 * dt) / rateMinutes) * draw.normal() + 0.2 * pull * dt;
      e += (-e / errorMinutes) * dt + errorSd * Math.sqrt((2 * dt) / errorMinutes) * draw.normal();
    }
  }
  return { level, seen };
}

function below70(level: Float64Array, { startMs, stepMs, ticks }: Track): Episode[] {
  const episodes: Episode[] = [];
  for (let k = 0; k < ticks; k++) {
    if (!(level[k] < 70)) continue;
    const from = k;
    let extreme = level[k];
    for (; k < ticks && level[k] < 70; k++) extreme = Math.min(extreme, level[k]);
    episodes.push({ onsetMs: startMs + from * stepMs, endMs: startMs + k * stepMs, extreme });
  }
  return episodes;
}

export const below = (mode: 'nowcast' | 'forecast') =>
  ({ threshold: 70, beyond: 'below', mode, horizonSeconds: 1200 }) as const;
