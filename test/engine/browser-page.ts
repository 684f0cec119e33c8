/** The page of `browser.test.ts`, bundled as an application would be: the public door, and what an exported program says. */
import { engine, type WebRuntimeOptions, webRuntime } from '../../src/browser.ts';
import { defaultRuntime } from '../../src/engine/session/default-runtime.ts';

const elements = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

/** Plain, so that it travels into the page and back. */
export interface PlainValues {
  readonly [name: string]: { readonly shape: readonly number[]; readonly data: readonly number[] };
}

export interface Said {
  readonly runtime: string;
  readonly outputs: PlainValues;
}

/** @param web how to choose the runtime; undefined: the default one */
async function say(model: readonly number[], feeds: PlainValues, web?: WebRuntimeOptions): Promise<Said> {
  const runtime = await (web ? webRuntime(web) : defaultRuntime());
  const program = await engine.openProgram(Uint8Array.from(model), 'm.onnx');
  const session = await engine.Session.open(program, runtime);
  const fed = program.inputs.map(({ name, dtype }) => {
    const { shape, data } = feeds[name];
    return [name, { shape, data: elements[dtype as keyof typeof elements].from(data) }];
  });
  const made = await session.run(Object.fromEntries(fed));
  await session.close();
  return {
    runtime: runtime.name,
    outputs: Object.fromEntries(
      Object.entries(made).map(([name, { shape, data }]) => [name, { shape: [...shape], data: [...data] }]),
    ),
  };
}

export type Page = { say: typeof say };
(globalThis as unknown as Page).say = say;
