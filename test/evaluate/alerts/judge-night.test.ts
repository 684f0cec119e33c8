import { describe, expect, test } from 'vitest';
import { judgeNight } from '../../../src/evaluate/alerts/judge-night.ts';
import { type Change, madeNight, minute } from './made-night.ts';

/** What becomes of an event from minute 100 to 140. */
function eventWith(...changes: readonly Change[]) {
  const { events } = judgeNight(madeNight([[100, 140]], changes));
  expect(events).toHaveLength(1);
  return events[0];
}

describe('an event', () => {
  test('is caught by an alert from 20 minutes before its onset until 60 seconds after, both ends included', () => {
    expect(eventWith([0, 'provisional', 80])).toMatchObject({ outcome: 'caught', delaySeconds: -1200 });
    expect(eventWith([0, 'provisional', 101])).toMatchObject({ outcome: 'caught', delaySeconds: 60 });
    expect(eventWith([0, 'confirmed', 100])).toMatchObject({ outcome: 'caught', delaySeconds: 0 });
    expect(eventWith([0, 'provisional', 101.01]).outcome).toBe('late');
    expect(eventWith([0, 'provisional', 79.99], [0, 'retracted', 85]).outcome).toBe('missed');
  });

  test('is late with its delay, or missed once it is over', () => {
    expect(eventWith([0, 'provisional', 104])).toMatchObject({
      outcome: 'late',
      delaySeconds: 240,
      onAfterGrace: false,
    });
    expect(eventWith([0, 'provisional', 140])).toMatchObject({ outcome: 'missed', delaySeconds: null });
    expect(eventWith()).toMatchObject({ outcome: 'missed', delaySeconds: null, confirmedAfterSeconds: null });
  });

  test('is told apart where an alert raised too early still stands at onset', () => {
    expect(eventWith([0, 'provisional', 70], [0, 'confirmed', 75])).toMatchObject({
      outcome: 'standing',
      delaySeconds: null,
      onAfterGrace: true,
    });
    // Over at onset: it does not stand any more.
    expect(eventWith([0, 'confirmed', 70], [0, 'ended', 100]).outcome).toBe('missed');
    // Another one raised in time catches it.
    expect(eventWith([0, 'confirmed', 70], [0, 'ended', 85], [1, 'confirmed', 90]).outcome).toBe('caught');
    // A late one beside a standing one leaves it standing; its delay is still told.
    expect(eventWith([0, 'confirmed', 70], [0, 'ended', 102], [1, 'confirmed', 105])).toMatchObject({
      outcome: 'standing',
      delaySeconds: 300,
    });
  });

  test('is counted from the first of its alerts, and says whether one was still on after the grace', () => {
    const taken = eventWith([0, 'provisional', 90], [0, 'retracted', 94], [1, 'provisional', 103]);
    expect(taken).toEqual({
      onsetMs: minute(100),
      outcome: 'caught',
      delaySeconds: -600,
      confirmedAfterSeconds: null,
      onAfterGrace: false,
      takenBack: true,
    });
    expect(eventWith([0, 'provisional', 90], [0, 'confirmed', 103])).toMatchObject({
      confirmedAfterSeconds: 180,
      onAfterGrace: true,
      takenBack: false,
    });
  });

  test('is not wrongly taken back by a retraction after its end', () => {
    expect(eventWith([0, 'provisional', 135], [0, 'retracted', 141]).takenBack).toBe(false);
    expect(eventWith([0, 'provisional', 135], [0, 'retracted', 139]).takenBack).toBe(true);
  });

  test('is left out, and counted, where it was on before or its alerts could not have been raised', () => {
    const night = madeNight(
      [
        [-10, 5],
        [30, 60],
        [530, 560],
      ],
      [
        [0, 'confirmed', 20],
        [0, 'ended', 70],
      ],
    );
    expect(judgeNight(night)).toMatchObject({
      alreadyOn: 1,
      notWatched: 0,
      events: [{ outcome: 'caught' }, { outcome: 'missed' }],
    });
    const { runningFromMs: _, ...since } = night;
    expect(judgeNight({ ...since, episodes: madeNight([[15, 40]], []).episodes })).toMatchObject({
      notWatched: 1,
      events: [],
    });
    expect(
      judgeNight({ ...since, runningFromMs: minute(-5), episodes: madeNight([[15, 40]], []).episodes }),
    ).toMatchObject({
      notWatched: 0,
      events: [{ outcome: 'late', delaySeconds: 300 }],
    });
  });

  test('beyond the stretch is not judged, but makes alerts before it right', () => {
    const night = judgeNight(madeNight([[545, 570]], [[0, 'provisional', 530]]));
    expect(night.events).toEqual([]);
    expect(night.alerts).toMatchObject([{ right: true }]);
  });
});

