/** The bench of real people's nights (`npm run bench -- alerts`): its rules, and its people where the shared data is at hand. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { episodesOf } from '../../src/align/time/episodes.ts';
import type { Recording } from '../../src/align/time/recording.ts';
import { trackOf } from '../../src/align/time/track-of.ts';
import { random } from '../../src/array/random.ts';
import { compareAlerts } from '../../src/evaluate/alerts/compare.ts';
import { bootstrap } from '../../src/evaluate/bootstrap.ts';
import { alertsOf } from '../../src/fuse/hybrid/alert/bulk.ts';
import { chooseThresholds } from '../../src/fuse/hybrid/alert/threshold.ts';
import { labelsOf } from '../../src/fuse/hybrid/labels.ts';
import { scoreTrack } from '../../src/fuse/hybrid/run.ts';
import { fitOverTime } from '../../src/fuse/hybrid/strategies.ts';
import { auroc } from '../../src/score/auroc.ts';
import { need } from '../require.ts';
import { root } from '../structure/sources.ts';

const { claimTicks, falseIfClaimed, judgeClaims, thresholdFor } = await import(`${root}bench/alerts/claims.mjs`);
const { figuresOf } = await import(`${root}bench/alerts/figures.mjs`);
const { heartRateLevel } = await import(`${root}bench/alerts/heart-rate.mjs`);
const { leaveOneOut, watchedNights } = await import(`${root}bench/alerts/leave-one-out.mjs`);
const { lowsOf, mmolThreshold, nightsOf, peopleIn, soundReadings } = await import(`${root}bench/alerts/people.mjs`);
const { lineAhead, plainLine } = await import(`${root}bench/alerts/plain-line.mjs`);
const { cell } = await import(`${root}bench/alerts/words.mjs`);

const data = join(process.env.CONSILIENCE_SHARED ?? '../shared', 'data');
const shared = need('shared', existsSync(join(data, 't1d-uom')));
const minute = 60_000;
const hour = 60 * minute;
const every5 = (values: readonly number[]) => ({
  timeMs: Float64Array.from(values, (_, i) => i * 5 * minute),
  value: Float64Array.from(values),
});

describe('the straight line', () => {
  it('stands 20 minutes on where its slope leads', () => {
    const ahead = lineAhead(every5([100, 98, 96, 94]), { everySeconds: 300 });
    expect(ahead[0]).toBeNaN();
    expect(ahead[3]).toBeCloseTo(86, 9);
  });

  it('goes through a quarter of an hour, and no reading before it', () => {
    const ahead = lineAhead(every5([300, 100, 100, 100, 100]), { everySeconds: 300 });
    expect(ahead[4]).toBeCloseTo(100, 9);
    expect(ahead[3]).toBeLessThan(0);
  });

  it('has two readings of a sensor that is a minute late at a quarter of an hour', () => {
    const readings = { timeMs: [0, 16 * minute], value: [90, 82] };
    expect(lineAhead(readings, { everySeconds: 900 })[1]).toBeCloseTo(72, 9);
  });

  it('is right in the 40 minutes before an onset, and false where nothing below follows', () => {
    const fall = [100, 100, 100, 100, 92, 84, 76, 68, 60, 60, 60, 60, 100, 100, 100, 100, 100, 100];
    const dip = [100, 100, 100, 92, 84, 84, 90, 95, 100, 100, 100, 100, 100, 100, 100, 100];
    const readings = every5([...fall, ...dip]);
    const lows = episodesOf(readings.timeMs, readings.value, { threshold: 70, beyond: 'below', everySeconds: 300 });
    const { events, alerted, medianLead, falsePerNight, nights } = plainLine([{ everySeconds: 300, readings, lows }]);
    expect({ events, alerted, medianLead, nights }).toEqual({ events: 1, alerted: 1, medianLead: 10, nights: 1 });
    expect(falsePerNight).toBe(1);
  });
});

describe('a claim', () => {
  const stepMs = minute;

  it('is made when the score rises, and anew every 40 minutes while it stays', () => {
    const score = new Float32Array(100).fill(-1);
    score.fill(1, 10, 95);
    expect(claimTicks(score, stepMs, 0)).toEqual([10, 50, 90]);
  });

  it('is not made anew within 15 minutes of silence, and is after them', () => {
    const score = new Float32Array(100).fill(-1);
    score[10] = 1;
    score[20] = 1;
    score[36] = 1;
    expect(claimTicks(score, stepMs, 0)).toEqual([10, 36]);
  });

  it('rests on a last word for 20 minutes and no longer', () => {
    const score = new Float32Array(200).fill(Number.NaN);
    score[0] = 1;
    expect(claimTicks(score, stepMs, 0)).toEqual([0]);
    score[30] = 1;
    expect(claimTicks(score, stepMs, 0)).toEqual([0, 40]);
  });

  const track = { ticks: 120, startMs: 0, stepMs, judgedFrom: 20 };
  const readings = { timeMs: [0, 60 * minute, 65 * minute], value: [90, 65, 90] };
  const wrong = falseIfClaimed(track, readings, 300);

  it('has come true where a reading below 70 lies in the 40 minutes after it', () => {
    expect(Array.from(wrong.subarray(19, 22))).toEqual([1, 0, 0]);
    expect(Array.from(wrong.subarray(63, 66))).toEqual([0, 0, 1]);
  });

  it('leads the onset by the first one of the 40 minutes before it; before the judged stretch none is false', () => {
    const score = new Float32Array(120).fill(-1);
    for (const at of [2, 18, 45, 100]) score[at] = 1;
    const judged = judgeClaims({ track, wrong, onsets: [60 * minute, 30 * minute] }, score, 0);
    expect(judged).toEqual({ falseClaims: 1, leads: [15, 28] });
    expect(judgeClaims({ track, wrong, onsets: [60 * minute] }, score, 2)).toEqual({ falseClaims: 0, leads: [null] });
  });

  it('has the lowest threshold that keeps the budget', () => {
    const generator = random(4);
    const nights = Array.from({ length: 20 }, () => ({
      track: { ...track, ticks: 600 },
      wrong: new Uint8Array(600).fill(1),
      onsets: [],
      score: Float32Array.from({ length: 600 }, () => generator.normal()),
    }));
    const falseAt = (threshold: number) =>
      nights.reduce((sum, night) => sum + judgeClaims(night, night.score, threshold).falseClaims, 0);
    const threshold = thresholdFor(nights, 0.5);
    expect(falseAt(threshold)).toBeLessThanOrEqual(10);
    expect(falseAt(threshold)).toBeGreaterThanOrEqual(8);
    expect(thresholdFor(nights, 0)).toBeGreaterThan(threshold);
  });
});

describe('leaving one person out', () => {
  const start = Date.UTC(2024, 0, 10, 18);
  /** Falls at 01:00 in every night, some faster than others. */
  const person = (subject: string, seed: number) => {
    const generator = random(seed);
    const timeMs = Float64Array.from({ length: 4 * 288 }, (_, i) => start + i * 5 * minute);
    const value = timeMs.map((time) => {
      const past = ((time / hour) % 24) - 1;
      return (past > 0 && past < 1 ? 60 : 120 - 40 * Math.max(0, Math.min(1, past + 2))) + 2 * generator.normal();
    });
    return {
      set: 't1d-uom',
      zone: 0,
      subject,
      everySeconds: 300,
      cgm: { timeMs, value },
      heartRate: { timeMs, value: timeMs.map(() => 60) },
      steps: { timeMs: timeMs.slice(0, 0), value: timeMs.slice(0, 0) },
    };
  };
  const people = ['a', 'b', 'c'].map((subject, i) => {
    const one = person(subject, i);
    const nights = watchedNights(one, { episodesOf, trackOf, labelsOf });
    return { subject, everySeconds: 300, nights };
  });
  const learnedFrom: string[][] = [];
  const library = {
    fitOverTime: (...given: Parameters<typeof fitOverTime>) => {
      learnedFrom.push([...new Set(given[1].map(({ subject }) => subject))]);
      return fitOverTime(...given);
    },
    scoreTrack,
    auroc,
    chooseThresholds,
    alertsOf,
  };
  let claims: Awaited<ReturnType<typeof leaveOneOut>>['claims'];
  let machine: Awaited<ReturnType<typeof leaveOneOut>>['machine'];
  beforeAll(async () => {
    ({ claims, machine } = await leaveOneOut(people, ['slow'], library));
  });

  it('learns on the others only', () => {
    expect(people.map(({ nights }) => nights.length)).toEqual([4, 4, 4]);
    expect(learnedFrom).toEqual([
      ['b', 'c'],
      ['a', 'c'],
      ['a', 'b'],
    ]);
  });

  it('judges everyone once, the lines and the strategies alike', () => {
    expect(Object.keys(claims)).toEqual([
      'straight line, as it is',
      'straight line',
      'straight line, 10 minutes',
      'slow',
    ]);
    for (const rows of Object.values(claims) as {
      subject: string;
      nights: number;
      byShare: { leads: number[] }[];
    }[][]) {
      expect(rows.map(({ subject, nights }) => [subject, nights])).toEqual([
        ['a', 4],
        ['b', 4],
        ['c', 4],
      ]);
      for (const { byShare } of rows) expect(byShare.map(({ leads }) => leads.length)).toEqual(byShare.map(() => 4));
    }
  });

  it('hands the same nights to the judging of the toolkit', () => {
    for (const spend of ['whole-budget', 'most-caught']) {
      const [{ judgement }] = compareAlerts(machine[spend]).strategies;
      expect(judgement).toMatchObject({ people: 3, nights: 12, events: 12 });
      expect(judgement.figures.caught.value).toBeGreaterThan(0.9);
    }
  });
});

