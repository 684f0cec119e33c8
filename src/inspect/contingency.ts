/** Whether two ways to sort the same subjects have to do with each other. */
import { permutation, type Random } from '../array/random.ts';
import { logGamma } from '../array/special.ts';
import { InputError } from '../errors.ts';
import type { Association } from './inspection.ts';

const draws = 1999;

/**
 * Fisher's exact test for two by two, else Pearson's chi-square against permuted labels, which needs no cell to be large.
 * The p of permutations is (1 + as extreme) / (1 + draws), which holds its level at any number of draws (Phipson and
 * Smyth 2010). Undefined where either way to sort has one kind only.
 *
 * @param a Kind of each subject [subjects], whole numbers from 0.
 * @param b Likewise [subjects].
 * @throws InputError where the two are of different length.
 */
export function association(a: ArrayLike<number>, b: ArrayLike<number>, random: Random): Association | undefined {
  if (a.length !== b.length) {
    throw new InputError({
      where: 'association',
      what: 'not the same subjects',
      expected: `${a.length}`,
      got: `${b.length}`,
    });
  }
  const n = a.length;
  const [first, second] = [compact(a), compact(b)];
  if (first.kinds < 2 || second.kinds < 2) return undefined;
  const totals = [margins(first), margins(second)];
  const chi = chiSquare(first.codes, second.codes, totals[0], totals[1]);
  const cramersV = Math.min(1, Math.sqrt(chi / (n * (Math.min(first.kinds, second.kinds) - 1))));
  if (first.kinds === 2 && second.kinds === 2) {
    let both = 0;
    for (let i = 0; i < n; i++) both += first.codes[i] & second.codes[i];
    return { n, cramersV, p: fisherExact(both, totals[0][1], totals[1][1], n), method: 'fisher' };
  }
  let extreme = 0;
  const mixed = new Int32Array(n); // [subjects]
  for (let draw = 0; draw < draws; draw++) {
    const order = permutation(n, random);
    for (let i = 0; i < n; i++) mixed[i] = second.codes[order[i]];
    if (chiSquare(first.codes, mixed, totals[0], totals[1]) >= chi * (1 - 1e-10)) extreme++;
  }
  return { n, cramersV, p: (1 + extreme) / (1 + draws), method: 'permutation' };
}

/**
 * Fisher's exact test, two-sided: the chance, given the margins, of any table no likelier than this one.
 *
 * @param both Subjects of both kinds.
 * @param a Subjects of the first kind.
 * @param b Subjects of the second kind.
 * @param n All subjects.
 */
export function fisherExact(both: number, a: number, b: number, n: number): number {
  const choose = (from: number, k: number) => logGamma(from + 1) - logGamma(k + 1) - logGamma(from - k + 1);
  const all = choose(n, b);
  const chance = (x: number) => Math.exp(choose(a, x) + choose(n - a, b - x) - all);
  const limit = chance(both) * (1 + 1e-7);
  let p = 0;
  for (let x = Math.max(0, a + b - n); x <= Math.min(a, b); x++) {
    const at = chance(x);
    if (at <= limit) p += at;
  }
  return Math.min(1, p);
}

interface Codes {
  readonly codes: Int32Array; // [subjects]
  readonly kinds: number;
}

/** Kinds numbered without gaps, so that none is empty; in ascending order. */
function compact(values: ArrayLike<number>): Codes {
  const met = [...new Set(Array.from(values))].sort((x, y) => x - y);
  const at = new Map(met.map((value, k) => [value, k]));
  return { codes: Int32Array.from(values, (value: number) => at.get(value) as number), kinds: met.length };
}

function margins({ codes, kinds }: Codes): Int32Array {
  const totals = new Int32Array(kinds);
  for (const code of codes) totals[code]++;
  return totals;
}

/** Pearson's, from n (Σ count² / (row total · column total) − 1). */
function chiSquare(a: Int32Array, b: Int32Array, rows: Int32Array, columns: Int32Array): number {
  const counts = new Int32Array(rows.length * columns.length); // [kinds of a, kinds of b]
  for (let i = 0; i < a.length; i++) counts[a[i] * columns.length + b[i]]++;
  let sum = 0;
  for (let r = 0; r < rows.length; r++) {
    for (let c = 0; c < columns.length; c++) sum += counts[r * columns.length + c] ** 2 / (rows[r] * columns[c]);
  }
  return Math.max(0, a.length * (sum - 1));
}
