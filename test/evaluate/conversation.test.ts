import { beforeAll, describe, expect, it } from 'vitest';
import { random } from '../../src/array/random.ts';
import { compareStrategies } from '../../src/evaluate/compare.ts';
import type { ConversationResult, StrategyResult } from '../../src/evaluate/comparison.ts';
import { conversationOf } from '../../src/evaluate/conversation.ts';
import { faithfulnessOf } from '../../src/evaluate/faithfulness-result.ts';
import type { FoldOutcome, StrategyOutcome } from '../../src/evaluate/fold.ts';
import type { FoldConversation } from '../../src/evaluate/fold-conversation.ts';
import type { Ran } from '../../src/evaluate/outcomes.ts';
import { early } from '../../src/fuse/early.ts';
import { intermediate } from '../../src/fuse/intermediate/intermediate.ts';
import type { Fusion } from '../../src/fuse/prediction.ts';
import { targetOf, type World, world } from '../contract/cohorts.ts';

const small = { width: 8, heads: 2, epochs: 3, patience: 2, members: 1, batchSize: 32 } as const;
const strategies = (options = {}) => [
  { name: 'early', role: 'fusion' as const, fusion: early() },
  { name: 'talk', role: 'fusion' as const, fusion: intermediate({ ...small, ...options }) },
];
const protocol = { kind: 'cross-validation', folds: 2, repeats: 2 } as const;

function talkOf(results: readonly StrategyResult[]): ConversationResult {
  return results.find(({ name }) => name === 'talk')?.conversation as ConversationResult;
}

