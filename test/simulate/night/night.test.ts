import { describe, expect, test } from 'vitest';
import type { Recording } from '../../../src/align/time/recording.ts';
import { type SimulatedNight, simulateNight, simulateNights } from '../../../src/simulate/night/night.ts';
import { drawPerson } from '../../../src/simulate/night/person.ts';
import { sleepStages } from '../../../src/simulate/night/sleep.ts';

const seed = 5;
const world = { seed, people: 4, nightsEach: 2 } as const;
const nights = [...simulateNights(world)];

/** Everything that was sent, as bytes. */
function bytes({ sensor, sequence, timeMs, arrivedMs, value, quality }: Recording): Buffer {
  const columns = [sensor, sequence, timeMs, arrivedMs, value, quality];
  return Buffer.concat(
    columns.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)),
  );
}
const same = (one: SimulatedNight, other: SimulatedNight) => bytes(one.recording).equals(bytes(other.recording));

/** Readings of one sensor by their number, however they arrived. */
function bySequence({ sensor, sequence, timeMs, value }: Recording, which: number): Map<number, [number, number]> {
  const readings = new Map<number, [number, number]>();
  for (let i = 0; i < sensor.length; i++) if (sensor[i] === which) readings.set(sequence[i], [timeMs[i], value[i]]);
  return readings;
}

