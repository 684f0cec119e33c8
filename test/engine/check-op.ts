/** The contract of every operation: what it computes, and its gradient (DESIGN.md, checkOp). */
import { expect, it } from 'vitest';
import { random } from '../../src/array/random.ts';
import { compile } from '../../src/engine/compile/compile.ts';
import { concreteShape, type Shape } from '../../src/engine/dim.ts';
import { gradient } from '../../src/engine/gradient/gradient.ts';
import { mul } from '../../src/engine/ops/arithmetic.ts';
import { sum } from '../../src/engine/ops/reduction.ts';
import { nodeRuntime } from '../../src/engine/session/runtime.node.ts';
import { Session } from '../../src/engine/session/session.ts';
import type { Elements } from '../../src/engine/tensor.ts';
import { input, type Tensor } from '../../src/engine/tensor.ts';
import { fill, type Plain } from './reference/array.ts';
import { evaluate } from './reference/evaluate.ts';

export interface Fed {
  readonly shape: Shape;
  readonly dtype?: 'float32' | 'int32' | 'bool';
  /** Draws one value from a standard normal and a uniform number; default the normal. */
  readonly draw?: (normal: number, uniform: number) => number;
}

const batch = 3;

function draw(fed: readonly Fed[], seed: number): Plain[] {
  const generator = random(seed);
  return fed.map(({ shape, draw: of = (normal) => normal }) =>
    fill(concreteShape(shape, batch), () => Math.fround(of(generator.normal(), generator.uniform()))),
  );
}

const elements = (values: Plain, dtype: Fed['dtype'] = 'float32'): Elements =>
  dtype === 'float32'
    ? Float32Array.from(values.data)
    : dtype === 'int32'
      ? Int32Array.from(values.data)
      : Uint8Array.from(values.data);

/** The largest difference, relative to the largest value (at least 1). */
export function distance(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  let scale = 1;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i]));
    largest = Math.max(largest, Math.abs(got[i] - expected[i]));
  }
  return got.length === expected.length && !Number.isNaN(largest) ? largest / scale : Number.NaN;
}

/** Runs tensors in ONNX Runtime. */
export async function runInRuntime(
  outputs: Readonly<Record<string, Tensor>>,
  feeds: Readonly<Record<string, { shape: readonly number[]; data: Elements }>>,
): Promise<Readonly<Record<string, { shape: readonly number[]; data: Elements }>>> {
  const program = compile(outputs);
  const session = await Session.open(program, await nodeRuntime());
  const used = Object.fromEntries(program.inputs.map(({ name }) => [name, feeds[name]]));
  try {
    return await session.run(used);
  } finally {
    await session.close();
  }
}

/**
 * The runtime gives what the float64 definition gives, and so does the gradient of a random projection of it; and the
 * gradient in float64 is that of central differences, to 1e-6 (steps of 1e-4).
 *
 * @param tolerance of the runtime's float32, relative to the largest value
 */
export function checkOp(
  name: string,
  fed: readonly Fed[],
  build: (...inputs: Tensor[]) => Tensor,
  { tolerance = 2e-6, seed = 1 }: { readonly tolerance?: number; readonly seed?: number } = {},
): void {
  it(name, async () => {
    await verifyOp(fed, build, { tolerance, seed });
  });
}

export async function verifyOp(
  fed: readonly Fed[],
  build: (...inputs: Tensor[]) => Tensor,
  { tolerance = 2e-6, seed = 1 }: { readonly tolerance?: number; readonly seed?: number } = {},
): Promise<void> {
  const tensors = fed.map(({ shape, dtype }, at) => input(`x${at}`, shape, dtype));
  const anchor = input('anchor', ['batch']); // a graph without a batch input has none to count
  const output = build(...tensors);
  const values = draw(fed, seed);
  const feeds: Record<string, Plain> = Object.fromEntries(values.map((value, at) => [`x${at}`, value]));
  feeds.anchor = fill([batch], () => 0);
  const isFloat = output.dtype === 'float32';
  const weights = input('weights', output.shape);
  feeds.weights = fill(concreteShape(output.shape, batch), () => 0);
  const generator = random(seed + 1000);
  for (let i = 0; i < feeds.weights.data.length; i++) feeds.weights.data[i] = Math.fround(generator.normal());
  const projected = isFloat ? sum(mul(output, weights)) : undefined;
  const learned = tensors.filter(({ dtype }) => dtype === 'float32');
  const gradients = projected ? gradient(projected, learned) : [];
  const expected = evaluate([output, ...gradients], feeds, batch);

  if (projected) {
    const step = 1e-4;
    for (const [at, x] of learned.entries()) {
      const { name } = x.source as { name: string };
      const { data } = feeds[name];
      const central = Float64Array.from(data, (value, i) => {
        const ends = [value + step, value - step].map((moved) => {
          const shifted = { ...feeds, [name]: { ...feeds[name], data: data.with(i, moved) } };
          return evaluate([projected], shifted, batch)[0].data[0];
        });
        return (ends[0] - ends[1]) / (2 * step);
      });
      expect(distance(expected[at + 1].data, central), `gradient of input ${at}`).toBeLessThan(1e-6);
    }
  }

  const outputs: Record<string, Tensor> = { anchored: anchor, output };
  gradients.forEach((d, at) => {
    outputs[`d${at}`] = d;
  });
  const dtypes = new Map(fed.map(({ dtype }, at) => [`x${at}`, dtype]));
  const runtimeFeeds = Object.fromEntries(
    Object.entries(feeds).map(([key, value]) => [key, { shape: value.shape, data: elements(value, dtypes.get(key)) }]),
  );
  const got = await runInRuntime(outputs, runtimeFeeds);
  expect(got.output.shape).toEqual(concreteShape(output.shape, batch));
  expect(distance(got.output.data, expected[0].data), 'output').toBeLessThan(tolerance);
  gradients.forEach((_, at) => {
    expect(distance(got[`d${at}`].data, expected[at + 1].data), `gradient ${at} in float32`).toBeLessThan(tolerance);
  });
}
