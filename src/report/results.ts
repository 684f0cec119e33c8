import type { Comparison } from '../evaluate/comparison.ts';
import type { Inspection } from '../inspect/inspection.ts';

const significantDigits = 8;

/** Lists of numbers, which take one line; within a text JSON has no line breaks. */
const numberLists = /\[(?:\n\s*(?:-?\d[\d.e+-]*|null),?)+\n\s*\]/g;

/** `results.json`: figures to eight significant digits, which is more than any of them is certain of. */
export function resultsJson(comparison: Comparison): string {
  return json(comparison);
}

/** `inspection.json`, likewise. */
export function inspectionJson(inspection: Inspection): string {
  return json(inspection);
}

function json(result: unknown): string {
  const rounded = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(significantDigits)) : value;
  return `${JSON.stringify(result, rounded, 1).replace(numberLists, (list) => list.replace(/\s+/g, ' '))}\n`;
}
