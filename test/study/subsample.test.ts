import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClassTarget, Target } from '../../src/describe/target.ts';
import { loadStudy } from '../../src/study/load.node.ts';
import { balancedRows, splitsWithin } from '../../src/study/subsample.ts';
import { folderWith, smallFiles, study, table } from './small-study.ts';

const classes = (labels: readonly number[]): ClassTarget => ({
  kind: 'classes',
  name: 'type',
  classes: ['a', 'b', 'c'],
  labels: Int32Array.from(labels),
});

/** How many subjects each site has of each class. */
function counts(sites: readonly string[], labels: ArrayLike<number>, rows: Int32Array): Record<string, number[]> {
  const found: Record<string, number[]> = {};
  for (const row of rows) {
    found[sites[row]] ??= [0, 0, 0];
    found[sites[row]][labels[row]]++;
  }
  return found;
}

const worlds = fc
  .array(fc.record({ site: fc.constantFrom('x', 'y', 'z'), label: fc.integer({ min: 0, max: 2 }) }), { maxLength: 60 })
  .map((drawn) => [
    ...drawn,
    ...['x', 'y', 'z'].flatMap((site) => [0, 1, 2].map((label) => ({ site, label }))), // every class in every site
  ]);

describe('a balanced subsample', () => {
  it('has the same number of each class in every site: that of the site which has fewest', () => {
    fc.assert(
      fc.property(worlds, fc.nat(), (subjects, seed) => {
        const [sites, labels] = [subjects.map(({ site }) => site), subjects.map(({ label }) => label)];
        const { rows } = balancedRows(sites, classes(labels), seed);
        const all = counts(sites, labels, Int32Array.from(sites.keys()));
        const fewest = [0, 1, 2].map((k) => Math.min(...Object.values(all).map((own) => own[k])));
        expect(counts(sites, labels, rows)).toEqual({ x: fewest, y: fewest, z: fewest });
        expect([...rows]).toEqual([...new Set(rows)].sort((a, b) => a - b));
      }),
      { numRuns: 50 },
    );
  });

  const sites = Array.from({ length: 60 }, (_, i) => (i % 3 ? 'x' : 'y'));
  const mixed = Array.from({ length: 60 }, (_, i) => Math.floor(i / 3) % 3);

  it('is the same for a seed and another for another', () => {
    const drawn = (seed: number) => [...balancedRows(sites, classes(mixed), seed).rows];
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  });

  it('gives every subject of a site and class the same chance', () => {
    const many = 3000;
    const five = ['x', 'x', 'x', 'x', 'x', 'y', 'y', 'x', 'y', 'x', 'y'];
    const kind = classes([0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2]);
    const met = new Array(5).fill(0);
    for (let seed = 0; seed < many; seed++)
      for (const row of balancedRows(five, kind, seed).rows) if (row < 5) met[row]++;
    for (const times of met) expect(Math.abs(times / many - 2 / 5)).toBeLessThan(0.04); // 4.5 standard errors
  });

  it('balances survival by event or censored', () => {
    const event = Uint8Array.of(1, 1, 0, 0, 1, 0, 0, 0);
    const target: Target = { kind: 'survival', name: 'death', timeDays: new Float64Array(8).fill(9), event };
    const { rows } = balancedRows(['x', 'x', 'x', 'x', 'y', 'y', 'y', 'y'], target, 0);
    expect(Array.from(rows, (row) => [row < 4, event[row]]).sort()).toEqual([
      [false, 0],
      [false, 0],
      [false, 1],
      [true, 0],
      [true, 0],
      [true, 1],
    ]);
  });

  it('refuses values, and a site without some class', () => {
    const values: Target = { kind: 'value', name: 'pressure', values: Float64Array.of(1, 2) };
    expect(() => balancedRows(['x', 'y'], values, 0)).toThrow(
      'subsample: values have no classes to balance, expected a target of classes or of survival, got values',
    );
    expect(() => balancedRows(['x', 'x', 'x', 'y', 'y'], classes([0, 1, 2, 0, 2]), 0)).toThrow(
      'subsample: site "y" has no subject whose type is b, so that nothing is left in balance, expected subjects of every class in every site',
    );
  });

  it('keeps the splits that the data came with, among who is left', () => {
    const splits = [{ train: Int32Array.of(0, 1, 2, 3), test: Int32Array.of(4, 5) }];
    expect(splitsWithin(splits, Int32Array.of(1, 3, 5))).toEqual([
      { train: Int32Array.of(0, 1), test: Int32Array.of(2) },
    ]);
  });
});

describe('a study with subsample: balanced', () => {
  const files = (seed: number, more = '') =>
    smallFiles({
      'labels.csv': table('id,ill,site', (_, i) => `${i % 4 === 0 ? 1 : i % 2},${i < 22 ? 'north' : 'south'}`),
      'study.yaml': study({
        target: '{ file: labels.csv, column: ill }',
        more: `site: site\nsubsample: balanced\nseed: ${seed}\n${more}`,
      }),
    });
  const load = (seed: number, other?: number) => loadStudy(join(folderWith(files(seed)), 'study.yaml'), {}, other);

  it('uses that part of subjects, blocks, target, groups and sites, and says how many are left out', async () => {
    const folder = folderWith(files(3, 'groups: site'));
    const { cohort, target, sites, groups, warnings } = await loadStudy(join(folder, 'study.yaml'));
    const n = cohort.subjects.length;
    expect(n).toBe(36);
    expect([sites?.length, groups?.length, cohort.blocks[0].values.shape[0]]).toEqual([n, n, n]);
    expect(target.kind === 'classes' && target.labels.length).toBe(n);
    expect(cohort.subjects).toEqual([...cohort.subjects].sort());
    expect(sites).toEqual(cohort.subjects.map((id) => (Number(id.slice(1)) <= 22 ? 'north' : 'south')));
    expect(warnings).toEqual([
      {
        code: 'subsampled',
        message: `subsample: 36 of 40 subjects are used and 4 left out, so that each of 2 sites has 5 of 0, 13 of 1; drawn by seed 3, so look at several`,
      },
    ]);
  });

  it('draws by the seed of the study, or by the one given instead', async () => {
    const drawn = async (seed: number, other?: number) => (await load(seed, other)).cohort.subjects;
    expect(await drawn(1)).toEqual(await drawn(1));
    expect(await drawn(1)).not.toEqual(await drawn(2));
    expect(await drawn(1, 2)).toEqual(await drawn(2));
  });
});
