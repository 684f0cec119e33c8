/**
 * Is the evidence of two modalities independent given the class? Tested on the measurements themselves (their leading
 * components on training subjects), since experts who each saw one modality may look independent where what matters shows
 * only in both together.
 *
 * The statistic is computed within each class and added up, not over all subjects: where the class is the exclusive or of
 * two signs the modalities are independent over all and dependent, in opposite ways, in each class.
 */
import { centredDistances, distanceCorrelation } from '../array/distance-correlation.ts';
import { type Matrix, matrix } from '../array/matrix.ts';
import { residual } from '../array/partial-correlation.ts';
import { principalComponents } from '../array/principal-components.ts';
import { deriveSeed, permutation, type Random, random } from '../array/random.ts';
import { dependenceDiffers } from './independence-by-class.ts';

export interface Evidence {
  /** Of each modality, such as the leading principal components; rows of subjects without it mean nothing. */
  readonly components: readonly Matrix[]; // modalities x [subjects, components]
  readonly names: readonly string[];
  readonly present: Uint8Array; // [subjects, modalities]
  /** What the modalities are to be independent given: the class of each subject. */
  readonly strata: Int32Array; // [subjects]
  /** Further, or instead of classes: columns taken off the components by least squares, such as a value and its square. */
  readonly covariates?: readonly Float64Array[]; // covariates x [subjects]
}

export interface EvidenceOptions {
  readonly seed: number;
  /** Default: 199, more with many pairs, so that Holm's procedure over twice the median can still reject. */
  readonly permutations?: number;
  /** Subjects of a pair beyond these are left out at random: cost grows with their square. */
  readonly mostSubjects?: number;
}

export interface EvidenceDependence {
  readonly pair: readonly [string, string];
  /** Subjects tested: those who have both modalities, in classes of at least 4 of them. */
  readonly n: number;
  /** Bias-corrected squared distance correlation within classes, averaged over subjects; 0 under independence. */
  readonly distanceCorrelation: number;
  /** Share of orders in which subjects of a class swap partners that are as dependent, the observed one counted in. */
  readonly p: number;
  /** P-value of the dependence being the same in all classes; undefined for a single class. */
  readonly pDiffers: number | undefined;
}

const mostSubjects = 500;

/**
 * The leading components of a prepared modality: up to 5, holding up to 90 % of the variance. Not scaled to equal variance,
 * so that the strong ones count the most.
 *
 * @param present the subjects who have it; they alone (at most 500, by lot) are learned from
 */
export function evidenceComponents(values: Matrix, present: Uint8Array, seed: number): Matrix<Float64Array> {
  const having = Int32Array.from(present.keys()).filter((i) => present[i]);
  const rows = atMost(having, mostSubjects, random(deriveSeed(seed, 'components')));
  return principalComponents(values, { rows }).scores;
}

/** All pairs of modalities on the training subjects of one fold; undefined for a pair that cannot be tested. */
export function evidenceDependence(
  evidence: Evidence,
  options: EvidenceOptions,
): readonly (EvidenceDependence | undefined)[] {
  const pairs = pairsOf(evidence.names.length);
  const { permutations = Math.max(199, 100 * pairs.length - 1) } = options;
  return pairs.map(([a, b]) => testPair(evidence, a, b, { mostSubjects, ...options, permutations }));
}

/** Places of the first and second of each pair: (0, 1), (0, 2), ..., (1, 2), ... */
export function pairsOf(many: number): readonly (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  for (let a = 0; a < many; a++) for (let b = a + 1; b < many; b++) pairs.push([a, b]);
  return pairs;
}

function testPair(
  evidence: Evidence,
  a: number,
  b: number,
  { seed, permutations, mostSubjects }: Required<EvidenceOptions>,
): EvidenceDependence | undefined {
  const { components, names, covariates = [] } = evidence;
  const generator = random(deriveSeed(seed, 'evidence', names[a], names[b]));
  const rows = completeRows(evidence, a, b, mostSubjects, generator);
  const strata = Int32Array.from(rows, (row) => evidence.strata[row]);
  const given = covariates.map((column) => Float64Array.from(rows, (row) => column[row]));
  const [left, right] = [a, b].map((m) => heldFixed(components[m], rows, given, strata));
  const classes = membersOf(strata);
  const parts = classes.flatMap((members) => {
    const first = centredDistances(left, members);
    const second = centredDistances(right, members);
    return first.norm > 0 && second.norm > 0 ? [{ first, second }] : [];
  });
  const n = parts.reduce((sum, { first }) => sum + first.n, 0);
  if (n === 0) return undefined;

  // each class counts by its subjects: under independence n_c R_c has about the same spread in every class
  const statistic = (draw?: Random) =>
    parts.reduce(
      (sum, { first, second }) =>
        sum + (first.n / n) * distanceCorrelation(first, second, draw && permutation(first.n, draw)),
      0,
    );
  const observed = statistic();
  let asDependent = 1;
  for (let drawn = 0; drawn < permutations; drawn++) if (statistic(generator) >= observed - 1e-12) asDependent++;
  return {
    pair: [names[a], names[b]],
    n,
    distanceCorrelation: observed,
    p: asDependent / (1 + permutations),
    pDiffers: dependenceDiffers(left, right, classes, { permutations, generator }),
  };
}

/** Subjects who have both, at most `most` of them. */
function completeRows(
  { names, present, strata }: Evidence,
  a: number,
  b: number,
  most: number,
  generator: Random,
): Int32Array {
  const many = names.length;
  const complete = Int32Array.from(strata.keys()).filter((i) => present[i * many + a] && present[i * many + b]);
  return atMost(complete, most, generator);
}

function atMost(rows: Int32Array, most: number, generator: Random): Int32Array {
  if (rows.length <= most) return rows;
  const chosen = permutation(rows.length, generator).subarray(0, most).sort();
  return chosen.map((place) => rows[place]);
}

/** Places of the subjects of each stratum large enough for a distance correlation. */
function membersOf(strata: Int32Array): readonly Int32Array[] {
  const all = Int32Array.from(strata.keys());
  return [...new Set(strata)]
    .sort((a, b) => a - b)
    .map((stratum) => all.filter((i) => strata[i] === stratum))
    .filter((members) => members.length >= 4);
}

/** The rows of a matrix, less what covariates tell of each column. */
function heldFixed(x: Matrix, rows: Int32Array, given: readonly Float64Array[], strata: Int32Array): Matrix {
  const width = x.shape[1];
  const out = new Float64Array(rows.length * width); // [rows, components]
  for (let k = 0; k < width; k++) {
    const column = Float64Array.from(rows, (row) => x.data[row * width + k]);
    const left = given.length > 0 ? residual(column, given, strata) : column;
    for (let i = 0; i < rows.length; i++) out[i * width + k] = left?.[i] ?? 0;
  }
  return matrix(rows.length, width, out);
}
