import { execFileSync } from 'node:child_process';
import { posix } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { compile } from '../../src/engine/compile/compile.ts';
import { dense } from '../../src/engine/layer/dense.ts';
import { add, mul, relu, toFloat } from '../../src/engine/ops/arithmetic.ts';
import { conv, maxPool } from '../../src/engine/ops/contraction.ts';
import { reshape } from '../../src/engine/ops/layout.ts';
import { mean, softmax, sum } from '../../src/engine/ops/reduction.ts';
import { defaultRuntime } from '../../src/engine/session/default-runtime.ts';
import { runtimeOf } from '../../src/engine/session/onnx-runtime.ts';
import { webRuntime } from '../../src/engine/session/runtime.browser.ts';
import { nodeRuntime } from '../../src/engine/session/runtime.node.ts';
import type { NamedValues } from '../../src/engine/session/runtime.ts';
import { Session } from '../../src/engine/session/session.ts';
import { constant, input } from '../../src/engine/tensor.ts';
import { aliases, filesIn, read, root, sourceOf } from '../structure/sources.ts';

const values = (shape: readonly number[], value: (i: number) => number) => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => value(i)),
});

describe('a session', () => {
  it('runs one program for every batch', async () => {
    const x = input('x', ['batch', 3]);
    await using session = await Session.open(compile({ mean: mean(x), rows: sum(x, 1) }), await nodeRuntime());
    for (const batch of [1, 5]) {
      const made = await session.run({ x: values([batch, 3], (i) => i) });
      expect(made.mean.data[0]).toBeCloseTo((3 * batch - 1) / 2, 5);
      expect(made.rows.shape).toEqual([batch]);
    }
  });

  it('writes outputs into arrays that it is handed', async () => {
    const x = input('x', ['batch', 2]);
    await using session = await Session.open(compile({ twice: mul(x, 2) }), await nodeRuntime());
    const into = values([2, 2], () => -1);
    const made = await session.run({ x: values([2, 2], (i) => i) }, { twice: into });
    expect(made.twice.data).toBe(into.data);
    expect([...into.data]).toEqual([0, 2, 4, 6]);
  });

  it('gives the same bytes every time', async () => {
    const x = input('x', ['batch', 40]);
    const output = dense('one', 40, 30)(x);
    const weights = { 'one/weight': values([40, 30], Math.sin).data, 'one/bias': values([30], Math.cos).data };
    const feeds = { x: values([17, 40], (i) => Math.sin(i * i)) };
    const runs: Uint8Array[] = [];
    for (let i = 0; i < 3; i++) {
      await using session = await Session.open(compile({ output }), await nodeRuntime(), { values: weights });
      runs.push(new Uint8Array((await session.run(feeds)).output.data.buffer));
    }
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).toEqual(runs[0]);
  });

  it('takes parameters as feeds, or finds them in the model', async () => {
    const layer = dense('d', 3, 2);
    const output = relu(layer(input('x', ['batch', 3])));
    const weights = { 'd/weight': values([3, 2], (i) => i - 2).data, 'd/bias': values([2], (i) => i).data };
    const feeds = { x: values([2, 3], (i) => i / 2) };
    const open = compile({ output });
    const closed = compile({ output }, { values: weights });
    expect(open.parameters.map(({ name }) => name).sort()).toEqual(['d/bias', 'd/weight']);
    expect(closed.parameters).toEqual([]);
    await using fed = await Session.open(open, await nodeRuntime(), { values: weights });
    await using alone = await Session.open(closed, await nodeRuntime());
    expect((await alone.run(feeds)).output).toEqual((await fed.run(feeds)).output);
    await expect(Session.open(open, await nodeRuntime())).rejects.toThrow(
      'Session.open: no values of d/weight, d/bias',
    );
  });

  it('can be closed twice', async () => {
    const session = await Session.open(compile({ y: mul(input('x', ['batch']), 2) }), await nodeRuntime());
    await session.close();
    await session.close();
  });

  it('refuses feeds that are not what the program asks for', async () => {
    const x = input('x', ['batch', 2]);
    const mask = input('mask', ['batch'], 'bool');
    const program = compile({ y: add(sum(x, 1), toFloat(mask)) });
    await using session = await Session.open(program, await nodeRuntime());
    const fine = { x: values([3, 2], () => 1), mask: { shape: [3], data: new Uint8Array(3) } };
    await expect(session.run({ x: fine.x })).rejects.toThrow('run: no values of mask, expected bool [batch]');
    await expect(session.run({ ...fine, z: fine.x })).rejects.toThrow(
      'run: unknown input "z", expected one of x, mask',
    );
    await expect(session.run({ ...fine, mask: values([3], () => 1) })).rejects.toThrow(
      'run: mask: elements, expected bool, got float32',
    );
    await expect(session.run({ ...fine, x: values([3, 4], () => 1) })).rejects.toThrow(
      'run: x: shape, expected [batch, 2], batch 3, got [3, 4]',
    );
    await expect(session.run({ ...fine, mask: { shape: [2], data: new Uint8Array(2) } })).rejects.toThrow(
      'run: mask: shape, expected [batch], batch 3, got [2]',
    );
    await expect(session.run({ ...fine, x: { shape: [3, 2], data: new Float32Array(5) } })).rejects.toThrow(
      'run: x: values of [3, 2], expected 6, got 5',
    );
  });
});

