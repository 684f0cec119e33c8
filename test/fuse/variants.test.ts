import { describe, expect, it } from 'vitest';
import { random } from '../../src/array/random.ts';
import { compile } from '../../src/engine/compile/compile.ts';
import { greater, mul } from '../../src/engine/ops/arithmetic.ts';
import { expand, slice } from '../../src/engine/ops/layout.ts';
import { mean } from '../../src/engine/ops/reduction.ts';
import { nodeRuntime } from '../../src/engine/session/runtime.node.ts';
import { Session } from '../../src/engine/session/session.ts';
import { input, type Tensor } from '../../src/engine/tensor.ts';
import type { Variant } from '../../src/fuse/intermediate/variants/variant.ts';
import { type VariantName, variantNames, variants } from '../../src/fuse/intermediate/variants/variants.ts';

const shape = { width: 4, heads: 2, layers: 2 };
const counts = [2, 3, 1]; // tokens of each modality
const batch = 2;

type Numbers = Float32Array<ArrayBuffer>;
const drawn = (length: number, seed: number): Numbers => {
  const generator = random(seed);
  return Float32Array.from({ length }, () => generator.normal());
};

/** Tokens of each modality for two subjects, [subjects, tokens, width]. */
const someTokens = (seed = 1) => counts.map((tokens, m) => drawn(batch * tokens * shape.width, seed + m));

/** Runs a variant alone, on tokens as they are. */
async function ran(variant: Variant, tokens: readonly Numbers[], present: readonly number[]) {
  const there = input('present', ['batch', counts.length]);
  const each = counts.map((_, m) => slice(there, 1, m, m + 1));
  const given = counts.map((many, m) => input(`tokens ${m}`, ['batch', many, shape.width]));
  const keys = counts.map((many, m) => greater(expand(each[m], ['batch', many]), 0.5));
  const voices = { encoded: given, tokens: given, keys, present: each, mean: (own: Tensor) => mean(own, 1) };
  const { fused, attention } = variant(voices, shape);
  const program = compile({ fused, ...Object.fromEntries(attention.map((layer, l) => [`attention ${l}`, layer])) });
  const values = Object.fromEntries(
    program.parameters.map(({ name, shape: of }, p) => [
      name,
      drawn(
        of.map(Number).reduce((a, b) => a * b, 1),
        50 + p,
      ),
    ]),
  );
  const fed = Object.fromEntries(
    tokens.map((data, m) => [`tokens ${m}`, { shape: [batch, counts[m], shape.width], data }]),
  );
  await using session = await Session.open(program, await nodeRuntime(), { values });
  const asked = program.inputs.map(({ name }) => name);
  const all = { ...fed, present: { shape: [batch, counts.length], data: Float32Array.from(present) } };
  const made = await session.run(Object.fromEntries(Object.entries(all).filter(([name]) => asked.includes(name))));
  return { fused: Array.from(made.fused.data, (value) => value + 0), made, values }; // −0 is 0
}

const everybody = [1, 1, 1, 1, 1, 1];

describe.each(variantNames)('the variant %s', (name: VariantName) => {
  it('does not hear the content of an absent modality', async () => {
    const tokens = someTokens();
    const other = tokens.with(1, drawn(tokens[1].length, 99));
    const partly = [1, 0, 1, 1, 0, 1];
    const [one, two] = [await ran(variants[name], tokens, partly), await ran(variants[name], other, partly)];
    expect(two.fused).toEqual(one.fused);
    expect((await ran(variants[name], other, everybody)).fused).not.toEqual(
      (await ran(variants[name], tokens, everybody)).fused,
    );
  });

  it('is finite where no modality is there', async () => {
    expect((await ran(variants[name], someTokens(), [0, 0, 0, 0, 0, 0])).fused.every(Number.isFinite)).toBe(true);
  });
});

const meansOf = (tokens: readonly Numbers[], subject: number) =>
  tokens.map((data, m) =>
    Array.from({ length: shape.width }, (_, k) => {
      let sum = 0;
      for (let t = 0; t < counts[m]; t++) sum += data[(subject * counts[m] + t) * shape.width + k];
      return sum / counts[m];
    }),
  );

const times = (x: readonly number[], weight: ArrayLike<number>, width: number) =>
  Array.from({ length: width }, (_, j) => x.reduce((sum, value, i) => sum + value * weight[i * width + j], 0));

