/** Subjects with counts of many genes, a few of which tell of the class, and a few numbers that tell of it too. */
import { matrix } from '../../src/array/matrix.ts';
import { deriveSeed, type Random, random } from '../../src/array/random.ts';
import { type Block, type Cohort, cohort } from '../../src/describe/cohort.ts';
import type { ClassTarget } from '../../src/describe/target.ts';
import { modality } from '../contract/cohorts.ts';

export interface CountsWorldOptions {
  readonly subjects: number;
  readonly genes: number;
  readonly seed: number;
  /** Programs by which genes rise and fall together; the first tells of the class. */
  readonly programs?: number;
  /** Share of genes that are of each program. */
  readonly loaded?: number;
  /** Counts of a gene, on average over genes and subjects of usual depth. */
  readonly depth?: number;
  /** Spread of the logarithm of library sizes. */
  readonly depthSpread?: number;
  /** Share of cells missing, and of subjects without counts. */
  readonly holes?: number;
  readonly absent?: number;
}

export function countsWorld(options: CountsWorldOptions): { readonly x: Cohort; readonly target: ClassTarget } {
  const { subjects, genes, seed, programs = 3, loaded = 0.3 } = options;
  const { depth: usual = 20, depthSpread = 0.5, holes = 0, absent = 0 } = options;
  const generator = random(deriveSeed(seed, 'counts'));
  const normals = (length: number, scale = 1) => Float64Array.from({ length }, () => scale * generator.normal());
  const base = normals(genes, 1.5);
  const weights = normals(genes * programs, 0.5).map((w) => (generator.uniform() < loaded ? w : 0)); // [genes, programs]
  const labels = new Int32Array(subjects);
  const counts = new Float32Array(subjects * genes); // [subjects, genes]
  const observed = new Uint8Array(subjects * genes).fill(1);
  const present = new Uint8Array(subjects).fill(1);
  const numbers = new Float32Array(subjects * 4); // [subjects, columns]
  for (let i = 0; i < subjects; i++) {
    labels[i] = i % 2;
    const state = normals(programs);
    state[0] += labels[i] ? 0.8 : -0.8;
    const depth = usual * genes * Math.exp(depthSpread * generator.normal());
    const shares = base.map((b, j) => Math.exp(state.reduce((sum, z, k) => sum + z * weights[j * programs + k], b)));
    const all = shares.reduce((a, b) => a + b, 0);
    if (generator.uniform() < absent) present[i] = 0;
    for (let j = 0; j < genes; j++) {
      counts[i * genes + j] = negativeBinomial((depth * shares[j]) / all, 5, generator);
      if (present[i] && generator.uniform() >= holes) continue;
      counts[i * genes + j] = 0;
      observed[i * genes + j] = 0;
    }
    for (let j = 0; j < 4; j++) numbers[i * 4 + j] = generator.normal() + (labels[i] ? 0.3 : -0.3);
  }
  const features = (many: number, letter: string, scale: 'count' | 'interval') =>
    Array.from({ length: many }, (_, j) => ({ name: `${letter}${j}`, scale }));
  const rna: Block = {
    modality: modality('rna', features(genes, 'g', 'count')),
    values: matrix(subjects, genes, counts),
    observed,
    present,
  };
  const clinical: Block = {
    modality: modality('clinical', features(4, 'c', 'interval')),
    values: matrix(subjects, 4, numbers),
    observed: new Uint8Array(subjects * 4).fill(1),
    present: new Uint8Array(subjects).fill(1),
  };
  const ids = Array.from({ length: subjects }, (_, i) => `s${String(i).padStart(4, '0')}`);
  return {
    x: cohort(ids, [rna, clinical]),
    target: { kind: 'classes', name: 'outcome', classes: ['no', 'yes'], labels },
  };
}

/** A gamma-Poisson draw; θ >= 1. */
function negativeBinomial(mean: number, theta: number, generator: Random): number {
  return poisson((mean / theta) * gamma(theta, generator), generator);
}

/** Of scale 1 (Marsaglia and Tsang 2000). */
function gamma(shape: number, generator: Random): number {
  const d = shape - 1 / 3;
  for (;;) {
    const z = generator.normal();
    const v = (1 + z / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - generator.uniform()) < 0.5 * z * z + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** By products of uniforms; above 50 the rounded normal of that mean and variance. */
function poisson(mean: number, generator: Random): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * generator.normal()));
  let product = 1 - generator.uniform();
  let count = 0;
  for (const limit = Math.exp(-mean); product > limit; count++) product *= 1 - generator.uniform();
  return count;
}
