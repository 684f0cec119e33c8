import { describe, expect, test } from 'vitest';
import type { Track } from '../../../src/align/time/track.ts';
import { fitEarly } from '../../../src/fuse/hybrid/expert/early.ts';
import { fitFast, learnFast } from '../../../src/fuse/hybrid/expert/fast.ts';
import { fitLate } from '../../../src/fuse/hybrid/expert/late.ts';
import { fitSlow } from '../../../src/fuse/hybrid/expert/slow.ts';
import { fitFilter, fitHybrid, learnHybrid } from '../../../src/fuse/hybrid/filter/fit-hybrid.ts';
import { type HybridModel, hybridScoring } from '../../../src/fuse/hybrid/filter/hybrid.ts';
import { labelsOf } from '../../../src/fuse/hybrid/labels.ts';
import { openScoring } from '../../../src/fuse/hybrid/open-scoring.ts';
import { scoreTrack } from '../../../src/fuse/hybrid/run.ts';
import type { Mode, Question, Scoring } from '../../../src/fuse/hybrid/scoring.ts';
import { fitOverTime } from '../../../src/fuse/hybrid/strategies.ts';
import { auroc } from '../../../src/score/auroc.ts';
import { below, madeUpWorld, type Told } from './made-up-world.ts';

const size = { people: 20, tracksEach: 3, stepSeconds: 30 } as const;
const train = madeUpWorld({ ...size, seed: 1 });
const others = madeUpWorld({ ...size, seed: 2 });
const fits = { slow: fitSlow, fast: fitFast, early: fitEarly, late: fitLate, filter: fitFilter, hybrid: fitHybrid };
type Name = keyof typeof fits;
const fitted = new Map<string, Scoring>();

function strategy(name: Name, mode: Mode = 'nowcast', told: Told = train): Scoring {
  const key = `${name} ${mode}`;
  const known = told === train ? fitted.get(key) : undefined;
  if (known) return known;
  const made = fits[name](told.tracks, told.episodes, below(mode));
  if (told === train) fitted.set(key, made);
  return made;
}

const hybridModel = () => strategy('hybrid', 'forecast').save().state as unknown as HybridModel;

/** AUROC of the standing word over the judged ticks of people who were not fitted on. */
function judged(scoring: Scoring, mode: Mode, told: Told = others): number {
  const scores: number[] = [];
  const labels: number[] = [];
  told.tracks.forEach((track, t) => {
    const { score } = scoreTrack(scoring, track);
    const label = labelsOf(track, told.episodes[t], below(mode));
    let word = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < track.ticks; k++) {
      if (!Number.isNaN(score[k])) word = score[k];
      if (k < track.judgedFrom) continue;
      scores.push(word);
      labels.push(label[k]);
    }
  });
  return auroc(scores, labels) as number;
}

const [track] = others.tracks;

describe('when strategies speak', () => {
  const isFresh = (k: number) =>
    [...track.readings.knownMs].some((t) => Math.ceil((t - track.startMs) / track.stepMs) === k);
  const spoken = (name: Name, own: Track = track) => {
    const { score } = scoreTrack(strategy(name), own);
    return [...score.keys()].filter((k) => !Number.isNaN(score[k]));
  };

  test('the slow sensor alone: at fresh readings only', () => {
    expect(spoken('slow')).toEqual([...Array(track.ticks).keys()].filter(isFresh));
  });

  test('early: at fresh readings at which the fast sensors are heard', () => {
    const heard = track.heard.slice();
    const fresh = spoken('early');
    expect(fresh).toEqual([...Array(track.ticks).keys()].filter(isFresh));
    heard[fresh[3]] = 0;
    expect(spoken('early', { ...track, heard })).toEqual(fresh.filter((k) => k !== fresh[3]));
  });

  test('the fast sensors alone: where enough of them are heard', () => {
    const heard = track.heard.map((_, k) => (k % 3 === 0 ? 1 : 0));
    expect(spoken('fast', { ...track, heard })).toEqual([...Array(track.ticks).keys()].filter((k) => k % 3 === 0));
  });

  test('late, the filter and the hybrid: at every tick', () => {
    for (const name of ['late', 'filter', 'hybrid'] as const) expect(spoken(name)).toHaveLength(track.ticks);
  });
});

