/** A part of the subjects in which site and target have nothing to do with each other, by construction. */
import { deriveSeed, permutation, random } from '../array/random.ts';
import { asClasses, type Target } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import type { Warning } from '../evaluate/comparison.ts';
import type { GivenSplit } from '../evaluate/protocol.ts';

/**
 * Rows of a random subsample in which every site has the same number of each class: that of the site which has fewest.
 * Survival is balanced by event or censored, which leaves aside for how long each was watched.
 *
 * @param sites the site of each subject
 * @param seed of the draw; each site and class is drawn by itself
 * @throws InputError on a target of values, and where a site lacks a class altogether
 */
export function balancedRows(
  sites: readonly string[],
  target: Target,
  seed: number,
): { readonly rows: Int32Array; readonly warnings: Warning[] } {
  if (target.kind === 'value') {
    const expected = 'a target of classes or of survival';
    throw new InputError({ where: 'subsample', what: 'values have no classes to balance', expected, got: 'values' });
  }
  const { classes, labels } = asClasses(target);
  const names = [...new Set(sites)].sort();
  const cells = classes.map((_, k) =>
    names.map((site) => [...labels.keys()].filter((i) => labels[i] === k && sites[i] === site)),
  ); // rows by class and site
  const kept = cells.map((bySite, k) => {
    const fewest = Math.min(...bySite.map(({ length }) => length));
    if (fewest === 0) throw lacking(names[bySite.findIndex(({ length }) => length === 0)], classes[k], target.name);
    return fewest;
  });
  const drawn = cells.flatMap((bySite, k) =>
    bySite.flatMap((rows, s) => {
      const order = permutation(rows.length, random(deriveSeed(seed, 'subsample', names[s], classes[k])));
      return Array.from(order.subarray(0, kept[k]), (at) => rows[at]);
    }),
  );
  const rows = Int32Array.from(drawn).sort();
  const each = classes.map((name, k) => `${kept[k]} of ${name}`).join(', ');
  const message = `subsample: ${rows.length} of ${labels.length} subjects are used and ${labels.length - rows.length} left out, so that each of ${names.length} sites has ${each}; drawn by seed ${seed}, so look at several`;
  return { rows, warnings: rows.length < labels.length ? [{ code: 'subsampled', message }] : [] };
}

function lacking(site: string, name: string, target: string): InputError {
  return new InputError({
    where: 'subsample',
    what: `site "${site}" has no subject whose ${target} is ${name}, so that nothing is left in balance`,
    expected: 'subjects of every class in every site',
  });
}

/** The splits as rows of a part of the cohort. */
export function splitsWithin(splits: readonly GivenSplit[], rows: Int32Array): GivenSplit[] {
  const place = new Map(Array.from(rows, (row, at) => [row, at]));
  const within = (those: Int32Array) =>
    Int32Array.from(those.filter((row) => place.has(row)).map((row) => place.get(row) as number));
  return splits.map((split) => ({ ...split, train: within(split.train), test: within(split.test) }));
}
