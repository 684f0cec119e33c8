import { describe, expect, test } from 'vitest';
import { compareAlerts } from '../../../src/evaluate/alerts/compare.ts';
import { judgeNights } from '../../../src/evaluate/alerts/judge.ts';
import { someNights } from './some-nights.ts';

describe('strategies compared', () => {
  const good = { name: 'good', nights: someNights(12, 4, 5, 4) };
  const poor = { name: 'poor', nights: someNights(12, 4, 5, 1.5) };

  test('are judged each as alone, and subtracted from the first', () => {
    const { strategies, differences } = compareAlerts([poor, good], { resamples: 200 });
    expect(strategies[1]).toEqual({ name: 'good', judgement: judgeNights(good.nights, { resamples: 200 }) });
    expect(differences.map(({ a, b, group }) => [a, b, group])).toEqual([
      ['good', 'poor', null],
      ['good', 'poor', 'none'],
      ['good', 'poor', 'opposite'],
      ['good', 'poor', 'positive'],
    ]);
    const [all] = differences;
    const [{ judgement: one }, { judgement: other }] = strategies;
    expect(all.figures.caught.value).toBeCloseTo(
      (other.figures.caught.value as number) - (one.figures.caught.value as number),
      12,
    );
    expect(all.figures.caught.low).toBeGreaterThan(0);
    expect(all.figures.auroc.low).toBeGreaterThan(0);
    expect(all.people).toBe(12);
    expect(differences[1].people).toBe(4);
  });

  test('are told apart more sharply by pairs than by their own intervals', () => {
    // People differ much in how many of their events are caught; the strategies differ in a night of each.
    const unequal = good.nights.map((night) => (night.subject < 'person 5' ? { ...night, changes: [] } : night));
    const less = unequal.map((night, i) => (i < 12 ? { ...night, changes: [] } : night));
    const { differences, strategies } = compareAlerts([
      { name: 'unequal', nights: unequal },
      { name: 'less', nights: less },
    ]);
    const width = ({ low, high }: { low: number | null; high: number | null }) => (high as number) - (low as number);
    const apart = strategies.map(({ judgement }) => width(judgement.figures.caught));
    expect(width(differences[0].figures.caught)).toBeLessThan(0.8 * Math.hypot(...apart));
  });

  test('that say the same differ by 0 without an interval, and what neither defines stays undefined', () => {
    const { differences } = compareAlerts([good, { ...good, name: 'again' }], { resamples: 50 });
    for (const figure of Object.values(differences[0].figures)) {
      if (figure.value === null) continue;
      expect(figure).toMatchObject({ value: 0, low: null, high: null });
    }
    const none = good.nights.map((night) => ({ ...night, episodes: [], changes: [] }));
    const empty = compareAlerts([
      { name: 'a', nights: none },
      { name: 'b', nights: none },
    ]);
    expect(empty.differences[0].figures.caught).toMatchObject({ value: null, why: 'no events' });
    expect(empty.differences[0].figures.delaySecondsMax.value).toBeNull();
  });

  test('are plain JSON, of no strategies too', () => {
    const comparison = compareAlerts([poor, good], { resamples: 20, pairs: [['poor', 'good']] });
    expect(comparison.differences[0]).toMatchObject({ a: 'poor', b: 'good' });
    expect(JSON.parse(JSON.stringify(comparison))).toEqual(comparison);
    expect(compareAlerts([])).toMatchObject({ strategies: [], differences: [] });
  });

  test('are refused where they were not judged on the same nights, or are named wrongly', () => {
    const other = { name: 'other', nights: good.nights.slice(1) };
    expect(() => compareAlerts([good, other])).toThrow(
      'compareAlerts: strategies: "other" and "good" were not judged on the same nights, expected the same ids, subjects, groups, times and episodes, got night "night 0"',
    );
    const moved = good.nights.map((night) => ({ ...night, startMs: night.startMs + 1 }));
    expect(() => compareAlerts([good, { name: 'moved', nights: moved }])).toThrow('not judged on the same nights');
    expect(() => compareAlerts([good, good])).toThrow(
      'compareAlerts: strategies: a name twice, expected one each, got good',
    );
    expect(() => compareAlerts([good, poor], { pairs: [['good', 'bad']] })).toThrow(
      'compareAlerts: pairs: unknown strategy, expected good, poor, got bad',
    );
    expect(() => compareAlerts([good], { level: 2 })).toThrow(
      'compareAlerts: level: not a coverage, expected between 0 and 1, got 2',
    );
  });
});
