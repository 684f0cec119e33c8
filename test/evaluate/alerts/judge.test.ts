import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeNights } from '../../../src/evaluate/alerts/judge.ts';
import type { AlertNight, ScoreTrace } from '../../../src/evaluate/alerts/night.ts';
import { alertRules } from '../../../src/fuse/hybrid/alert/options.ts';
import { preparedNight, type ScoredNight, tallyAlerts } from '../../../src/fuse/hybrid/alert/threshold-nights.ts';
import { type Change, madeNight, madeTrace, minute } from './made-night.ts';
import { someNights } from './some-nights.ts';

/** Three nights of two people, to be counted by hand. */
function byHand(): AlertNight[] {
  const night = (id: string, subject: string, episodes: [number, number][], ...changes: Change[]) =>
    madeNight(episodes, changes, { id, subject });
  return [
    night(
      'one',
      'ann',
      [
        [100, 140],
        [300, 330],
        [450, 480],
      ],
      [0, 'provisional', 50], // false, taken back after 5 min
      [0, 'retracted', 55],
      [1, 'provisional', 90], // right, caught 10 min before, confirmed at onset
      [1, 'confirmed', 100],
      [1, 'ended', 150],
      [2, 'provisional', 300.5], // right, caught 30 s after, wrongly taken back
      [2, 'retracted', 303],
      [3, 'provisional', 460], // right, 10 min late
      [3, 'confirmed', 465],
      [3, 'ended', 500],
    ),
    night(
      'two',
      'ann',
      [],
      [0, 'confirmed', 200], // false
      [0, 'ended', 230],
      [0, 'silent', 300],
      [1, 'provisional', 400], // false, stays
    ),
    night('three', 'bob', [[200, 220]]),
  ];
}