describe('the runtimes', () => {
  it('compute with one thread unless told otherwise, so that bytes do not depend on the machine', async () => {
    const told: unknown[] = [];
    const session = { outputNames: [], run: async () => ({}), release: async () => {} };
    const create = async (_: Uint8Array, options: object) => {
      told.push(options);
      return session;
    };
    const runtime = runtimeOf('watched', { Tensor: class {} as never, InferenceSession: { create } }, true);
    await runtime.open(new Uint8Array());
    await runtime.open(new Uint8Array(), { threads: 3 });
    expect(told).toMatchObject([
      { intraOpNumThreads: 1, interOpNumThreads: 1 },
      { intraOpNumThreads: 3, interOpNumThreads: 1 },
    ]);
  });

  it('name the install command where onnxruntime-node is absent', async () => {
    const absent = nodeRuntime(() => Promise.reject(new Error('Cannot find package')));
    await expect(absent).rejects.toThrow(
      'engine: onnxruntime-node cannot be loaded, expected it beside this package (ONNXRUNTIME_NODE_INSTALL=skip npm i onnxruntime-node)',
    );
  });

  it('of Node and of browsers give the same numbers', async () => {
    const x = input('x', ['batch', 2, 8]);
    const w = constant(values([3, 2, 3], (i) => Math.sin(i)).data, [3, 2, 3]);
    const features = reshape(maxPool(relu(conv(x, w, { padding: 'same' })), 2), ['batch', 12]);
    const program = compile({ p: softmax(features), masked: toFloat(input('mask', ['batch', 2], 'bool')) });
    const feeds = {
      x: values([4, 2, 8], (i) => Math.cos(i * 3)),
      mask: { shape: [4, 2], data: Uint8Array.of(1, 0, 0, 1, 1, 1, 0, 0) },
    };
    const made: NamedValues[] = [];
    for (const runtime of [await nodeRuntime(), await webRuntime()]) {
      await using session = await Session.open(program, runtime);
      const into = values([4, 12], () => 0);
      made.push(await session.run(feeds, { p: into }));
      expect(made.at(-1)!.p.data).toBe(into.data);
    }
    expect(made[1].masked).toEqual(made[0].masked);
    made[0].p.data.forEach((value, i) => {
      expect(made[1].p.data[i]).toBeCloseTo(value, 6);
    });
  });
});

describe('the runtime where none is handed over', () => {
  const folder = 'src/engine/session/';

  it('has a twin for browsers and one for Node, the same in the sources as in what is built', () => {
    const built = aliases['#runtime'] as Readonly<Record<string, string>>;
    const ofSources: Readonly<Record<string, string>> = JSON.parse(read(`${folder}package.json`)).imports['#runtime'];
    const twins = Object.entries(ofSources).map(([where, file]) => [where, posix.join(folder, file)]);
    expect(Object.entries(built).map(([where, file]) => [where, sourceOf(file)])).toEqual(twins);
    expect(twins.map(([where]) => where)).toEqual(['node', 'default']);
    expect(filesIn(folder)).toEqual(expect.arrayContaining(twins.map(([, file]) => file)));
  });

  it("is Node's in Node, in the sources and as it is built", async () => {
    expect(await defaultRuntime()).toBe(await nodeRuntime());
    const ask =
      "import('./dist/src/engine/session/default-runtime.js').then(async (d) => console.log((await d.defaultRuntime()).name))";
    const said = execFileSync(process.execPath, ['-e', ask], { cwd: root, encoding: 'utf8' });
    expect(said.trim()).toBe('onnxruntime-node');
  });
});

describe('WebGPU', () => {
  afterEach(() => void vi.unstubAllGlobals());
  const adapters = { absent: {}, refused: { gpu: { requestAdapter: () => Promise.reject(new Error('lost')) } } };

  it.each(Object.entries(adapters))('gives way to WebAssembly where its adapter is %s', async (_, navigator) => {
    vi.stubGlobal('navigator', navigator);
    expect((await webRuntime({ webgpu: 'auto' })).name).toBe('onnxruntime-web (WebAssembly, no WebGPU adapter)');
    expect((await webRuntime()).name).toBe('onnxruntime-web (WebAssembly)');
    await expect(webRuntime({ webgpu: true })).rejects.toThrow(
      "webRuntime: no WebGPU adapter, expected webgpu: 'auto', or a GPU",
    );
  });

  it('is asked for in three ways only', async () => {
    await expect(webRuntime({ webgpu: 'yes' as never })).rejects.toThrow(
      'webRuntime: webgpu, expected true, false or \'auto\', got "yes"',
    );
  });
});
