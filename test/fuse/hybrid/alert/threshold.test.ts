/** Thresholds chosen on training nights: the budget is kept, right alerts stay, and the counts are those of the machine. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random } from '../../../../src/array/random.ts';
import type { AlertChange } from '../../../../src/fuse/hybrid/alert/alert.ts';
import { alertsOf } from '../../../../src/fuse/hybrid/alert/bulk.ts';
import { type AlertRules, alertRules } from '../../../../src/fuse/hybrid/alert/options.ts';
import { chooseThresholds, type ThresholdOptions } from '../../../../src/fuse/hybrid/alert/threshold.ts';
import { preparedNight, type ScoredNight, tallyAlerts } from '../../../../src/fuse/hybrid/alert/threshold-nights.ts';

const stepMs = 15_000;
const ticks = 1200;
const judgedFrom = 120;

interface Kind {
  /** How much higher the score is during an event. */
  readonly shift: number;
  /** Error of the score between readings, and at one. */
  readonly fastSd: number;
  readonly slowSd: number;
  readonly onlyAtReadings?: boolean;
}

/** Nights of five hours, every second with an event of half an hour; a reading each 20 ticks. */
function nightsOf(count: number, seed: number, { shift, fastSd, slowSd, onlyAtReadings = false }: Kind): ScoredNight[] {
  const generator = random(seed);
  return Array.from({ length: count }, (_, n) => {
    const onset = n % 2 === 0 ? judgedFrom + 100 + generator.integer(ticks - judgedFrom - 300) : ticks;
    const score = new Float32Array(ticks);
    const fresh = new Uint8Array(ticks);
    const phase = generator.integer(20);
    let wander = 0; // error of the fast sensors: over within some ticks
    for (let k = 0; k < ticks; k++) {
      fresh[k] = k % 20 === phase ? 1 : 0;
      wander = 0.9 * wander + Math.sqrt(1 - 0.81) * generator.normal();
      const error = fresh[k] === 1 ? slowSd * generator.normal() : fastSd * wander;
      const isOn = k >= onset && k < onset + 120;
      score[k] = onlyAtReadings && fresh[k] === 0 ? Number.NaN : -4 + (isOn ? shift : 0) + error;
    }
    const episodes = onset < ticks ? [{ onsetMs: onset * stepMs, endMs: (onset + 120) * stepMs, extreme: 60 }] : [];
    return { score, fresh, startMs: 0, stepMs, judgedFrom, episodes };
  });
}

const fast: Kind = { shift: 4, fastSd: 1.5, slowSd: 0.8 };

/** The same counts the slow way: from the changes that the machine tells. */
function countedFromChanges(nights: readonly ScoredNight[], rules: AlertRules) {
  const counts = {
    right: 0,
    false: 0,
    rightRetracted: 0,
    falseRetracted: 0,
    rightConfirmed: 0,
    falseConfirmed: 0,
    caught: 0,
  };
  for (const { score, fresh, episodes } of nights) {
    const byAlert = new Map<number, AlertChange[]>();
    for (const change of alertsOf(score, fresh, 0, stepMs, rules)) {
      byAlert.set(change.alert, [...(byAlert.get(change.alert) ?? []), change]);
    }
    const raised = [...byAlert.values()].filter(([{ timeMs }]) => timeMs >= judgedFrom * stepMs);
    for (const changes of raised) {
      const at = changes[0].timeMs;
      const side = episodes.some(({ onsetMs, endMs }) => at >= onsetMs - 1_200_000 && at < endMs) ? 'right' : 'false';
      counts[side]++;
      if (changes.some(({ kind }) => kind === 'retracted')) counts[`${side}Retracted`]++;
      if (changes.some(({ kind }) => kind === 'confirmed')) counts[`${side}Confirmed`]++;
    }
    counts.caught += episodes.filter(({ onsetMs }) =>
      raised.some(([{ timeMs }]) => timeMs >= onsetMs - 1_200_000 && timeMs <= onsetMs + 60_000),
    ).length;
  }
  return counts;
}