describe('a comparison with a strategy whose modalities attend to each other', () => {
  let made: World;
  let told: ConversationResult;
  let results: readonly StrategyResult[];
  beforeAll(async () => {
    made = world({ subjects: 48, features: [4, 20], absent: 0.25 });
    const { x, target } = made;
    results = (await compareStrategies(x, target, strategies(), { protocol, seed: 3, inner: 2 })).strategies;
    told = talkOf(results);
  });

  it('tells who asked whom: shares of a whole, with intervals around them', () => {
    expect(told.modalities).toEqual(['assay1', 'assay2', 'clinical']);
    told.between.forEach(({ modality, n, asked }, q) => {
      expect(modality).toBe(told.modalities[q]);
      expect(n).toBeGreaterThan(20);
      expect(asked[q]).toBeNull();
      const others = asked.filter((one) => one !== null);
      expect(others).toHaveLength(2);
      expect(others.reduce((sum, { estimate }) => sum + estimate, 0)).toBeCloseTo(1, 3);
      for (const { estimate, low, high } of others) {
        expect(low).toBeLessThan(estimate);
        expect(high).toBeGreaterThan(estimate);
        expect([low >= 0, high <= 1]).toEqual([true, true]);
      }
    });
    for (const row of told.rollout) {
      expect(row.reduce<number>((sum, share) => sum + (share ?? 0), 0)).toBeCloseTo(1, 3);
      expect(Math.max(...row.map(Number))).toBeLessThan(1);
    }
  });

  it('tells the tokens of all folds once, learned combinations of a modality as one', () => {
    const { features } = made.x.blocks[2].modality;
    expect(told.tokens.map(({ modality, name }) => `${modality} ${name}`)).toEqual([
      ...['f0', 'f1', 'f2', 'f3'].map((name) => `assay1 ${name}`),
      'assay2 learned combinations',
      ...features.map(({ name }) => `clinical ${name}`),
    ]);
    expect(told.tokens.map(({ learned }) => learned)).toEqual([...new Array(4), 4, ...new Array(features.length)]);
    for (const { folds, n, askedFor, even } of told.tokens) {
      expect(folds).toBe(4);
      expect(n).toBeGreaterThan(20);
      expect(askedFor).toBeGreaterThan(0);
      expect(even).toBeGreaterThan(0);
      expect(askedFor).toBeLessThan(1);
    }
  });

  it('tells the mean attention of each token to each, whose rows are a whole', () => {
    const { tokens, mean } = told.attention;
    expect(tokens).toEqual([...told.tokens.keys()]);
    mean.forEach((row, q) => {
      expect(row.reduce<number>((sum, share) => sum + (share ?? 0), 0)).toBeCloseTo(1, 2);
      row.forEach((share, k) => {
        if (told.tokens[k].modality === told.tokens[q].modality) expect(share).toBe(0);
      });
    });
  });

  it('tells of each subject once what it asked, however often it was tested', () => {
    const { x } = made;
    const talking = x.subjects.filter((_, i) => x.blocks.filter(({ present }) => present[i]).length > 1);
    expect(told.subjects.map(({ subject }) => subject)).toEqual(talking);
    expect(told.n).toBe(talking.length);
    for (const { subject, asked, tokens, askedFor, most, random } of told.subjects) {
      const i = x.subjects.indexOf(subject);
      const there = x.blocks.map(({ present }) => present[i]);
      there.forEach((yes, q) => {
        const row = asked.slice(3 * q, 3 * q + 3);
        expect(row.reduce((a, b) => a + b)).toBeCloseTo(yes, 3);
        row.forEach((share, k) => {
          if (!there[k] || k === q) expect(share).toBe(0);
        });
      });
      expect(tokens.length).toBeLessThanOrEqual(3);
      expect(askedFor).toHaveLength(tokens.length);
      for (const t of tokens) {
        expect(told.tokens[t].learned).toBeUndefined();
        expect(there[told.modalities.indexOf(told.tokens[t].modality)]).toBe(1);
      }
      expect(most).toBeGreaterThanOrEqual(0);
      expect(random).toBeGreaterThanOrEqual(0);
    }
  });

  it('tests whether attention is faithful, paired over subjects', () => {
    const { n, most, random, difference, low, high, p, hidden, sentence } = told.faithfulness;
    expect(hidden).toBe(3); // one of each modality
    expect(n).toBe(told.n);
    expect(difference).toBeCloseTo((most ?? 0) - (random ?? 0), 3);
    expect(low).toBeLessThan(difference as number);
    expect(high).toBeGreaterThan(difference as number);
    expect(p).toBeGreaterThan(0);
    expect(sentence).toMatch(/^Without the tokens asked for most class probabilities move by \.\d+, without as many/);
    const own = told.subjects.map((one) => (one.most ?? 0) - (one.random ?? 0));
    expect(own.reduce((a, b) => a + b, 0) / own.length).toBeCloseTo(difference as number, 3);
  });

  it('says nothing of strategies that do not attend', () => {
    expect(results.find(({ name }) => name === 'early')).not.toHaveProperty('conversation');
  });

  it('counts reading into no time to predict', async () => {
    const { x, target } = made;
    const slow: Fusion = {
      ...strategies()[1].fusion,
      async fit(given, truth, run) {
        const fitted = await strategies()[1].fusion.fit(given, truth, run);
        const { reader } = fitted;
        const conversation: NonNullable<typeof reader>['conversation'] = async (whom) => {
          await new Promise((done) => setTimeout(done, 2000));
          return (reader as NonNullable<typeof reader>).conversation(whom);
        };
        return { ...fitted, ...(reader && { reader: { ...reader, conversation } }) };
      },
    };
    const one = { kind: 'holdout', repeats: 1, testShare: 0.3 } as const;
    const options = { protocol: one, seed: 3, inner: 2 };
    const { strategies: timed } = await compareStrategies(
      x,
      target,
      [{ name: 'talk', role: 'fusion', fusion: slow }],
      options,
    );
    expect(talkOf(timed).n).toBeGreaterThan(0);
    expect(timed[0].latencyMs.predict).toBeLessThan(2000 / 20); // a subject; 14 are tested
  });
});

