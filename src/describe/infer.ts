import type { NumberColumn } from '../read/table/table.ts';
import type { Scale } from './modality.ts';

const assayColumns = 20;

/**
 * The scales of number columns from their values, for studies that do not state them. Many numeric columns side by side are one
 * assay and share a scale, decided on all of them together; few are taken one by one. A guess, so the report shows it.
 */
export function inferScales(columns: readonly NumberColumn[]): Map<string, Scale> {
  const measured = columns.filter(({ observed }) => observed.includes(1));
  if (measured.length < assayColumns) return new Map(columns.map((column) => [column.name, scaleOf([column], false)]));
  const shared = scaleOf(measured, true);
  return new Map(columns.map(({ name }) => [name, shared]));
}

function scaleOf(columns: readonly NumberColumn[], assay: boolean): Scale {
  // Not Math.min(...): an array of methylation probes has more columns than a call may have arguments.
  const min = columns.reduce((least, column) => Math.min(least, column.min), Number.POSITIVE_INFINITY);
  const max = columns.reduce((most, column) => Math.max(most, column.max), Number.NEGATIVE_INFINITY);
  const whole = columns.every((column) => column.whole);
  if (!whole) return min < 0 ? 'interval' : 'ratio';
  if (min >= 0 && max <= 1) return 'nominal';
  if (min < 0) return max - min <= 10 ? 'ordinal' : 'interval';
  if (assay) return max <= 5 ? 'ordinal' : 'count';
  return min === 0 ? 'count' : 'ratio';
}

const roman = ['0', 'i', 'ii', 'iii', 'iv', 'v', 'vi'];

/**
 * The order of levels that name a stage or grade (`stage ii`, `T3`, `G2`, `iv`); undefined where no such order shows. Other
 * numbered names (clusters, sites) are left nominal: their numbers rank nothing.
 */
export function ordinalOrder(name: string, levels: readonly string[]): string[] | undefined {
  if (levels.length < 2) return undefined;
  const staged = /stage|grade|score|level/i.test(name);
  const parsed = levels.map((level) => /^(stage|grade|[tnmg])?[\s_-]*(\d|[iv]+)([abc]?)$/i.exec(level.trim()));
  if (parsed.some((match) => match === null)) return undefined;
  const matches = parsed as RegExpExecArray[];
  const prefixes = new Set(matches.map((match) => (match[1] ?? '').toLowerCase()));
  if (prefixes.size > 1 || (prefixes.has('') && !staged)) return undefined;
  const ranks = matches.map(
    (match) => rank(match[2]) + (match[3] ? (match[3].toLowerCase().charCodeAt(0) - 96) / 10 : 0),
  );
  if (ranks.some(Number.isNaN) || new Set(ranks).size < levels.length) return undefined;
  return [...levels.keys()].sort((a, b) => ranks[a] - ranks[b]).map((i) => levels[i]);
}

function rank(text: string): number {
  if (/^\d$/.test(text)) return Number(text);
  const at = roman.indexOf(text.toLowerCase());
  return at < 0 ? Number.NaN : at;
}
