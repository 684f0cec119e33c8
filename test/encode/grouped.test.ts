import { describe, expect, it } from 'vitest';
import { type GroupedSpec, groupedEncoder } from '../../src/encode/grouped.ts';
import { block, parametersOf, tokensOf } from './run-encoder.ts';

/** Groups of 1, 2 and 5 columns, of which the first two share column 1; columns 8 and 9 are of none. */
const given: GroupedSpec = {
  name: 'a',
  columns: 10,
  width: 3,
  otherRank: 2,
  groups: [
    { name: 'long', columns: [3, 4, 5, 6, 7] },
    { name: 'one', columns: [1] },
    { name: 'two', columns: [1, 2] },
  ],
};
const encoder = groupedEncoder(given);
const x = (i: number, j: number) => Math.sin(i * 10 + j + 1);

describe('a table of groups', () => {
  it('has a token a group, the smallest first, and one of the columns in none', async () => {
    expect(encoder.names).toEqual(['one', 'two', 'long', 'other']);
    expect(encoder.tokens).toBe(4);
    expect((await tokensOf(encoder, block(10))).shape).toEqual([3, 4, 3]);
  });

  it('projects the columns of each group by weights of its own, over the root of the most columns of its like', async () => {
    const { data, values } = await tokensOf(encoder, block(10));
    const [small, long, bias] = ['a/groups 0/weight', 'a/groups 1/weight', 'a/bias'].map((name) => values[name]);
    for (let i = 0; i < 3; i++) {
      for (let k = 0; k < 3; k++) {
        const at = i * 12 + k;
        const two = x(i, 1) * small[6 + k] + x(i, 2) * small[9 + k];
        const five = [3, 4, 5, 6, 7].reduce((sum, j, place) => sum + x(i, j) * long[place * 3 + k], 0);
        expect(data[at]).toBeCloseTo((x(i, 1) * small[k]) / Math.SQRT2 + bias[k], 5);
        expect(data[at + 3]).toBeCloseTo(two / Math.SQRT2 + bias[3 + k], 5);
        expect(data[at + 6]).toBeCloseTo(five / Math.sqrt(5) + bias[6 + k], 5);
      }
    }
  });

  it('projects the columns of no group by way of few numbers', async () => {
    const { data, values } = await tokensOf(encoder, block(10));
    const [down, up, bias] = ['a/other down/weight', 'a/other up/weight', 'a/bias'].map((name) => values[name]);
    for (let i = 0; i < 3; i++) {
      const few = [0, 1].map((r) => [0, 8, 9].reduce((sum, j, place) => sum + x(i, j) * down[place * 2 + r], 0));
      for (let k = 0; k < 3; k++) {
        const told = (few[0] * up[k] + few[1] * up[3 + k]) / Math.sqrt(3);
        expect(data[i * 12 + 9 + k]).toBeCloseTo(told + bias[9 + k], 5);
      }
    }
  });

  it('adds for a missing cell its learned vector to the tokens of its groups and to no other', async () => {
    const { data, values } = await tokensOf(encoder, block(10, [11], 99)); // column 1 of the second subject
    const whole = (await tokensOf(encoder, block(10))).data;
    const [weight, missing] = ['a/groups 0/weight', 'a/groups 0/missing'].map((name) => values[name]);
    for (let at = 0; at < data.length; at++) {
      const slot = { 12: 0, 13: 1, 14: 2, 15: 6, 16: 7, 17: 8 }[at]; // one and two of the second subject
      const change = slot === undefined ? 0 : (missing[slot] - x(1, 1) * weight[slot]) / Math.SQRT2;
      expect(data[at]).toBeCloseTo(whole[at] + change, 4);
    }
    expect(data).toEqual((await tokensOf(encoder, block(10, [11], -7))).data);
  });

  it('has no parameters for missing cells where none was missing in training', () => {
    expect(parametersOf(encoder).filter((name) => name.endsWith('missing'))).toHaveLength(3);
    expect(parametersOf(groupedEncoder({ ...given, holes: false })).filter((name) => name.endsWith('missing'))).toEqual(
      [],
    );
  });

  it('has no token for others where every column is of a group', () => {
    const all = groupedEncoder({ ...given, columns: 3, groups: [{ name: 'all', columns: [0, 1, 2] }] });
    expect(all.names).toEqual(['all']);
    expect(parametersOf(all).filter((name) => name.includes('other'))).toEqual([]);
  });

  it('pads no group to more than twice its columns', () => {
    const groups = [5, 9, 10, 11, 200, 400, 500].map((size, g) => ({
      name: `g${g}`,
      columns: Array.from({ length: size }, (_, j) => j),
    }));
    const weights = groupedEncoder({ name: 'a', columns: 500, width: 1, groups });
    expect(parametersOf(weights).filter((name) => /groups \d+\/weight/.test(name))).toHaveLength(4);
  });
});

it('what an encoder of groups is can be written as JSON and built anew', () => {
  const { kind, ...options } = JSON.parse(JSON.stringify(encoder.spec));
  expect(kind).toBe('grouped');
  expect(groupedEncoder(options).spec).toEqual(encoder.spec);
  expect(groupedEncoder(options).names).toEqual(encoder.names);
});

it('groups that cannot be told or built are refused', () => {
  const groups =
    (...some: GroupedSpec['groups']) =>
    () =>
      groupedEncoder({ ...given, groups: some });
  expect(groups()).toThrow('grouped a: no groups, expected at least one');
  expect(groups({ name: 'g', columns: [] })).toThrow('grouped a: group "g" has no columns, expected at least one');
  expect(groups({ name: 'g', columns: [1] }, { name: 'g', columns: [2] })).toThrow('grouped a: two groups named "g"');
  expect(groups({ name: 'g', columns: [1, 10] })).toThrow(
    'grouped a: group "g": no such column, expected 0 to 9, got 10',
  );
  expect(() => encoder.inputs(block(3))).toThrow(
    'grouped a: other columns than in training, expected 10 columns, got 3',
  );
});