describe('counts over nights', () => {
  it('are those of the changes that the machine tells', () => {
    const nights = nightsOf(40, 5, fast);
    const judged = nights.map((night) => preparedNight(night, 1200, 60));
    fc.assert(
      fc.property(
        fc.double({ min: -4, max: 2, noNaN: true }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        (raise, below) => {
          const rules = alertRules({ raise, confirm: raise + 0.5, retract: raise + 0.5 - below });
          expect(tallyAlerts(judged, rules)).toMatchObject({
            nights: 40,
            events: 20,
            ...countedFromChanges(nights, rules),
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('by hand: caught in time, late, false, and out of the judged time', () => {
    const score = new Float32Array(ticks).fill(-9);
    const alertAt = (tick: number) => score.fill(1, tick, tick + 2);
    for (const tick of [10, 300, 520, 805]) alertAt(tick);
    const on = (onset: number) => ({ onsetMs: onset * stepMs, endMs: (onset + 60) * stepMs, extreme: 60 });
    const episodes = [on(100), on(580), on(800), on(1000)];
    const fresh = new Uint8Array(ticks).map((_, k) => (k % 20 === 7 ? 1 : 0));
    const night = preparedNight({ score, fresh, startMs: 0, stepMs, judgedFrom, episodes }, 1200, 60);
    expect(tallyAlerts([night], alertRules({ raise: 0, retract: -20 }))).toEqual({
      nights: 1,
      events: 3, // the one at 100 begins before the night is judged
      caught: 1, // 520 is in time for 580, 805 is 75 s after 800, nothing is said of 1000
      right: 2,
      false: 1, // 300
      rightProvisional: 2,
      falseProvisional: 1,
      rightRetracted: 0,
      falseRetracted: 0,
      rightConfirmed: 2, // by time
      falseConfirmed: 1,
    });
  });
});

describe('chosen thresholds', () => {
  const training = nightsOf(200, 1, fast);

  it.each([2, 1, 0.5, 0.1])('keep a budget of %d false alarms a night on the training nights', (falsePerNight) => {
    const { alerts, training: counts } = chooseThresholds(training, { falsePerNight, spend: 'whole-budget' });
    expect(countedFromChanges(training, alerts).false).toBe(counts.false);
    expect(counts.false).toBeLessThanOrEqual(falsePerNight * 200);
    expect(counts.false).toBeGreaterThan(0.9 * falsePerNight * 200);
  });

  it('of none raise nothing false, and still what exceeds everything false', () => {
    const { training: counts } = chooseThresholds(training, { falsePerNight: 0 });
    expect(counts.false).toBe(0);
    expect(counts.right).toBeGreaterThan(0);
  });

  it('catch the more events the larger the budget, and do about the same on other nights', () => {
    const caught = [0.1, 0.5, 2].map((falsePerNight) => chooseThresholds(training, { falsePerNight }).training.caught);
    expect(caught).toEqual(caught.toSorted((a, b) => a - b));
    const { alerts } = chooseThresholds(training, { falsePerNight: 1, spend: 'whole-budget' });
    const others = tallyAlerts(
      nightsOf(400, 2, fast).map((night) => preparedNight(night, 1200, 60)),
      alerts,
    );
    expect(others.false / 400).toBeGreaterThan(0.85);
    expect(others.false / 400).toBeLessThan(1.15);
    expect(others.rightRetracted / others.rightProvisional).toBeLessThanOrEqual(0.05);
  });

  it('spend no more of the budget than catches more', () => {
    const [most, whole] = (['most-caught', 'whole-budget'] as const).map((spend) =>
      chooseThresholds(training, { falsePerNight: 2, spend }),
    );
    expect(most.training.false).toBeLessThanOrEqual(whole.training.false);
    expect(most.training.caught).toBeGreaterThanOrEqual(whole.training.caught);
    expect(most.training.caught).toBe(
      Math.max(...most.raiseCurve.map(({ tally }) => (tally.false <= 400 ? tally.caught : 0))),
    );
  });

  const many = nightsOf(500, 8, fast);
  it.each([
    [0.02, 0.1],
    [0.05, 0.5],
    [0.2, 0.5],
  ])(
    'take back at most a share of %d of right provisional alerts, and more than %d of false ones',
    (wronglyShare, falseShare) => {
      const { training: counts, retraction } = chooseThresholds(many, { wronglyShare });
      expect(counts.rightRetracted / counts.rightProvisional).toBeLessThanOrEqual(wronglyShare);
      expect(counts.falseRetracted / counts.falseProvisional).toBeGreaterThan(falseShare);
      expect(retraction?.retract).toBeLessThanOrEqual(retraction?.confirm as number);
    },
  );

  it('never take back where there are too few right alerts to promise a share of them', () => {
    const { alerts, training: counts } = chooseThresholds(nightsOf(16, 3, fast), { wronglyShare: 0.05 });
    expect(counts.rightProvisional).toBeLessThan(45);
    expect(counts.falseRetracted).toBe(0);
    expect(alerts.retract).toBe(-1e6);
  });

  it('take back with few right alerts where no more than an even chance is asked for', () => {
    const few = nightsOf(60, 3, fast);
    const { training: counts } = chooseThresholds(few, { wronglyShare: 0.1, wronglyConfidence: 0.5 });
    expect(counts.falseRetracted).toBeGreaterThan(chooseThresholds(few, { wronglyShare: 0.1 }).training.falseRetracted);
    expect(counts.rightRetracted / counts.rightProvisional).toBeLessThanOrEqual(0.1);
  });

  it('take back nothing where a reading knows no more than the fast sensors did', () => {
    const blind = nightsOf(200, 4, { shift: 0, fastSd: 1, slowSd: 1 });
    const { training: counts } = chooseThresholds(blind, { wronglyShare: 0.05 });
    const [right, wrong] = [
      counts.rightRetracted / counts.rightProvisional,
      counts.falseRetracted / counts.falseProvisional,
    ];
    expect(Math.abs(right - wrong)).toBeLessThan(0.06);
  });

  it('hold that share on new people in nine of ten drawings of training people', () => {
    const others = nightsOf(800, 100, fast).map((night) => preparedNight(night, 1200, 60));
    const shares = Array.from({ length: 20 }, (_, drawing) => {
      const { alerts } = chooseThresholds(nightsOf(150, 101 + drawing, fast), { wronglyShare: 0.1 });
      const { rightRetracted, rightProvisional } = tallyAlerts(others, alerts);
      return rightRetracted / rightProvisional;
    });
    // 18 of 20 are expected; fewer than 15 have a chance of .011.
    expect(shares.filter((share) => share <= 0.1).length).toBeGreaterThanOrEqual(15);
    expect(Math.max(...shares)).toBeGreaterThan(0.04); // and the share is used
  });

  it('show the whole curve, from taking back none to all that does not confirm', () => {
    const { retraction } = chooseThresholds(training);
    const curve = retraction?.curve ?? [];
    expect(curve[0]).toEqual({ retract: -1e6, rightRetracted: 0, falseRetracted: 0 });
    expect(curve.at(-1)?.retract).toBe(retraction?.confirm);
    for (const key of ['retract', 'rightRetracted', 'falseRetracted'] as const) {
      const values = curve.map((point) => point[key]);
      expect(values).toEqual(values.toSorted((a, b) => a - b));
    }
    expect(curve.at(-1)?.falseRetracted).toBeGreaterThan(0.5 * (retraction?.false as number));
  });

  it('of a strategy that speaks only at readings know no provisional phase', () => {
    const slow = nightsOf(100, 6, { ...fast, onlyAtReadings: true });
    const { alerts, training: counts, retraction } = chooseThresholds(slow, { falsePerNight: 0.5 });
    expect(retraction).toBeUndefined();
    expect([alerts.confirm, alerts.retract]).toEqual([alerts.raise, alerts.raise]);
    expect(counts.rightProvisional + counts.falseProvisional).toBe(0);
    expect(counts.false).toBeLessThanOrEqual(50);
    expect(counts.caught).toBeGreaterThan(0);
  });

  it('are the same again, whatever the order of nights', () => {
    const again = chooseThresholds(training.toReversed());
    expect(again).toEqual(chooseThresholds(training));
  });

  it('survive JSON', () => {
    const { alerts } = chooseThresholds(nightsOf(16, 3, fast), { alerts: { deep: 5 } });
    expect(alertRules(JSON.parse(JSON.stringify(alerts)))).toEqual(alerts);
  });

  it('are none where a strategy says nothing', () => {
    const mute = training.slice(0, 3).map((night) => ({ ...night, score: new Float32Array(ticks).fill(Number.NaN) }));
    expect(chooseThresholds(mute).training).toMatchObject({ right: 0, false: 0, caught: 0 });
  });

  it.each([
    [[], {}, 'chooseThresholds: no nights, expected at least one'],
    [training, { budget: 1 }, 'chooseThresholds: unknown option "budget", expected one of falsePerNight, spend'],
    [training, { wronglyShare: 2 }, 'chooseThresholds: wronglyShare: unusable, expected a share from 0 to 1, got 2'],
    [
      training,
      { falsePerNight: -1 },
      'chooseThresholds: falsePerNight: unusable, expected a number of at least 0, got -1',
    ],
    [training, { spend: 'all' }, 'chooseThresholds: spend: unusable, expected most-caught or whole-budget, got all'],
    [training, { alerts: { raise: 1 } }, 'chooseThresholds: alerts: raise: chosen here, not given'],
    [training, { alerts: { snooze: 1 } }, 'chooseThresholds: unknown option "snooze", expected one of raise'],
  ])('are not chosen from unusable input', (nights, options, message) => {
    expect(() => chooseThresholds(nights, options as ThresholdOptions)).toThrow(message);
  });

  it('are not chosen from infinite scores', () => {
    const [night] = nightsOf(1, 7, fast);
    night.score[500] = Number.POSITIVE_INFINITY;
    const nights = [{ ...night, episodes: [] }];
    expect(() => chooseThresholds(nights)).toThrow(
      'chooseThresholds: unusable scores, expected finite log-odds, got Infinity',
    );
  });
});
