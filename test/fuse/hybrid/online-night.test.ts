import { describe, expect, it } from 'vitest';
import type { Arrival } from '../../../src/align/time/event.ts';
import type { Recording } from '../../../src/align/time/recording.ts';
import { type RecordedTrack, trackOf } from '../../../src/align/time/track-of.ts';
import type { AlertChange } from '../../../src/fuse/hybrid/alert/alert.ts';
import { alertsOf } from '../../../src/fuse/hybrid/alert/bulk.ts';
import type { AlertOptions } from '../../../src/fuse/hybrid/alert/options.ts';
import { earlyScoring } from '../../../src/fuse/hybrid/expert/early.ts';
import type { FastModel } from '../../../src/fuse/hybrid/expert/fast.ts';
import { lateScoring } from '../../../src/fuse/hybrid/expert/late.ts';
import { lineModel } from '../../../src/fuse/hybrid/expert/line.ts';
import { slowScoring } from '../../../src/fuse/hybrid/expert/slow.ts';
import { hybridScoring } from '../../../src/fuse/hybrid/filter/hybrid.ts';
import { learnedScoring } from '../../../src/fuse/hybrid/learned/learned.ts';
import type { LearnedModel } from '../../../src/fuse/hybrid/learned/model.ts';
import { hybridOnline } from '../../../src/fuse/hybrid/online.ts';
import { scoreTrack } from '../../../src/fuse/hybrid/run.ts';
import type { Question, Scoring } from '../../../src/fuse/hybrid/scoring.ts';
import { simulateNights } from '../../../src/simulate/night/night.ts';
import { nightSetup } from '../../../src/simulate/night/night-setup.ts';
import { arrivalsOf } from '../../../src/stream/arrivals-of.ts';

const question: Question = { threshold: 70, beyond: 'below', mode: 'forecast', horizonSeconds: 1200 };
const line = lineModel(question);
const features = nightSetup.features.map(({ name }) => name);
const fast: FastModel = {
  features,
  mean: features.map(() => 0),
  sd: [1, 1, 3, 1, 1],
  linear: [0.7, -0.2, 0.3, 0.1, 0.1],
  square: [0.1, 0, 0, 0, 0],
  intercept: 0.1,
  enough: 0.75,
  prior: -3.3,
};
const slow = { ...line, slope: -0.13, intercept: -1.7, prior: -3.3 };
const dynamics = {
  levelMean: 140,
  levelSd: 45,
  rateSd: 0.9,
  rateMinutes: 25,
  lagMinutes: 6,
  errorSd: 6,
  errorMinutes: 240,
  noiseSd: 3,
};
const weights = (count: number, size: number) => Array.from({ length: count }, (_, at) => size * Math.sin(7 * at + 1));
const learned: LearnedModel = {
  features,
  stepSeconds: 15,
  poolTicks: 4,
  units: 3,
  mean: features.map(() => 0),
  sd: [1, 1, 3, 1, 1],
  input: weights(2 * features.length * 9, 0.5),
  inputBias: weights(9, 0.1),
  recurrent: weights(27, 0.4),
  recurrentBias: weights(9, 0.1),
  head: [2, -1.5, 1],
  headBias: 0.1,
  enough: 0.75,
  prior: -3.3,
};
const scorings: readonly Scoring[] = [
  slowScoring(slow),
  earlyScoring({ line, slope: -0.13, fast }),
  lateScoring({ slow, fast, slowTauSeconds: 600, fastTauSeconds: 300, prior: -3.3 }),
  hybridScoring({ question, dynamics, stepSeconds: 15 }),
  hybridScoring({
    question,
    dynamics,
    stepSeconds: 15,
    evidence: { fast, weight: 0.5, once: 0.5, correlationSeconds: 300 },
  }),
  learnedScoring(learned),
];

/** What is said live, as though every reading came now; alerts about sensors left out. */
function live(recording: Recording, track: RecordedTrack, scoring: Scoring, alerts: AlertOptions): AlertChange[] {
  const { startMs, stepMs, ticks, utcOffsetMs } = track;
  const machine = hybridOnline({ setup: nightSetup, scoring, alerts, startMs, utcOffsetMs });
  const lastMs = startMs + (ticks - 1) * stepMs;
  const heard = [...arrivalsOf(recording)].filter(({ arrivedMs }) => arrivedMs <= lastMs);
  const said: AlertChange[] = [];
  let state = machine.init();
  for (const input of [...heard, { clockMs: lastMs }]) {
    const [next, { changes }] = machine.step(state, input);
    state = next;
    said.push(...changes.filter(({ sensor }) => sensor === undefined));
  }
  return said;
}

/** An alert that is told anew at every tick at which there is a word, so that each of them shows. */
const everyWord: AlertOptions = { raise: -1e9, confirm: -1e9, retract: -2e9, quiet: -2e9, renewSeconds: 0 };

