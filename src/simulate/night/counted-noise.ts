/**
 * Randomness by number: draw i of a stream is a function of (seed, i) alone, so that a signal can be read at any place and
 * two nights that differ in one response share every other draw. Two rounds of a 32-bit multiply and shift mix, keyed
 * between them, so that streams are no shifts of each other. Fast enough for a night's 80,000 events many times over; for
 * a few draws use `random`.
 */
import { normalQuantile } from '../../array/distributions.ts';
import { deriveSeed } from '../../array/random.ts';

export interface CountedNoise {
  /** Uniform in (0, 1), 32 bits. */
  uniform(i: number): number;
  /** Standard normal by a table of 8,192 quantiles: nothing beyond 3.8. */
  normal(i: number): number;
  /** A place in a `normalTable`, each as likely. */
  step(i: number): number;
}

const NOISE_STEPS = 8192;
const quantiles = Float64Array.from({ length: NOISE_STEPS }, (_, i) => normalQuantile((i + 0.5) / NOISE_STEPS));

export function countedNoise(seed: number, ...path: readonly (string | number)[]): CountedNoise {
  const first = deriveSeed(seed, ...path, 'first');
  const second = deriveSeed(seed, ...path, 'second');
  const bits = (i: number) => {
    let z = (Math.imul(i, 0x9e3779b9) + first) | 0;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = ((z ^ (z >>> 15)) + second) | 0;
    z = Math.imul(z ^ (z >>> 16), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  return {
    uniform: (i) => ((bits(i) >>> 0) + 0.5) / 4294967296,
    normal: (i) => quantiles[bits(i) >>> 19],
    step: (i) => bits(i) >>> 19,
  };
}

/** A function of the standard normal, by `step`. */
export function normalTable(of: (normal: number) => number): Float64Array {
  return quantiles.map(of); // [NOISE_STEPS]
}
