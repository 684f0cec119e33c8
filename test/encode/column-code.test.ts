import { describe, expect, it } from 'vitest';
import { random } from '../../src/array/random.ts';
import { type ColumnCode, codesOf, piecewise, thermometer, writeCode } from '../../src/encode/column-code.ts';

/** The codes before they were centred and scaled. */
function rawCodes(code: ColumnCode, value: number): number[] {
  const out = new Float32Array(codesOf(code));
  writeCode(code, value, out, 0);
  return Array.from(out, (one, k) => Math.round(1e5 * (one * code.sds[k] + code.means[k])) / 1e5 + 0);
}

describe('a thermometer', () => {
  const code = thermometer(Float64Array.of(2, 0, 1, 1, 4)) as ColumnCode;

  it('has a one for each level that is passed', () => {
    expect(code.edges).toEqual([0.5, 1.5, 3]);
    expect([0, 1, 2, 4].map((level) => rawCodes(code, level))).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [1, 1, 0],
      [1, 1, 1],
    ]);
  });

  it('takes a level that training lacks for the nearer of its neighbours', () => {
    expect(rawCodes(code, 3.5)).toEqual([1, 1, 1]);
    expect(rawCodes(code, -9)).toEqual([0, 0, 0]);
  });

  it('is not needed of two levels', () => {
    expect(thermometer(Float64Array.of(0, 1, 1))).toBeUndefined();
  });
});

describe('a piecewise-linear code', () => {
  const code = piecewise(Float64Array.of(0, 1, 2, 3, 4), 2) as ColumnCode;

  it('fills bins between quantiles one after the other, the ends going on', () => {
    expect(code.edges).toEqual([0, 2, 4]);
    expect([-1, 0, 1, 2, 3, 4, 5].map((value) => rawCodes(code, value))).toEqual([
      [-0.5, 0],
      [0, 0],
      [0.5, 0],
      [1, 0],
      [1, 0.5],
      [1, 1],
      [1, 1.5],
    ]);
  });

  it('has fewer bins where quantiles are alike, and none of a number of two values', () => {
    expect(codesOf(piecewise(Float64Array.of(0, 0, 0, 0, 1, 2), 4) as ColumnCode)).toBe(2);
    expect(piecewise(Float64Array.of(0, 0, 0, 1), 2)).toBeUndefined();
    expect(piecewise(new Float64Array(0), 4)).toBeUndefined();
  });
});

it('codes are about 0 and of spread 1 over training', () => {
  const generator = random(3);
  const values = Float64Array.from({ length: 200 }, () => Math.exp(generator.normal()));
  const levels = values.map((value) => Math.min(4, Math.floor(value)));
  for (const [code, of] of [
    [piecewise(values, 6), values],
    [thermometer(levels), levels],
  ] as const) {
    const width = codesOf(code as ColumnCode);
    const out = new Float32Array(200 * width);
    of.forEach((value, i) => {
      writeCode(code as ColumnCode, value, out, i * width);
    });
    for (let k = 0; k < width; k++) {
      const own = Array.from({ length: 200 }, (_, i) => out[i * width + k]);
      expect(own.reduce((a, b) => a + b, 0) / 200).toBeCloseTo(0, 5);
      expect(own.reduce((a, b) => a + b * b, 0) / 200).toBeCloseTo(1, 5);
    }
  }
});
