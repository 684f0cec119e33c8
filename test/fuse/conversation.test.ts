import { beforeAll, describe, expect, it } from 'vitest';
import { withOnly } from '../../src/describe/cohort.ts';
import {
  askedEvenly,
  askedFor,
  betweenModalities,
  type Conversation,
  rollout,
  type Token,
} from '../../src/fuse/conversation.ts';
import { intermediate, openIntermediate } from '../../src/fuse/intermediate/intermediate.ts';
import type { VariantName } from '../../src/fuse/intermediate/variants/variants.ts';
import { gathered, namedTokens } from '../../src/fuse/learned-tokens.ts';
import { type FittedFusion, opinionIn, type Reader } from '../../src/fuse/prediction.ts';
import { world } from '../contract/cohorts.ts';

const token = (modality: string, name: string): Token => ({ modality, name, learned: false });

/** a1, a2 of one modality, b of another, c of a third; of the second subject c is missing. */
const talk: Conversation = {
  subjects: ['both', 'without c'],
  tokens: [token('a', 'a1'), token('a', 'a2'), token('b', 'b'), token('c', 'c')],
  present: Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 0),
  // biome-ignore format: a matrix a subject
  attention: Float32Array.of(
    0, 0, 0.75, 0.25,
    0, 0, 0.25, 0.75,
    0.5, 0.25, 0, 0.25,
    0.125, 0.125, 0.75, 0,

    0, 0, 1, 0,
    0, 0, 1, 0,
    0.25, 0.75, 0, 0,
    0, 0, 0, 0,
  ),
  rollout: new Float32Array(32),
};

describe('attention rollout', () => {
  it('multiplies what is asked in each layer with what it came from, half of each being kept', () => {
    // Two tokens that ask each other, then only the first asks: (A + I) / 2 is all halves, then [[1/2, 1/2], [0, 1]].
    const first = Float32Array.of(0, 1, 1, 0);
    const second = Float32Array.of(0, 1, 0, 0);
    expect([...rollout([first], 2)]).toEqual([0.5, 0.5, 0.5, 0.5]);
    expect([...rollout([second], 2)]).toEqual([0.5, 0.5, 0, 1]);
    expect([...rollout([first, second], 2)]).toEqual([0.5, 0.5, 0.5, 0.5]);
    // The later layer stands to the left: [[1/2, 1/2], [0, 1]] squared by hand.
    expect([...rollout([second, second], 2)]).toEqual([0.25, 0.75, 0, 1]);
  });

  it('is the identity without layers, and its rows sum to 1 whatever is asked', () => {
    expect([...rollout([], 2)]).toEqual([1, 0, 0, 1]);
    const layer = Float32Array.of(0, 0.25, 0.75, 1, 0, 0, 0, 0, 0);
    const through = rollout([layer, layer, layer], 3);
    for (let q = 0; q < 3; q++) expect(through.slice(3 * q, 3 * q + 3).reduce((a, b) => a + b)).toBeCloseTo(1, 6);
  });
});

describe('what tokens are asked for', () => {
  it('is the mean over the queries of other modalities that are there', () => {
    const asked = askedFor(talk);
    expect([...asked.subarray(0, 4)]).toEqual([0.3125, 0.1875, (0.75 + 0.25 + 0.75) / 3, (0.25 + 0.75 + 0.25) / 3]);
    expect([...asked.subarray(4)]).toEqual([0.25, 0.75, 1, 0]);
  });

  it('is compared with what it would be if all were asked alike', () => {
    const even = askedEvenly(talk);
    // b asks 3 tokens, c asks 3, a1 and a2 ask 2 each.
    const expected = [1 / 3, 1 / 3, (1 / 2 + 1 / 2 + 1 / 3) / 3, (1 / 2 + 1 / 2 + 1 / 3) / 3, 1 / 2, 1 / 2, 1, 0];
    expected.forEach((value, at) => {
      expect(even[at]).toBeCloseTo(value, 12);
    });
    const alone = { ...talk, present: Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 0) };
    expect([...askedEvenly(alone)]).toEqual(new Array(8).fill(0));
  });

  it('between modalities is a mean over the tokens that ask and a sum over those that are asked', () => {
    const between = betweenModalities(talk, ['a', 'b', 'c']);
    expect([...between.subarray(0, 9)]).toEqual([0, 0.5, 0.5, 0.75, 0, 0.25, 0.25, 0.75, 0]);
    expect([...between.subarray(9)]).toEqual([0, 1, 0, 1, 0, 0, 0, 0, 0]);
  });
});

