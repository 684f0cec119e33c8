import type { StreamSummary } from '../../src/index.ts';

/** What became of everything, for people. */
export function summaryWords(summary: StreamSummary): string {
  const { arrived, taken, refused, sensors, subjects, from, to, alerts, corrections } = summary;
  const lines = [
    `events    ${grouped(arrived)}: ${grouped(taken)} taken, ${grouped(refused)} refused`,
    `subjects  ${grouped(subjects)}`,
  ];
  if (from !== undefined && to !== undefined) lines.push(`time      ${from} to ${to}, ${spanInWords(from, to)}`);
  for (const row of sensors) {
    const reasons = Object.entries(row.refused).map(([reason, times]) => `${grouped(times)} ${reason}`);
    const told = reasons.length > 0 ? `; refused: ${reasons.join(', ')}` : '';
    lines.push(`${row.sensor ?? 'of no known sensor'}: ${grouped(row.taken)} taken${told}`);
  }
  const kinds = Object.entries(alerts).map(([kind, times]) => `${grouped(times)} ${kind}`);
  lines.push(`alerts    ${kinds.join(', ') || 'none'}`);
  if (corrections > 0) lines.push(`corrections of earlier judgements  ${grouped(corrections)}`);
  return `${lines.join('\n')}\n`;
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function spanInWords(from: string, to: string): string {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  const units: readonly [number, string][] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
  ];
  const [size, unit] = units.find(([least]) => seconds >= 2 * least) ?? [1, 's'];
  return `${Number((seconds / size).toPrecision(3))} ${unit}`;
}
