import { describe, expect, test } from 'vitest';
import { betaLower, gammaLower, gammaUpper, logGamma } from '../../src/array/special.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

type Rows = { readonly rows: readonly (readonly number[])[] };
const { beta, gamma, logGamma: logs } = fixture<{ beta: Rows; gamma: Rows; logGamma: Rows }>('distributions');

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
});
