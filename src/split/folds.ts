import { deriveSeed, permutation, random } from '../array/random.ts';
import { InputError } from '../errors.ts';

export interface FoldOptions {
  readonly folds: number;
  readonly seed: number;
  /** Subjects of one group (a family, a site, repeated scans of one person) stay in one fold. */
  readonly groups?: readonly string[];
}

/**
 * Stratified k-fold: the fold (0 .. folds - 1) of every subject, with each class spread as evenly as it goes. Follows
 * from the seed and the order of subjects alone. With groups, whole groups are dealt, the most lopsided first, each to the
 * fold whose class counts it evens out most (the greedy rule of stratified group k-fold).
 *
 * @throws InputError where a class (or the number of groups) is smaller than the number of folds.
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
  const classes = labels.reduce((a, b) => Math.max(a, b), 0) + 1;
  const names = [...new Set(groups)].sort();
  if (names.length < folds) {
    throw new InputError({
      where: 'folds',
      what: 'fewer groups than folds',
      expected: `at least ${folds} groups`,
      got: String(names.length),
    });
  }
  const counts = new Map(names.map((name) => [name, new Float64Array(classes)])); // group -> [classes]
  labels.forEach((label, row) => {
    (counts.get(groups[row]) as Float64Array)[label]++;
  });
  const totals = new Float64Array(classes);
  for (const label of labels) totals[label]++;
  const shuffled = Array.from(permutation(names.length, random(deriveSeed(seed, 'group folds'))), (i) => names[i]);
  const ordered = shuffled.sort(
    (a, b) => spread(counts.get(b) as Float64Array) - spread(counts.get(a) as Float64Array),
  );

  const held = Array.from({ length: folds }, () => new Float64Array(classes)); // folds x [classes]
  const foldOf = new Map<string, number>();
  for (const name of ordered) {
    const group = counts.get(name) as Float64Array;
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let fold = 0; fold < folds; fold++) {
      const cost = unevenness(held, fold, group, totals);
      if (cost < least - 1e-12) {
        least = cost;
        best = fold;
      }
    }
    for (let c = 0; c < classes; c++) held[best][c] += group[c];
    foldOf.set(name, best);
  }
  return Int32Array.from(groups, (name) => foldOf.get(name) as number);
}

function spread(counts: Float64Array): number {
  const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
  return Math.sqrt(counts.reduce((a, b) => a + (b - mean) ** 2, 0)) + mean;
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
  if (groups) {
    // Dealt into twenty parts of whole groups, as many parts tested as come nearest to the share.
    const names = new Set(groups).size;
    const parts = Math.min(20, names);
    const fold = groupedFolds(labels, groups, parts, deriveSeed(seed, 'holdout'));
    const many = Math.min(parts - 1, Math.max(1, Math.round(testShare * parts)));
    fold.forEach((f, row) => {
      tested[row] = f < many ? 1 : 0;
    });
    return tested;
  }
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
