import { describe, expect, test } from 'vitest';
import * as d from '../../src/array/distributions.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly number[])[];
}
const tables = fixture<Record<string, Table>>('distributions');

/** Every row of a table: its leading columns are arguments, the last the expected value. */
function agree(name: string, of: (...args: number[]) => number, tolerance = 1e-10, column = -1): void {
  const { columns, rows } = tables[name];
  expect(rows.length).toBeGreaterThan(5);
  const last = column < 0 ? columns.length - 1 : column;
  for (const row of rows) {
    const args = row.filter((_, i) => i < last && !['lower', 'upper'].includes(columns[i]));
    expectClose(of(...args), row[last], tolerance, `${name}(${args.join(', ')})`, 1e-307);
  }
}

describe('distributions agree with SciPy to 1e-10 of the value, tails included', () => {
  test('the normal, both tails', () => {
    agree('normal', d.normalUpper);
    agree('normal', d.normalLower, 1e-10, 1);
    agree('normal', (x) => d.normalLower(-x));
  });
  test('normal quantiles from 1e-300 to .999', () => agree('normalQuantile', d.normalQuantile));
  test('the upper tail of Student’s t from half a degree of freedom to a million', () =>
    agree('student', (df, t) => d.studentUpper(t, df)));
  test('quantiles of Student’s t', () => agree('studentQuantile', (df, p) => d.studentQuantile(p, df)));
  test('the upper tail of chi-square', () => agree('chiSquare', (df, x) => d.chiSquareUpper(x, df)));
  test('the upper tail of F', () => agree('fisher', (df1, df2, f) => d.fisherUpper(f, df1, df2)));
});

describe('distributions', () => {
  test('Student’s t with infinite degrees of freedom is the normal', () => {
    expect(d.studentUpper(2, Infinity)).toBe(d.normalUpper(2));
    expect(d.studentQuantile(0.975, Infinity)).toBe(d.normalQuantile(0.975));
    expectClose(d.studentQuantile(0.975, 1e9), d.normalQuantile(0.975), 1e-8, 'limit');
  });
  test('one degree of freedom is Cauchy’s, also close to the median', () => {
    for (const p of [1e-100, 0.1, 0.4999999, 0.5000001, 0.9]) {
      const exact = p < 0.1 ? -1 / Math.tan(Math.PI * p) : Math.tan(Math.PI * (p - 0.5));
      expectClose(d.studentQuantile(p, 1), exact, 1e-12, `Cauchy ${p}`);
    }
  });
  test('quantiles invert the tails', () => {
    for (const df of [1, 3.5, 24, 400]) {
      for (const p of [1e-12, 0.02, 0.26, 0.49, 0.51, 0.7, 0.98]) {
        expectClose(d.studentLower(d.studentQuantile(p, df), df), p, 1e-12, `t ${df} ${p}`);
      }
    }
  });
  test('the lower tail is the upper one mirrored, and the ends are certain', () => {
    expect(d.studentLower(-2, 5)).toBe(d.studentUpper(2, 5));
    expect(d.studentUpper(Infinity, 5)).toBe(0);
    expect(d.studentQuantile(1e-200, 1)).toBe(-Infinity);
    expect(d.studentUpper(-Infinity, 5)).toBe(1);
    expect(d.normalUpper(Infinity)).toBe(0);
    expect(d.normalQuantile(0)).toBe(-Infinity);
    expect(d.normalQuantile(1)).toBe(Infinity);
    expect(d.normalQuantile(0.5)).toBe(0);
    expect(d.fisherUpper(Infinity, 3, 4)).toBe(0);
    expect(d.fisherUpper(0, 3, 4)).toBe(1);
    expect(d.chiSquareUpper(0, 3)).toBe(1);
  });
  test('refuses what is no probability and no degrees of freedom', () => {
    expect(() => d.normalQuantile(1.2)).toThrow(
      'normalQuantile: not a probability, expected a number from 0 to 1, got 1.2',
    );
    expect(() => d.studentUpper(1, 0)).toThrow('studentUpper: no degrees of freedom, expected a number above 0, got 0');
    expect(() => d.studentQuantile(NaN, 3)).toThrow('not a probability');
  });
});
