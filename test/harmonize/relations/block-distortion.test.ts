import { describe, expect, it } from 'vitest';
import { random } from '../../../src/array/random.ts';
import type { Block } from '../../../src/describe/cohort.ts';
import { blockDistortion } from '../../../src/harmonize/relations/block-distortion.ts';
import { blockOf } from '../small-blocks.ts';

/** Two tables of 40 subjects of two sites; one number of each subject is in both, and a site shifts them by as much. */
function tables(shift: number, shared = 1): { first: Block; second: Block } {
  const draw = random(7);
  const sites = Array.from({ length: 40 }, (_, i) => (i % 2 ? 'B' : 'A'));
  const hidden = sites.map(() => draw.normal());
  const table = () => ({
    ...blockOf(
      'interval',
      hidden.map((own, i) => [0, 1, 2].map(() => shared * own + draw.normal() + (sites[i] === 'B' ? shift : 0))),
    ),
    sites,
  });
  return { first: table(), second: table() };
}

const changed = (block: Block, by: (value: number, i: number) => number): Block => ({
  ...block,
  values: { ...block.values, data: block.values.data.map((value, cell) => by(value, Math.floor(cell / 3))) },
});

describe('distortion of tables', () => {
  it('tells nothing of ranks where each feature is mapped by a rising curve', () => {
    const pair = tables(0);
    const [all] = blockDistortion(pair, { first: changed(pair.first, Math.exp), second: pair.second });
    expect(all).toMatchObject({ site: 'all', subjects: 40 });
    expect(all.rankCorrelation.change).toBe(0);
    expect(all.distanceCorrelation.p).toBeLessThan(0.05);
  });

  it('tells of a relation that is lost, all together and in each site', () => {
    const pair = tables(0);
    const draw = random(1);
    const told = blockDistortion(pair, { first: changed(pair.first, () => draw.normal()), second: pair.second });
    expect(told.map(({ site, subjects }) => [site, subjects])).toEqual([
      ['all', 40],
      ['A', 20],
      ['B', 20],
    ]);
    for (const { distanceCorrelation, rankCorrelation } of told) {
      expect(distanceCorrelation.before).toBeGreaterThan(0.15);
      expect(distanceCorrelation.after).toBeLessThan(0.15);
      expect(distanceCorrelation.p).toBeGreaterThan(0.01);
      expect(rankCorrelation.change).toBeGreaterThan(0.2);
    }
  });

  it('does not take what sites have in common for a relation of subjects', () => {
    const pair = tables(6, 0);
    const [all] = blockDistortion(pair, pair);
    expect(all.distanceCorrelation.after).toBeGreaterThan(0.5);
    expect(all.distanceCorrelation.p).toBeGreaterThan(0.05);
    const bare = ({ sites: _, ...block }: Block): Block => block;
    const unsited = { first: bare(pair.first), second: bare(pair.second) };
    expect(blockDistortion(unsited, unsited)[0].distanceCorrelation.p).toBeLessThan(0.01);
  });

  it('refuses tables of other subjects, and too few', () => {
    const pair = tables(0);
    const few = blockOf('interval', [[1], [2], [3]]);
    expect(() => blockDistortion(pair, { ...pair, second: few })).toThrow(
      'blockDistortion: after.second: other subjects or features, expected [40, 3], got [3, 1]',
    );
    expect(() => blockDistortion({ first: few, second: few }, { first: few, second: few })).toThrow(
      'blockDistortion: too few, expected 8 or more subjects with both, got 3',
    );
  });

  it('refuses a null of no draws', () => {
    const pair = tables(0);
    expect(() => blockDistortion(pair, pair, { permutations: 0 })).toThrow(
      'blockDistortion: permutations: unusable, expected a whole number from 1 to 100000, got 0',
    );
  });
});
