import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import type { Block } from '../../src/describe/cohort.ts';
import { type Encoder, feedRows } from '../../src/encode/encoder.ts';
import { hasHoles, tabularEncoder } from '../../src/encode/tabular.ts';
import { compile } from '../../src/engine/compile/compile.ts';
import { nodeRuntime } from '../../src/engine/session/runtime.node.ts';
import { Session } from '../../src/engine/session/session.ts';
import { modality } from '../contract/cohorts.ts';

/** Three subjects with so many columns; cells listed are not measured, whatever stands there. */
function block(columns: number, missing: readonly number[] = [], filler = 0): Block {
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

/** Parameters by name: a ramp, so that nothing is 0 or alike. */
async function tokensOf(encoder: Encoder, of: Block, rows = Int32Array.of(0, 1, 2)) {
  const program = compile({ tokens: encoder.encode() });
  const values = Object.fromEntries(
    program.parameters.map(({ name, shape }, p) => {
      const length = shape.reduce<number>((a, b) => a * Number(b), 1);
      return [name, Float32Array.from({ length }, (_, at) => 0.1 * (p + 1) + 0.01 * at)];
    }),
  );
  const session = await Session.open(program, await nodeRuntime(), { values });
  try {
    const { tokens } = await session.run(feedRows(encoder.inputs(of), rows));
    return { shape: tokens.shape, data: [...tokens.data], values };
  } finally {
    await session.close();
  }
}

describe('a table of few columns', () => {
  const encoder = tabularEncoder({ name: 'a', columns: 2, width: 3, tokens: 4 });

  it('gives a token a column, x w + b', async () => {
    const { shape, data, values } = await tokensOf(encoder, block(2));
    expect(shape).toEqual([3, 2, 3]);
    for (let at = 0; at < 18; at++) {
      const x = Math.sin(Math.floor(at / 3) + 1);
      expect(data[at]).toBeCloseTo(x * values['a/slope'][at % 6] + values['a/bias'][at % 6], 5);
    }
  });

  it('gives a learned vector where a cell is missing, whatever stands in it', async () => {
    const { data, values } = await tokensOf(encoder, block(2, [3], 99));
    expect(data.slice(9, 12)).toEqual([...values['a/missing'].slice(3, 6)]);
    expect(data).toEqual((await tokensOf(encoder, block(2, [3], -7))).data);
  });
});

describe('a table of many columns', () => {
  const given = { name: 'a', columns: 20, width: 3, tokens: 2 };

  it('gives so many tokens, each a projection of all columns', async () => {
    const of = block(20);
    const { shape, data, values } = await tokensOf(tabularEncoder(given), of);
    expect(shape).toEqual([3, 2, 3]);
    for (let at = 0; at < 18; at++) {
      const [i, to] = [Math.floor(at / 6), at % 6];
      let sum = values['a/bias'][to];
      for (let j = 0; j < 20; j++) sum += of.values.data[i * 20 + j] * values['a/weight'][j * 6 + to];
      expect(data[at]).toBeCloseTo(sum, 4);
    }
  });

  it('adds a learned vector for a missing cell, whatever stands in it', async () => {
    const encoder = tabularEncoder(given);
    const { data, values } = await tokensOf(encoder, block(20, [25], 99));
    const measured = block(20).values.data;
    for (let to = 0; to < 6; to++) {
      let sum = values['a/bias'][to] + values['a/missing'][5 * 6 + to];
      for (let j = 0; j < 20; j++) if (j !== 5) sum += measured[20 + j] * values['a/weight'][j * 6 + to];
      expect(data[6 + to]).toBeCloseTo(sum, 4);
    }
    expect(data).toEqual((await tokensOf(encoder, block(20, [25], -7))).data);
  });

  it('has no parameters for missing cells where none was missing in training', () => {
    const names = (holes: boolean) =>
      compile({ tokens: tabularEncoder({ ...given, holes }).encode() }).parameters.map(({ name }) => name);
    expect(names(true)).toContain('a/missing');
    expect(names(false)).not.toContain('a/missing');
  });
});

it('what an encoder is can be written as JSON and built anew', () => {
  const { spec } = tabularEncoder({ name: 'a', columns: 20, width: 3, tokens: 2 });
  const { kind, ...options } = JSON.parse(JSON.stringify(spec));
  expect(kind).toBe('tabular');
  expect(tabularEncoder(options).spec).toEqual(spec);
});

it('a missing cell counts as a hole only of who has the modality', () => {
  expect(hasHoles(block(2))).toBe(false);
  expect(hasHoles(block(2, [0]))).toBe(true);
  expect(hasHoles({ ...block(2, [0, 1]), present: Uint8Array.of(0, 1, 1) })).toBe(false);
});

it('other columns than in training are refused', () => {
  const encoder = tabularEncoder({ name: 'a', columns: 2, width: 3, tokens: 4 });
  expect(() => encoder.inputs(block(3))).toThrow(
    'tabular a: other columns than in training, expected 2 columns, got 3',
  );
  expect(() => tabularEncoder({ name: 'a', columns: 0, width: 3, tokens: 4 })).toThrow(
    'tabular a: columns, expected a positive whole number, got 0',
  );
});
