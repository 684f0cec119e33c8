import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/array/sha256.ts';
import { compile, type Program } from '../../src/engine/compile/compile.ts';
import { openProgram } from '../../src/engine/compile/open-program.ts';
import { emissionRules } from '../../src/engine/onnx/rules.ts';
import { webRuntime } from '../../src/engine/session/runtime.browser.ts';
import { nodeRuntime } from '../../src/engine/session/runtime.node.ts';
import type { Runtime } from '../../src/engine/session/runtime.ts';
import { Session } from '../../src/engine/session/session.ts';
import { inOrder } from '../../src/engine/walk.ts';
import { fixture } from '../fixtures/fixture.ts';
import { root } from '../structure/sources.ts';
import { distance } from './check-op.ts';
import { everyOperation } from './exported-programs.ts';

interface Plain {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly data: readonly number[];
}

interface InPython {
  readonly sha256: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, Plain>>;
  readonly outputs: Readonly<Record<string, Plain>>;
}

const python = fixture<{ readonly programs: Readonly<Record<string, InPython>> }>('exported-programs');
const elements = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };
const archive = `${root}test/archive/`;

/** Runs a program on the inputs of Python, and holds it to the outputs of Python. */
async function expectSame(program: Program, { inputs, outputs }: InPython, runtime: Runtime): Promise<void> {
  await using session = await Session.open(program, runtime);
  const feeds = Object.entries(inputs).map(([name, { shape, dtype, data }]) => [
    name,
    { shape, data: elements[dtype].from(data) },
  ]);
  const made = await session.run(Object.fromEntries(feeds));
  expect(Object.keys(made)).toEqual(Object.keys(outputs));
  for (const [name, { shape, data }] of Object.entries(outputs)) {
    expect(made[name].shape, name).toEqual(shape);
    expect(distance(made[name].data, data), name).toBeLessThan(1e-5);
  }
}

describe(`exported programs, by the checker of onnx ${python.versions.onnx} and the runtime of Python ${python.versions.onnxruntime}`, () => {
  const files = readdirSync(archive).filter((name) => name.endsWith('.onnx'));

  it('are all those of the archive', () => {
    expect(files.length).toBeGreaterThan(1);
    expect(Object.keys(python.programs)).toEqual(files.sort());
  });

  it.each(files)('open here, and give the same in Node and by WebAssembly: %s', async (name) => {
    const bytes = readFileSync(archive + name);
    expect(await sha256(bytes)).toBe(python.programs[name].sha256);
    const program = await openProgram(bytes, name);
    expect(program.description).toBe(python.programs[name].description);
    for (const runtime of [await nodeRuntime(), await webRuntime()]) {
      await expectSame(program, python.programs[name], runtime);
    }
  });

  it('hold every operation of the engine, which means today what it meant there', async () => {
    const newest = files.findLast((name) => name.endsWith('-operations.onnx')) as string;
    const graph = everyOperation();
    const used = inOrder(Object.values(graph)).flatMap(({ source }) => (source.kind === 'op' ? [source.op] : []));
    expect([...new Set(used)].sort()).toEqual(Object.keys(emissionRules).sort());
    await expectSame(compile(graph), python.programs[newest], await nodeRuntime());
  });
});
