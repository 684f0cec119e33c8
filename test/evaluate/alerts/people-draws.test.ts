import { describe, expect, test } from 'vitest';
import { random } from '../../../src/array/random.ts';
import {
  overDraws,
  peopleDraws,
  pool,
  quantile,
  quantileReplicates,
  withInterval,
} from '../../../src/evaluate/alerts/people-draws.ts';

describe('draws of people', () => {
  test('have as many people as there are, and follow from seed and number alone', () => {
    const { times } = peopleDraws(7, 3, 100);
    for (let b = 0; b < 100; b++) {
      expect(times.subarray(b * 7, (b + 1) * 7).reduce((a, c) => a + c, 0)).toBe(7);
    }
    expect(peopleDraws(7, 3, 100).times).toEqual(times);
    expect(peopleDraws(7, 4, 100).times).not.toEqual(times);
  });

  test('sum what is counted of a person as often as it is drawn', () => {
    const draws = peopleDraws(3, 1, 20);
    const sums = Float64Array.of(1, 10, 2, 20, 3, 30); // [people, 2]
    overDraws(sums, 2, draws, (total, b) => {
      const [first, second, third] = draws.times.subarray(3 * b, 3 * b + 3);
      expect([...total]).toEqual([first + 2 * second + 3 * third, 10 * first + 20 * second + 30 * third]);
    });
  });

  test('give quantiles of the values as they repeat them', () => {
    const { integer, normal } = random(5);
    const values = Array.from({ length: 40 }, () => ({ value: Math.round(3 * normal()), person: integer(6) }));
    const draws = peopleDraws(6, 2, 60);
    for (const share of [0, 0.5, 0.95, 1]) {
      const found = quantileReplicates(pool(values), share, draws);
      for (let b = 0; b < 60; b++) {
        const repeated = values.flatMap(({ value, person }) =>
          Array.from({ length: draws.times[b * 6 + person] }, () => value),
        );
        expect(found[b]).toBeCloseTo(quantile(Float64Array.from(repeated).sort(), share), 12);
      }
    }
    expect(quantileReplicates(pool([]), 0.5, draws).every(Number.isNaN)).toBe(true);
  });

  /** Share of intervals that hold the truth: by people, and by nights as if each were another person's. */
  function coverage(people: number, studies: number) {
    const nightsEach = 10;
    const truth = 0.6;
    const nights = people * nightsEach;
    let byPeople = 0;
    let byNights = 0;
    for (let study = 0; study < studies; study++) {
      const { uniform } = random(1000 + study);
      const sums = new Float64Array(2 * people); // [people, 2], caught and events
      let caught = 0;
      for (let p = 0; p < people; p++) {
        const own = truth + (uniform() < 0.5 ? -0.3 : 0.3);
        for (let n = 0; n < nightsEach; n++) sums[2 * p] += uniform() < own ? 1 : 0;
        sums[2 * p + 1] = nightsEach;
        caught += sums[2 * p];
      }
      const draws = peopleDraws(people, study, 400);
      const replicates = new Float64Array(400);
      overDraws(sums, 2, draws, (total, b) => {
        replicates[b] = total[0] / total[1];
      });
      const value = caught / nights;
      const { low, high } = withInterval(value, nights, draws, replicates, 0.95, '');
      if ((low as number) <= truth && truth <= (high as number)) byPeople++;
      if (Math.abs(value - truth) <= 1.96 * Math.sqrt((value * (1 - value)) / nights)) byNights++;
    }
    return { byPeople: byPeople / studies, byNights: byNights / studies };
  }

  test('hold the truth in some 94 of 100 intervals of 40 people, where nights that are alike would hold it far less often', () => {
    const { byPeople, byNights } = coverage(40, 400); // standard error 1.2 points
    expect(byPeople).toBeGreaterThan(0.9);
    expect(byPeople).toBeLessThan(0.98);
    expect(byNights).toBeLessThan(0.85);
  });

  test('hold it less often with eight people, as the documentation says', () => {
    const { byPeople } = coverage(8, 1000);
    expect(byPeople).toBeGreaterThan(0.84);
    expect(byPeople).toBeLessThan(0.93);
  });

  test('give no interval, with the reason, where they say nothing', () => {
    const draws = peopleDraws(4, 1, 10);
    const of = (replicates: readonly number[], people = draws) =>
      withInterval(1, 5, people, Float64Array.from(replicates), 0.95, 'no events');
    const none = Array.from({ length: 10 }, () => Number.NaN);
    const same = { value: 1, low: null, high: null, of: 5 };
    expect(of(none.fill(1))).toEqual({ ...same, why: 'no interval: the same in all draws' });
    expect(of([1, 0, ...none.slice(2).fill(Number.NaN)])).toEqual({
      ...same,
      why: 'no interval: too few draws of people define it',
    });
    const alternating = Float64Array.from({ length: 10 }, (_, i) => i);
    const ofPeople = (people: number, level: number) =>
      withInterval(1, 5, peopleDraws(people, 1, 10), alternating, level, 'no events');
    expect(ofPeople(5, 0.95)).toEqual({ ...same, why: 'no interval: too few people' });
    expect(ofPeople(6, 0.95).low).not.toBeNull();
    expect(ofPeople(5, 0.9).low).not.toBeNull();
    expect(of([1, 0], peopleDraws(1, 1, 2))).toEqual({ ...same, why: 'no interval: one person' });
    expect(of([], peopleDraws(4, 1, 0))).toEqual({ ...same, why: 'no interval: none asked for' });
    expect(withInterval(0 / 0, 0, draws, Float64Array.from(none), 0.95, 'no events')).toEqual({
      value: null,
      low: null,
      high: null,
      of: 0,
      why: 'no events',
    });
  });
});
