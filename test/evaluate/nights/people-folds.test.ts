import { expect, it } from 'vitest';
import { peopleFolds } from '../../../src/evaluate/nights/people-folds.ts';

const subjects = ['c', 'a', 'b', 'a', 'd', 'c'];

it('keeps all nights of a person in one fold, whatever order they stand in', () => {
  const folds = peopleFolds(subjects, 2, 7);
  expect(folds[0]).toBe(folds[5]);
  expect(folds[1]).toBe(folds[3]);
  const turned = peopleFolds([...subjects].reverse(), 2, 7);
  expect([...turned].reverse()).toEqual([...folds]);
});

it('spreads people evenly, and otherwise for another seed', () => {
  const people = Array.from({ length: 20 }, (_, at) => `p${at}`);
  const folds = peopleFolds(people, 2, 1);
  expect(folds.reduce((sum, fold) => sum + fold)).toBe(10);
  expect([...peopleFolds(people, 2, 2)]).not.toEqual([...folds]);
});

it('refuses fewer people than folds', () => {
  expect(() => peopleFolds(['a', 'a'], 2, 1)).toThrow(
    'folds of people: too few people, expected 2 folds or more, and as many people, got 1 people, 2 folds',
  );
});
