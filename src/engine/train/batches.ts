import { deriveSeed, permutation, type Random, random } from '../../array/random.ts';

/** Samples of one batch, and the randomness of its dropout and noise. */
export interface Batch {
  readonly samples: Int32Array; // [batch]
  readonly random: Random;
}

/**
 * The batches of an epoch: every sample once, in an order that seed and epoch decide. Where the size does not divide the
 * samples, all batches are a little smaller, instead of one that is much smaller.
 */
export function batchesOf(samples: Int32Array, size: number, seed: number, epoch: number): Batch[] {
  const order = permutation(samples.length, random(deriveSeed(seed, 'order', epoch)));
  const count = Math.ceil(samples.length / size);
  return Array.from({ length: count }, (_, at) => {
    const start = Math.floor((at * samples.length) / count);
    const end = Math.floor(((at + 1) * samples.length) / count);
    return {
      samples: order.slice(start, end).map((place) => samples[place]),
      random: random(deriveSeed(seed, 'batch', epoch, at)),
    };
  });
}

/** A batch in parts of at most so many samples. */
export function partsOf(samples: Int32Array, size: number): Int32Array[] {
  return Array.from({ length: Math.ceil(samples.length / size) }, (_, at) => samples.slice(at * size, (at + 1) * size));
}