describe.each(['usual', 'bad'] as const)('nights of simulated people, transport %s', (transport) => {
  const nights = [...simulateNights({ people: 2, nightsEach: 1, seed: 3, transport })].map(({ recording }) => ({
    recording,
    track: trackOf(recording, nightSetup),
  }));

  it.each(scorings.map((scoring, at) => [`${scoring.name} ${at}`, scoring] as const))(
    'says live at every tick, and alerts, what it says of the whole night at once: %s',
    (_, scoring) => {
      let alerts = 0;
      for (const { recording, track } of nights) {
        const { score, fresh } = scoreTrack(scoring, track);
        const words = [...score].filter((word) => !Number.isNaN(word)).sort((a, b) => b - a);
        // A score that was given itself, as a fit chooses it.
        const raise = words[Math.floor(words.length / 20)];
        const own = { raise, confirm: raise + 0.3, retract: raise - 0.5, renewSeconds: 1200, slowSilentSeconds: 1200 };
        for (const rules of [own, everyWord]) {
          const expected = alertsOf(score, fresh, track.startMs, track.stepMs, rules);
          expect(live(recording, track, scoring, rules)).toEqual(expected);
          alerts += expected.length;
        }
      }
      expect(alerts).toBeGreaterThan(200);
    },
  );
});

describe('a recording cut short', () => {
  it('gives the same track and scores up to then: nothing at a tick knows of what arrives after it', () => {
    const [{ recording }] = [...simulateNights({ people: 1, nightsEach: 1, seed: 8, transport: 'bad' })];
    const whole = trackOf(recording, nightSetup);
    for (const share of [0.31, 0.77]) {
      const ticks = Math.floor(share * whole.ticks);
      const endMs = whole.startMs + ticks * whole.stepMs;
      const kept = recording.arrivedMs.findIndex((arrived) => arrived > endMs - whole.stepMs);
      const { sensor, sequence, timeMs, arrivedMs, value, quality } = recording;
      const cut = trackOf(
        {
          ...recording,
          endMs,
          sensor: sensor.slice(0, kept),
          sequence: sequence.slice(0, kept),
          timeMs: timeMs.slice(0, kept),
          arrivedMs: arrivedMs.slice(0, kept),
          value: value.slice(0, kept),
          quality: quality.slice(0, kept),
        },
        nightSetup,
      );
      expect(cut.ticks).toBe(ticks);
      expect(cut.values).toEqual(whole.values.slice(0, ticks * features.length));
      expect(cut.heard).toEqual(whole.heard.slice(0, ticks * features.length));
      for (const scoring of scorings) {
        const all = scoreTrack(scoring, whole);
        const { score, fresh } = scoreTrack(scoring, cut);
        expect(score).toEqual(all.score.slice(0, ticks));
        expect(fresh).toEqual(all.fresh.slice(0, ticks));
      }
    }
  });
});

describe('readings that are odd in time or worth', () => {
  const startMs = Date.UTC(2026, 0, 5, 22);
  const cgm = (sequence: number, seconds: number, arrivesSeconds: number, value: number, quality = 1): Arrival => ({
    arrivedMs: startMs + arrivesSeconds * 1000,
    event: {
      stream: 'w',
      subject: 'p',
      sensor: 'cgm',
      sequence,
      timeMs: startMs + seconds * 1000,
      value,
      quality,
    },
  });
  const alerts = { raise: 0, confirm: 1, retract: -0.5 };
  const said = (arrivals: readonly Arrival[], scoring: Scoring) => {
    const machine = hybridOnline({ setup: nightSetup, scoring, alerts, startMs });
    let state = machine.init();
    const changes: AlertChange[] = [];
    for (const input of [...arrivals, { clockMs: startMs + 1800_000 }]) {
      const [next, out] = machine.step(state, input);
      state = next;
      changes.push(...out.changes.filter(({ sensor }) => sensor === undefined));
    }
    return changes.map(({ kind, timeMs }) => [kind, (timeMs - startMs) / 1000]);
  };
  /** Tells the last reading less 70, negated, at every tick. */
  const latest: Scoring = {
    name: 'latest',
    features: [],
    length: 1,
    init: (state) => state.fill(Number.NaN, 0, 1),
    observe: (state, _, value) => {
      state[0] = value;
    },
    tick: (state) => 70 - state[0],
    save: () => ({ kind: 'test', version: 1, state: {}, blobs: {} }),
  };

  it('asks a reading of a clock that runs ahead for its verdict once it is in, not before', () => {
    // The third arrives at 614 s, is of 617 s, and so is first in at the tick of 630 s.
    const ahead = [cgm(0, 0, 1, 100), cgm(1, 300, 301, 69.5), cgm(2, 617, 614, 80)];
    expect(said(ahead, latest)).toEqual([
      ['provisional', 315],
      ['retracted', 630],
    ]);
  });

  it('asks no reading of quality 0 for a verdict', () => {
    const worthless = [cgm(0, 0, 1, 100), cgm(1, 300, 301, 69.5), cgm(2, 600, 601, 40, 0), cgm(3, 900, 901, 80)];
    expect(said(worthless, latest)).toEqual([
      ['provisional', 315],
      ['retracted', 915],
    ]);
  });
});
