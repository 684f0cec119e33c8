/** A small block, and an encoder run on it with known parameters. */
import { matrix } from '../../src/array/matrix.ts';
import type { Block } from '../../src/describe/cohort.ts';
import type { Feature, FeatureGroup } from '../../src/describe/modality.ts';
import { type Encoder, feedRows } from '../../src/encode/encoder.ts';
import { compile } from '../../src/engine/compile/compile.ts';
import { nodeRuntime } from '../../src/engine/session/runtime.node.ts';
import { Session } from '../../src/engine/session/session.ts';
import { modality } from '../contract/cohorts.ts';

/** Three subjects with so many columns; cells listed are not measured, whatever stands there. */
export function block(columns: number, missing: readonly number[] = [], filler = 0): Block {
  const values = Float32Array.from({ length: 3 * columns }, (_, at) => Math.sin(at + 1)); // [subjects, columns]
  const observed = new Uint8Array(values.length).fill(1);
  for (const at of missing) {
    observed[at] = 0;
    values[at] = filler;
  }
  const features = Array.from({ length: columns }, (_, j) => ({ name: `f${j}`, scale: 'interval' as const }));
  const present = new Uint8Array(3).fill(1);
  return { modality: modality('assay', features), values: matrix(3, columns, values), observed, present };
}

/** A block of these columns, all measured. */
export function blockOfColumns(
  features: readonly Feature[],
  rows: readonly (readonly number[])[],
  groups?: readonly FeatureGroup[],
): Block {
  const values = Float32Array.from(rows.flat());
  return {
    modality: { ...modality('assay', features), ...(groups && { groups }) },
    values: matrix(rows.length, features.length, values),
    observed: new Uint8Array(values.length).fill(1),
    present: new Uint8Array(rows.length).fill(1),
  };
}

/** The same block without one cell. */
export function without(given: Block, row: number, column: number, filler = 0): Block {
  const columns = given.values.shape[1];
  const data = Float32Array.from(given.values.data);
  const observed = given.observed.slice();
  data[row * columns + column] = filler;
  observed[row * columns + column] = 0;
  return { ...given, values: matrix(given.values.shape[0], columns, data), observed };
}

/** Tokens of all subjects. Parameters by name: a ramp, so that nothing is 0 or alike. */
export async function tokensOf(encoder: Encoder, of: Block, raw?: Block) {
  const program = compile({ tokens: encoder.encode() });
  const values = Object.fromEntries(
    program.parameters.map(({ name, shape }, p) => {
      const length = shape.reduce<number>((a, b) => a * Number(b), 1);
      return [name, Float32Array.from({ length }, (_, at) => 0.1 * (p + 1) + 0.01 * at)];
    }),
  );
  const session = await Session.open(program, await nodeRuntime(), { values });
  try {
    const rows = Int32Array.from({ length: of.values.shape[0] }, (_, i) => i);
    const { tokens } = await session.run(feedRows(encoder.inputs(of, raw), rows));
    return { shape: tokens.shape, data: [...tokens.data], values };
  } finally {
    await session.close();
  }
}

export const parametersOf = (encoder: Encoder): string[] =>
  compile({ tokens: encoder.encode() }).parameters.map(({ name }) => name);
