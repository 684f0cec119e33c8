/**
 * A cohort whose truth is known: modalities that tell partly the same and partly something of their own about the class.
 *
 * Classes sit on the corners of a regular simplex of edge 1. A subject has one shared latent state, `shared` times its
 * corner plus standard normal noise, which every modality shows, and for each modality an own latent state, `own` times
 * its corner plus noise. Informative features load on both; all features carry gaussian noise that is correlated within
 * blocks. So a modality alone tells two classes apart by at most δ² = shared² + own², all modalities together by
 * δ² = shared² + Σ own² (AUROC = Φ(δ / √2)): with own = 0 fusing gains nothing but less measurement noise.
 */
import { normalLower } from '../array/distributions.ts';
import { type Matrix, matrix } from '../array/matrix.ts';
import { deriveSeed, permutation, type Random, random } from '../array/random.ts';
import { type Block, type Cohort, cohort } from '../describe/cohort.ts';
import type { ClassTarget } from '../describe/target.ts';
import { optionChecks } from './check-options.ts';
import { gaussianModality } from './gaussian-modality.ts';

const { whole, between, refuse } = optionChecks('simulateMultiomics');

export interface MultiomicsOptions {
  readonly subjects: number;
  /** How many modalities; they are named `omics1`, `omics2`, ... */
  readonly modalities: number;
  /** Features of a modality. A list, here and below, gives one value a modality. */
  readonly features: number | readonly number[];
  readonly seed: number;
  readonly classes?: number;
  /** Share of subjects of each class; equal by default. */
  readonly classShares?: readonly number[];
  /** Distance of two classes in the latent state that all modalities show, in standard deviations. */
  readonly shared?: number;
  /** The same in the latent state that only this modality shows. */
  readonly own?: number | readonly number[];
  /** Share of features that load on the latent states. */
  readonly informative?: number;
  /** Standard deviation of an informative feature's loadings, against noise of standard deviation 1. */
  readonly loading?: number;
  /** Features of a correlated block, and the correlation of their noise. */
  readonly blockSize?: number;
  readonly blockCorrelation?: number;
  /** Share of subjects without this modality, completely at random; everybody keeps at least one. */
  readonly missing?: number | readonly number[];
}

export interface Multiomics {
  readonly cohort: Cohort;
  readonly target: ClassTarget;
  readonly truth: {
    readonly shared: Matrix<Float64Array>; // [subjects, classes - 1]
    /** Of each modality. */
    readonly own: readonly Matrix<Float64Array>[]; // [subjects, classes - 1]
    readonly loadings: readonly Matrix<Float64Array>[]; // [features, 2 (classes - 1)], shared then own
    /** Two classes: AUROC of the best score of each modality's latent states, and of all together; else undefined. */
    readonly auroc: { readonly single: readonly number[]; readonly fused: number } | undefined;
  };
}

/** @throws InputError for an unknown option, and a number out of its range. */
export function simulateMultiomics(options: MultiomicsOptions): Multiomics {
  const {
    subjects,
    modalities,
    features,
    seed,
    classes = 2,
    classShares = Array.from({ length: Math.max(0, classes) }, () => 1 / classes),
    shared = 1,
    own = 1,
    informative = 0.1,
    loading = 0.5,
    blockSize = 10,
    blockCorrelation = 0.3,
    missing = 0,
    ...unknown
  } = options;
  for (const name of Object.keys(unknown)) refuse(name, 'unknown option', 'an option of simulateMultiomics', name);
  whole('modalities', modalities, 1);
  whole('classes', classes, 2);
  whole('subjects', subjects, classes);
  whole('blockSize', blockSize, 1);
  between('informative', informative, 0, 1);
  between('blockCorrelation', blockCorrelation, 0, 1);
  const widths = each('features', features, modalities, (name, value) => whole(name, value, 1));
  const strengths = each('own', own, modalities, (name, value) => between(name, value, 0, Infinity));
  const holes = each('missing', missing, modalities, (name, value) => between(name, value, 0, 1));
  between('shared', shared, 0, Infinity);
  between('loading', loading, 0, Infinity);

  const labels = drawLabels(subjects, classes, classShares, random(deriveSeed(seed, 'labels')));
  const sharedState = latent(labels, classes, shared, random(deriveSeed(seed, 'shared')));
  const present = drawPresence(subjects, holes, seed);
  const ownStates: Matrix<Float64Array>[] = [];
  const loadings: Matrix<Float64Array>[] = [];
  const blocks = widths.map((width, m) => {
    const name = `omics${m + 1}`;
    const generator = random(deriveSeed(seed, name));
    const ownState = latent(labels, classes, strengths[m], generator);
    const weights = drawLoadings(width, 2 * (classes - 1), informative, loading, generator);
    ownStates.push(ownState);
    loadings.push(weights);
    const noise = { blockSize, blockCorrelation, generator };
    return measure(name, [sharedState, ownState], weights, present[m], noise);
  });

  const digits = String(subjects).length;
  const ids = Array.from({ length: subjects }, (_, i) => `s${String(i + 1).padStart(digits, '0')}`);
  const names = Array.from({ length: classes }, (_, c) => `class${c}`);
  const auroc = (squares: number) => normalLower(Math.sqrt(squares / 2));
  return {
    cohort: cohort(ids, blocks),
    target: { kind: 'classes', name: 'class', classes: names, labels },
    truth: {
      shared: sharedState,
      own: ownStates,
      loadings,
      auroc:
        classes > 2
          ? undefined
          : {
              single: strengths.map((strength) => auroc(shared ** 2 + strength ** 2)),
              fused: auroc(strengths.reduce((sum, strength) => sum + strength ** 2, shared ** 2)),
            },
    },
  };
}

