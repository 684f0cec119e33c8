import { describe, expect, test } from 'vitest';
import { type Block, blockOf, type Cohort, cohort } from '../../src/describe/cohort.ts';
import type { Feature } from '../../src/describe/modality.ts';
import {
  type AddNoiseOptions,
  addNoise,
  type BreakOptions,
  misalign,
  removeModality,
} from '../../src/simulate/break.ts';
import { gaussianModality } from '../../src/simulate/gaussian-modality.ts';
import { simulateMultiomics } from '../../src/simulate/multiomics.ts';

/** Two modalities with holes and sites. */
function world(subjects = 400): Cohort {
  const made = simulateMultiomics({ subjects, modalities: 2, features: 5, seed: 3, missing: [0.25, 0] }).cohort;
  return cohort(
    made.subjects,
    made.blocks,
    made.subjects.map((_, i) => `site${i % 3}`),
  );
}

function tableOf(features: readonly Feature[], rows: readonly (readonly number[])[]): Cohort {
  const block: Block = {
    modality: { ...gaussianModality('table', 0), features },
    values: { shape: [rows.length, features.length], data: Float32Array.from(rows.flat()) },
    observed: new Uint8Array(rows.length * features.length).fill(1),
    present: new Uint8Array(rows.length).fill(1),
  };
  return cohort(
    rows.map((_, i) => `s${1000 + i}`),
    [block],
  );
}

const rowsOf = ({ values: { shape, data } }: Block) =>
  Array.from({ length: shape[0] }, (_, i) => Array.from(data.subarray(i * shape[1], (i + 1) * shape[1])));
const count = (mask: Uint8Array) => mask.reduce((a, b) => a + b, 0);

const breaks = [
  ['addNoise', (x: Cohort, seed: number, name = 'omics1') => addNoise(x, name, { sd: 1, seed })],
  ['removeModality', (x: Cohort, seed: number, name = 'omics1') => removeModality(x, name, { share: 0.5, seed })],
  ['misalign', (x: Cohort, seed: number, name = 'omics1') => misalign(x, name, { share: 0.5, seed })],
] as const;

describe.each(breaks)('%s', (where, broken) => {
  test('breaks the same way for the same seed, and otherwise for another', () => {
    expect(broken(world(), 1)).toEqual(broken(world(), 1));
    expect(broken(world(), 1)).not.toEqual(broken(world(), 2));
  });

  test('changes no cohort that it is given, and of the new one only the modality named', () => {
    const given = world();
    const after = broken(given, 1);
    expect(given).toEqual(world());
    expect(after.subjects).toEqual(given.subjects);
    expect(after.blocks[1]).toBe(given.blocks[1]);
    expect(after.blocks[0].values).not.toEqual(given.blocks[0].values);
    expect(after.blocks[0].modality).toBe(given.blocks[0].modality);
    expect(after.blocks[0].sites).toEqual(given.blocks[0].sites);
  });

  test('leaves masked values at 0', () => {
    const { values, observed } = broken(world(), 1).blocks[0];
    observed.forEach((there, at) => {
      if (there === 0) expect(values.data[at]).toBe(0);
    });
    expect(count(observed)).toBeLessThan(observed.length);
  });

  test('refuses an unknown modality', () => {
    expect(() => broken(world(), 1, 'mri')).toThrow('cohort: unknown modality "mri", expected one of omics1, omics2');
  });

  test('refuses an unknown option, by name', () => {
    const call = { addNoise, removeModality, misalign }[where] as (x: Cohort, name: string, options: object) => Cohort;
    expect(() => call(world(), 'omics1', { [where === 'addNoise' ? 'sd' : 'share']: 0.5, seed: 1, much: 2 })).toThrow(
      `${where}: much: unknown option, expected an option of ${where}, got much`,
    );
  });
});

