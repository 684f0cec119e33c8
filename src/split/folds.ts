import { deriveSeed, permutation, type Random, random } from '../array/random.ts';
import { InputError } from '../errors.ts';

export interface FoldOptions {
  readonly folds: number;
  readonly seed: number;
  /** Subjects of one group (a family, a site, repeated scans of one person) stay in one fold. */
  readonly groups?: readonly string[];
}

/**
 * Stratified k-fold: the fold (0 .. folds - 1) of every subject, with each class spread as evenly as it goes. Follows
 * from the seed and the order of subjects alone. With groups, whole groups are dealt, the larger ones earlier, each to the
 * fold whose class shares it evens out most (as scikit-learn's `StratifiedGroupKFold`, with the order also drawn by lot).
 * No fold is left empty.
 *
 * @throws InputError where subjects, or groups, are fewer than folds
 */
export function stratifiedFolds(labels: Int32Array, { folds, seed, groups }: FoldOptions): Int32Array {
  if (!Number.isInteger(folds) || folds < 2) {
    throw new InputError({
      where: 'folds',
      what: 'too few',
      expected: 'a whole number of at least 2',
      got: String(folds),
    });
  }
  if (labels.length < folds) {
    throw new InputError({
      where: 'folds',
      what: `fewer subjects than folds`,
      expected: `at least ${folds} subjects`,
      got: String(labels.length),
    });
  }
  return groups ? groupedFolds(labels, groups, folds, seed) : dealtFolds(labels, folds, seed);
}

function dealtFolds(labels: Int32Array, folds: number, seed: number): Int32Array {
  const assigned = new Int32Array(labels.length); // [subjects]
  const order = permutation(labels.length, random(deriveSeed(seed, 'folds')));
  const byClass = new Map<number, number[]>();
  for (const row of order) {
    const rows = byClass.get(labels[row]);
    if (rows) rows.push(row);
    else byClass.set(labels[row], [row]);
  }
  let next = 0; // dealing goes on where the last class stopped, so that folds differ by one subject at most
  for (const label of [...byClass.keys()].sort((a, b) => a - b)) {
    for (const row of byClass.get(label) as number[]) assigned[row] = next++ % folds;
  }
  return assigned;
}

function groupedFolds(labels: Int32Array, groups: readonly string[], folds: number, seed: number): Int32Array {
  const counts = countsByGroup(labels, groups);
  if (counts.size < folds) {
    throw new InputError({
      where: 'folds',
      what: 'fewer groups than folds',
      expected: `at least ${folds} groups`,
      got: String(counts.size),
    });
  }
  const totals = totalsOf(counts, labels);
  const ordered = inDealingOrder(counts, random(deriveSeed(seed, 'group folds')));
  const held = Array.from({ length: folds }, () => new Float64Array(totals.length)); // folds x [classes]
  const sizes = new Int32Array(folds);
  const foldOf = new Map<string, number>();
  ordered.forEach((name, dealt) => {
    const group = counts.get(name) as Float64Array;
    const empty = sizes.reduce((sum, size) => sum + (size === 0 ? 1 : 0), 0);
    const mustFill = ordered.length - dealt <= empty;
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let fold = 0; fold < folds; fold++) {
      if (mustFill && sizes[fold] > 0) continue;
      const cost = unevenness(held, fold, group, totals);
      const tied = Math.abs(cost - least) <= 1e-12;
      if (best < 0 || (tied ? sizes[fold] < sizes[best] : cost < least)) {
        best = fold;
        least = Math.min(least, cost);
      }
    }
    group.forEach((count, c) => {
      held[best][c] += count;
      sizes[best] += count;
    });
    foldOf.set(name, best);
  });
  return Int32Array.from(groups, (name) => foldOf.get(name) as number);
}

