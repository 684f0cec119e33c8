import { describe, expect, test } from 'vitest';
import { openProgram } from '../../../../src/engine/compile/open-program.ts';
import { nodeRuntime } from '../../../../src/engine/session/runtime.node.ts';
import { Session } from '../../../../src/engine/session/session.ts';
import { exportLearned } from '../../../../src/fuse/hybrid/learned/graph.ts';
import { learnedScoring } from '../../../../src/fuse/hybrid/learned/learned.ts';
import {
  compileLearned,
  initLearned,
  type LearnedModel,
  learnedEvidence,
  learnedLength,
  ratioOf,
} from '../../../../src/fuse/hybrid/learned/model.ts';
import { walkThrough } from '../../../../src/fuse/hybrid/learned/nights.ts';
import { openScoring } from '../../../../src/fuse/hybrid/open-scoring.ts';
import { drawn, drawnTicks, pooled, stepped } from './drawn.ts';
import { shapeWorld } from './world.ts';

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
    const [track] = shapeWorld({ seed: 2, people: 1 }).tracks;
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
    expect(stepped(openScoring(saved), inputs)).toEqual(stepped(scoring, inputs));
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
