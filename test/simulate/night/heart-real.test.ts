import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { need } from '../../require.ts';
import { type SameClock, sameClockAuroc } from './same-clock.ts';

const folder = join(process.env.CONSILIENCE_SHARED ?? '../shared', 'data/t1d-uom');
const { skip, reason } = need('shared', existsSync(folder));

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function rows(bytes: Buffer): Record<string, string>[] {
  const [header, ...lines] = bytes.toString('utf8').trim().split('\n');
  const names = header.trim().split(',');
  return lines.map((line) =>
    Object.fromEntries(
      line
        .trim()
        .split(',')
        .map((cell, i) => [names[i], cell]),
    ),
  );
}
/** Local time as if it were UTC: only differences and clock times count. */
const localMs = (text: string) => Date.parse(`${text.replace(' ', 'T')}Z`);
/** The night from 23 to 7 h, by the day on which it ends. */
const nightOf = (ms: number) => Math.floor((ms + 60 * MINUTE) / DAY);

function halfHour(bpm: Map<number, number>, from: number): number {
  let sum = 0;
  let count = 0;
  for (let minute = 0; minute < 30; minute++) {
    const one = bpm.get(from + minute * MINUTE);
    if (one !== undefined) {
      sum += one;
      count++;
    }
  }
  return count >= 3 ? sum / count : Number.NaN;
}

function eventsOf(subject: string, onsets: readonly { ms: number; nocturnal: boolean }[]): SameClock[] {
  const file = join(folder, subject, 'wrist_5min.csv.gz');
  if (!existsSync(file)) return [];
  const bpm = new Map<number, number>();
  for (const row of rows(gunzipSync(readFileSync(file)))) {
    if (row.heart_rate_bpm) bpm.set(localMs(row.ts_local), Number(row.heart_rate_bpm));
  }
  const withEvent = new Set(onsets.map(({ ms }) => nightOf(ms)));
  const nights = new Set([...bpm.keys()].map(nightOf));
  return onsets.flatMap(({ ms, nocturnal }) => {
    const value = nocturnal ? halfHour(bpm, ms) : Number.NaN;
    const controls = [...nights]
      .filter((night) => !withEvent.has(night))
      .map((night) => halfHour(bpm, ms + (night - nightOf(ms)) * DAY))
      .filter(Number.isFinite);
    return Number.isFinite(value) && controls.length >= 10 ? [{ value, controls }] : [];
  });
}

describe.skipIf(skip)(`heart rate at real nocturnal low glucose (T1D-UOM)${reason && `: ${reason}`}`, () => {
  test('stands to event-free nights as in the simulation: AUROC .52 to .58, over 60 to 75 events', () => {
    const listed = rows(readFileSync(join(folder, 'hypo_events.csv')));
    const subjects = readdirSync(folder).filter((name) => /^\d+$/.test(name));
    const events = subjects.flatMap((subject) =>
      eventsOf(
        subject,
        listed
          .filter((row) => row.subject === subject)
          .map((row) => ({ ms: localMs(row.onset_local), nocturnal: row.nocturnal_00_06 === '1' })),
      ),
    );
    expect(events.length).toBeGreaterThanOrEqual(60);
    expect(events.length).toBeLessThanOrEqual(75);
    expect(sameClockAuroc(events)).toBeGreaterThan(0.52);
    expect(sameClockAuroc(events)).toBeLessThan(0.58);
  });
});
