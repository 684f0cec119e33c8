import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/describe/cohort.ts';
import { encoderOf, openEncoder, type SavedEncoder } from '../../src/encode/encoders.ts';
import { depthOf } from '../../src/encode/library-size.ts';
import { type HarmonizerKind, preparation, type Step } from '../../src/harmonize/prepare.ts';
import { countBlock } from '../contract/cohorts.ts';
import { blockOfColumns, tokensOf } from './run-encoder.ts';

const options = { name: 'm', width: 3, tokens: 4 };
const standard: readonly Step[] = [{ kind: 'impute' }, { kind: 'standardize' }];

async function prepared(raw: Block, steps: readonly Step[]): Promise<Block> {
  return (await preparation(steps).fit(raw, undefined, { seed: 1 })).apply(raw);
}

const withDepthOut = (raw: Block) =>
  prepared(raw, [{ kind: 'size-factors', options: { positiveIn: 0.5 } }, { kind: 'log1p' }, ...standard]);

const genes = (many: number) => Array.from({ length: many }, (_, j) => ({ name: `g${j}`, scale: 'count' as const }));

describe('the token of library size', () => {
  it.each(['size-factors', 'cpm', 'clr', 'pearson-residuals'] as const)(
    'stands after those of the columns where %s took depth out of counts',
    async (kind: HarmonizerKind) => {
      const raw = countBlock();
      const block = await prepared(raw, [
        { kind, options: kind === 'size-factors' ? { positiveIn: 0.5 } : {} },
        ...standard,
      ]);
      const encoder = encoderOf(block, options, raw);
      expect(encoder.names).toEqual([...raw.modality.features.map(({ name }) => name), 'library size']);
      expect(encoder.tokens).toBe(9);
      expect((await tokensOf(encoder, block, raw)).shape).toEqual([60, 9, 3]);
    },
  );

  it('is none where depth is still in the prepared counts, and where nobody hands over the counts', async () => {
    const raw = countBlock();
    expect(encoderOf(await prepared(raw, [{ kind: 'log1p' }, ...standard]), options, raw).names).toHaveLength(8);
    expect(encoderOf(await withDepthOut(raw), options).names).toHaveLength(8);
  });

  it('is none where a feature is no count, where all depths are alike, and where no subject was counted', () => {
    const rows = [
      [1, 2],
      [2, 4],
      [4, 8],
    ];
    expect(depthOf(blockOfColumns(genes(2), rows))).toBeDefined();
    expect(depthOf(blockOfColumns([genes(1)[0], { name: 'age', scale: 'ratio' }], rows))).toBeUndefined();
    expect(
      depthOf(
        blockOfColumns(genes(2), [
          [1, 2],
          [2, 1],
        ]),
      ),
    ).toBeUndefined();
    expect(depthOf({ ...blockOfColumns(genes(2), rows), present: new Uint8Array(3) })).toBeUndefined();
  });

  it('is fed the logarithm of the total over the share of measured cells, standardized by training subjects', async () => {
    const raw = countBlock();
    const block = await withDepthOut(raw);
    const fed = encoderOf(block, options, raw).inputs(block, raw);
    const [values, measured] = fed.slice(-2);
    expect([values.mask, measured.mask]).toEqual([false, true]);
    const logs = Array.from({ length: 60 }, (_, i) => {
      const own = [...raw.values.data.subarray(i * 8, i * 8 + 8)].filter((_, j) => raw.observed[i * 8 + j]);
      return own.length ? Math.log((own.reduce((a, b) => a + b) * 8) / own.length) : Number.NEGATIVE_INFINITY;
    });
    const known = logs.filter(Number.isFinite);
    expect(known).toHaveLength(58); // subject 3 has no count, subject 4 not the modality
    const mean = known.reduce((a, b) => a + b) / 58;
    const sd = Math.sqrt(known.reduce((sum, log) => sum + (log - mean) ** 2, 0) / 58);
    logs.forEach((log, i) => {
      expect(measured.data[i]).toBe(Number.isFinite(log) ? 1 : 0);
      expect(values.data[i]).toBeCloseTo(Number.isFinite(log) ? (log - mean) / sd : 0, 5);
    });
  });

  it('tells a subject counted twice as deeply from another, whose other tokens are the same', async () => {
    const raw = blockOfColumns(genes(3), [
      [4, 8, 12],
      [8, 16, 24],
      [9, 3, 6],
      [0, 0, 0],
    ]);
    const block = await prepared(raw, [{ kind: 'cpm' }, ...standard]);
    const { data } = await tokensOf(encoderOf(block, options, raw), block, raw);
    const token = (i: number, t: number) => data.slice((i * 4 + t) * 3, (i * 4 + t) * 3 + 3);
    for (const t of [0, 1, 2]) {
      token(0, t).forEach((number, k) => {
        expect(token(1, t)[k]).toBeCloseTo(number, 4);
      });
    }
    expect(Math.abs(token(1, 3)[0] - token(0, 3)[0])).toBeGreaterThan(0.05);
    const empty = (await tokensOf(encoderOf(block, options, raw), block, raw)).values['m/library size/missing'];
    expect(token(3, 3).map((number) => number.toFixed(5))).toEqual([...empty].map((number) => number.toFixed(5)));
  });

  it('has another name where a feature is called so', async () => {
    const raw = countBlock();
    const features = raw.modality.features.map((feature, j) =>
      j === 0 ? { ...feature, name: 'library size' } : feature,
    );
    const named = { ...raw, modality: { ...raw.modality, features } };
    expect(encoderOf(await withDepthOut(named), options, named).names.at(-1)).toBe('library size of all');
  });

  it('is the same after the encoder was written as JSON', async () => {
    const raw = countBlock();
    const block = await withDepthOut(raw);
    const encoder = encoderOf(block, options, raw);
    const json = JSON.stringify(encoder.spec);
    const opened = openEncoder(JSON.parse(json) as SavedEncoder, 'model');
    expect(opened.names).toEqual(encoder.names);
    expect((await tokensOf(opened, block, raw)).data).toEqual((await tokensOf(encoder, block, raw)).data);
  });

  it('cannot be fed from the prepared block alone', async () => {
    const raw = countBlock();
    const block = await withDepthOut(raw);
    expect(() => encoderOf(block, options, raw).inputs(block)).toThrow(
      'library size m: no counts, expected the block as measured, beside the prepared one',
    );
  });
});