/** Folds by hand: two modalities, a token of each, three subjects. */
function ranWith(conversations: readonly (Partial<FoldConversation> | undefined)[], tests: readonly number[][]): Ran {
  const { x, target } = world({ subjects: 10, features: [1, 1], clinical: false, absent: 0 });
  const outcomes = conversations.map((given, f): FoldOutcome => {
    const test = Int32Array.from(tests[f]);
    const n = test.length;
    const conversation: FoldConversation = {
      tokens: [
        { modality: 'assay1', name: 'f0' },
        { modality: 'assay2', name: 'f0' },
      ],
      asked: new Float32Array(2 * n).fill(1),
      even: new Float32Array(2 * n).fill(1),
      between: Float32Array.from({ length: 4 * n }, (_, at) => [0, 1, 1, 0][at % 4]),
      through: new Float32Array(4 * n).fill(0.5),
      attention: Float64Array.of(0, n, n, 0),
      asking: Int32Array.of(n, n),
      hidden: 1,
      most: new Float64Array(n).fill(0.25),
      random: new Float64Array(n),
      ...given,
    };
    const strategy = { name: 'talk', modalities: ['assay1', 'assay2'], ...(given && { conversation }) };
    return {
      repeat: f + 1,
      fold: 1,
      train: new Int32Array(0),
      test,
      strategies: [strategy as unknown as StrategyOutcome],
    };
  });
  const sampling = { trainSize: 5, testSize: 3, level: 0.95, seed: 1, resamples: 10 };
  return { x, target, outcomes, grid: [], sampling, metric: 'auroc', margin: 0.02 };
}

const modalities = ['assay1', 'assay2'];

describe('conversations of several folds', () => {
  it('are absent where no fold has one, and of those folds that have one', () => {
    expect(conversationOf(ranWith([undefined], [[0, 1]]), 'talk', modalities)).toBeUndefined();
    const told = conversationOf(ranWith([undefined, {}], [[0], [1, 2]]), 'talk', modalities);
    expect(told?.subjects.map(({ subject }) => subject)).toEqual(['s0001', 's0002']);
    expect(told?.tokens.map(({ folds }) => folds)).toEqual([1, 1]);
  });

  it('match tokens by modality and name; one that a fold lacks counts for the folds that have it', () => {
    const other: Partial<FoldConversation> = {
      tokens: [{ modality: 'assay2', name: 'f9' }],
      asked: Float32Array.of(0.5, 0.75),
      even: Float32Array.of(0.5, 0.5),
      attention: Float64Array.of(0),
      asking: Int32Array.of(2),
    };
    const told = conversationOf(
      ranWith(
        [{}, other],
        [
          [0, 1],
          [0, 1],
        ],
      ),
      'talk',
      modalities,
    ) as ConversationResult;
    expect(told.tokens).toEqual([
      { modality: 'assay1', name: 'f0', askedFor: 1, even: 1, n: 2, folds: 1 },
      { modality: 'assay2', name: 'f0', askedFor: 1, even: 1, n: 2, folds: 1 },
      { modality: 'assay2', name: 'f9', askedFor: 0.625, even: 0.5, n: 2, folds: 1 },
    ]);
    expect(told.attention.mean).toEqual([
      [0, 1, null],
      [1, 0, null],
      [null, null, 0],
    ]);
    // f9 of the second subject is asked for more than evenly, so it comes first.
    expect(told.subjects[1].tokens).toEqual([2, 0, 1]);
    expect(told.subjects[1].askedFor).toEqual([0.75, 1, 1]);
  });

  it('average the repeats of a subject first', () => {
    const most = [Float64Array.of(0.5, 0.1), Float64Array.of(0.1, Number.NaN)];
    const told = conversationOf(
      ranWith(
        most.map((own) => ({ most: own, random: new Float64Array(2) })),
        [
          [3, 4],
          [3, 5],
        ],
      ),
      'talk',
      modalities,
    ) as ConversationResult;
    expect(told.subjects.map(({ most: moved }) => moved)).toEqual([0.3, 0.1, null]);
    expect(told.faithfulness).toMatchObject({ n: 2, finding: 'not-tested', p: null });
    expect(told.faithfulness.sentence).toBe(
      'Whether attention is faithful was not tested: it takes 10 subjects, here are 2.',
    );
  });

  it('of more than 60 tokens tell the attention of the 40 asked for most', () => {
    const many = 70;
    const tokens = Array.from({ length: many }, (_, t) => ({ modality: t < 35 ? 'assay1' : 'assay2', name: `g${t}` }));
    const told = conversationOf(
      ranWith(
        [
          {
            tokens,
            asked: Float32Array.from({ length: 2 * many }, (_, at) => (at % many) / 100),
            even: new Float32Array(2 * many).fill(0.5),
            attention: new Float64Array(many * many).fill(2),
            asking: new Int32Array(many).fill(2),
          },
        ],
        [[0, 1]],
      ),
      'talk',
      modalities,
    ) as ConversationResult;
    expect(told.attention.tokens).toEqual(Array.from({ length: 40 }, (_, t) => t + 30));
    expect(told.attention.mean).toHaveLength(40);
    expect(told.attention.mean[7]).toEqual(new Array(40).fill(1));
    expect(told.tokens).toHaveLength(70);
  });
});