describe('figures of people held out', () => {
  const person = (leads: (number | null)[], falseClaims: number, auroc: number | null) => ({
    nights: 10,
    auroc,
    byShare: [{ leads, falseClaims }],
  });
  const line = [person([20, 5, null, 0], 4, 0.8), person([], 2, null), person([10], 0, 0.6)];
  const better = [person([20, 15, 10, 5], 4, 0.9), person([], 2, null), person([10], 0, 0.7)];
  const figures = figuresOf({ line, better }, 'line', { bootstrap, resamples: 200 });

  it('are shares of all events, rates of all nights and the mean of those who have an AUROC', () => {
    const [own] = figures.line;
    expect(own.byOnset.value).toBe(0.8);
    expect(own.before.value).toBe(0.6);
    expect(own.tenAhead.value).toBe(0.4);
    expect(own.medianLead.value).toBe(5);
    expect(own.falsePerNight.value).toBe(0.2);
    expect(own.auroc.value).toBeCloseTo(0.7, 12);
  });

  it('have intervals around them, and differences on the same draws', () => {
    const { before, auroc } = figures.better[0];
    expect(before.less.value).toBeCloseTo(0.4, 12);
    expect(before.low).toBeLessThanOrEqual(before.value);
    expect(auroc.less.low).toBeCloseTo(0.1, 12);
    expect(auroc.less.high).toBeCloseTo(0.1, 12);
    expect(figures.line[0].before.less).toEqual({ value: 0, low: 0, high: 0 });
  });

  it('are none where there is nothing', () => {
    const empty = [person([], 0, null), person([], 0, null)];
    const { before, auroc, falsePerNight } = figuresOf({ line: empty }, 'line', { bootstrap, resamples: 20 }).line[0];
    expect(before).toMatchObject({ value: null, low: null, high: null });
    expect(auroc.value).toBeNull();
    expect(falsePerNight.value).toBe(0);
    expect(cell(before)).toBe('none');
  });
});

