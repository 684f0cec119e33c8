import { describe, expect, test } from 'vitest';
import { type Arrivals, emptyArrivals, send, transportOf } from '../../../src/simulate/night/transport.ts';
import { arrivalOrder } from '../../../src/simulate/night/transport-order.ts';

const seconds = 39_600;
const readings = {
  count: seconds,
  second: Float64Array.from({ length: seconds }, (_, i) => i),
  value: Float32Array.from({ length: seconds }, (_, i) => i % 97),
  quality: new Float32Array(seconds).fill(1),
};

function sent(name: 'none' | 'usual' | 'bad', seed: number): Arrivals {
  const into = emptyArrivals(2 * seconds);
  send(into, 0, readings, transportOf(name), { seed, link: 'watch', seconds });
  return into;
}
const nights = Array.from({ length: 40 }, (_, seed) => sent('usual', seed));

describe('the way from a sensor', () => {
  test('without faults hands every reading over at once and in order', () => {
    const { count, sequence, second, arrived, value } = sent('none', 1);
    expect(count).toBe(seconds);
    expect(sequence.subarray(0, count)).toEqual(Int32Array.from(readings.second));
    expect(second.subarray(0, count)).toEqual(readings.second);
    expect(arrived.subarray(0, count)).toEqual(readings.second);
    expect(value.subarray(0, count)).toEqual(readings.value);
  });

  test('takes under two seconds as a rule, with a heavy tail', () => {
    const delays = nights.flatMap(({ count, arrived, sequence }) =>
      Array.from(arrived.subarray(0, count), (at, i) => at - readings.second[sequence[i]]),
    );
    const above = (bound: number) => delays.filter((delay) => delay > bound).length / delays.length;
    expect(delays.every((delay) => delay >= 0)).toBe(true);
    expect(above(2)).toBeGreaterThan(0.01);
    expect(above(2)).toBeLessThan(0.06);
    expect(above(10)).toBeGreaterThan(0.002);
    expect(above(60)).toBeGreaterThan(0.0005);
  });

  test('sends some readings twice: the same reading, later', () => {
    let twice = 0;
    let all = 0;
    for (const { count, sequence, second, arrived, value, quality } of nights) {
      for (let i = 1; i < count; i++) {
        all++;
        if (sequence[i] !== sequence[i - 1]) continue;
        twice++;
        expect([second[i], value[i], quality[i]]).toEqual([second[i - 1], value[i - 1], quality[i - 1]]);
        expect(arrived[i]).toBeGreaterThan(arrived[i - 1]);
      }
    }
    expect(twice / all).toBeGreaterThan(0.004);
    expect(twice / all).toBeLessThan(0.006);
  });

  test('hands in after a drop-out what was kept, in order, and leaves a gap in the numbers where it was lost', () => {
    const { detour, twice, ...bad } = transportOf('bad');
    const faulty = { ...bad, detour: { ...detour, share: 0 }, twice: { ...twice, share: 0 } };
    let kept = 0;
    let lost = 0;
    let late = 0;
    for (let seed = 0; seed < 12; seed++) {
      const into = emptyArrivals(seconds);
      send(into, 0, readings, faulty, { seed, link: 'watch', seconds });
      const waited = (i: number) => into.arrived[i] - readings.second[into.sequence[i]];
      for (let i = 1; i < into.count; i++) {
        const apart = into.sequence[i] - into.sequence[i - 1];
        lost += apart - 1;
        if (apart === 1 && waited(i) > 60 && waited(i - 1) > 60) {
          kept++; // no delay takes so long
          if (into.arrived[i] <= into.arrived[i - 1]) late++;
        }
      }
    }
    expect(kept).toBeGreaterThan(1000);
    expect(late).toBe(0);
    expect(lost).toBeGreaterThan(1000);
  });

  test('brings readings out of order, and the order of arrival is a sort by arrival that keeps ties as they were sent', () => {
    for (const night of [nights[0], nights[1], sent('bad', 3), sent('none', 3)]) {
      const order = arrivalOrder(night);
      const sorted = Array.from({ length: night.count }, (_, i) => i).sort(
        (a, b) => night.arrived[a] - night.arrived[b] || a - b,
      );
      expect(Array.from(order)).toEqual(sorted);
    }
    const order = arrivalOrder(nights[0]);
    expect(Array.from(order).some((one, k) => k > 0 && one < order[k - 1])).toBe(true);
  });

  test('is off by one offset of the clock in a night, another in the next', () => {
    const offset = ({ second, sequence }: Arrivals, i: number) => second[i] - readings.second[sequence[i]];
    const offsets = nights.map((night) => offset(night, 0));
    for (const night of nights) expect(offset(night, 5000)).toBeCloseTo(offset(night, 0), 9);
    expect(new Set(offsets).size).toBe(nights.length);
    expect(Math.max(...offsets.map(Math.abs))).toBeLessThan(0.8); // four standard deviations
  });

  test('is refused by name where it is unknown', () => {
    // @ts-expect-error: not a transport
    expect(() => transportOf('pigeon')).toThrow(
      'simulateNight: transport: unknown transport, expected one of none, usual, bad, got pigeon',
    );
  });
});
