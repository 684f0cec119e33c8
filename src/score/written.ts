/** How figures are written: `.835` for what cannot exceed 1, a true minus sign, never a bare `NaN`. */
import { inTargetUnit, type Metric, rangeOf } from './metric.ts';

/** Stands where a figure is undefined. */
export const absent = '–';
const minus = '−';

function fixed(value: number, most: number): string {
  const size = Math.abs(value);
  // Four significant digits are enough of an error in large units.
  const digits = size >= 10 ? Math.max(0, Math.min(most, 3 - Math.floor(Math.log10(size)))) : most;
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `${minus}${text}` : text;
}

/** Three decimals without the leading zero: `.835`, `−.012`, `1.000`. */
export function share(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return absent;
  return fixed(value, digits).replace(/^(−?)0\./, '$1.');
}

export function figure(metric: Metric, value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return absent;
  // What can exceed 1 keeps its leading zero.
  return rangeOf(metric).highest > 1 ? fixed(value, 3) : share(value);
}

/** A difference or margin in a metric without its sign: `.012`; errors of values with their unit, `0.67 mg/dL`. */
export function amount(metric: Metric, value: number | null | undefined, unit?: string): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return absent;
  if (!inTargetUnit.has(metric)) return share(value);
  const written = String(Number(value.toPrecision(3))).replace('-', minus);
  return unit === undefined ? written : `${written} ${unit}`;
}

/** A difference always carries its sign: `+.012`, `−.004`. */
export function difference(value: number | null | undefined): string {
  const text = share(value);
  return text === absent || text.startsWith(minus) || Number(text) === 0 ? text : `+${text}`;
}

type Bound = number | null | undefined;

/** `.780 to .890`; one dash where either end is undefined. */
export function interval(low: Bound, high: Bound, write: (value: Bound) => string = share): string {
  const ends = [write(low), write(high)];
  return ends.includes(absent) ? absent : ends.join(' to ');
}

/** `.004`, or `< .001`. */
export function pValue(p: number | null | undefined): string {
  if (p === null || p === undefined || !Number.isFinite(p)) return absent;
  return p < 0.001 ? '< .001' : share(p);
}

export function percent(value: number): string {
  return value > 0 && value < 0.01 ? '< 1 %' : `${Math.round(value * 100)} %`;
}

/** `2.1 min`, `1.2 s`, `4.0 ms`, `20 µs`: two or three digits are enough to choose by. */
export function duration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return absent;
  if (milliseconds >= 100_000) return `${(milliseconds / 60_000).toFixed(1)} min`;
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
  if (milliseconds >= 10) return `${Math.round(milliseconds)} ms`;
  if (milliseconds >= 1) return `${milliseconds.toFixed(1)} ms`;
  return milliseconds >= 0.1 ? `${milliseconds.toFixed(2)} ms` : `${Math.round(milliseconds * 1000)} µs`;
}

export function count(n: number): string {
  return n.toLocaleString('en-US');
}

/** `1 subject`, `92 subjects`. */
export function counted(n: number, noun: string, plural = `${noun}s`): string {
  return `${count(n)} ${n === 1 ? noun : plural}`;
}
