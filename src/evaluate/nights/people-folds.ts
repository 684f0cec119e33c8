import { deriveSeed, permutation, random } from '../../array/random.ts';
import { InputError } from '../../errors.ts';

/**
 * Folds of people: everyone's nights lie in one fold, and who is where follows from names and seed.
 *
 * @returns fold of each subject, 0 .. folds - 1; [subjects]
 * @throws InputError where there are fewer people than folds
 */
export function peopleFolds(subjects: readonly string[], folds: number, seed: number): Int32Array {
  const people = [...new Set(subjects)].sort();
  if (people.length < folds || folds < 2) {
    throw new InputError({
      where: 'folds of people',
      what: 'too few people',
      expected: `2 folds or more, and as many people`,
      got: `${people.length} people, ${folds} folds`,
    });
  }
  const order = permutation(people.length, random(deriveSeed(seed, 'people')));
  const foldOf = new Map(people.map((name, at) => [name, order[at] % folds]));
  return Int32Array.from(subjects, (subject) => foldOf.get(subject) as number);
}
