/** A made-up person at home: walks, sits down hard, falls; an accelerometer on the body, a room sensor that may be missing. */
import type { Arrival } from '../../src/align/time/event.ts';
import { random } from '../../src/array/random.ts';

export interface Scene {
  readonly seed: number;
  readonly seconds: number;
  readonly fallAt?: number;
  /** Sits down, so hard that it looks like an impact. */
  readonly sitAt?: number;
  readonly room?: boolean;
}

export const sceneStartMs = 1_760_000_000_000;

/** Ten accelerations a second in g beyond gravity, a height each 10 s in metres; in order of arrival. All figures assumed. */
export function scene({ seed, seconds, fallAt = Infinity, sitAt = Infinity, room = true }: Scene): Arrival[] {
  const draw = random(seed);
  const arrivals: Arrival[] = [];
  const add = (sensor: string, sequence: number, second: number, value: number, delayMs: number) => {
    const timeMs = sceneStartMs + Math.round(second * 1000);
    const event = { stream: 'home', subject: `person ${seed}`, sensor, sequence, timeMs, value, quality: 1 };
    arrivals.push({ event, arrivedMs: timeMs + Math.round(delayMs) });
  };
  for (let k = 0; k < seconds * 10; k++) {
    const second = k / 10;
    let acceleration = Math.abs(0.2 * draw.normal());
    if (second >= fallAt) acceleration = second < fallAt + 0.4 ? 2.5 + draw.uniform() : Math.abs(0.02 * draw.normal());
    if (second >= sitAt) acceleration = second < sitAt + 0.4 ? 2 + draw.uniform() : Math.abs(0.03 * draw.normal());
    add('accelerometer', k, second, acceleration, 200 * draw.uniform());
  }
  const phase = 10 * draw.uniform();
  for (let k = 0; room && phase + 10 * k < seconds; k++) {
    const second = phase + 10 * k;
    const height = second >= fallAt ? 0.15 : second >= sitAt ? 0.7 : 1.05;
    add('room', k, second, Math.max(0, height + 0.05 * draw.normal()), 100 + 400 * draw.uniform());
  }
  return arrivals.sort((a, b) => a.arrivedMs - b.arrivedMs);
}