function drawLabels(subjects: number, classes: number, shares: readonly number[], generator: Random): Int32Array {
  const total = shares.reduce((a, b) => a + b, 0);
  if (shares.length !== classes || !shares.every((share) => share > 0) || Math.abs(total - 1) > 1e-9) {
    refuse('classShares', 'not shares', `${classes} numbers above 0 that add up to 1`, `[${shares.join(', ')}]`);
  }
  const labels = new Int32Array(subjects);
  const order = permutation(subjects, generator);
  let share = 0;
  let from = 0;
  for (let c = 0; c < classes; c++) {
    share += shares[c];
    const to = c === classes - 1 ? subjects : Math.round(share * subjects);
    for (; from < to; from++) labels[order[from]] = c;
  }
  return labels;
}

/** `strength` times the corner of the subject's class, plus standard normal noise. [subjects, classes - 1] */
function latent(labels: Int32Array, classes: number, strength: number, generator: Random): Matrix<Float64Array> {
  const axes = classes - 1;
  const state = new Float64Array(labels.length * axes);
  labels.forEach((label, i) => {
    for (let a = 0; a < axes; a++) state[i * axes + a] = strength * corner(label, a + 1) + generator.normal();
  });
  return matrix(labels.length, axes, state);
}

/** Coordinate `axis` (from 1) of a corner of the regular simplex of edge 1: Helmert contrasts over √2. */
function corner(label: number, axis: number): number {
  if (label > axis) return 0;
  return (label === axis ? axis : -1) / Math.sqrt(2 * axis * (axis + 1));
}

/** Normal loadings of a random share of features (at least one), 0 elsewhere. */
function drawLoadings(
  features: number,
  states: number,
  informative: number,
  loading: number,
  generator: Random,
): Matrix<Float64Array> {
  const loadings = new Float64Array(features * states);
  const chosen = permutation(features, generator).subarray(0, Math.max(1, Math.round(informative * features)));
  for (const feature of chosen) {
    for (let s = 0; s < states; s++) loadings[feature * states + s] = loading * generator.normal();
  }
  return matrix(features, states, loadings);
}

interface Noise {
  readonly blockSize: number;
  readonly blockCorrelation: number;
  readonly generator: Random;
}

function measure(
  name: string,
  [shared, own]: readonly [Matrix, Matrix],
  { shape: [width, states], data: loadings }: Matrix,
  present: Uint8Array,
  { blockSize, blockCorrelation, generator }: Noise,
): Block {
  const [subjects, axes] = shared.shape;
  const values = new Float32Array(subjects * width); // [subjects, features]
  const observed = new Uint8Array(subjects * width);
  const common = Math.sqrt(blockCorrelation);
  const alone = Math.sqrt(1 - blockCorrelation);
  let block = 0;
  for (let i = 0; i < subjects; i++) {
    for (let j = 0; j < width; j++) {
      if (j % blockSize === 0) block = generator.normal();
      let value = common * block + alone * generator.normal(); // drawn for absent subjects too: holes move nothing else
      for (let a = 0; a < axes; a++) {
        value += loadings[j * states + a] * shared.data[i * axes + a];
        value += loadings[j * states + axes + a] * own.data[i * axes + a];
      }
      if (present[i]) {
        values[i * width + j] = value;
        observed[i * width + j] = 1;
      }
    }
  }
  return {
    modality: gaussianModality(name, width),
    values: matrix(subjects, width, values),
    observed,
    present,
  };
}

function drawPresence(subjects: number, holes: readonly number[], seed: number): Uint8Array[] {
  const present = holes.map((share, m) => {
    const row = new Uint8Array(subjects).fill(1);
    const order = permutation(subjects, random(deriveSeed(seed, 'missing', m)));
    for (const i of order.subarray(0, Math.round(share * subjects))) row[i] = 0;
    return row;
  });
  const generator = random(deriveSeed(seed, 'kept'));
  for (let i = 0; i < subjects; i++) {
    const kept = generator.integer(present.length);
    if (present.every((row) => row[i] === 0)) present[kept][i] = 1;
  }
  return present;
}

function each(
  name: string,
  given: number | readonly number[],
  modalities: number,
  check: (name: string, value: number) => void,
): readonly number[] {
  const values = typeof given === 'number' ? Array.from({ length: modalities }, () => given) : given;
  if (values.length !== modalities) refuse(name, 'wrong length', `${modalities} values`, String(values.length));
  values.forEach((value) => {
    check(name, value);
  });
  return values;
}
