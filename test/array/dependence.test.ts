import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { centredDistances, distanceCorrelation } from '../../src/array/distance-correlation.ts';
import { type Matrix, matrix } from '../../src/array/matrix.ts';
import {
  centredWithin,
  fisherInterval,
  fisherZ,
  partialCorrelation,
  residual,
} from '../../src/array/partial-correlation.ts';
import { principalComponents } from '../../src/array/principal-components.ts';
import { random } from '../../src/array/random.ts';
import { symmetricEigen } from '../../src/array/symmetric-eigen.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

type Table = readonly (readonly number[])[];

const oracle = fixture<{
  readonly distance: readonly {
    readonly name: string;
    readonly x: Table;
    readonly y: Table;
    readonly order: readonly number[];
    readonly squared: number;
    readonly squaredInOrder: number;
  }[];
  readonly partial: readonly {
    readonly name: string;
    readonly x: readonly number[];
    readonly y: readonly number[];
    readonly given: Table; // columns x [subjects]
    readonly strata: readonly number[];
    readonly value: number;
    readonly controls: number;
    readonly low: number;
    readonly high: number;
    readonly p: number;
  }[];
  readonly components: readonly {
    readonly name: string;
    readonly x: Table;
    readonly fittedOn: number;
    readonly scores: Table;
    readonly variances: readonly number[];
    readonly share: number;
  }[];
}>('independence');

function table(rows: Table): Matrix<Float64Array> {
  return matrix(rows.length, rows[0].length, Float64Array.from(rows.flat()));
}

function gaussian(rows: number, columns: number, seed: number): Matrix<Float64Array> {
  const generator = random(seed);
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => generator.normal()),
  );
}

const everyRow = (x: Matrix) => Int32Array.from({ length: x.shape[0] }, (_, i) => i);

describe('the distance correlation agrees with dcor', () => {
  test.each(oracle.distance)('$name', ({ x, y, order, squared, squaredInOrder }) => {
    const [a, b] = [table(x), table(y)];
    const left = centredDistances(a, everyRow(a));
    const right = centredDistances(b, everyRow(b));
    expectClose(distanceCorrelation(left, right), squared, 1e-9, 'squared', 1e-13);
    expectClose(distanceCorrelation(left, right, Int32Array.from(order)), squaredInOrder, 1e-9, 'in order', 1e-13);
  });
});

describe('the distance correlation', () => {
  test('of points with themselves moved, turned over and scaled is 1', () => {
    const x = gaussian(20, 3, 1);
    const moved = matrix(
      20,
      3,
      x.data.map((value) => 5 - 2 * value),
    );
    expectClose(
      distanceCorrelation(centredDistances(x, everyRow(x)), centredDistances(moved, everyRow(x))),
      1,
      1e-12,
      'with itself',
    );
  });

  test('takes the rows named, in their order', () => {
    const x = gaussian(12, 2, 2);
    const y = gaussian(12, 2, 3);
    const rows = [7, 2, 9, 11, 0];
    const taken = (m: Matrix) =>
      matrix(5, 2, Float64Array.from(rows.flatMap((r) => [m.data[2 * r], m.data[2 * r + 1]])));
    expect(distanceCorrelation(centredDistances(x, rows), centredDistances(y, rows))).toBe(
      distanceCorrelation(centredDistances(taken(x), [0, 1, 2, 3, 4]), centredDistances(taken(y), [0, 1, 2, 3, 4])),
    );
  });

  test('is 0 where one side does not vary, whatever its level', () => {
    const same = matrix(6, 1, new Float64Array(6).fill(1e8 / 3));
    const x = gaussian(6, 1, 4);
    const still = centredDistances(same, everyRow(same));
    expect(still.norm).toBe(0);
    expect(distanceCorrelation(still, centredDistances(x, everyRow(x)))).toBe(0);
  });

  test('has mean 0 under independence in any number of dimensions', () => {
    for (const width of [1, 40]) {
      let sum = 0;
      for (let s = 0; s < 300; s++) {
        const x = gaussian(15, width, 2 * s + 1);
        const y = gaussian(15, width, 2 * s + 2);
        sum += distanceCorrelation(centredDistances(x, everyRow(x)), centredDistances(y, everyRow(y)));
      }
      expect(Math.abs(sum / 300)).toBeLessThan(0.025); // the uncorrected one is above .2 at 40 dimensions
    }
  });

  test('needs four points', () => {
    expect(() => centredDistances(gaussian(5, 1, 1), [0, 1, 2])).toThrow('internal: centred distances of 3 points');
  });
});

describe('the partial correlation agrees with pingouin', () => {
  test.each(oracle.partial)('$name', ({ x, y, given, strata, value, controls, low, high, p }) => {
    const columns = given.map((column) => Float64Array.from(column));
    const found = partialCorrelation(Float64Array.from(x), Float64Array.from(y), columns, Int32Array.from(strata));
    expect(found?.controls).toBe(controls);
    expect(found?.n).toBe(x.length);
    expectClose(found?.value as number, value, 1e-10, 'r');
    const interval = fisherInterval(fisherZ(found?.value as number), x.length - controls - 3);
    expectClose(interval.value, value, 1e-10, 'value');
    expectClose(interval.low, low, 1e-9, 'low');
    expectClose(interval.high, high, 1e-9, 'high');
    expectClose(interval.p, p, 1e-8, 'p');
  });
});