describe('a judgement', () => {
  test('counts what a hand counts', () => {
    const { figures, ...judgement } = judgeNights(byHand(), { resamples: 0 });
    expect(judgement).toMatchObject({ people: 2, nights: 3, events: 4, alreadyOn: 0, notWatched: 0, undecided: 0 });
    const values = Object.fromEntries(Object.entries(figures).map(([name, { value, of }]) => [name, [value, of]]));
    expect(values).toMatchObject({
      caught: [2 / 4, 4],
      caughtBefore: [1 / 4, 4],
      caughtWithinGrace: [1 / 4, 4],
      standing: [0, 4],
      late: [1 / 4, 4],
      missed: [1 / 4, 4],
      onAfterGrace: [2 / 4, 4],
      confirmed: [2 / 4, 4],
      eventsTakenBack: [1 / 3, 3],
      withinGrace: [1 / 2, 2],
      delaySecondsMedian: [315, 2],
      delaySecondsMax: [600, 2],
      leadMinutesMedian: [10, 1],
      confirmedDelaySecondsMedian: [450, 2],
      alertsPerNight: [2, 3],
      falseAlarmsPerNight: [1, 3],
      provisionalFalseAlarmsPerNight: [2 / 3, 3],
      falseConfirmationsPerNight: [1 / 3, 3],
      sensorAlertsPerNight: [1 / 3, 3],
      minutesProvisionalPerNight: [(5 + 10 + 2.5 + 5 + 140) / 3, 3],
      minutesConfirmedPerNight: [(50 + 35 + 30) / 3, 3],
      ppv: [1 / 2, 6],
      confirmedPpv: [2 / 3, 3],
      falseTakenBack: [1 / 2, 2],
      rightTakenBack: [1 / 3, 3],
      retractionSecondsMedian: [300, 1],
      nightSensitivity: [1 / 2, 2],
      nightSpecificity: [0, 1],
      nightPpv: [1 / 2, 2],
    });
    expect(figures.delaySecondsP95.value).toBeCloseTo(30 + 0.95 * 570, 10);
    expect(figures.minutesQuietPerNight.value).toBeCloseTo(540 - (162.5 + 115) / 3, 10);
  });

  test('does not call it wrong to take an alert back after its event is over', () => {
    const over = madeNight(
      [[100, 140]],
      [
        [0, 'provisional', 138],
        [0, 'retracted', 142],
      ],
    );
    expect(judgeNights([over]).figures).toMatchObject({
      rightTakenBack: { value: 0, of: 1 },
      eventsTakenBack: { value: 0, of: 1 },
    });
  });

  test('calls a night quiet only where nothing speaks against it', () => {
    const quietNights = (night: AlertNight) => judgeNights([night]).figures.nightSpecificity.of;
    expect(quietNights(madeNight([], []))).toBe(1);
    expect(quietNights(madeNight([], [[0, 'provisional', 200]]))).toBe(1);
    // On before it began; undecided; right, since its event began just after.
    expect(quietNights(madeNight([[-10, 20]], []))).toBe(0);
    expect(quietNights(madeNight([], [[0, 'provisional', 535]], { knownUntilMs: minute(540) }))).toBe(0);
    expect(quietNights(madeNight([[545, 580]], [[0, 'provisional', 535]]))).toBe(0);
  });

  test('has no delay of an event at whose onset an alert stood already', () => {
    const standing = madeNight(
      [[100, 140]],
      [
        [0, 'confirmed', 70],
        [0, 'ended', 102],
        [1, 'confirmed', 105],
      ],
    );
    expect(judgeNights([standing]).figures).toMatchObject({
      standing: { value: 1, of: 1 },
      delaySecondsMedian: { value: null, of: 0 },
      withinGrace: { value: null, why: 'no event had its first alert after onset' },
    });
  });

  test('counts events caught and false alarms as the search for thresholds counts them', () => {
    const nights = someNights(8, 5, 6);
    const rules = alertRules({ raise: -0.5, retract: -1 });
    const scored = nights.map(
      ({ trace, episodes }) => ({ ...(trace as ScoreTrace), judgedFrom: 0, episodes }) as ScoredNight,
    );
    const tally = tallyAlerts(
      scored.map((night) => preparedNight(night, 1200, 60)),
      rules,
    );
    const { figures, events } = judgeNights(nights, { resamples: 0 });
    expect(events).toBe(tally.events);
    expect(events * (figures.caught.value as number)).toBeCloseTo(tally.caught, 8);
    expect(40 * (figures.falseAlarmsPerNight.value as number)).toBeCloseTo(tally.false, 8);
    expect(40 * (figures.provisionalFalseAlarmsPerNight.value as number)).toBeCloseTo(tally.falseProvisional, 8);
    expect(figures.rightTakenBack.of).toBe(tally.rightProvisional);
    expect(figures.ppv.value).toBeCloseTo(tally.right / (tally.right + tally.false), 12);
    expect(tally.caught).toBeGreaterThan(5);
    expect(tally.false).toBeGreaterThan(5);
  });

  test('is plain JSON, without a number that is none', () => {
    const judgement = judgeNights(someNights(5, 3, 1), { latencyMs: [0.2, 0.4, 0.1] });
    expect(JSON.parse(JSON.stringify(judgement))).toEqual(judgement);
    expect(judgement.latency).toEqual({ decisions: 3, p50Ms: 0.2, p99Ms: 0.2 + 0.98 * 0.2, maxMs: 0.4 });
  });

  test('of no nights, of no events and of no trace says why it says nothing', () => {
    for (const nights of [[], [madeNight([], [])]]) {
      const judgement = judgeNights(nights);
      const { figures } = judgement;
      expect(JSON.parse(JSON.stringify(judgement))).toEqual(judgement);
      expect(figures.caught).toEqual({ value: null, low: null, high: null, of: 0, why: 'no events' });
      expect(figures.ppv.why).toBe('no alerts');
      expect(figures.auroc).toEqual({ value: null, low: null, high: null, of: 0, why: 'no scored moments' });
      expect(figures.delaySecondsMax).toMatchObject({ value: null, why: 'no event had its first alert after onset' });
      expect(judgement.reliability).toEqual([]);
      expect(judgement.retraction).toMatchObject({ curve: [], retract: null, falseTakenBack: { value: null } });
      expect(judgement.latency).toBeNull();
    }
    expect(judgeNights([]).figures.falseAlarmsPerNight).toMatchObject({ value: null, why: 'no nights' });
    const flat = madeNight([], [], { trace: madeTrace([-3, -2, -1], [0, 0, 0]) });
    expect(judgeNights([flat]).figures).toMatchObject({
      auroc: { value: null, why: 'no moment of an event', of: 3 },
      brier: { of: 3, why: 'no interval: one person' },
    });
  });

  test('does not depend on the order of nights', () => {
    const nights = someNights(6, 3, 2);
    const expected = judgeNights(nights, { resamples: 50 });
    fc.assert(
      fc.property(fc.shuffledSubarray(nights, { minLength: nights.length }), (shuffled) => {
        expect(judgeNights(shuffled, { resamples: 50 })).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });

  test('of one more quiet night without alerts has fewer false alarms a night, and nothing of events or alerts changes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 4 }), (seed, person) => {
        const nights = someNights(5, 3, seed);
        const quiet = madeNight([], [], {
          id: 'quiet',
          subject: `person ${person}`,
          group: ['positive', 'opposite', 'none'][person % 3],
        });
        const before = judgeNights(nights, { resamples: 0 });
        const after = judgeNights([...nights, quiet], { resamples: 0 });
        const fell = (name: 'alertsPerNight' | 'falseAlarmsPerNight' | 'minutesConfirmedPerNight') =>
          expect(after.figures[name].value).toBeCloseTo(((before.figures[name].value as number) * 15) / 16, 10);
        fell('alertsPerNight');
        fell('falseAlarmsPerNight');
        fell('minutesConfirmedPerNight');
        for (const name of Object.keys(before.figures) as (keyof typeof before.figures)[]) {
          if (name.endsWith('PerNight') || name === 'nightSpecificity') continue;
          expect(after.figures[name]).toEqual(before.figures[name]);
        }
        expect(after.retraction).toEqual(before.retraction);
        expect(after.reliability).toEqual(before.reliability);
      }),
      { numRuns: 15 },
    );
  });

  test('judges each group as its people alone', () => {
    const nights = someNights(9, 2, 3);
    const { groups } = judgeNights(nights, { resamples: 40 });
    expect(Object.keys(groups)).toEqual(['none', 'opposite', 'positive']);
    const alone = judgeNights(
      nights.filter(({ group }) => group === 'opposite'),
      { resamples: 40 },
    );
    // Bounds of bins come from everyone, so that ranks may differ a little.
    for (const [name, { value }] of Object.entries(groups.opposite.figures)) {
      const expected = alone.figures[name as keyof typeof alone.figures].value;
      if (value === null) expect(expected).toBeNull();
      else expect(Math.abs(value - (expected as number))).toBeLessThan(1e-3);
    }
    expect(groups.opposite).toMatchObject({ people: alone.people, nights: alone.nights, events: alone.events });
  });

  test('has wider intervals where people differ than where each night is another person', () => {
    const nights = someNights(8, 6, 4).map((night) => {
      const bad = night.subject < 'person 4';
      return bad ? { ...night, changes: [] } : night;
    });
    const width = (all: readonly AlertNight[]) => {
      const { low, high } = judgeNights(all).figures.caught;
      return (high as number) - (low as number);
    };
    const apart = nights.map(({ group: _, ...night }) => ({ ...night, subject: night.id }));
    expect(width(nights)).toBeGreaterThan(1.5 * width(apart));
  });

  test('refuses a night twice, and a person in two groups', () => {
    const night = madeNight([], []);
    expect(() => judgeNights([night, night])).toThrow('night "night": twice, expected an id of its own');
    expect(() =>
      judgeNights([
        { ...night, group: 'none' },
        { ...night, id: 'next', group: 'positive' },
      ]),
    ).toThrow('night "next": group: subject "person" is in two groups, expected none, got positive');
    expect(() => judgeNights([{ ...night, trace: { ...madeTrace([1, 2], [0]) } }])).toThrow(
      'night "night": trace: columns that do not go together',
    );
  });
});
