import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toNumber } from '../../src/read/table/number.ts';

describe('toNumber', () => {
  test('gives the double that the engine gives, whatever the length and form', () => {
    const digits = (maxLength: number) => fc.string({ maxLength, unit: fc.constantFrom(...'0123456789') });
    const written = fc
      .tuple(
        fc.constantFrom('', '-', '+'),
        digits(12),
        fc.constantFrom('', '.'),
        digits(12),
        fc.constantFrom('', 'e-7'),
      )
      .filter(([, whole, , fraction]) => whole + fraction !== '')
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(written, (cell) => {
        expect(toNumber(cell)).toBe(Number(cell) + 0);
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        expect(toNumber(`${x}`)).toBe(x + 0);
      }),
    );
  });

  test('takes nothing for a number that is not written as a decimal or exponent number', () => {
    const cell = fc.string({ maxLength: 12, unit: fc.constantFrom(...'0123456789+-.eExXbo_,Infity') });
    const form = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
    fc.assert(
      fc.property(cell, (text) => {
        expect(Number.isNaN(toNumber(text))).toBe(!form.test(text) || !Number.isFinite(Number(text)));
      }),
      { numRuns: 5000, examples: [[''], ['.'], ['-.'], ['0x1'], ['0b1'], ['-0x1'], ['Infinity'], ['1e999'], ['0e1']] },
    );
  });
});
