/** Who is trained on and who is tested, and the same for every strategy. */
import { deriveSeed } from '../array/random.ts';
import { asClasses, classCounts, strataOf, subjectsOf, type Target, takeTarget } from '../describe/target.ts';
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
  /** Each group (site, study) is the test set once: what to expect at a place that nobody trained on. */
  | { readonly kind: 'leave-one-group-out' }
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

export interface PlanOptions {
  readonly seed: number;
  readonly inner: number;
  readonly groups?: readonly string[];
}

/**
 * The folds of a protocol. They follow from the seed and the subjects (who are sorted by id), not from the strategies or
 * the number of workers. Inner folds are made of training subjects only, groups kept together here too (unless training
 * holds one group only, which cannot be parted otherwise). A split that another repeat drew before, as happens where
 * groups are few, stands once: a copy is no evidence.
 *
 * @throws InputError where subjects, groups or the members of a class are too few for the folds asked for, and where a
 * given split overlaps, parts a group, or names rows that are not there
 */
export function planFolds(target: Target, protocol: Protocol, { seed, inner, groups }: PlanOptions): Fold[] {
  checkSubjects(target, protocol);
  const strata = strataOf(target);
  const drawn = new Set<string>();
  const plan: Fold[] = [];
  for (const { repeat, fold, train, test } of splitsOf(strata, protocol, seed, groups)) {
    const key = test.join();
    if (drawn.has(key)) continue;
    drawn.add(key);
    const foldSeed = deriveSeed(seed, 'repeat', repeat, 'fold', fold);
    plan.push({
      repeat,
      fold,
      train,
      test,
      inner: innerFolds(strataOf(takeTarget(target, train)), train, { seed: foldSeed, inner, groups }),
      seed: foldSeed,
    });
  }
  return plan;
}

type Split = Pick<Fold, 'repeat' | 'fold' | 'train' | 'test'>;

function splitsOf(
  strata: Int32Array,
  protocol: Protocol,
  seed: number,
  groups: readonly string[] | undefined,
): Split[] {
  const grouped = groups && { groups };
  switch (protocol.kind) {
    case 'given':
      return repeatsApart(
        protocol.splits.map(({ train, test }, at) => {
          checkSplit(`split ${at + 1}`, train, test, strata.length, groups);
          return { fold: at + 1, train, test };
        }),
      );
    case 'leave-one-group-out':
      return groupSplits(groups);
    case 'holdout':
      return repeatsOf(protocol.repeats).map((repeat) => {
        const { testShare } = protocol;
        const tested = stratifiedHoldout(strata, {
          testShare,
          seed: deriveSeed(seed, 'repeat', repeat),
          ...grouped,
        });
        return {
          repeat,
          fold: 1,
          train: rowsOf(tested, (yes) => yes === 0),
          test: rowsOf(tested, (yes) => yes === 1),
        };
      });
    case 'cross-validation':
      return repeatsOf(protocol.repeats).flatMap((repeat) => {
        const { folds } = protocol;
        const part = stratifiedFolds(strata, { folds, seed: deriveSeed(seed, 'repeat', repeat), ...grouped });
        return Array.from({ length: folds }, (_, fold) => ({
          repeat,
          fold: fold + 1,
          train: rowsOf(part, (own) => own !== fold),
          test: rowsOf(part, (own) => own === fold),
        }));
      });
  }
}

/** Splits that test other subjects make up a repeat, in which every subject counts once; one that overlaps goes to a later one. */
function repeatsApart(splits: readonly Omit<Split, 'repeat'>[]): Split[] {
  const tested: Set<number>[] = []; // by repeat
  return splits.map((split) => {
    let at = tested.findIndex((rows) => !split.test.some((row) => rows.has(row)));
    if (at < 0) at = tested.push(new Set()) - 1;
    for (const row of split.test) tested[at].add(row);
    return { ...split, repeat: at + 1 };
  });
}

function groupSplits(groups: readonly string[] | undefined): Split[] {
  const names = [...new Set(groups)].sort();
  if (!groups || names.length < 2) {
    throw new InputError({
      where: 'protocol',
      what: 'leave-one-group-out needs groups to leave out',
      expected: 'at least two groups of subjects',
      got: names.length ? `one: ${names[0]}` : 'none',
    });
  }
  return names.map((name, at) => ({
    repeat: 1,
    fold: at + 1,
    train: rowsOf(groups, (group) => group !== name),
    test: rowsOf(groups, (group) => group === name),
  }));
}

