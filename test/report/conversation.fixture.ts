import type { Random } from '../../src/array/random.ts';
import type { ConversationResult } from '../../src/evaluate/comparison.ts';

/** Invented: a token for each of three features a modality, four learned combinations of the last. */
export function conversation(draw: Random, modalities: readonly string[], subjects: number): ConversationResult {
  const wide = modalities.length;
  const tokens = modalities.flatMap((modality, m) =>
    m === wide - 1 && wide > 1
      ? [{ modality, name: 'learned combinations', learned: 4 }]
      : ['first', 'second', 'third'].map((name) => ({ modality, name: `${name} of ${modality}` })),
  );
  const shares = (own: number) => {
    const raw = modalities.map((_, k) => (k === own ? 0 : 0.1 + draw.uniform()));
    const total = raw.reduce((a, b) => a + b, 0);
    return raw.map((value) => value / total);
  };
  const places = [...tokens.keys()];
  const half = () => 0.02 + 0.02 * draw.uniform();
  return {
    n: subjects,
    modalities,
    between: modalities.map((modality, q) => ({
      modality,
      n: subjects,
      asked: shares(q).map((estimate, k) =>
        k === q ? null : { estimate, low: Math.max(0, estimate - half()), high: Math.min(1, estimate + half()) },
      ),
    })),
    rollout: modalities.map((_, q) => shares(q).map((share, k) => (k === q ? 0.5 : share / 2))),
    tokens: tokens.map((token) => ({ ...token, askedFor: 0.3 * draw.uniform(), even: 0.1, n: subjects, folds: 25 })),
    attention: {
      tokens: places,
      mean: places.map((q) =>
        places.map((k) => (tokens[q].modality === tokens[k].modality ? 0 : 0.2 * draw.uniform())),
      ),
    },
    faithfulness: {
      hidden: wide,
      n: subjects,
      most: 0.12,
      random: 0.04,
      difference: 0.08,
      low: 0.06,
      high: 0.1,
      p: 0.00001,
      finding: 'faithful',
      sentence:
        'Without the tokens asked for most class probabilities move by .120, without as many others of the same modalities by .040. Attention is faithful here: invented.',
    },
    subjects: Array.from({ length: subjects }, (_, i) => {
      const absent = i % 5 === 4 ? 0 : -1;
      return {
        subject: `s${i}`,
        asked: modalities.flatMap((_, q) => (q === absent ? modalities.map(() => 0) : shares(q))),
        tokens: [(i + 1) % tokens.length, (i + 4) % tokens.length].filter((t) => !('learned' in tokens[t])),
        askedFor: [0.3, 0.2],
        most: i % 7 === 6 ? null : 0.2 * draw.uniform(),
        random: i % 7 === 6 ? null : 0.1 * draw.uniform(),
      };
    }),
  };
}
