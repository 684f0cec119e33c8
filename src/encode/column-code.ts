/**
 * How one number enters a token as several, so that a linear map of them is a step or a bent line of it.
 *
 * A thermometer has a mercury column: level k of an ordinal feature is k ones, then zeros, so that each step from a level to
 * the next has a vector of its own. Piecewise-linear: bins between quantiles, those below the value full (1), those above
 * empty (0), its own filled in part; the first and last go on beyond their ends (Gorishniy, Rubachev and Babenko 2022, "On
 * embeddings for numerical features in tabular deep learning", equation 1).
 *
 * Codes are centred and scaled to spread 1 over training, as prepared columns are: 0 says the mean.
 */
import { quantile } from '../harmonize/quantiles.ts';

/** Plain numbers, saved with the encoder that learned them. */
export interface ColumnCode {
  readonly kind: 'thermometer' | 'piecewise';
  /** Between levels; or the ends of bins. Ascending. */
  readonly edges: readonly number[]; // [codes], or [codes + 1] of bins
  readonly means: readonly number[]; // [codes]
  readonly sds: readonly number[]; // [codes]
}

/** @param values those measured in training. @returns undefined where there are fewer than three levels: a line is enough */
export function thermometer(values: Float64Array): ColumnCode | undefined {
  const levels = [...new Set(values)].sort((a, b) => a - b);
  if (levels.length < 3) return undefined;
  const between = levels.slice(1).map((level, k) => (level + levels[k]) / 2);
  return spreadOut('thermometer', between, values);
}

/** @param values those measured in training. @returns undefined where they have fewer than two bins */
export function piecewise(values: Float64Array, bins: number): ColumnCode | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.slice().sort();
  const ends = Array.from({ length: bins + 1 }, (_, k) => quantile(sorted, k / bins));
  const edges = [...new Set(ends)];
  return edges.length < 3 ? undefined : spreadOut('piecewise', edges, values);
}

export function codesOf({ means }: ColumnCode): number {
  return means.length;
}

/** Writes the codes of a value, from `at` on. */
export function writeCode(code: ColumnCode, value: number, out: Float32Array, at: number): void {
  const { means, sds } = code;
  for (let k = 0; k < means.length; k++) out[at + k] = (raw(code, value, k) - means[k]) / sds[k];
}

function raw({ kind, edges }: Pick<ColumnCode, 'kind' | 'edges'>, value: number, k: number): number {
  if (kind === 'thermometer') return value > edges[k] ? 1 : 0;
  const filled = (value - edges[k]) / (edges[k + 1] - edges[k]);
  const fromBelow = k === 0 ? filled : Math.max(0, filled);
  return k === edges.length - 2 ? fromBelow : Math.min(1, fromBelow);
}

function spreadOut(kind: ColumnCode['kind'], edges: readonly number[], values: Float64Array): ColumnCode {
  const codes = kind === 'thermometer' ? edges.length : edges.length - 1;
  const means: number[] = [];
  const sds: number[] = [];
  for (let k = 0; k < codes; k++) {
    const own = values.map((value) => raw({ kind, edges }, value, k));
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    means.push(mean);
    sds.push(Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length) || 1);
  }
  return { kind, edges, means, sds };
}
