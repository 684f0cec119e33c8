/** Two and a half hours of a made-up night as lines of a log: glucose falls, a heart beats, somebody sleeps. */

export const nightStartMs = 1_760_000_000_000;

export function nightEvent(fields: object): string {
  return JSON.stringify({ stream: 'watch', subject: 'p1', quality: 1, ...fields });
}

/** In order of arrival, each half a second after it was measured. */
export function goodNight(): string[] {
  const lines: string[] = [];
  for (let second = 0; second < 9000; second++) {
    const timeMs = nightStartMs + 1000 * second;
    const at = { timeMs, arrivedMs: timeMs + 500 };
    lines.push(nightEvent({ sensor: 'interbeat', sequence: second, value: 950 + (second % 50), ...at }));
    lines.push(nightEvent({ sensor: 'motion', sequence: second, value: 5 + (second % 3), ...at }));
    const glucose = Math.round(Math.max(62, 140 - Math.max(0, second - 3600) / 40));
    if (second % 300 === 7)
      lines.push(nightEvent({ sensor: 'cgm', sequence: (second - 7) / 300, value: glucose, ...at }));
  }
  return lines;
}
