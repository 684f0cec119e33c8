import { describe, expect, test } from 'vitest';
import {
  betaLower,
  digamma,
  gammaLower,
  gammaUpper,
  logGamma,
  logGammaRise,
  trigamma,
} from '../../src/array/special.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

type Rows = { readonly rows: readonly (readonly number[])[] };
type Tables = Record<'beta' | 'gamma' | 'logGamma' | 'digamma' | 'trigamma', Rows>;
const { beta, gamma, logGamma: logs, digamma: digammas, trigamma: trigammas } = fixture<Tables>('distributions');

describe('special functions agree with SciPy', () => {
  test('the log gamma function to 1e-12', () => {
    expect(logs.rows.length).toBeGreaterThan(10);
    for (const [x, value] of logs.rows) expectClose(logGamma(x), value, 1e-12, `logGamma(${x})`, 1e-15);
  });
  test('the incomplete gamma functions, both tails, to 1e-10 of the value', () => {
    for (const [a, x, lower, upper] of gamma.rows) {
      expectClose(gammaLower(a, x), lower, 1e-10, `gammaLower(${a}, ${x})`, 1e-300);
      expectClose(gammaUpper(a, x), upper, 1e-10, `gammaUpper(${a}, ${x})`, 1e-300);
    }
  });
  test('the incomplete beta function, both tails, to 1e-10 of the value', () => {
    for (const [a, b, x, lower, upper] of beta.rows) {
      expectClose(betaLower(x, a, b), lower, 1e-10, `betaLower(${x}, ${a}, ${b})`, 1e-300);
      expectClose(betaLower(1 - x, b, a, x), upper, 1e-10, `upper tail at ${x}, ${a}, ${b}`, 1e-300);
    }
  });
  test('the digamma and trigamma functions to 1e-12', () => {
    expect(digammas.rows.length).toBeGreaterThan(10);
    for (const [x, value] of digammas.rows) expectClose(digamma(x), value, 1e-12, `digamma(${x})`, 1e-14);
    for (const [x, value] of trigammas.rows) expectClose(trigamma(x), value, 1e-12, `trigamma(${x})`);
  });
});

describe('the rise of the log gamma function', () => {
  test('is the sum of ln(1 + k / r) over k < x, at whole x', () => {
    for (const r of [0.01, 0.7, 3, 50, 1e5, 1e9]) {
      for (const x of [0, 1, 2, 7, 40]) {
        let sum = 0;
        for (let k = 0; k < x; k++) sum += Math.log1p(k / r);
        expectClose(logGammaRise(r, x), sum, 1e-11, `logGammaRise(${r}, ${x})`, 1e-14);
      }
    }
  });
});
