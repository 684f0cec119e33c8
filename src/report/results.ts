import type { Comparison } from '../evaluate/comparison.ts';

const significantDigits = 8;

/** `results.json`: figures to eight significant digits, which is more than any of them is certain of. */
export function resultsJson(comparison: Comparison): string {
  const rounded = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(significantDigits)) : value;
  return `${JSON.stringify(comparison, rounded, 1)}\n`;
}
