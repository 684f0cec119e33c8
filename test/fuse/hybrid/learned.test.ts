import { describe, expect, test } from 'vitest';
import type { Track } from '../../../src/align/time/track.ts';
import { random } from '../../../src/array/random.ts';
import { openProgram } from '../../../src/engine/compile/open-program.ts';
import { nodeRuntime } from '../../../src/engine/session/runtime.node.ts';
import { Session } from '../../../src/engine/session/session.ts';
import { CancelledError } from '../../../src/errors.ts';
import { fitFast } from '../../../src/fuse/hybrid/fast.ts';
import { labelsOf } from '../../../src/fuse/hybrid/labels.ts';
import { learnedScoring } from '../../../src/fuse/hybrid/learned.ts';
import { setAside } from '../../../src/fuse/hybrid/learned-aside.ts';
import { fitLearned, learnLearned } from '../../../src/fuse/hybrid/learned-fit.ts';
import { exportLearned } from '../../../src/fuse/hybrid/learned-graph.ts';
import {
  compileLearned,
  initLearned,
  type LearnedModel,
  learnedEvidence,
  learnedLength,
  ratioOf,
} from '../../../src/fuse/hybrid/learned-model.ts';
import { walkThrough } from '../../../src/fuse/hybrid/learned-nights.ts';
import { trainLearned } from '../../../src/fuse/hybrid/learned-train.ts';
import { scoreTrack } from '../../../src/fuse/hybrid/run.ts';
import type { Scoring } from '../../../src/fuse/hybrid/scoring.ts';
import { auroc } from '../../../src/score/auroc.ts';
import { shapeWorld } from './learned-world.ts';
import { below } from './made-up-world.ts';

const options = { seed: 3, runtime: nodeRuntime };
const question = below('nowcast');
const taught = shapeWorld({ seed: 1 });
const others = shapeWorld({ seed: 2, people: 20 });
let once: ReturnType<typeof learnLearned> | undefined;
const learned = () => (once ??= learnLearned(taught.tracks, taught.episodes, question, options));

/** AUROC over the judged ticks at which something is said. */
function judged(scoring: Scoring, { tracks, episodes }: typeof others): number {
  const scores: number[] = [];
  const labels: number[] = [];
  tracks.forEach((track, t) => {
    const { score } = scoreTrack(scoring, track);
    const label = labelsOf(track, episodes[t], question);
    for (let k = track.judgedFrom; k < track.ticks; k++) {
      if (Number.isNaN(score[k])) continue;
      scores.push(score[k]);
      labels.push(label[k]);
    }
  });
  return auroc(scores, labels) as number;
}

/** A network of drawn weights. */
function drawn(seed: number, { units = 5, poolTicks = 3 } = {}): LearnedModel {
  const draw = random(seed);
  const normals = (count: number) => Array.from({ length: count }, () => Math.fround(0.6 * draw.normal()));
  const features = ['heart', 'motion', 'clock'];
  return {
    features,
    stepSeconds: 15,
    poolTicks,
    units,
    mean: [900, 0.2, 0],
    sd: [100, 0.05, 1],
    input: normals(2 * features.length * 3 * units),
    inputBias: normals(3 * units),
    recurrent: normals(units * 3 * units),
    recurrentBias: normals(3 * units),
    head: normals(units),
    headBias: 0.25,
    enough: 0.3,
    prior: -3,
  };
}

/** Ticks of three features, each missing at a fifth of them, all of them for a while. */
function drawnTicks(seed: number, ticks: number) {
  const draw = random(seed);
  const values = new Float32Array(ticks * 3);
  const heard = new Uint8Array(ticks * 3);
  for (let k = 0; k < ticks; k++) {
    const now = [900 + 150 * draw.normal(), 0.2 + 0.1 * draw.normal(), Math.sin(k / 50)];
    for (let j = 0; j < 3; j++) {
      if (draw.uniform() < 0.2 || (k > 40 && k < 50)) continue;
      values[3 * k + j] = now[j];
      heard[3 * k + j] = 1;
    }
  }
  return { values, heard, ticks };
}