describe('what variants compute', () => {
  it('gated units are the mean of gated tanhs', async () => {
    const tokens = someTokens();
    const { fused, values } = await ran(variants.gated, tokens, everybody);
    for (let i = 0; i < batch; i++) {
      const vectors = meansOf(tokens, i);
      const heard = [...vectors.flat(), 1, 1, 1];
      for (let k = 0; k < shape.width; k++) {
        const passed = vectors.map((vector, m) => {
          const said = Math.tanh(
            times(vector, values[`gated ${m}/said/weight`], 4)[k] + values[`gated ${m}/said/bias`][k],
          );
          const opened = times(heard, values[`gated ${m}/gate/weight`], 4)[k] + values[`gated ${m}/gate/bias`][k];
          return said / (1 + Math.exp(-opened));
        });
        expect(fused[i * 4 + k]).toBeCloseTo((passed[0] + passed[1] + passed[2]) / 3, 5);
      }
    }
  });

  it('low-rank products are the outer product of all vectors with a 1 appended, met by a tensor of low rank', async () => {
    const tokens = someTokens();
    const { fused, values } = await ran(variants.bilinear, tokens, everybody);
    const rank = values['bilinear 0/bias'].length / shape.width;
    for (let i = 0; i < batch; i++) {
      const vectors = meansOf(tokens, i).map((vector) => [...vector, 1]);
      // The whole weight tensor, [5, 5, 5, width], contracted with the whole outer product.
      const out = new Float64Array(shape.width);
      const factor = (m: number, row: number, column: number) =>
        row < 4 ? values[`bilinear ${m}/weight`][row * rank * 4 + column] : values[`bilinear ${m}/bias`][column];
      for (let a = 0; a < 5; a++)
        for (let b = 0; b < 5; b++)
          for (let c = 0; c < 5; c++)
            for (let k = 0; k < 4; k++)
              for (let r = 0; r < rank; r++) {
                const weight = factor(0, a, r * 4 + k) * factor(1, b, r * 4 + k) * factor(2, c, r * 4 + k);
                out[k] += (vectors[0][a] * vectors[1][b] * vectors[2][c] * weight) / rank;
              }
      out.forEach((value, k) => {
        expect(Math.abs(fused[i * 4 + k] - value)).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
      });
    }
  });

  it('concatenation is the vectors side by side, and who is there', async () => {
    const tokens = someTokens();
    const { fused } = await ran(variants.concatenation, tokens, [1, 0, 1, 1, 1, 1]);
    const [first, second] = [meansOf(tokens, 0), meansOf(tokens, 1)];
    const expected = [first[0], [0, 0, 0, 0], first[2], [1, 0, 1], ...second, [1, 1, 1]].flat();
    for (const [at, value] of expected.entries()) expect(fused[at]).toBeCloseTo(value, 5);
  });

  it('nothing passes between modalities but through the bottleneck', async () => {
    // The tokens of the first modality after one layer have met the learned shared tokens only; after two, what others said.
    const first =
      (layers: number): Variant =>
      (voices) => {
        const only = { ...voices, mean: (own: Tensor, m: number) => mul(voices.mean(own, m), m === 0 ? 1 : 0) };
        const { fused } = variants.bottleneck(only, { ...shape, layers });
        return { fused: slice(fused, 1, 0, shape.width), attention: [] };
      };
    const tokens = someTokens();
    const other = tokens.with(1, drawn(tokens[1].length, 99));
    const said = async (layers: number, given: readonly Numbers[]) =>
      (await ran(first(layers), given, everybody)).fused;
    expect(await said(1, other)).toEqual(await said(1, tokens));
    expect(await said(2, other)).not.toEqual(await said(2, tokens));
  });

  it('cross-attention tells over all tokens whom each asked: others only, those there, in shares', async () => {
    const { made } = await ran(variants.attention, someTokens(), [1, 1, 1, 1, 0, 1]);
    const all = 6;
    const home = [0, 0, 1, 1, 1, 2];
    for (let layer = 0; layer < 2; layer++) {
      const { data, shape: of } = made[`attention ${layer}`];
      expect(of).toEqual([batch, all, all]);
      for (let i = 0; i < batch; i++)
        for (let q = 0; q < all; q++) {
          const row = [...data.subarray((i * all + q) * all, (i * all + q + 1) * all)];
          row.forEach((share, k) => {
            const absent = (t: number) => i === 1 && home[t] === 1;
            if (home[k] === home[q] || absent(k) || absent(q)) expect(share).toBe(0);
            else expect(share).toBeGreaterThan(0);
          });
          expect(row.reduce((a, b) => a + b)).toBeCloseTo(i === 1 && home[q] === 1 ? 0 : 1, 5);
        }
    }
  });
});
