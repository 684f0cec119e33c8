import picocolors from 'picocolors';
import type { Comparison, Finding, StrategyResult } from '../evaluate/comparison.ts';
import { type Metric, metricLabel } from '../score/metric.ts';
import { difference, duration, figure, interval, pValue } from '../score/written.ts';
import { inReadingOrder } from './order.ts';
import { metricName, unitOf } from './words.ts';

interface Look {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

type Colors = ReturnType<typeof picocolors.createColors>;

const roleOf = { single: 'one modality', 'best-single': 'best single', fusion: 'fusion' } as const;
const gap = '  ';

/** The comparison as aligned text: a line for each strategy, then the verdict, wrapped. Ends without a newline. */
export function renderTable(comparison: Comparison, { color, width }: Look): string {
  const colors = picocolors.createColors(color);
  const { metric } = comparison.protocol;
  const { target } = comparison.study;
  const level = `${Math.round(comparison.protocol.level * 100)} %`;
  const strategies = inReadingOrder(comparison.strategies, metric);
  const header = [
    'strategy',
    headOf(metric, unitOf(metric, target)),
    `${level} interval`,
    'difference',
    `${level} interval`,
    'p',
    'n',
    'fit',
  ];
  const rows = strategies.map((strategy) => cellsOf(comparison, strategy));
  const kept = fitting([header, ...rows], width);
  const widths = kept.map((column) => Math.max(...[header, ...rows].map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    kept
      .map((column, at) => (column === 0 ? row[column].padEnd(widths[at]) : row[column].padStart(widths[at])))
      .join(gap);
  const lines = rows.map((row, at) => paint(line(row).trimEnd(), strategies[at], comparison, colors));
  const rule = colors.dim('─'.repeat(widths.reduce((sum, w) => sum + w, gap.length * (widths.length - 1))));
  const notes = [
    `Differences: ${metricName(metric, target)} against the best single modality, positive in favour of the strategy; p adjusted by Holm.`,
    ...comparison.warnings.map(({ message }) => `! ${message}`),
  ];
  return [
    colors.bold(line(header).trimEnd()),
    rule,
    ...lines,
    rule,
    ...wrap(notes[0], width).map(colors.dim),
    ...notes.slice(1).flatMap((note) => wrap(note, width).map(colors.yellow)),
    '',
    ...wrap(comparison.verdict.sentence, width).map((text) => ink(comparison.verdict.finding, colors)(text)),
  ].join('\n');
}

/** Long names would widen the table. */
const shortLabel: { readonly [M in Metric]?: string } = {
  balancedErrorRate: 'bal. error',
  timeDependentAuroc: 'AUROC(t)',
  integratedBrier: 'int. Brier',
  meanAbsoluteError: 'MAE',
  rootMeanSquaredError: 'RMSE',
};

/** `AUROC`, `MAE (years)`. */
function headOf(metric: Metric, unit: string | undefined): string {
  const label = shortLabel[metric] ?? metricLabel[metric];
  return unit === undefined ? label : `${label} (${unit})`;
}

function cellsOf({ protocol }: Comparison, strategy: StrategyResult): string[] {
  const { metric } = protocol;
  const estimate = strategy.metrics[metric];
  const { paired } = strategy;
  return [
    strategy.role === 'best-single' ? `${strategy.name} (${roleOf[strategy.role]})` : strategy.name,
    figure(metric, estimate?.value),
    interval(estimate?.low, estimate?.high, (value) => figure(metric, value)),
    paired ? difference(paired.difference) : '',
    paired ? interval(paired.low, paired.high, difference) : '',
    paired ? pValue(paired.pHolm ?? paired.p) : '',
    String(strategy.n),
    duration(strategy.latencyMs.fit),
  ];
}

/** Columns that fit the width; those that say least go first. The strategy and its metric always stay. */
function fitting(rows: readonly (readonly string[])[], width: number): number[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const dropped = new Set<number>();
  const total = () => widths.reduce((sum, w, column) => sum + (dropped.has(column) ? 0 : w + gap.length), -gap.length);
  for (const column of [6, 7, 2, 4, 5, 3]) {
    if (total() <= width) break;
    dropped.add(column);
  }
  return widths.map((_, column) => column).filter((column) => !dropped.has(column));
}

function ink(finding: Finding, colors: Colors): (text: string) => string {
  if (finding === 'helps') return (text) => colors.bold(colors.green(text));
  if (finding === 'harms') return (text) => colors.bold(colors.red(text));
  return colors.bold;
}

function paint(text: string, strategy: StrategyResult, { verdict }: Comparison, colors: Colors): string {
  if (strategy.role === 'single') return text;
  if (strategy.role === 'best-single') return colors.cyan(text);
  return strategy.name === verdict.strategy ? ink(verdict.finding, colors)(text) : text;
}

/** Lines of at most `width` columns, broken between words. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}