describe('what strategies are worth', () => {
  test.each(['nowcast', 'forecast'] as const)(
    'with an informative feature the hybrid beats the filter, and that the slow sensor, in %s',
    (mode) => {
      const [slow, fast, late, filter, hybrid] = (['slow', 'fast', 'late', 'filter', 'hybrid'] as const).map((name) =>
        judged(strategy(name, mode), mode),
      );
      expect(hybrid).toBeGreaterThan(filter + 0.001);
      expect(filter).toBeGreaterThan(slow + 0.002);
      expect(hybrid).toBeGreaterThan(late);
      expect(fast).toBeGreaterThan(0.6);
      expect(slow).toBeGreaterThan(fast);
    },
  );

  test('a feature that tells nothing weighs nothing: it is the filter byte for byte, and says so', () => {
    const idle = madeUpWorld({ ...size, seed: 1, shift: 0 });
    const { model, warnings, weights } = learnHybrid(idle.tracks, idle.episodes, below('nowcast'));
    expect(model.evidence).toMatchObject({ weight: 0, once: 0 });
    expect(warnings).toEqual([expect.stringContaining('worth nothing')]);
    expect(weights).toHaveLength(1); // an expert with nothing to say needs no weight
    const filter = fitFilter(idle.tracks, idle.episodes, below('nowcast'));
    const [own] = idle.tracks;
    expect([...scoreTrack(hybridScoring(model), own).score]).toEqual([...scoreTrack(filter, own).score]);
  });

  test('a weight of 0 and no evidence at all are the same bytes', () => {
    const { evidence, ...plain } = hybridModel();
    if (!evidence) throw new Error('no evidence was learned');
    expect(evidence.weight).toBeGreaterThan(0);
    expect(evidence.once).toBeGreaterThan(0);
    const weightless = hybridScoring({ ...plain, evidence: { ...evidence, weight: 0, once: 0 } });
    expect([...scoreTrack(weightless, track).score]).toEqual([...scoreTrack(hybridScoring(plain), track).score]);
  });

  test('a two-sided feature, up in some people and down in others, is heard by its square', () => {
    const both = mirrored(madeUpWorld({ ...size, seed: 3, shift: 1.5 }));
    const judgedOn = mirrored(madeUpWorld({ ...size, seed: 4, shift: 1.5 }));
    const { model } = learnFast(both.tracks, both.episodes, below('nowcast'));
    const straight = fitFast(both.tracks, both.episodes, below('nowcast'), { squares: false });
    expect(model.square[0]).toBeGreaterThan(0.1);
    expect(judged(strategy('fast', 'nowcast', both), 'nowcast', judgedOn)).toBeGreaterThan(0.58);
    expect(judged(straight, 'nowcast', judgedOn)).toBeLessThan(0.56);
  });

  test('log-odds mean what they say: of ticks told a chance, as many are events', () => {
    for (const name of ['slow', 'fast', 'filter', 'hybrid'] as const) {
      let [told, events, count] = [0, 0, 0];
      others.tracks.forEach((own, t) => {
        const { score } = scoreTrack(strategy(name), own);
        const label = labelsOf(own, others.episodes[t], below('nowcast'));
        for (let k = own.judgedFrom; k < own.ticks; k++) {
          if (!(score[k] > -2 && score[k] < 2)) continue; // the doubtful ones
          told += 1 / (1 + Math.exp(-score[k]));
          events += label[k];
          count++;
        }
      });
      expect(Math.abs(told - events) / count).toBeLessThan(0.08);
    }
  });
});

/** Every other person's feature turned round. */
function mirrored(told: Told): Told {
  return {
    ...told,
    tracks: told.tracks.map((own) => ({
      ...own,
      values: Number(own.subject.split(' ')[1]) % 2 ? own.values.map((v) => -v) : own.values,
    })),
  };
}

describe('the forecast of the slow sensor', () => {
  const model = {
    threshold: 70,
    sign: 1,
    horizonSeconds: 1200,
    lineSeconds: 900,
    slope: -1,
    intercept: 0,
    prior: 0,
  } as const;
  const told = (sign: 1 | -1, readings: readonly [seconds: number, value: number][]) => {
    const scoring = openScoring({ kind: 'scoring.slow', version: 1, state: { ...model, sign }, blobs: {} });
    const state = new Float64Array(scoring.length);
    scoring.init(state);
    for (const [seconds, value] of readings) scoring.observe(state, 1000 * seconds, value, 1);
    return scoring.tick(state, 1e7, new Float32Array(0), new Uint8Array(0), 0);
  };

  test('is where the line through the last quarter of an hour stands at the horizon', () => {
    expect(
      told(1, [
        [0, 100],
        [300, 95],
        [600, 90],
        [900, 85],
      ]),
    ).toBeCloseTo(5, 9); // 65 in 20 minutes
    expect(
      told(1, [
        [0, 300],
        [300, 95],
        [600, 90],
        [1200, 80],
        [1500, 75],
      ]),
    ).toBeCloseTo(15, 9); // the first is too old
  });

  test('is the reading itself where it rises from beyond the threshold, or where there is but one', () => {
    expect(
      told(1, [
        [0, 55],
        [300, 65],
      ]),
    ).toBeCloseTo(5, 9);
    expect(told(1, [[0, 80]])).toBeCloseTo(-10, 9);
  });

  test('looks the other way where the event is above the threshold', () => {
    expect(
      told(-1, [
        [0, 40],
        [300, 45],
        [600, 50],
        [900, 55],
      ]),
    ).toBeCloseTo(5, 9); // 75 in 20 minutes
  });
});

