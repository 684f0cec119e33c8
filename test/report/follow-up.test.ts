import { expect, it } from 'vitest';
import { random } from '../../src/array/random.ts';
import type { RiskGroup } from '../../src/evaluate/comparison.ts';
import { drawn, medianDays, survivalAt, timeAxis } from '../../src/report/follow-up.ts';
import { riskGroups } from './trust.fixture.ts';

const point = (timeDays: number, atRisk: number, survival: number) => ({
  timeDays,
  atRisk,
  survival,
  low: survival - 0.1,
  high: 1,
});

/** Ten subjects: events on days 10 and 30, and on day 50 of the last but one; the others leave on day 20 and 40. */
const group: RiskGroup = {
  name: 'low',
  n: 20,
  events: 3,
  curve: [point(10, 20, 0.95), point(20, 19, 0.95), point(30, 10, 0.855), point(40, 4, 0.855), point(50, 1, 0.4)],
};

it('time is told in years from two years on, else in days, at no more than seven round times', () => {
  expect(timeAxis(365.25 * 7.3)).toEqual({ unit: 'years', days: 365.25, ticks: [0, 2, 4, 6] });
  expect(timeAxis(365.25 * 2)).toMatchObject({ unit: 'years', ticks: [0, 1, 2] });
  expect(timeAxis(300)).toEqual({ unit: 'days', days: 1, ticks: [0, 50, 100, 150, 200, 250, 300] });
  const draw = random(5);
  for (let at = 0; at < 300; at++) {
    const last = 10 ** (5 * draw.uniform());
    const { days, ticks } = timeAxis(last);
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.length).toBeLessThanOrEqual(7);
    expect((ticks.at(-1) as number) * days).toBeLessThanOrEqual(Math.max(last, days) + 1e-9);
  }
});

it('a curve starts at 1, is drawn where it steps, and ends where less than a tenth is under observation', () => {
  expect(drawn(group).map(({ timeDays, survival }) => [timeDays, survival])).toEqual([
    [0, 1],
    [10, 0.95],
    [30, 0.855],
    [40, 0.855],
  ]);
  for (const one of riskGroups(random(2), 90)) {
    const points = drawn(one);
    expect(points[0]).toMatchObject({ timeDays: 0, survival: 1, atRisk: one.n });
    for (const { atRisk } of points) expect(atRisk).toBeGreaterThanOrEqual(one.n / 10);
  }
});

it('survival between two steps is that of the step before, and those at risk are those not yet gone', () => {
  expect(survivalAt(group, 5)).toEqual({ timeDays: 5, atRisk: 20, survival: 1, low: 1, high: 1 });
  expect(survivalAt(group, 10)).toMatchObject({ atRisk: 20, survival: 0.95 });
  expect(survivalAt(group, 25)).toMatchObject({ atRisk: 10, survival: 0.95 });
  expect(survivalAt(group, 50)).toMatchObject({ atRisk: 1, survival: 0.4 });
  expect(survivalAt(group, 51)).toBeUndefined();
});

it('the median is the first time by which half had the event, where there is one', () => {
  expect(medianDays(group)).toBe(50);
  expect(medianDays({ ...group, curve: group.curve.slice(0, 4) })).toBeUndefined();
});
