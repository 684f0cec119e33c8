import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { permutation, random } from '../../src/array/random.ts';
import { cohort } from '../../src/describe/cohort.ts';
import { association, fisherExact } from '../../src/inspect/contingency.ts';
import { inspectCohort } from '../../src/inspect/inspect.ts';
import { littleTest } from '../../src/inspect/little.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';
import { blockOf, ids, targetOf } from './worlds.ts';

interface Fixture {
  readonly little: readonly {
    shape: [number, number];
    x: (number | null)[];
    statistic: number;
    df: number;
    p: number;
  }[];
  readonly tables: readonly { table: [number, number][]; fisher: number; cramersV: number }[];
}
const { little, tables } = fixture<Fixture>('inspecting');
const withinError = (share: number, sets: number) => share + 3 * Math.sqrt((share * (1 - share)) / sets);

const littleOf = (cells: readonly (number | null)[], rows: number, columns: number) =>
  littleTest(
    matrix(
      rows,
      columns,
      Float64Array.from(cells, (cell) => cell ?? 0),
    ),
    Uint8Array.from(cells, (cell) => (cell === null ? 0 : 1)),
  );

describe("Little's test", () => {
  it('is what EM in NumPy gives, to 1e-5', () => {
    for (const { shape, x, statistic, df, p } of little) {
      const ours = littleOf(x, ...shape);
      expect(ours?.df).toBe(df);
      expectClose(ours?.statistic as number, statistic, 1e-5, 'statistic');
      expectClose(ours?.p as number, p, 1e-4, 'p', 1e-12);
    }
  });

  it('holds its level where values are missing completely at random, and rejects where they are not', () => {
    const draw = random(8);
    const rejected = (informative: boolean) => {
      let count = 0;
      for (let set = 0; set < 200; set++) {
        const cells: (number | null)[] = [];
        for (let i = 0; i < 100; i++) {
          const z = draw.normal();
          const gone = draw.uniform() < (informative ? (z > 0 ? 0.6 : 0.1) : 0.3);
          cells.push(z, z + draw.normal(), gone ? null : draw.normal());
        }
        if ((littleOf(cells, 100, 3)?.p as number) < 0.05) count++;
      }
      return count / 200;
    };
    expect(rejected(false)).toBeLessThan(withinError(0.05, 200));
    expect(rejected(true)).toBeGreaterThan(0.9);
  });

  it('is not possible without gaps, and with more columns than subjects', () => {
    expect(littleOf([1, 2, 3, 5], 2, 2)).toBeNull();
    expect(littleOf([1, null, 3, 5, 2, 2], 2, 3)).toBeNull();
  });
});

describe('independence of two sorts', () => {
  it("is tested by Fisher's exact test of two by two, as SciPy does", () => {
    for (const { table, fisher, cramersV } of tables) {
      const [[a, b], [c, d]] = table;
      expectClose(fisherExact(d, c + d, b + d, a + b + c + d), fisher, 1e-9, 'fisher');
      const [first, second]: number[][] = [[], []];
      table.forEach((row, r) => {
        row.forEach((n, k) => {
          for (let i = 0; i < n; i++) [first, second].forEach((to, at) => to.push(at === 0 ? r : k));
        });
      });
      expectClose(association(first, second, random(1))?.cramersV as number, cramersV, 1e-9, "Cramér's V");
    }
  });

  it('is tested by permutation of more kinds, which holds its level with small cells', () => {
    const draw = random(2);
    const a = Array.from({ length: 40 }, (_, i) => i % 8);
    let rejected = 0;
    for (let set = 0; set < 100; set++) {
      const b = Array.from(permutation(40, draw), (i) => i % 3);
      const tested = association(a, b, draw);
      expect(tested?.method).toBe('permutation');
      if ((tested?.p as number) < 0.05) rejected++;
    }
    expect(rejected / 100).toBeLessThan(withinError(0.05, 100));
    expect(association(a, a, draw)).toMatchObject({ p: 1 / 2000, cramersV: 1 });
  });

  it('says nothing of one kind only, and refuses other subjects', () => {
    expect(association([1, 1, 1], [0, 1, 0], random(1))).toBeUndefined();
    expect(() => association([0, 1], [0], random(1))).toThrow('association: not the same subjects, expected 2, got 1');
  });
});

describe('the inspection of a cohort', () => {
  /** 120 subjects; each lacks the assay with the chance for its class. */
  const world = (seed: number, chances: readonly [number, number], mnar = 0) => {
    const draw = random(seed);
    const labels = Array.from({ length: 120 }, (_, i) => i % 2);
    const assay = labels.map((label) => (draw.uniform() < chances[label] ? null : draw.normal() + mnar * label));
    const clinical = labels.map(() => draw.normal());
    const x = cohort(ids(120), [blockOf('assay', { a: assay }), blockOf('clinical', { b: clinical })]);
    return { x, target: targetOf(labels) };
  };
  const codes = (seed: number, chances: readonly [number, number]) => {
    const { x, target } = world(seed, chances);
    return inspectCohort(x, target).warnings.map(({ code }) => code);
  };

  it('detects informative missingness, and names it at most at the level where there is none', () => {
    let [found, falsely] = [0, 0];
    for (let seed = 0; seed < 100; seed++) {
      if (codes(seed, [0.1, 0.5]).includes('informative-missingness')) found++;
      if (codes(seed, [0.3, 0.3]).includes('informative-missingness')) falsely++;
    }
    expect(found).toBeGreaterThan(90);
    expect(falsely / 100).toBeLessThan(withinError(0.05, 100));
  });

  it('sees whether groups lack a modality, and whether they tell the target', () => {
    const { x, target } = world(1, [0.1, 0.6]);
    const groups = Array.from(target.labels, (label) => (label ? 'north' : 'south'));
    const { absence, groupsWithTarget, warnings, study } = inspectCohort(x, target, { groups });
    expect(study.groups).toBe(2);
    expect(groupsWithTarget?.cramersV).toBeCloseTo(1, 9);
    expect(absence.map(({ modality, with: against }) => `${modality} ${against}`)).toEqual([
      'assay target',
      'assay groups',
    ]);
    expect(absence[0].pHolm).toBeCloseTo(2 * absence[0].p, 12);
    expect(warnings.map(({ code }) => code)).toEqual([
      'informative-missingness',
      'missingness-by-group',
      'groups-with-target',
    ]);
  });

  it('shifts what is missing in the second class, and says where the difference is gone', () => {
    const { x, target } = world(4, [0.2, 0.4], 1);
    const [{ missingShare, differences, tippingDelta }] = inspectCohort(x, target).deltaShift;
    const at = (delta: number) => differences.find((one) => one.delta === delta)?.difference as number;
    expect(at(0)).toBeGreaterThan(0.5);
    expect(at(1) - at(0)).toBeCloseTo(missingShare[1], 12);
    expect(at(0) + (tippingDelta as number) * missingShare[1]).toBeCloseTo(0, 12);
  });

  it('refuses targets and groups of another length', () => {
    const { x } = world(1, [0.2, 0.2]);
    expect(() => inspectCohort(x, targetOf([0, 1]))).toThrow(
      'inspectCohort: target: not of the cohort, expected 120 subjects, got 2',
    );
    expect(() => inspectCohort(x, world(1, [0, 0]).target, { groups: ['a'] })).toThrow('inspectCohort: groups');
  });
});