describe('a fitted strategy', () => {
  test.each(['slow', 'fast', 'early', 'late', 'filter', 'hybrid'] as const)(
    '%s: opened from JSON says the same bytes',
    (name) => {
      const scoring = strategy(name, 'forecast');
      const opened = openScoring(JSON.parse(JSON.stringify(scoring.save())));
      expect(opened.name).toBe(name);
      expect([...scoreTrack(opened, track).score]).toEqual([...scoreTrack(scoring, track).score]);
    },
  );

  test.each(['slow', 'fast', 'early', 'late', 'filter', 'hybrid'] as const)(
    '%s: fitted again is the same, and unknown options are refused',
    (name) => {
      const few = madeUpWorld({ seed: 6, people: 4, tracksEach: 1, hours: 4 });
      const save = () => fits[name](few.tracks, few.episodes, below('nowcast')).save();
      expect(save()).toEqual(save());
      const misspelt = { lineSecond: 600 } as object;
      expect(() => fits[name](few.tracks, few.episodes, below('nowcast'), misspelt)).toThrow(
        'unknown option "lineSecond"',
      );
    },
  );

  test('of a single person, or without any event, is fitted all the same', () => {
    const one = madeUpWorld({ seed: 6, people: 1, tracksEach: 2, hours: 3 });
    for (const name of Object.keys(fits) as Name[]) {
      for (const episodes of [one.episodes, one.episodes.map(() => [])]) {
        const { score } = scoreTrack(fits[name](one.tracks, episodes, below('nowcast')), one.tracks[0]);
        expect(score.every((said) => Number.isNaN(said) || Number.isFinite(said))).toBe(true);
        expect(score.some(Number.isFinite)).toBe(true);
      }
    }
  });

  test('an unknown kind or version is refused', () => {
    expect(() => openScoring({ kind: 'scoring.none', version: 1, state: {}, blobs: {} })).toThrow('unknown kind');
    expect(() => openScoring({ ...strategy('slow').save(), version: 2 })).toThrow('unknown version, expected 1, got 2');
  });
});

test('above a threshold is below it, upside down', () => {
  const { dynamics, ...rest } = hybridModel();
  const flipped: HybridModel = {
    ...rest,
    dynamics: { ...dynamics, levelMean: -dynamics.levelMean },
    question: { ...below('forecast'), threshold: -70, beyond: 'above' },
  };
  const readings = { ...track.readings, value: track.readings.value.map((v) => -v) };
  const up = scoreTrack(hybridScoring(flipped), { ...track, readings }).score;
  expect([...up]).toEqual([...scoreTrack(hybridScoring({ dynamics, ...rest }), track).score]);
});

describe('what cannot be learned from', () => {
  const { tracks, episodes } = madeUpWorld({ ...size, seed: 1, people: 2, tracksEach: 1 });
  const learn = (change: object, of = tracks) =>
    fitOverTime('filter', of, episodes, { ...below('nowcast'), ...change } as Question, { seed: 0 });
  const altered = (change: object) => [{ ...tracks[0], ...change }, ...tracks.slice(1)];

  test.each([
    [{ threshold: Number.NaN }, 'question: threshold: unusable, expected a number, got NaN'],
    [{ beyond: 'beside' }, 'question: beyond: unusable, expected below or above, got beside'],
    [{ mode: 'hindcast' }, 'question: mode: unusable, expected nowcast or forecast, got hindcast'],
    [{ horizonSeconds: -1 }, 'question: horizonSeconds: unusable, expected a number from 0, got -1'],
  ])('is a question that asks for nothing: %j', async (change, message) => {
    await expect(learn(change)).rejects.toThrow(message);
  });

  test('is a track whose values or readings do not go together', async () => {
    const [{ values, readings }] = tracks;
    await expect(learn({}, altered({ values: values.slice(1) }))).rejects.toThrow('values of another shape');
    const withReadings = (change: object) => learn({}, altered({ readings: { ...readings, ...change } }));
    await expect(withReadings({ quality: readings.quality.slice(1) })).rejects.toThrow('readings of unequal length');
    await expect(withReadings({ value: readings.value.map(() => Number.NaN) })).rejects.toThrow('no reading');
    await expect(withReadings({ knownMs: readings.knownMs.slice().reverse() })).rejects.toThrow(
      'readings out of order',
    );
  });
});