describe('noise added to a modality', () => {
  test('has the standard deviation asked for, in those of each column', () => {
    const draws = simulateMultiomics({ subjects: 6000, modalities: 1, features: 2, seed: 5 }).cohort;
    const wide = rowsOf(draws.blocks[0]).map(([a, b]) => [a, 100 * b]);
    const features: Feature[] = ['a', 'b'].map((name) => ({ name, scale: 'interval' }));
    const given = tableOf(features, wide);
    const sd = (values: number[]) => {
      const mean = values.reduce((x, y) => x + y) / values.length;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    };
    const noisy = rowsOf(addNoise(given, 'table', { sd: 2, seed: 1 }).blocks[0]);
    const before = rowsOf(given.blocks[0]);
    for (const j of [0, 1]) {
      const added = noisy.map((row, i) => row[j] - before[i][j]);
      const ratio = sd(added) / sd(wide.map((row) => row[j]));
      expect(Math.abs(ratio - 2)).toBeLessThan(0.075); // four standard errors
    }
  });

  test('is none at a standard deviation of 0, and none in a column that is constant', () => {
    expect(addNoise(world(), 'omics1', { sd: 0, seed: 1 })).toEqual(world());
    const flat = tableOf([{ name: 'a', scale: 'interval' }], [[3], [3], [3]]);
    expect(addNoise(flat, 'table', { sd: 5, seed: 1 })).toEqual(flat);
  });

  test('keeps counts whole and neither counts nor ratios below 0', () => {
    const rows = Array.from({ length: 300 }, (_, i) => [i % 4, (i % 7) / 2]);
    const features: Feature[] = [
      { name: 'reads', scale: 'count' },
      { name: 'dose', scale: 'ratio' },
    ];
    const noisy = rowsOf(addNoise(tableOf(features, rows), 'table', { sd: 3, seed: 1 }).blocks[0]);
    expect(noisy).not.toEqual(rows);
    expect(noisy.every(([reads, dose]) => Number.isInteger(reads) && reads >= 0 && dose >= 0)).toBe(true);
    expect(noisy.some(([, dose]) => dose === 0)).toBe(true);
  });

  test('replaces levels by those of other subjects, as often as a noisy number is noise', () => {
    const levels = Array.from({ length: 50 }, (_, l) => `level${l}`);
    const rows = Array.from({ length: 5000 }, (_, i) => [i % 50, i % 50]);
    const features: Feature[] = [
      { name: 'tissue', scale: 'nominal', levels },
      { name: 'grade', scale: 'ordinal', levels },
    ];
    const noisy = rowsOf(addNoise(tableOf(features, rows), 'table', { sd: 2, seed: 1 }).blocks[0]);
    for (const j of [0, 1]) {
      const moved = noisy.filter((row, i) => row[j] !== rows[i][j]).length / 5000;
      const chance = 0.8 * (49 / 50); // 4 / 5 are drawn again, of them 1 / 50 the same level
      expect(Math.abs(moved - chance)).toBeLessThan(4 * Math.sqrt((chance * (1 - chance)) / 5000));
      expect(noisy.every((row) => Number.isInteger(row[j]) && row[j] >= 0 && row[j] < 50)).toBe(true);
    }
  });

  test('refuses a standard deviation that is none', () => {
    const refused = (sd: number) => () => addNoise(world(), 'omics1', { sd, seed: 1 } satisfies AddNoiseOptions);
    expect(refused(-1)).toThrow('addNoise: sd: out of range, expected a finite number of at least 0, got -1');
    expect(refused(Number.NaN)).toThrow('addNoise: sd: out of range');
  });
});

describe('a modality removed', () => {
  test.each([
    [0, 300],
    [0.5, 150],
    [1, 0],
  ])('is missing for the share %d of those who had it', (share, left) => {
    const { present, observed, values } = removeModality(world(), 'omics1', { share, seed: 1 }).blocks[0];
    expect(count(present)).toBe(left);
    expect(count(observed)).toBe(5 * left);
    const before = world().blocks[0];
    present.forEach((there, i) => {
      expect(there).toBeLessThanOrEqual(before.present[i]);
      const rows = [values, before.values].map(({ data }) => data.slice(5 * i, 5 * i + 5));
      expect(rows[0]).toEqual(there ? rows[1] : new Float32Array(5));
    });
  });

  test('refuses a share that is none', () => {
    const refused = (share: number) => () =>
      removeModality(world(), 'omics1', { share, seed: 1 } satisfies BreakOptions);
    expect(refused(1.5)).toThrow('removeModality: share: out of range, expected a number from 0 to 1, got 1.5');
  });
});

describe('a modality misaligned', () => {
  test.each([
    [0, 0],
    [0.2, 60],
    [1, 300],
  ])('has for the share %d of its subjects the row of another one of them', (share, moved) => {
    const [before, after] = [world(), misalign(world(), 'omics1', { share, seed: 1 })].map((x) => blockOf(x, 'omics1'));
    expect(after.present).toEqual(before.present);
    const [old, now] = [before, after].map((block) => rowsOf(block).map(String));
    expect(now.filter((row, i) => row !== old[i])).toHaveLength(moved);
    expect([...now].sort()).toEqual([...old].sort());
  });

  test('moves the mask of what was measured with the row', () => {
    const x = tableOf(
      ['a', 'b'].map((name) => ({ name, scale: 'interval' })),
      [
        [1, 0],
        [2, 3],
      ],
    );
    x.blocks[0].observed[1] = 0;
    const { values, observed } = misalign(x, 'table', { share: 1, seed: 1 }).blocks[0];
    expect([...values.data]).toEqual([2, 3, 1, 0]);
    expect([...observed]).toEqual([1, 1, 1, 0]);
  });

  test('refuses a share of one subject, who has nobody to swap with', () => {
    expect(() => misalign(world(), 'omics1', { share: 1 / 300, seed: 1 })).toThrow(
      'misalign: share: nobody to swap with, expected a share of no or at least two subjects, got 1 subject',
    );
  });
});
