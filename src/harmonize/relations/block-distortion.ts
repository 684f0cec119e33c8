/**
 * What harmonizing did to the relations between two tables of the same subjects: as `distortion` of images, with subjects in
 * the place of voxels.
 */
import { centredDistances, distanceCorrelation } from '../../array/distance-correlation.ts';
import { midranks } from '../../array/midranks.ts';
import { deriveSeed, permutation, type Random, random } from '../../array/random.ts';
import type { Block } from '../../describe/cohort.ts';
import { InputError } from '../../errors.ts';
import { correlation } from './dependence.ts';
import type { BeforeAfter } from './distortion-report.ts';
import { type AgainstNull, againstNull, checkPermutations } from './permutation-null.ts';

export interface BlockPair {
  readonly first: Block;
  readonly second: Block;
}

export interface BlockDistortionOptions {
  /** Draws of the null: subjects of the second table permuted, within sites where these are told. Default 500. */
  readonly permutations?: number;
  readonly seed?: number;
}

export interface BlockDistortion {
  /** `all`, or a site of at least eight subjects. */
  readonly site: string;
  readonly subjects: number;
  /** Bias-corrected squared distance correlation of the tables (Székely and Rizzo 2013): 0 of unrelated ones in the mean. */
  readonly distanceCorrelation: BeforeAfter & AgainstNull;
  /** Spearman's correlation over pairs of a feature of the first with one of the second: mean absolute, and its mean change. */
  readonly rankCorrelation: BeforeAfter & { readonly change: number };
}

/**
 * Subjects who have both tables count; a missing cell counts as the mean of its feature.
 *
 * @throws InputError where tables have other subjects or features before and after, fewer than eight subjects have both, or
 *   `permutations` is no whole number from 1 to 100,000
 */
export function blockDistortion(
  before: BlockPair,
  after: BlockPair,
  { permutations = 500, seed = 0 }: BlockDistortionOptions = {},
): BlockDistortion[] {
  checkPermutations(permutations, 'blockDistortion');
  for (const side of ['first', 'second'] as const) checkSame(before[side], after[side], side);
  const subjects = before.first.values.shape[0];
  if (before.second.values.shape[0] !== subjects) {
    const got = `${before.second.values.shape[0]}`;
    throw new InputError({ where: 'blockDistortion', what: 'other subjects', expected: `${subjects} of both`, got });
  }
  const { present, sites } = before.first;
  const rows = [...present.keys()].filter((i) => present[i] && before.second.present[i]);
  const named = sites ? [...new Set(rows.map((i) => sites[i]))].sort() : [];
  const groups = named.map((site) => ({ site, rows: rows.filter((i) => sites?.[i] === site) }));
  if (rows.length < fewest) {
    const expected = `${fewest} or more subjects with both`;
    throw new InputError({ where: 'blockDistortion', what: 'too few', expected, got: `${rows.length}` });
  }
  const strata = groups.length > 0 ? groups.map((group) => group.rows) : [rows];
  const own = groups
    .filter((group) => group.rows.length >= fewest)
    .map((group) => ({ ...group, strata: [group.rows] }));
  return [{ site: 'all', rows, strata }, ...(groups.length > 1 ? own : [])].map((group) => ({
    site: group.site,
    subjects: group.rows.length,
    ...related(before, after, group, permutations, random(deriveSeed(seed, 'blockDistortion', group.site))),
  }));
}

const fewest = 8;

function checkSame({ values: before }: Block, { values: after }: Block, side: string): void {
  if (before.shape[0] === after.shape[0] && before.shape[1] === after.shape[1]) return;
  const [expected, got] = [`[${before.shape.join(', ')}]`, `[${after.shape.join(', ')}]`];
  throw new InputError({ where: `blockDistortion: after.${side}`, what: 'other subjects or features', expected, got });
}

interface Group {
  readonly rows: readonly number[];
  readonly strata: readonly (readonly number[])[];
}

function related(before: BlockPair, after: BlockPair, { rows, strata }: Group, permutations: number, draw: Random) {
  const distances = (block: Block) => centredDistances(filled(block, rows), [...rows.keys()]);
  const whole = distanceCorrelation(distances(before.first), distances(before.second));
  const [a, b] = [distances(after.first), distances(after.second)];
  const told = distanceCorrelation(a, b);
  const places = strata.map((stratum) => stratum.map((row) => rows.indexOf(row)));
  const nulls = Float64Array.from({ length: permutations }, () =>
    distanceCorrelation(a, b, withinStrata(places, draw)),
  );
  const [was, is] = [rankCorrelations(before, rows), rankCorrelations(after, rows)];
  const mean = (of: (pair: number) => number) => was.reduce((sum, _, pair) => sum + of(pair), 0) / was.length;
  return {
    distanceCorrelation: {
      before: whole,
      after: told,
      ...againstNull(told, nulls),
    },
    rankCorrelation: {
      before: mean((pair) => Math.abs(was[pair])),
      after: mean((pair) => Math.abs(is[pair])),
      change: mean((pair) => Math.abs(is[pair] - was[pair])),
    },
  };
}

function withinStrata(strata: readonly (readonly number[])[], draw: Random): Int32Array {
  const order = new Int32Array(strata.reduce((sum, { length }) => sum + length, 0));
  for (const places of strata) {
    const own = permutation(places.length, draw);
    for (const [i, place] of places.entries()) order[place] = places[own[i]];
  }
  return order;
}

function filled({ values, observed }: Block, rows: readonly number[]) {
  const columns = values.shape[1];
  const data = new Float64Array(rows.length * columns); // [subjects, features]
  for (let j = 0; j < columns; j++) {
    const known = rows.filter((i) => observed[i * columns + j]);
    const mean = known.reduce((sum, i) => sum + values.data[i * columns + j], 0) / (known.length || 1);
    rows.forEach((i, r) => {
      data[r * columns + j] = observed[i * columns + j] ? values.data[i * columns + j] : mean;
    });
  }
  return { shape: [rows.length, columns] as const, data };
}

/** `[features of the first, features of the second]`; 0 where either does not vary. */
function rankCorrelations({ first, second }: BlockPair, rows: readonly number[]): Float64Array {
  const ranks = (block: Block) => {
    const { shape, data } = filled(block, rows);
    return Array.from({ length: shape[1] }, (_, j) =>
      midranks(Float64Array.from({ length: shape[0] }, (_, i) => data[i * shape[1] + j])),
    );
  };
  const [a, b] = [ranks(first), ranks(second)];
  return Float64Array.from(a.flatMap((own) => b.map((other) => correlation(own, other) || 0)));
}