function repeatsOf(repeats: number): number[] {
  return Array.from({ length: repeats }, (_, i) => i + 1);
}

function innerFolds(
  strata: Int32Array, // of the training subjects
  train: Int32Array,
  {
    seed,
    inner,
    groups,
  }: { readonly seed: number; readonly inner: number; readonly groups: readonly string[] | undefined },
): Int32Array {
  const homes = groups && Array.from(train, (row) => groups[row]);
  const many = homes ? new Set(homes).size : 0;
  if (homes && many > 1) return stratifiedFolds(strata, { folds: Math.min(inner, many), seed, groups: homes });
  return stratifiedFolds(strata, { folds: Math.min(inner, train.length), seed });
}

function checkSplit(
  where: string,
  train: Int32Array,
  test: Int32Array,
  n: number,
  groups: readonly string[] | undefined,
): void {
  for (const [name, rows] of [['train', train] as const, ['test', test] as const]) {
    if (rows.length === 0)
      throw new InputError({ where: `${where}: ${name}`, what: 'nobody', expected: 'at least one subject' });
    const wrong = rows.find((row) => row < 0 || row >= n);
    if (wrong !== undefined) {
      throw new InputError({
        where: `${where}: ${name}`,
        what: 'a row that is not there',
        expected: `0 to ${n - 1}`,
        got: String(wrong),
      });
    }
    if (new Set(rows).size < rows.length) throw new InputError({ where: `${where}: ${name}`, what: 'a subject twice' });
  }
  const trained = new Set(train);
  const both = test.find((row) => trained.has(row));
  if (both !== undefined)
    throw new InputError({ where, what: 'a subject in training and in test', got: `row ${both}` });
  if (!groups) return;
  const homes = new Set(Array.from(train, (row) => groups[row]));
  const parted = new Set(Array.from(test, (row) => groups[row]).filter((group) => homes.has(group)));
  if (parted.size > 0) {
    const shown = [...parted].slice(0, 3).join(', ');
    throw new InputError({
      where,
      what: 'the split parts groups that were to be kept together',
      expected: 'every group on one side (or a study without "groups")',
      got: `${parted.size} on both sides: ${shown}`,
    });
  }
}

/** Whether there is something to learn and enough to test it on. */
function checkSubjects(target: Target, protocol: Protocol): void {
  const needed = protocol.kind === 'cross-validation' ? protocol.folds : 2;
  if (target.kind === 'value') checkValues(target.values, target.name);
  else checkClasses(target, protocol, needed);
  const subjects = subjectsOf(target);
  if (subjects >= needed) return;
  throw new InputError({
    where: 'protocol: folds',
    what: 'fewer subjects than folds',
    expected: `at least ${needed} subjects`,
    got: String(subjects),
  });
}

function checkValues(values: Float64Array, name: string): void {
  if (values.some((value) => value !== values[0])) return;
  const where = `target ${name}`;
  throw new InputError({ where, what: 'the same value throughout, nothing to tell', expected: 'values that differ' });
}

function checkClasses(target: Exclude<Target, { kind: 'value' }>, protocol: Protocol, needed: number): void {
  const { classes, labels, name } = asClasses(target);
  const where = `target ${name}`;
  const counts = classCounts(asClasses(target));
  if (target.kind === 'survival') {
    if (counts[1] >= needed) return;
    const what = counts[1] === 0 ? 'nobody had the event, all are censored' : 'too few had the event';
    throw new InputError({
      where,
      what,
      expected: `at least ${needed} events`,
      got: `${counts[1]} of ${labels.length}`,
    });
  }
  const met = counts.filter((count) => count > 0).length;
  if (met < 2) {
    throw new InputError({
      where,
      what: 'one class only, nothing to tell apart',
      expected: 'at least two classes among the subjects',
      got: met ? classes[counts.findIndex((count) => count > 0)] : 'no subject',
    });
  }
  if (labels.length < needed) return; // told of by the caller
  const smallest = counts.findIndex((count) => count > 0 && count < 2);
  if (smallest >= 0 && protocol.kind !== 'given') {
    throw new InputError({
      where,
      what: `class "${classes[smallest]}" has a single subject, so it cannot be trained on and tested`,
      expected: 'at least 2',
      got: '1',
    });
  }
}

function rowsOf<T>(parts: ArrayLike<T>, keep: (part: T) => boolean): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < parts.length; row++) if (keep(parts[row])) rows.push(row);
  return Int32Array.from(rows);
}
