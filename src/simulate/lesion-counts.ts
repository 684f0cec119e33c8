/**
 * Counts of genes of which pathways of known activity raise some and lower others: negative binomial about the subject's
 * library size times e^(base + loading · activity), of variance μ + μ² / dispersion.
 */
import { type Matrix, matrix } from '../array/matrix.ts';
import type { Random } from '../array/random.ts';

export interface GeneOptions {
  readonly pathways: number;
  readonly genesPerPathway: number;
  /** Genes of no pathway. */
  readonly otherGenes: number;
  /** Counts of a gene on average. */
  readonly depth: number;
  /** How a standard deviation of a pathway's activity moves the logarithm of its genes' means, up or down. */
  readonly loading: number;
  readonly dispersion: number;
}

export interface Genes {
  /** Pathway of each gene; −1: none. */
  readonly pathway: Int32Array; // [genes]
  /** Mean count at usual library size where no pathway is active. */
  readonly base: Float64Array; // [genes]
  readonly loading: Float64Array; // [genes]
  readonly dispersion: number;
}

export function drawGenes(options: GeneOptions, generator: Random): Genes {
  const { pathways, genesPerPathway, otherGenes, depth, loading, dispersion } = options;
  const many = pathways * genesPerPathway;
  const genes = many + otherGenes;
  const spread = 0.7; // of the logarithm of base
  return {
    pathway: Int32Array.from({ length: genes }, (_, g) => (g < many ? Math.floor(g / genesPerPathway) : -1)),
    base: Float64Array.from({ length: genes }, () => depth * Math.exp(spread * generator.normal() - spread ** 2 / 2)),
    loading: Float64Array.from({ length: genes }, (_, g) =>
      g < many ? loading * (generator.uniform() < 0.5 ? -1 : 1) : 0,
    ),
    dispersion,
  };
}

/** @param librarySizes against the usual one, 1 [subjects]. Returns [subjects, genes] */
export function drawCounts(
  { pathway, base, loading, dispersion }: Genes,
  activity: Matrix,
  librarySizes: Float64Array,
  generator: Random,
): Matrix<Float32Array> {
  const [subjects, pathways] = activity.shape;
  const genes = base.length;
  const counts = new Float32Array(subjects * genes); // [subjects, genes]
  for (let i = 0; i < subjects; i++) {
    for (let g = 0; g < genes; g++) {
      const z = pathway[g] < 0 ? 0 : activity.data[i * pathways + pathway[g]];
      const mean = librarySizes[i] * base[g] * Math.exp(loading[g] * z);
      counts[i * genes + g] = poisson((mean / dispersion) * gamma(dispersion, generator), generator);
    }
  }
  return matrix(subjects, genes, counts);
}

const reach = 6; // standard deviations of an activity
const intervals = 60; // on each side of 0; even

/**
 * P(activity > 0 | counts, library size) of each pathway of a subject, activities being standard normal: Simpson's rule on
 * both sides of 0. [pathways]
 *
 * @param counts of one subject [genes]
 */
export function activeChances(
  { pathway, base, loading, dispersion }: Genes,
  counts: ArrayLike<number>,
  librarySize: number,
  pathways: number,
): Float64Array {
  const nodes = 2 * intervals + 1;
  const logs = new Float64Array(pathways * nodes); // [pathways, nodes], log densities but for a constant
  const step = reach / intervals;
  for (let n = 0; n < nodes; n++) {
    const z = (n - intervals) * step;
    for (let k = 0; k < pathways; k++) logs[k * nodes + n] = (-z * z) / 2;
    for (let g = 0; g < base.length; g++) {
      if (pathway[g] < 0) continue;
      const mean = librarySize * base[g] * Math.exp(loading[g] * z);
      logs[pathway[g] * nodes + n] +=
        counts[g] * Math.log(mean) - (counts[g] + dispersion) * Math.log(dispersion + mean);
    }
  }
  return Float64Array.from({ length: pathways }, (_, k) => {
    const own = logs.subarray(k * nodes, (k + 1) * nodes);
    const greatest = own.reduce((a, b) => Math.max(a, b));
    const side = (way: number) => {
      let sum = 0;
      for (let m = 0; m <= intervals; m++) {
        const weight = m === 0 || m === intervals ? 1 : m % 2 === 1 ? 4 : 2;
        sum += weight * Math.exp(own[intervals + way * m] - greatest);
      }
      return sum;
    };
    const above = side(1);
    return above / (above + side(-1));
  });
}

/** Of scale 1 (Marsaglia and Tsang 2000, ACM Transactions on Mathematical Software 26:363); below 1 by a power of a uniform. */
function gamma(shape: number, generator: Random): number {
  if (shape < 1) return gamma(shape + 1, generator) * (1 - generator.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const z = generator.normal();
    const v = (1 + z / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - generator.uniform()) < 0.5 * z * z + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** By products of uniforms, of large means in parts (a sum of Poisson counts is one). */
function poisson(mean: number, generator: Random): number {
  let count = 0;
  for (let left = mean; left > 0; left -= 500) {
    const limit = Math.exp(-Math.min(left, 500));
    for (let product = 1 - generator.uniform(); product > limit; product *= 1 - generator.uniform()) count++;
  }
  return count;
}
