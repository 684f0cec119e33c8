/**
 * Seeded randomness. A `seed` is a number, a `Random` a generator; nothing in the toolkit draws from ambient randomness.
 * The generator is xoshiro128** (Blackman and Vigna 2021), seeded by splitmix32 steps.
 */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform integer in [0, bound), unbiased. */
  integer(bound: number): number;
  /** Standard normal (polar Box-Muller). */
  normal(): number;
}

export function random(seed: number): Random {
  let state = seed >>> 0;
  const next32 = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let a = next32();
  let b = next32();
  let c = next32();
  let d = next32();
  const bits = () => {
    const scrambled = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return scrambled;
  };
  let spare: number | undefined;
  const uniform = () => ((bits() >>> 5) * 67108864 + (bits() >>> 6)) / 9007199254740992;
  return {
    uniform,
    integer(bound) {
      const limit = Math.floor(4294967296 / bound) * bound;
      let drawn = bits();
      while (drawn >= limit) drawn = bits();
      return drawn % bound;
    },
    normal() {
      if (spare !== undefined) {
        const kept = spare;
        spare = undefined;
        return kept;
      }
      let x: number;
      let y: number;
      let square: number;
      do {
        x = 2 * uniform() - 1;
        y = 2 * uniform() - 1;
        square = x * x + y * y;
      } while (square >= 1 || square === 0);
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * factor;
      return x * factor;
    },
  };
}

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}

/** A seed for a named place (`fold 3 of repeat 1`), so that work can run in any order on any worker: 32-bit FNV-1a. */
export function deriveSeed(seed: number, ...path: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  const text = `${seed}/${path.join('/')}`;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/** A random order of 0 .. length - 1 (Fisher and Yates). */
export function permutation(length: number, generator: Random): Int32Array {
  const order = Int32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = generator.integer(i + 1);
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  return order;
}