function stepped(scoring: Scoring, { values, heard, ticks }: ReturnType<typeof drawnTicks>): number[] {
  const state = new Float64Array(scoring.length);
  scoring.init(state);
  return Array.from({ length: ticks }, (_, k) => scoring.tick(state, 15_000 * k, values, heard, 3 * k));
}

/** Mean over a stretch of ticks, and the share of it in which each feature was heard. */
function pooled({ values, heard }: ReturnType<typeof drawnTicks>, k: number, poolTicks: number) {
  const features = new Float32Array(3);
  const share = new Float32Array(3);
  for (let j = 0; j < 3; j++) {
    const at = Array.from({ length: poolTicks }, (_, back) => k - back).filter(
      (tick) => tick >= 0 && heard[3 * tick + j] === 1,
    );
    share[j] = at.length / poolTicks;
    if (at.length > 0) features[j] = at.reduce((sum, tick) => sum + values[3 * tick + j], 0) / at.length;
  }
  return { features, share };
}

describe('one step', () => {
  const inputs = drawnTicks(8, 150);

  test('is that of the exported graph in ONNX Runtime to 1e-5, missing features and silences included', async () => {
    const model = drawn(7);
    const said = stepped(learnedScoring(model), inputs);
    const program = await openProgram(await exportLearned(model));
    await using session = await Session.open(program, await nodeRuntime());
    const states: Float32Array[] = Array.from({ length: model.poolTicks }, () => new Float32Array(model.units));
    let compared = 0;
    for (let k = 0; k < inputs.ticks; k++) {
      const { features, share } = pooled(inputs, k, model.poolTicks);
      const turn = k % model.poolTicks;
      const { next, logOdds } = await session.run({
        features: { shape: [1, 3], data: features },
        heard: { shape: [1, 3], data: share },
        state: { shape: [1, model.units], data: states[turn] },
      });
      states[turn] = next.data as Float32Array;
      if (share.every((one) => one === 0)) expect(said[k]).toBeNaN();
      else {
        expect(Math.abs(said[k] - logOdds.data[0])).toBeLessThan(1e-5);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(130);
    expect(compared).toBeLessThan(150);
  });

  test('is that of the gated recurrent unit, written out', () => {
    const model = drawn(9, { units: 4, poolTicks: 1 });
    const said = stepped(learnedScoring(model), inputs);
    const gate = (
      rows: readonly number[],
      bias: readonly number[],
      x: readonly number[],
      which: number,
      unit: number,
    ) => x.reduce((sum, one, j) => sum + one * rows[j * 12 + which * 4 + unit], bias[which * 4 + unit]);
    const logistic = (z: number) => 1 / (1 + Math.exp(-z));
    let h = [0, 0, 0, 0];
    for (let k = 0; k < inputs.ticks; k++) {
      const { features, share } = pooled(inputs, k, 1);
      const z = [...features].map((value, j) =>
        share[j] > 0 ? Math.max(-4, Math.min(4, (value - model.mean[j]) / model.sd[j])) : 0,
      );
      const x = [...z, ...share];
      h = h.map((before, unit) => {
        const a = (which: number) => gate(model.input, model.inputBias, x, which, unit);
        const c = (which: number) => gate(model.recurrent, model.recurrentBias, h, which, unit);
        const keep = logistic(a(1) + c(1));
        return (1 - keep) * Math.tanh(a(2) + logistic(a(0) + c(0)) * c(2)) + keep * before;
      });
      const expected = model.prior + model.headBias + h.reduce((sum, one, unit) => sum + one * model.head[unit], 0);
      if (!share.every((one) => one === 0)) expect(said[k]).toBeCloseTo(expected, 5);
    }
  });

  test('is the one that training walked through: what is judged is what runs', () => {
    const model = drawn(7);
    const [track] = others.tracks;
    const { values, heard, ticks } = inputs;
    const labelled = {
      track: { ...track, features: model.features, values, heard, ticks, judgedFrom: 0 },
      label: new Uint8Array(ticks),
    };
    const said = stepped(learnedScoring(model), inputs);
    const compiled = compileLearned(model);
    for (let phase = 0; phase < model.poolTicks; phase++) {
      const ratios: number[] = [];
      walkThrough(compiled, labelled, phase, (state) => ratios.push(ratioOf(compiled, state, 0)));
      const own = said.filter((one, k) => k % model.poolTicks === phase && !Number.isNaN(one));
      expect(ratios.length).toBe(own.length);
      for (const [i, ratio] of ratios.entries()) expect(model.prior + ratio).toBeCloseTo(own[i], 10);
    }
  });

  test('says nothing while too little is heard, and goes on afterwards', () => {
    const said = stepped(learnedScoring(drawn(7)), inputs);
    expect(said.slice(43, 50).every(Number.isNaN)).toBe(true);
    expect(said.slice(52).every(Number.isFinite)).toBe(true);
  });

  test('takes a value that is not finite as one that was not heard', () => {
    const broken = { ...inputs, values: inputs.values.slice() };
    const unheard = { ...inputs, heard: inputs.heard.slice() };
    for (const [at, value] of [
      [31, Number.NaN],
      [61, Number.POSITIVE_INFINITY],
    ]) {
      broken.values[at] = value;
      unheard.heard[at] = 0;
      expect(inputs.heard[at]).toBe(1);
    }
    expect(stepped(learnedScoring(drawn(7)), broken)).toEqual(stepped(learnedScoring(drawn(7)), unheard));
  });

  test('refuses ticks that come at other intervals than those it was trained on', () => {
    const scoring = learnedScoring(drawn(7));
    const state = new Float64Array(scoring.length);
    scoring.init(state);
    scoring.tick(state, 0, inputs.values, inputs.heard, 0);
    expect(() => scoring.tick(state, 60_000, inputs.values, inputs.heard, 3)).toThrow(
      'learned: ticks that it was not trained on, expected one every 15 s, as in training, got 60 s',
    );
  });
});

describe('its state', () => {
  const inputs = drawnTicks(8, 60);

  test('lies anywhere in a longer one, so that another strategy can hold it', () => {
    const model = drawn(7);
    const compiled = compileLearned(model);
    const state = new Float64Array(3 + learnedLength(compiled) + 2).fill(-1);
    initLearned(compiled, state, 3);
    const said = stepped(learnedScoring(model), inputs);
    for (let k = 0; k < inputs.ticks; k++) {
      const ratio = learnedEvidence(compiled, state, 3, inputs.values, inputs.heard, 3 * k);
      expect(model.prior + ratio).toBe(said[k]);
    }
    expect([...state.subarray(0, 3), ...state.subarray(-2)]).toEqual([-1, -1, -1, -1, -1]);
  });

  test('of 16 units that move every minute, on five features at ticks of 15 s, is below 1 KB', () => {
    const features = ['a', 'b', 'c', 'd', 'e'];
    const zeros = (count: number) => new Array<number>(count).fill(0);
    const weights = {
      input: zeros(480),
      inputBias: zeros(48),
      recurrent: zeros(768),
      recurrentBias: zeros(48),
      head: zeros(16),
    };
    const scale = { mean: zeros(5), sd: zeros(5) };
    const { length } = learnedScoring({ ...drawn(7), ...weights, ...scale, features, units: 16, poolTicks: 4 });
    expect(8 * length).toBeLessThan(1024);
  });

  test('copied and gone back to, says the same again', () => {
    const scoring = learnedScoring(drawn(7));
    const state = new Float64Array(scoring.length);
    scoring.init(state);
    const tick = (k: number) => scoring.tick(state, 15_000 * k, inputs.values, inputs.heard, 3 * k);
    for (let k = 0; k < 20; k++) tick(k);
    const kept = structuredClone(state);
    const first = [20, 21, 22, 23].map(tick);
    state.set(kept);
    expect([20, 21, 22, 23].map(tick)).toEqual(first);
  });
});

describe('saved', () => {
  test('and opened again, by way of JSON, it says the same', () => {
    const inputs = drawnTicks(8, 60);
    const scoring = learnedScoring(drawn(7));
    const saved = scoring.save();
    expect(saved).toMatchObject({ kind: 'scoring.learned', version: 1, blobs: {} });
    const opened = learnedScoring(JSON.parse(JSON.stringify(saved.state)));
    expect(stepped(opened, inputs)).toEqual(stepped(scoring, inputs));
  });

  test('what is not whole is refused by name', () => {
    const model = drawn(7);
    const { head, ...headless } = model;
    expect(() => learnedScoring({ ...model, head: head.slice(1) })).toThrow(
      'learned: head: unusable, expected 5 numbers, got 4',
    );
    expect(() => learnedScoring(headless as LearnedModel)).toThrow(
      'learned: head: unusable, expected 5 numbers, got undefined',
    );
    expect(() => learnedScoring({ ...model, prior: Number.NaN })).toThrow(
      'learned: prior: unusable, expected a finite number, got NaN',
    );
    expect(() => learnedScoring({ ...model, units: 0 })).toThrow(
      'learned: units: unusable, expected a positive whole number, got 0',
    );
    const input = model.input.with(4, Number.POSITIVE_INFINITY);
    expect(() => learnedScoring({ ...model, input })).toThrow(
      'learned: input: unusable, expected finite numbers, got Infinity',
    );
  });

  test('the exported file says what it reads and how often it moves', async () => {
    const { description, inputs, outputs } = await openProgram(await exportLearned(drawn(7)));
    expect(description).toContain('heart, motion, clock: means over 45 s, one step every 45 s');
    expect(new Map(inputs.map(({ name, shape }) => [name, shape]))).toEqual(
      new Map([
        ['features', ['batch', 3]],
        ['heard', ['batch', 3]],
        ['state', ['batch', 5]],
      ]),
    );
    expect(outputs.map(({ name, shape }) => [name, shape])).toEqual([
      ['next', ['batch', 5]],
      ['logOdds', ['batch']],
    ]);
  });

  test('the same model gives the same file', async () => {
    expect(await exportLearned(drawn(7))).toEqual(await exportLearned(drawn(7)));
  });
});

describe('asked for what cannot be', () => {
  const few = shapeWorld({ seed: 4, people: 2 });
  const asked = (more: object, { tracks, episodes } = few) =>
    fitLearned(tracks, episodes, question, { ...options, ...more });

  test('without ONNX Runtime training names the command that installs it; to run what was trained takes none', async () => {
    const absent = () => nodeRuntime(() => Promise.reject(new Error('not there')));
    await expect(asked({ runtime: absent })).rejects.toThrow('ONNXRUNTIME_NODE_INSTALL=skip npm i onnxruntime-node');
    expect(stepped(learnedScoring(drawn(7)), drawnTicks(8, 5)).every(Number.isFinite)).toBe(true);
  });

  test('an unknown option, and numbers out of their range, are refused by name', async () => {
    await expect(asked({ layers: 2 })).rejects.toThrow('fitLearned: unknown option "layers"');
    await expect(asked({ units: 1.5 })).rejects.toThrow(
      'fitLearned: units: unusable, expected a positive whole number, got 1.5',
    );
    await expect(asked({ poolSeconds: 20 })).rejects.toThrow(
      'fitLearned: poolSeconds: unusable, expected a multiple of 15 s, got 20',
    );
    await expect(asked({ asideShare: 1 })).rejects.toThrow(
      'fitLearned: asideShare: unusable, expected a share between 0 and 1, got 1',
    );
    await expect(asked({ use: ['pulse'] })).rejects.toThrow('unknown feature "pulse"');
  });

  test('one person is too few, as are people of whom nothing was heard', async () => {
    const alone = { tracks: few.tracks.slice(0, 3), episodes: few.episodes.slice(0, 3) };
    await expect(asked({}, alone)).rejects.toThrow(
      'fitLearned: too few people, expected at least 2: some are set aside, got 1',
    );
    const silent = {
      ...few,
      tracks: few.tracks.map((track) => ({ ...track, heard: new Uint8Array(track.heard.length) })),
    };
    await expect(asked({}, silent)).rejects.toThrow('fitLearned: nothing heard');
  });

  test('training that is stopped ends with a CancelledError', async () => {
    await expect(asked({ stopped: () => true })).rejects.toThrow(CancelledError);
  });
});

describe('set aside', () => {
  test('are whole people, about the share asked for, and with their share of events', () => {
    const person = Int32Array.from({ length: 200 }, (_, t) => t >> 1);
    const events = Array.from({ length: 200 }, (_, t): number => (t % 20 < 2 ? 10 : 0)); // a tenth of the people have all
    const aside = setAside(person, events, 0.2, 1);
    expect(aside.reduce((sum, one) => sum + one, 0)).toBe(40);
    for (let t = 0; t < 200; t += 2) expect(aside[t]).toBe(aside[t + 1]);
    expect(events.reduce((sum, count, t) => sum + count * aside[t], 0)).toBe(40);
    expect(setAside(person, events, 0.2, 1)).toEqual(aside);
    expect(setAside(person, events, 0.2, 2)).not.toEqual(aside);
  });
});

describe('trained', () => {
  test('it sees a slow rise that the values of one moment do not show', { timeout: 60_000 }, async () => {
    const { model, warnings } = await learned();
    expect(warnings).toEqual([]);
    const plain = judged(fitFast(taught.tracks, taught.episodes, question), others);
    const withMemory = judged(learnedScoring(model), others);
    expect(withMemory).toBeGreaterThan(0.9);
    expect(withMemory).toBeGreaterThan(plain + 0.2);
  });

  test('its log-odds are calibrated for people it has not seen', { timeout: 60_000 }, async () => {
    const scoring = learnedScoring((await learned()).model);
    let [expected, events] = [0, 0];
    others.tracks.forEach((track, t) => {
      const { score } = scoreTrack(scoring, track);
      const label = labelsOf(track, others.episodes[t], question);
      for (let k = track.judgedFrom; k < track.ticks; k++) {
        if (Number.isNaN(score[k])) continue;
        expected += 1 / (1 + Math.exp(-score[k]));
        events += label[k];
      }
    });
    expect(expected / events).toBeGreaterThan(0.8);
    expect(expected / events).toBeLessThan(1.25);
  });

  test('of pure noise it says nothing, and tells that', { timeout: 60_000 }, async () => {
    const noise = shapeWorld({ seed: 11, isTold: false });
    const { model, warnings } = await learnLearned(noise.tracks, noise.episodes, question, options);
    expect(warnings).toEqual(['learned: it was worth nothing to training people who were set aside, and says nothing']);
    const { score } = scoreTrack(learnedScoring(model), noise.tracks[0]);
    const spoken = score.filter((one) => !Number.isNaN(one));
    expect(spoken.length).toBeGreaterThan(1000);
    expect(spoken.every((one) => one === Math.fround(model.prior))).toBe(true);
  });

  test('what it learns by heart of pure noise is of no use with others', { timeout: 60_000 }, async () => {
    const noise = shapeWorld({ seed: 11, people: 8, isTold: false });
    const more = shapeWorld({ seed: 12, people: 40, isTold: false });
    const { model: blank } = await learnLearned(noise.tracks, noise.episodes, question, { ...options, epochs: 1 });
    const byHeart = noise.tracks.map((track, t) => ({ track, label: labelsOf(track, noise.episodes[t], question) }));
    const training = { epochs: 15, patience: 15, batchSize: 16, steps: 40, learningRate: 0.02, weightDecay: 0 };
    const { model, epoch } = await trainLearned(blank, byHeart, byHeart, training, await nodeRuntime(), { seed: 1 });
    expect(epoch).toBeGreaterThan(0);
    expect(judged(learnedScoring(model), noise)).toBeGreaterThan(0.55);
    expect(Math.abs(judged(learnedScoring(model), more) - 0.5)).toBeLessThan(0.04);
  });

  test('hears only the features it is told to use', { timeout: 60_000 }, async () => {
    const few = shapeWorld({ seed: 4, people: 6 });
    const scoring = await fitLearned(few.tracks, few.episodes, question, { ...options, use: ['heart'], epochs: 3 });
    const [track] = few.tracks;
    const other: Track = { ...track, values: track.values.map((value, at) => (at % 2 === 1 ? -3 * value : value)) };
    expect(scoreTrack(scoring, other).score).toEqual(scoreTrack(scoring, track).score);
  });

  test('the same seed gives the same bytes, another seed others', { timeout: 60_000 }, async () => {
    const few = shapeWorld({ seed: 4, people: 6 });
    const bytes = async (seed: number) =>
      JSON.stringify((await fitLearned(few.tracks, few.episodes, question, { ...options, seed, epochs: 3 })).save());
    const first = await bytes(1);
    expect(await bytes(1)).toBe(first);
    expect(await bytes(2)).not.toBe(first);
  });
});