describe('a simulated night', () => {
  test('is the same bytes for the same seed, person and night, in whatever order nights are made', () => {
    const fourth = simulateNight(drawPerson(seed, 3), { seed, night: 1 });
    expect(same(fourth, nights[7])).toBe(true);
    expect(fourth.truth).toEqual(nights[7].truth);
    const [alone] = simulateNights({ seed, people: 1, nightsEach: 1, firstPerson: 2 });
    expect(same(alone, nights[4])).toBe(true);
    expect(same(simulateNight(drawPerson(seed + 1, 3), { seed: seed + 1, night: 1 }), fourth)).toBe(false);
    expect(new Set(nights.map(({ recording }) => bytes(recording).toString('base64'))).size).toBe(nights.length);
  });

  test('is in order of arrival, lies within its hours and holds all three sensors', () => {
    for (const { recording, truth } of nights) {
      const { sensor, timeMs, arrivedMs, value, quality, startMs, endMs, sensors } = recording;
      expect(sensors).toEqual(['cgm', 'interbeat', 'motion']);
      expect([startMs, endMs].map((ms) => new Date(ms).getUTCHours())).toEqual([22, 7]);
      expect(endMs - startMs).toBe(9 * 3_600_000);
      expect(arrivedMs.every((ms, i) => i === 0 || ms >= arrivedMs[i - 1])).toBe(true);
      expect(timeMs.every((ms) => ms > startMs - 2.01 * 3_600_000 && ms < endMs + 10_000)).toBe(true);
      expect(quality.every((one) => one > 0 && one <= 1)).toBe(true);
      expect(value.every(Number.isFinite)).toBe(true);
      const counts = [0, 0, 0];
      for (const one of sensor) counts[one]++;
      expect(counts[0]).toBeGreaterThan(80);
      expect(counts[0]).toBeLessThanOrEqual(140);
      expect(counts[1]).toBeGreaterThan(25_000);
      expect(counts[2]).toBeGreaterThan(35_000);
      expect(truth.timeMs.length).toBe(661);
      expect(truth.timeMs[0]).toBe(startMs - 2 * 3_600_000);
      expect(truth.timeMs[660]).toBe(endMs);
      expect(truth.sleepStage.length).toBe(661);
      expect(truth.sleepStage.every((stage) => stage < sleepStages.length)).toBe(true);
    }
  });

  test('sends by another transport the same readings, less what is lost', () => {
    const person = drawPerson(seed, 0);
    const [none, usual, bad] = (['none', 'usual', 'bad'] as const).map((transport) =>
      simulateNight(person, { seed, night: 0, transport }),
    );
    expect(same(usual, nights[0])).toBe(true);
    const { timeMs, arrivedMs } = none.recording;
    expect(arrivedMs).toEqual(timeMs);
    const shares = [usual, bad].map(({ recording }) => {
      const fresh = new Set<string>();
      let repeated = 0;
      let late = 0;
      const newest = [-Infinity, -Infinity, -Infinity];
      for (let i = 0; i < recording.sensor.length; i++) {
        const which = recording.sensor[i];
        const key = `${which}/${recording.sequence[i]}`;
        if (fresh.has(key)) repeated++;
        else if (recording.timeMs[i] < newest[which]) late++;
        fresh.add(key);
        newest[which] = Math.max(newest[which], recording.timeMs[i]);
      }
      for (const which of [0, 1, 2]) {
        const all = bySequence(none.recording, which);
        const got = bySequence(recording, which);
        const offsets = new Set<number>();
        for (const [sequence, [ms, value]] of got) {
          const [sentMs, sent] = all.get(sequence) as [number, number];
          expect(value).toBe(sent);
          offsets.add(Math.round((ms - sentMs) / 10));
        }
        expect(offsets.size).toBeLessThanOrEqual(2); // one clock offset, rounded
        expect(got.size).toBeLessThanOrEqual(all.size);
      }
      return { repeated: repeated / recording.sensor.length, late: late / recording.sensor.length };
    });
    expect(shares[0].repeated).toBeGreaterThan(0.003);
    expect(shares[0].repeated).toBeLessThan(0.007);
    expect(shares[0].late).toBeGreaterThan(0.005);
    expect(shares[1].repeated).toBeGreaterThan(0.03);
    expect(shares[1].late).toBeGreaterThan(shares[0].late);
  });

  test('differs by heartRateEffect in nothing but what heart and arousal do: CGM, glucose and early readings stay', () => {
    for (let index = 0; index < 4; index++) {
      const person = drawPerson(seed, index);
      const [without, double] = [0, 2].map((heartRateEffect) =>
        simulateNight(person, { seed, night: 0, heartRateEffect, transport: 'none' }),
      );
      expect(double.truth.glucoseMgPerDl).toEqual(without.truth.glucoseMgPerDl);
      expect(double.truth.episodes).toEqual(without.truth.episodes);
      expect(bySequence(double.recording, 0)).toEqual(bySequence(without.recording, 0));
      const lowest = Math.min(...without.truth.glucoseMgPerDl);
      if (without.truth.response === 'none' || lowest > 89) expect(same(double, without)).toBe(true);
      else if (lowest < 70) expect(same(double, without)).toBe(false);
    }
  });

  test('tells low glucose of at least 15 minutes to the second at which 70 mg/dL is crossed', () => {
    let episodes = 0;
    for (let index = 0; index < 40 && episodes < 3; index++) {
      const { truth } = simulateNight(drawPerson(seed, index), { seed, night: 0, transport: 'none' });
      const at = (ms: number) => {
        const minute = (ms - truth.timeMs[0]) / 60_000;
        const before = Math.min(659, Math.floor(minute));
        const [low, high] = [truth.glucoseMgPerDl[before], truth.glucoseMgPerDl[before + 1]];
        return low + (minute - before) * (high - low);
      };
      for (const { onsetMs, endMs, extreme } of truth.episodes) {
        episodes++;
        expect(endMs - onsetMs).toBeGreaterThan(14 * 60_000);
        expect(extreme).toBeLessThan(70);
        if (onsetMs > truth.timeMs[0]) expect(at(onsetMs)).toBeCloseTo(70, 2);
        if (endMs < truth.timeMs[660]) expect(at(endMs)).toBeCloseTo(70, 2);
      }
    }
    expect(episodes).toBeGreaterThanOrEqual(3);
  });

  test('refuses options that it does not know, by name, and numbers out of range', () => {
    const person = drawPerson(seed, 0);
    // @ts-expect-error: not an option
    expect(() => simulateNight(person, { seed, night: 0, heartEffect: 1 })).toThrow(
      'simulateNight: heartEffect: unknown option',
    );
    expect(() => simulateNight(person, { seed, night: 0, heartRateEffect: 5 })).toThrow(
      'simulateNight: heartRateEffect: out of range, expected a number from 0 to 4, got 5',
    );
    expect(() => simulateNight(person, { seed, night: -1 })).toThrow('simulateNight: night: not a count');
    // @ts-expect-error: not an option
    expect(() => simulateNights({ ...world, persons: 3 })).toThrow('simulateNights: persons: unknown option');
    expect(() => simulateNights({ ...world, heartRateEffect: -1 })).toThrow('heartRateEffect: out of range');
    expect(() => simulateNights({ ...world, people: 0 })).toThrow('simulateNights: people: not a count');
  });
});