describe('the partial correlation', () => {
  const x = gaussian(30, 1, 5).data;
  const y = gaussian(30, 1, 6).data;
  const one = new Int32Array(30);

  test('holds a column that repeats another, or is constant, only once', () => {
    const z = gaussian(30, 1, 7).data;
    const twice = partialCorrelation(x, y, [z, z.map((v) => 3 - 2 * v), new Float64Array(30).fill(4)], one);
    const once = partialCorrelation(x, y, [z], one);
    expect(twice?.controls).toBe(1);
    expectClose(twice?.value as number, once?.value as number, 1e-12, 'value');
  });

  test('is null where nothing is left: a column that strata or columns explain, too few subjects', () => {
    const strata = Int32Array.from({ length: 30 }, (_, i) => i % 3);
    expect(
      partialCorrelation(
        Float64Array.from(strata, (s) => 0.1 + s / 3),
        y,
        [],
        strata,
      ),
    ).toBeNull();
    expect(partialCorrelation(x, y, [x], one)).toBeNull();
    expect(partialCorrelation(x.subarray(0, 3), y.subarray(0, 3), [], one.subarray(0, 3))).toBeNull();
    expect(partialCorrelation(x, y, [], Int32Array.from(x.keys()))).toBeNull();
  });

  test('of a column with itself is 1, and its interval stays finite', () => {
    const found = partialCorrelation(x, x, [], one);
    expectClose(found?.value as number, 1, 1e-12, 'r');
    const { low, high, p } = fisherInterval(fisherZ(found?.value as number), 27);
    expect(low).toBeGreaterThan(0.999);
    expect(high).toBeLessThanOrEqual(1);
    expect(p).toBeLessThan(1e-12);
  });

  test('works on residuals whose strata have mean 0 and that no longer follow the columns given', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
        const column = gaussian(24, 1, seed).data;
        const given = gaussian(24, 1, seed + 1).data;
        const strata = Int32Array.from({ length: 24 }, (_, i) => i % 4);
        const left = residual(column, [given], strata) as Float64Array;
        const again = centredWithin(left, strata);
        left.forEach((value, i) => {
          expectClose(again[i], value, 0, 'centred', 1e-12);
        });
        expectClose(partialCorrelation(left, given, [], strata)?.value as number, 0, 0, 'follows', 1e-12);
      }),
      { numRuns: 30 },
    );
  });
});

describe('principal components agree with a singular value decomposition of NumPy', () => {
  test.each(oracle.components)(
    'of a $name table, rows not fitted on too',
    ({ x, fittedOn, scores, variances, share }) => {
      const rows = Int32Array.from({ length: fittedOn }, (_, i) => i);
      const found = principalComponents(table(x), { rows, most: 3, enough: 1 });
      expect(found.scores.shape).toEqual([x.length, 3]);
      expectClose(found.share, share, 1e-9, 'share');
      variances.forEach((expected, k) => {
        expectClose(found.variances[k], expected, 1e-9, `variance ${k}`);
      });
      scores.flat().forEach((expected, at) => {
        expectClose(found.scores.data[at], expected, 1e-5, `score ${at}`, 1e-5); // vectors to the root of the values
      });
    },
  );
});

describe('principal components', () => {
  test('stop where they hold enough of the variance', () => {
    const data = Float64Array.from({ length: 60 }, (_, at) => (at % 3 === 0 ? 100 : 1) * Math.sin(at * at + 1));
    const x = matrix(20, 3, data);
    expect(principalComponents(x, { most: 5, enough: 0.9 }).scores.shape).toEqual([20, 1]);
    expect(principalComponents(x, { most: 5, enough: 1 }).scores.shape[1]).toBe(3);
    expectClose(principalComponents(x, { most: 5, enough: 1 }).share, 1, 1e-12, 'share');
  });

  test('are none where nothing varies, and no more than the rank', () => {
    expect(principalComponents(matrix(8, 2, new Float64Array(16).fill(3))).scores.shape).toEqual([8, 0]);
    const line = matrix(
      10,
      4,
      Float64Array.from({ length: 40 }, (_, at) => Math.floor(at / 4) * ((at % 4) + 1)),
    );
    expect(principalComponents(line, { enough: 1 }).scores.shape).toEqual([10, 1]);
  });
});

test('eigenvectors of a symmetric matrix are orthonormal and rebuild it, eigenvalues fall', () => {
  const b = gaussian(7, 7, 9).data;
  const a = matrix(
    7,
    7,
    Float64Array.from({ length: 49 }, (_, at) => b[at] + b[(at % 7) * 7 + Math.floor(at / 7)]),
  );
  const { values, vectors } = symmetricEigen(a);
  const v = vectors.data;
  for (let i = 0; i < 7; i++) {
    if (i > 0) expect(values[i]).toBeLessThanOrEqual(values[i - 1]);
    for (let j = 0; j < 7; j++) {
      let product = 0;
      let rebuilt = 0;
      for (let k = 0; k < 7; k++) {
        product += v[k * 7 + i] * v[k * 7 + j];
        rebuilt += v[i * 7 + k] * values[k] * v[j * 7 + k];
      }
      expectClose(product, i === j ? 1 : 0, 0, 'orthonormal', 1e-12);
      expectClose(rebuilt, a.data[i * 7 + j], 0, 'rebuilt', 1e-11);
    }
  }
});