describe('heart rate alone', () => {
  const day = 24 * hour;
  const rates = (bpm: (date: number) => number) => {
    const timeMs = Float64Array.from({ length: 288 * 10 }, (_, i) => i * 5 * minute);
    return { timeMs, value: timeMs.map((time) => bpm(Math.floor(time / day))) };
  };
  const lows = [{ onsetMs: 4 * day + 3 * hour, endMs: 4 * day + 4 * hour, extreme: 60 }];

  it('tells a low where it is higher than in all nights without one, and nothing where it is the same', () => {
    const higher = heartRateLevel([{ heartRate: rates((date) => (date === 4 ? 80 : 60)), lows }], { bootstrap });
    expect(higher).toMatchObject({ events: 1, medianBpm: 20, auroc: { value: 1 } });
    const same = heartRateLevel([{ heartRate: rates(() => 60), lows }], { bootstrap });
    expect(same.auroc.value).toBe(0.5);
  });

  it('says nothing of lows by day', () => {
    const noon = [{ ...lows[0], onsetMs: 4 * day + 12 * hour }];
    expect(heartRateLevel([{ heartRate: rates(() => 60), lows: noon }], { bootstrap }).auroc.value).toBeNull();
  });
});

describe.skipIf(shared.skip)(`people of the shared data ${shared.reason}`, () => {
  it('give the straight line its published figures, and others without the readings of somebody else', () => {
    const of = (asFiled: boolean) =>
      plainLine(
        peopleIn(data, 't1d-uom', { asFiled })
          .filter(({ everySeconds }: { everySeconds: number }) => everySeconds === 300)
          .map((person: { everySeconds: number }) => ({
            everySeconds: person.everySeconds,
            readings: soundReadings(person),
            lows: lowsOf(person, episodesOf, mmolThreshold),
          })),
        mmolThreshold,
      );
    const published = of(true);
    expect(published).toMatchObject({ events: 81, alerted: 74, medianLead: 20, nights: 733 });
    expect(published.falsePerNight).toBeCloseTo(0.47, 2);
    expect(of(false)).toMatchObject({ events: 79, alerted: 72, medianLead: 20, nights: 713 });
  });

  it('have of hupa-ucm no reading that was filled in from the next one', () => {
    const people: { cgm: { timeMs: Float64Array; value: Float64Array } }[] = peopleIn(data, 'hupa-ucm');
    expect(people).toHaveLength(18);
    for (const { cgm } of people) {
      expect(cgm.timeMs.every((time) => time % (15 * minute) === 0)).toBe(true);
      expect(cgm.value.every(Number.isInteger)).toBe(true);
    }
  });

  it('are recorded from 20:00 to 07:00 by their own clock, events in order, the judged stretch from 22:00', () => {
    const [first] = peopleIn(data, 't1d-uom');
    const nights: { recording: Recording }[] = nightsOf(first, episodesOf);
    expect(nights.length).toBeGreaterThan(100);
    for (const { recording } of nights) {
      const { startMs, endMs, utcOffsetMs, arrivedMs, sensor, sequence } = recording;
      expect((startMs + utcOffsetMs) % (24 * hour)).toBe(22 * hour);
      expect(endMs - startMs).toBe(9 * hour);
      expect(arrivedMs[0]).toBeGreaterThanOrEqual(startMs - 2 * hour);
      expect(arrivedMs.every((time, i) => i === 0 || time >= arrivedMs[i - 1])).toBe(true);
      const cgm = sequence.filter((_, i) => sensor[i] === 0);
      expect(Array.from(cgm)).toEqual(Array.from(cgm, (_, i) => i));
    }
    const summer = nights.filter(({ recording }) => recording.utcOffsetMs !== 0);
    expect(summer.every(({ recording }) => recording.startMs < Date.UTC(2023, 9, 28, 12))).toBe(true);
  });
});