describe('faithfulness in words', () => {
  const told = (most: readonly number[], random: readonly number[], hidden = 1) =>
    (
      conversationOf(
        ranWith([{ most: Float64Array.from(most), random: Float64Array.from(random), hidden }], [[...most.keys()]]),
        'talk',
        modalities,
      ) as ConversationResult
    ).faithfulness;
  const zeros = new Array(10).fill(0);
  const rising = zeros.map((_, i) => 0.1 * (i + 1));

  it('is faithful where what is asked for most matters more', () => {
    const found = told(rising, zeros);
    // By hand: mean .55, standard deviation .3028, standard error .0957, t 5.745 on 9 degrees of freedom.
    expect(found).toMatchObject({ finding: 'faithful', most: 0.55, random: 0, low: 0.3334, high: 0.7666, n: 10 });
    expect(found.p).toBeCloseTo(0.000278, 6);
    expect(found.sentence).toBe(
      'Without the tokens asked for most class probabilities move by .550, without as many others of the same modalities by .000: difference +.550 (+.333 to +.767), p < .001. Attention is faithful here: what is asked for most matters more to the prediction than what is not.',
    );
  });

  it('is opposed where it matters less, and not seen where it matters alike or nothing moves', () => {
    expect(told(zeros, rising)).toMatchObject({ finding: 'opposed' });
    const alike = told(rising, [...rising].reverse());
    expect(alike).toMatchObject({ finding: 'none-seen', difference: 0, p: 1 });
    expect(alike.sentence).toContain('That attention is faithful is not seen here');
    expect(told(zeros, zeros)).toMatchObject({ finding: 'none-seen', difference: 0, low: 0, high: 0, p: 1 });
  });

  it('is not tested with few subjects, and where all are alike, which no test can weigh', () => {
    expect(told(rising.slice(1), zeros.slice(1))).toMatchObject({ finding: 'not-tested', n: 9 });
    const alike = told(new Array(10).fill(0.25), zeros);
    expect(alike.sentence).toBe('Whether attention is faithful was not tested: all subjects are alike.');
  });

  it('is seldom found where attention is arbitrary, however skewed what tokens do to predictions', () => {
    const generator = random(8);
    const effect = () => (generator.uniform() < 0.3 ? -Math.log(1 - generator.uniform()) : 0);
    const findings = Array.from({ length: 400 }, () => {
      const moved = Array.from({ length: 60 }, () => {
        const others = Array.from({ length: 5 }, effect);
        return { most: effect(), random: others.reduce((a, b) => a + b, 0) / 5 };
      });
      return faithfulnessOf(moved, { hidden: 1, level: 0.95, target: world({ subjects: 4 }).target }).finding;
    });
    const share = (finding: string) => findings.filter((one) => one === finding).length / findings.length;
    expect(share('faithful')).toBeLessThan(0.05); // 0.025 and more than two standard errors
    expect(share('opposed')).toBeLessThan(0.1);
    expect(share('none-seen')).toBeGreaterThan(0.88);
  });

  it('is told in standard deviations of risk, and in the unit of a value', () => {
    const ran = ranWith(
      [{ most: Float64Array.from(rising, (m) => 10 * m), random: new Float64Array(10) }],
      [[...rising.keys()]],
    );
    const { x, target } = world({ subjects: 10 });
    const sentence = (kind: 'survival' | 'value') =>
      conversationOf({ ...ran, target: targetOf({ x, target }, kind) }, 'talk', modalities)?.faithfulness.sentence;
    expect(sentence('survival')).toContain(
      'Without the tokens asked for most risks move by 5.500 standard deviations,',
    );
    expect(sentence('value')).toContain('Without the tokens asked for most values move by 5.500 mmHg, without as many');
  });

  it('is not tested where nothing can be chosen', () => {
    expect(told([Number.NaN], [Number.NaN], 0).sentence).toBe(
      'Whether attention is faithful was not tested: no modality has two tokens to choose from.',
    );
  });
});