describe('an alert', () => {
  const alertsWith = (...changes: readonly Change[]) => judgeNight(madeNight([[100, 140]], changes)).alerts;

  test('is false where no event is on and none follows within 20 minutes', () => {
    const right = (at: number) => alertsWith([0, 'provisional', at])[0].right;
    expect([79.9, 80, 100, 139.9, 140, 200].map(right)).toEqual([false, true, true, true, false, false]);
  });

  test('is judged anew when it is confirmed and when it is taken back', () => {
    expect(alertsWith([0, 'provisional', 75], [0, 'confirmed', 85])).toMatchObject([
      { right: false, confirmedAfterSeconds: 600, confirmedRight: true, takenBackAfterSeconds: null },
    ]);
    expect(
      alertsWith([0, 'provisional', 75], [0, 'retracted', 79], [1, 'provisional', 82], [1, 'retracted', 84]),
    ).toMatchObject([
      { right: false, takenBackAfterSeconds: 240, takenBackWrongly: false },
      { right: true, takenBackAfterSeconds: 120, takenBackWrongly: true },
    ]);
  });

  test('is undecided where what is known ends within its 20 minutes', () => {
    const until = (minutes: number) =>
      judgeNight(madeNight([], [[0, 'provisional', 530]], { knownUntilMs: minute(minutes) })).alerts[0].right;
    expect([549, 550].map(until)).toEqual([null, false]);
    expect(judgeNight(madeNight([], [[0, 'provisional', 530]])).alerts[0].right).toBe(false);
  });

  test('raised outside the stretch is not counted, nor what becomes of one after it', () => {
    expect(alertsWith([0, 'provisional', -1], [0, 'retracted', 3], [1, 'provisional', 540])).toEqual([]);
    expect(alertsWith([0, 'provisional', 538], [0, 'retracted', 541])).toMatchObject([
      { right: false, takenBackAfterSeconds: null, takenBackWrongly: null },
    ]);
  });
});

describe('a night', () => {
  test('tells how long each state lasted within the stretch, and what was said of sensors', () => {
    const changes: Change[] = [
      [0, 'provisional', -10],
      [0, 'confirmed', 5],
      [0, 'ended', 20],
      [0, 'silent', 30],
      [0, 'heard', 50],
      [1, 'provisional', 60],
      [1, 'retracted', 64],
      [1, 'fault', 70],
      [2, 'provisional', 530],
    ];
    expect(judgeNight(madeNight([], changes))).toMatchObject({
      hours: 9,
      minutesProvisional: 5 + 4 + 10,
      minutesConfirmed: 15,
      silent: 1,
      fault: 1,
    });
  });

  test('takes other leads and graces', () => {
    const night = madeNight([[100, 140]], [[0, 'confirmed', 75]]);
    expect(judgeNight(night, { leadSeconds: 1800 }).events[0].outcome).toBe('caught');
    const late = madeNight([[100, 140]], [[0, 'confirmed', 104]]);
    expect(judgeNight(late, { graceSeconds: 300 }).events[0].outcome).toBe('caught');
  });

  test('is refused where its times make no sense', () => {
    const refused =
      (...changes: readonly Change[]) =>
      () =>
        judgeNight(madeNight([], changes));
    expect(refused([0, 'confirmed', 5], [0, 'ended', 4])).toThrow(
      `night "night": change 1: out of order, expected a time from ${minute(5)} on, got ${minute(4)}`,
    );
    expect(refused([3, 'retracted', 4])).toThrow(
      'night "night": change 0: retracted of an alert that was not raised, expected a number that was, got 3',
    );
    expect(refused([0, 'provisional', 1], [0, 'provisional', 2])).toThrow(
      'night "night": change 1: provisional of an alert that is on, expected a new number, got 0',
    );
    expect(refused([0, 'confirmed', 1], [0, 'ended', 2], [0, 'confirmed', 3])).toThrow(
      'night "night": change 2: confirmed of an alert that is over, expected a new number, got 0',
    );
    expect(refused([0, 'confirmed', 1], [0, 'confirmed', 2])).toThrow(
      'night "night": change 1: confirmed a second time, expected escalated, retracted or ended, got 0',
    );
    expect(() => judgeNight(madeNight([], [], { endMs: minute(0) }))).toThrow('night "night": no stretch of time');
    expect(() =>
      judgeNight(
        madeNight(
          [
            [100, 140],
            [130, 150],
          ],
          [],
        ),
      ),
    ).toThrow('night "night": episodes: out of order or overlapping');
    expect(() => judgeNight(madeNight([], []), { lead: 3 } as object)).toThrow(
      'judgeNight: lead: unknown option, expected one of leadSeconds, graceSeconds, scoreEverySeconds, seed, resamples, level, got lead',
    );
    expect(() => judgeNight(madeNight([], []), { leadSeconds: -1 })).toThrow(
      'judgeNight: leadSeconds: not a time, expected 0 seconds or more, got -1',
    );
  });
});
