/** What the modalities of a strategy asked each other, over all folds and by subject. */
import { studentQuantile } from '../array/distributions.ts';
import type { NamedToken } from '../fuse/learned-tokens.ts';
import type { ConversationResult, ConversationToken, Interval, SubjectConversation } from './comparison.ts';
import { type HeardFold, type HeardSubject, heardSubjects, placesOf, tokensOfFolds } from './conversation-subjects.ts';
import { faithfulnessOf } from './faithfulness-result.ts';
import { outcomeOf, type Ran } from './outcomes.ts';

const mostTokens = 60; // of which the whole square of attention is told
const fewerTokens = 40; // told where there are more
const tokensOfSubject = 3;

/** undefined where no fold's model lets modalities attend to each other. */
export function conversationOf(
  ran: Ran,
  strategy: string,
  modalities: readonly string[],
): ConversationResult | undefined {
  const folds = ran.outcomes.flatMap((outcome): HeardFold[] => {
    const { modalities: own, conversation } = outcomeOf(outcome, strategy);
    return conversation ? [{ test: outcome.test, modalities: own, conversation }] : [];
  });
  if (folds.length === 0) return undefined;
  const named = tokensOfFolds(folds, modalities);
  const heard = heardSubjects(folds, modalities, named);
  const talking = heard.filter(({ between }) => between.some(Number.isFinite));
  const places = folds.map((fold) => placesOf(fold, named));
  const tokens = named.map((token, t) => tokenResult(token, t, places, heard));
  const { level } = ran.sampling;
  const hidden = folds.reduce((most, { conversation }) => Math.max(most, conversation.hidden), 0);
  return {
    n: talking.length,
    modalities,
    between: betweenResult(talking, modalities, level),
    rollout: square(modalities.length, (q, k) =>
      meanOf(talking.map(({ rollout }) => rollout[q * modalities.length + k])),
    ),
    tokens,
    attention: meanAttention(folds, places, tokens),
    faithfulness: faithfulnessOf(heard, { hidden, level, target: ran.target }),
    subjects: talking.map((subject) => subjectResult(subject, tokens, ran.x.subjects[subject.row])),
  };
}

function betweenResult(
  talking: readonly HeardSubject[],
  modalities: readonly string[],
  level: number,
): ConversationResult['between'] {
  const wide = modalities.length;
  return modalities.map((modality, q) => {
    const own = talking.map(({ between }) => between.subarray(q * wide, (q + 1) * wide));
    const asking = own.filter((row) => row.some(Number.isFinite));
    const asked = modalities.map((_, k) =>
      k === q
        ? null
        : meanWithInterval(
            asking.map((row) => row[k]),
            level,
          ),
    );
    return { modality, n: asking.length, asked };
  });
}

/** The mean of shares with Student's interval, clipped to what a share can be; null with fewer than two. */
function meanWithInterval(values: readonly number[], level: number): Interval | null {
  const n = values.length;
  if (n < 2) return null;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const half = -studentQuantile((1 - level) / 2, n - 1) * Math.sqrt(squares / (n - 1) / n);
  return { estimate: short(mean), low: short(Math.max(0, mean - half)), high: short(Math.min(1, mean + half)) };
}

function tokenResult(
  token: NamedToken,
  t: number,
  places: readonly Int32Array[],
  heard: readonly HeardSubject[],
): ConversationToken {
  const asked = heard.filter((subject) => Number.isFinite(subject.asked[t]));
  return {
    ...token,
    askedFor: meanOf(asked.map((subject) => subject.asked[t])),
    even: meanOf(asked.map((subject) => subject.even[t])),
    n: asked.length,
    folds: places.filter((place) => place.includes(t)).length,
  };
}

/** How many times what it would get if all were asked alike; of learned combinations nothing that compares. */
export function prominence({
  askedFor,
  even,
  learned,
}: Pick<ConversationToken, 'askedFor' | 'even' | 'learned'>): number {
  if (learned !== undefined || askedFor === null || even === null || even === 0) return Number.NEGATIVE_INFINITY;
  return askedFor / even;
}

/** Subjects of folds whose model has both tokens count. */
function meanAttention(
  folds: readonly HeardFold[],
  places: readonly Int32Array[],
  tokens: readonly ConversationToken[],
): ConversationResult['attention'] {
  const many = tokens.length;
  const sums = new Float64Array(many * many); // [tokens, tokens]
  const counts = new Float64Array(many * many); // [tokens, tokens]
  for (const [f, { conversation }] of folds.entries()) {
    const place = places[f];
    const { attention, asking } = conversation;
    for (let q = 0; q < place.length; q++) {
      for (let k = 0; k < place.length; k++) {
        sums[place[q] * many + place[k]] += attention[q * place.length + k];
        counts[place[q] * many + place[k]] += asking[q];
      }
    }
  }
  const ranked = [...tokens.keys()].sort((a, b) => prominence(tokens[b]) - prominence(tokens[a]) || a - b);
  const told = many <= mostTokens ? [...tokens.keys()] : ranked.slice(0, fewerTokens).sort((a, b) => a - b);
  const mean = (q: number, k: number) => {
    const at = told[q] * many + told[k];
    return counts[at] > 0 ? short(sums[at] / counts[at]) : null;
  };
  return { tokens: told, mean: square(told.length, mean) };
}

function subjectResult(
  { between, asked, even, most, random }: HeardSubject,
  tokens: readonly ConversationToken[],
  subject: string,
): SubjectConversation {
  const rank = tokens.map(({ learned }, t) =>
    Number.isFinite(asked[t])
      ? prominence({ askedFor: asked[t], even: even[t], ...(learned !== undefined && { learned }) })
      : Number.NEGATIVE_INFINITY,
  );
  const best = [...tokens.keys()].filter((t) => Number.isFinite(rank[t])).sort((a, b) => rank[b] - rank[a] || a - b);
  const top = best.slice(0, tokensOfSubject);
  return {
    subject,
    asked: Array.from(between, (share) => (Number.isFinite(share) ? short(share) : 0)),
    tokens: top,
    askedFor: top.map((t) => short(asked[t])),
    most: Number.isFinite(most) ? short(most) : null,
    random: Number.isFinite(random) ? short(random) : null,
  };
}

function square<T>(size: number, cell: (q: number, k: number) => T): T[][] {
  return Array.from({ length: size }, (_, q) => Array.from({ length: size }, (_, k) => cell(q, k)));
}

/** Of the finite ones; null without any. */
function meanOf(values: readonly number[]): number | null {
  const finite = values.filter(Number.isFinite);
  return finite.length > 0 ? short(finite.reduce((a, b) => a + b, 0) / finite.length) : null;
}

/** Four decimals. */
function short(value: number): number {
  return Number(value.toFixed(4));
}