/** How many subjects of each class a group has: group -> [classes]. */
function countsByGroup(labels: Int32Array, groups: readonly string[]): Map<string, Float64Array> {
  const classes = labels.reduce((a, b) => Math.max(a, b), 0) + 1;
  const counts = new Map([...new Set(groups)].sort().map((name) => [name, new Float64Array(classes)]));
  labels.forEach((label, row) => {
    (counts.get(groups[row]) as Float64Array)[label]++;
  });
  return counts;
}

function totalsOf(counts: ReadonlyMap<string, Float64Array>, labels: Int32Array): Float64Array {
  const totals = new Float64Array(counts.values().next().value?.length ?? 0); // [classes]
  for (const label of labels) totals[label]++;
  return totals;
}

/** Large groups first, since small ones even out what they leave; by lot between sizes that are not far apart. */
function inDealingOrder(counts: ReadonlyMap<string, Float64Array>, generator: Random): string[] {
  const keys = new Map([...counts].map(([name, count]) => [name, sum(count) * (0.5 + generator.uniform())]));
  return [...counts.keys()].sort((a, b) => (keys.get(b) as number) - (keys.get(a) as number));
}

function sum(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0);
}

/** Sum over classes of the variance between folds of the class's share, were the group put into `fold`. */
function unevenness(held: readonly Float64Array[], fold: number, group: Float64Array, totals: Float64Array): number {
  let cost = 0;
  for (let c = 0; c < totals.length; c++) {
    if (totals[c] === 0) continue;
    let sum = 0;
    let squares = 0;
    for (let f = 0; f < held.length; f++) {
      const share = (held[f][c] + (f === fold ? group[c] : 0)) / totals[c];
      sum += share;
      squares += share * share;
    }
    cost += squares - (sum * sum) / held.length;
  }
  return cost;
}

/** A stratified random part of the subjects for testing (Monte Carlo cross-validation): 1 where a subject is tested. */
export function stratifiedHoldout(
  labels: Int32Array,
  {
    testShare,
    seed,
    groups,
  }: { readonly testShare: number; readonly seed: number; readonly groups?: readonly string[] },
): Uint8Array {
  const tested = new Uint8Array(labels.length); // [subjects]
  if (groups) return groupedHoldout(labels, groups, testShare, random(deriveSeed(seed, 'holdout')));
  const order = permutation(labels.length, random(deriveSeed(seed, 'holdout')));
  const totals = new Map<number, number>();
  for (const label of labels) totals.set(label, (totals.get(label) ?? 0) + 1);
  const wanted = new Map(
    [...totals].map(([label, n]) => [label, Math.min(n - 1, Math.max(1, Math.round(n * testShare)))]),
  );
  for (const row of order) {
    const left = wanted.get(labels[row]) as number;
    if (left > 0) {
      tested[row] = 1;
      wanted.set(labels[row], left - 1);
    }
  }
  return tested;
}

/** Groups by lot, each taken where it brings the tested share of the classes nearer to what is asked for. */
function groupedHoldout(
  labels: Int32Array,
  groups: readonly string[],
  testShare: number,
  generator: Random,
): Uint8Array {
  const counts = countsByGroup(labels, groups);
  const names = [...counts.keys()];
  if (names.length < 2) {
    throw new InputError({
      where: 'holdout',
      what: 'one group only',
      expected: 'at least 2 groups',
      got: names.join(),
    });
  }
  const totals = totalsOf(counts, labels);
  const held = new Float64Array(totals.length); // [classes]
  const distance = (more?: Float64Array) =>
    totals.reduce((all, total, c) => all + (total ? Math.abs((held[c] + (more?.[c] ?? 0)) / total - testShare) : 0), 0);
  const chosen = new Set<string>();
  for (const at of permutation(names.length, generator)) {
    const group = counts.get(names[at]) as Float64Array;
    const wanted = chosen.size === 0 || distance(group) < distance();
    if (!wanted || chosen.size === names.length - 1) continue;
    chosen.add(names[at]);
    group.forEach((count, c) => {
      held[c] += count;
    });
  }
  return Uint8Array.from(groups, (name) => (chosen.has(name) ? 1 : 0));
}
