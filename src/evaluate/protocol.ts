/** Who is trained on and who is tested, and the same for every strategy. */
import { deriveSeed } from '../array/random.ts';
import type { Target } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import { stratifiedFolds, stratifiedHoldout } from '../split/folds.ts';

/** A split the data came with: rows of the cohort. */
export interface GivenSplit {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

export type Protocol =
  | { readonly kind: 'cross-validation'; readonly folds: number; readonly repeats: number }
  | { readonly kind: 'holdout'; readonly repeats: number; readonly testShare: number }
  | { readonly kind: 'given'; readonly splits: readonly GivenSplit[] };

export interface Fold {
  readonly repeat: number; // from 1
  readonly fold: number; // from 1
  readonly train: Int32Array; // rows of the cohort
  readonly test: Int32Array; // rows of the cohort
  /** Inner-validation fold of each training subject. */
  readonly inner: Int32Array; // [train]
  readonly seed: number;
}

/**
 * The folds of a protocol. They follow from the seed and the subjects (who are sorted by id), not from the strategies or
 * the number of workers. Inner folds are made of training subjects only, groups kept together here too.
 *
 * @throws InputError where subjects, groups or the members of a class are too few for the folds asked for.
 */
export function planFolds(
  target: Target,
  protocol: Protocol,
  { seed, inner, groups }: { readonly seed: number; readonly inner: number; readonly groups?: readonly string[] },
): Fold[] {
  checkClasses(target, protocol);
  const plan: Fold[] = [];
  const add = (repeat: number, fold: number, train: Int32Array, test: Int32Array) => {
    const foldSeed = deriveSeed(seed, 'repeat', repeat, 'fold', fold);
    const labels = Int32Array.from(train, (row) => target.labels[row]);
    const grouped = groups && { groups: Array.from(train, (row) => groups[row]) };
    const parts = Math.min(inner, grouped ? new Set(grouped.groups).size : train.length);
    plan.push({
      repeat,
      fold,
      train,
      test,
      inner: stratifiedFolds(labels, { folds: parts, seed: foldSeed, ...grouped }),
      seed: foldSeed,
    });
  };
  if (protocol.kind === 'given') {
    protocol.splits.forEach(({ train, test }, at) => add(1, at + 1, train, test));
    return plan;
  }
  for (let repeat = 1; repeat <= protocol.repeats; repeat++) {
    const repeatSeed = deriveSeed(seed, 'repeat', repeat);
    if (protocol.kind === 'holdout') {
      const tested = stratifiedHoldout(target.labels, {
        testShare: protocol.testShare,
        seed: repeatSeed,
        ...(groups && { groups }),
      });
      add(repeat, 1, rowsWhere(tested, 0), rowsWhere(tested, 1));
      continue;
    }
    const folds = stratifiedFolds(target.labels, {
      folds: protocol.folds,
      seed: repeatSeed,
      ...(groups && { groups }),
    });
    for (let fold = 0; fold < protocol.folds; fold++) {
      add(repeat, fold + 1, rowsWhereNot(folds, fold), rowsWhere(folds, fold));
    }
  }
  return plan;
}

function checkClasses({ classes, labels, name }: Target, protocol: Protocol): void {
  const counts = new Int32Array(classes.length);
  for (const label of labels) counts[label]++;
  const met = counts.filter((count) => count > 0).length;
  if (met < 2) {
    throw new InputError({
      where: `target ${name}`,
      what: 'one class only, nothing to tell apart',
      expected: 'at least two classes among the subjects',
      got: met ? classes[counts.findIndex((count) => count > 0)] : 'no subject',
    });
  }
  const needed = protocol.kind === 'cross-validation' ? protocol.folds : 2;
  if (labels.length < needed) {
    throw new InputError({
      where: 'protocol: folds',
      what: 'fewer subjects than folds',
      expected: `at least ${needed} subjects`,
      got: String(labels.length),
    });
  }
  const smallest = counts.findIndex((count) => count > 0 && count < 2);
  if (smallest >= 0 && protocol.kind !== 'given') {
    throw new InputError({
      where: `target ${name}`,
      what: `class "${classes[smallest]}" has a single subject, so it cannot be trained on and tested`,
      expected: 'at least 2',
      got: '1',
    });
  }
}

function rowsWhere(parts: ArrayLike<number>, part: number): Int32Array {
  return Int32Array.from(Array.from(parts, (_, row) => row).filter((row) => parts[row] === part));
}

function rowsWhereNot(parts: ArrayLike<number>, part: number): Int32Array {
  return Int32Array.from(Array.from(parts, (_, row) => row).filter((row) => parts[row] !== part));
}