describe('tokens that are learned combinations', () => {
  const learned: Token[] = ['1', '2'].map((name) => ({ modality: 'rna', name, learned: true }));
  const tokens = [...learned, token('clinical', 'age')];

  it('become one a modality, since one network’s second is not another’s', () => {
    const named = namedTokens(tokens);
    expect(named.tokens).toEqual([
      { modality: 'rna', name: 'learned combinations', learned: 2 },
      { modality: 'clinical', name: 'age' },
    ]);
    expect([...gathered(Float64Array.of(0.25, 0.5, 0.125, 1, 2, 3), named)]).toEqual([0.75, 0.125, 3, 3]);
  });

  it('are told from features that are called by numbers, and from a token beside them', () => {
    const all = [...learned, token('rna', 'library size'), token('clinical', '1')];
    const { tokens: named, place } = namedTokens(all);
    expect(named.slice(1)).toEqual([
      { modality: 'rna', name: 'library size' },
      { modality: 'clinical', name: '1' },
    ]);
    expect([...place]).toEqual([0, 0, 1, 2]);
  });
});

describe('the conversation of a trained network', () => {
  const options = { width: 8, heads: 2, layers: 2, epochs: 3, patience: 2, members: 2, batchSize: 32 } as const;
  const { x, target } = world({ features: [6, 20] }); // the second has more features than get tokens of their own
  let fitted: FittedFusion;
  let reader: Reader;
  let told: Conversation;
  beforeAll(async () => {
    fitted = await intermediate(options).fit(x, target, { seed: 1 });
    reader = fitted.reader as Reader;
    told = await reader.conversation(x);
  });

  it('names a token for each feature, or numbers learned ones', () => {
    expect(told.tokens.filter(({ modality: m }) => m === 'assay1').map(({ name }) => name)).toEqual(
      Array.from({ length: 6 }, (_, j) => `f${j}`),
    );
    expect(told.tokens.filter(({ modality: m }) => m === 'assay2').map(({ name }) => name)).toEqual([
      '1',
      '2',
      '3',
      '4',
    ]);
  });

  it('asks only other modalities that a subject has, and takes a whole from them', () => {
    const many = told.tokens.length;
    let absent = 0;
    told.subjects.forEach((_, i) => {
      const there = told.present.subarray(i * many, (i + 1) * many);
      const present = new Set(told.tokens.filter((_, t) => there[t]).map(({ modality: m }) => m));
      for (let q = 0; q < many; q++) {
        const row = told.attention.subarray((i * many + q) * many, (i * many + q + 1) * many);
        const through = told.rollout.subarray((i * many + q) * many, (i * many + q + 1) * many);
        const sum = row.reduce((a, b) => a + b, 0);
        const others = [...present].filter((m) => m !== told.tokens[q].modality);
        if (there[q] && others.length > 0) expect(sum).toBeCloseTo(1, 5);
        else expect(sum).toBe(0);
        expect(through.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
        row.forEach((weight, k) => {
          const asked = present.has(told.tokens[k].modality) && told.tokens[k].modality !== told.tokens[q].modality;
          if (!asked) expect(weight).toBe(0);
          absent += there[k] ? 0 : 1;
        });
      }
    });
    expect(absent).toBeGreaterThan(0); // some modalities are missing in this world
  });

  it('goes on as if nothing happened when nothing is hidden, and otherwise when something is', async () => {
    const n = x.subjects.length;
    const plain = opinionIn(await fitted.apply(x)).data;
    const same = (await reader.without(x, new Uint8Array(n * told.tokens.length))).data;
    same.forEach((value, at) => {
      expect(Math.abs(value - plain[at])).toBeLessThan(1e-6);
    });
    const first = Uint8Array.from({ length: n * told.tokens.length }, (_, at) => (at % told.tokens.length ? 0 : 1));
    const other = (await reader.without(x, first)).data;
    expect(other.some((value, at) => Math.abs(value - plain[at]) > 1e-4)).toBe(true);
  });

  it('refuses marks that are not one a subject and token', async () => {
    await expect(reader.without(x, new Uint8Array(3))).rejects.toThrow(
      `intermediate: hidden: not a mark for each subject and token, expected [60, ${told.tokens.length}], got 3 marks`,
    );
  });

  it('is the same after the model was saved and opened', async () => {
    const again = await (openIntermediate(fitted.save()).reader as Reader).conversation(x);
    expect(again).toEqual(told);
  });

  it('is not there with a single modality, nor with variants that do not attend', async () => {
    const single = withOnly(x, ['assay1']);
    expect((await intermediate(options).fit(single, target, { seed: 1 })).reader).toBeUndefined();
    const variant: VariantName = 'concatenation';
    expect((await intermediate({ ...options, variant }).fit(x, target, { seed: 1 })).reader).toBeUndefined();
  });
});
