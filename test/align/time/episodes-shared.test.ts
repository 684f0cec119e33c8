/** The events that the READMEs of two public data sets list, told again from the readings. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { episodesOf } from '../../../src/align/time/episodes.ts';
import type { Episode } from '../../../src/align/time/recording.ts';
import { need } from '../../require.ts';
import { root } from '../../structure/sources.ts';

interface Person {
  readonly subject: string;
  readonly everySeconds: number;
}

const { firstFrom, lowsOf, mmolThreshold, peopleIn, soundReadings } = await import(`${root}bench/alerts/people.mjs`);
const data = join(process.env.CONSILIENCE_SHARED ?? '../shared', 'data');
const shared = need('shared', existsSync(join(data, 't1d-uom')));

/** Subject, onset, last reading below and minutes, as `hypo_events.csv` writes them. */
function toldAgain(person: Person, threshold: number): string[] {
  const { timeMs, value } = soundReadings(person) as { timeMs: Float64Array; value: Float64Array };
  const text = (time: number) => new Date(time).toISOString().slice(0, 16);
  return lowsOf(person, episodesOf, threshold).map(({ onsetMs, endMs }: Episode) => {
    let at = firstFrom(timeMs, endMs + 1) - 1;
    while (!(value[at] < threshold)) at--;
    const last = timeMs[at];
    return `${person.subject},${text(onsetMs)},${text(last)},${(last - onsetMs) / 60_000 + person.everySeconds / 60}`;
  });
}

function listed(set: string): string[] {
  const [, ...rows] = readFileSync(join(data, set, 'hypo_events.csv'), 'utf8')
    .trim()
    .split('\n');
  return rows.map((row) => row.split(',').slice(0, 4).join(','));
}

describe.skipIf(shared.skip)(`episodes of real people ${shared.reason}`, () => {
  it('are the 323 that are listed of hupa-ucm, with the gaps that were filled', () => {
    const people: Person[] = peopleIn(data, 'hupa-ucm', { asFiled: true });
    const events = people.flatMap((person) => toldAgain(person, 70));
    expect(events.length).toBe(323);
    expect(events.sort()).toEqual(listed('hupa-ucm').sort());
  });

  it('are the 787 that are listed of t1d-uom, with the readings of somebody else in 2304', () => {
    const people: Person[] = peopleIn(data, 't1d-uom', { asFiled: true });
    const events = people.flatMap((person) => toldAgain(person, mmolThreshold));
    expect(events.length).toBe(787);
    expect(events.sort()).toEqual(listed('t1d-uom').sort());
  });

  it('are 770 there without these readings, which list 17 events of 2303 twice', () => {
    const people: Person[] = peopleIn(data, 't1d-uom');
    const events = people.flatMap((person) => toldAgain(person, mmolThreshold));
    const of2303 = events.filter((event) => event.startsWith('2303'));
    const of2304 = events.filter((event) => event.startsWith('2304'));
    expect(events.length).toBe(770);
    expect(of2303).toHaveLength(17);
    const twice = of2303.filter((event) => listed('t1d-uom').includes(event.replace('2303', '2304')));
    expect(twice).toHaveLength(17);
    expect(of2304).toHaveLength(14);
  });
});
