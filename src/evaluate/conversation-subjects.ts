/** The conversations of all folds by subject, so that each counts once however often it was tested. */
import type { NamedToken } from '../fuse/learned-tokens.ts';
import type { FoldConversation } from './fold-conversation.ts';

/** One fold of a strategy that has a conversation. */
export interface HeardFold {
  readonly test: Int32Array; // rows of the cohort
  /** Of the strategy in this fold. */
  readonly modalities: readonly string[];
  readonly conversation: FoldConversation;
}

/** Means over the folds that tested a subject. */
export interface HeardSubject {
  readonly row: number; // of the cohort
  /** NaN in the row of a modality that asked nobody. */
  readonly between: Float64Array; // [modalities, modalities]
  readonly rollout: Float64Array; // [modalities, modalities]
  /** NaN where nobody could ask it. */
  readonly asked: Float64Array; // [tokens]
  readonly even: Float64Array; // [tokens]
  /** NaN where nothing could be chosen. */
  readonly most: number;
  readonly random: number;
}

/** Tokens of all folds, modality by modality; of learned combinations the most that a fold has. */
export function tokensOfFolds(folds: readonly HeardFold[], modalities: readonly string[]): NamedToken[] {
  const found = new Map<string, NamedToken>();
  for (const { conversation } of folds) {
    for (const token of conversation.tokens) {
      const known = found.get(tokenKey(token));
      if (!known || (token.learned ?? 0) > (known.learned ?? 0)) found.set(tokenKey(token), token);
    }
  }
  return modalities.flatMap((name) => [...found.values()].filter(({ modality }) => modality === name));
}

export function tokenKey({ modality, name, learned }: NamedToken): string {
  return JSON.stringify([modality, name, learned !== undefined]);
}

/** The place of each token of a fold among all. */
export function placesOf({ conversation }: HeardFold, tokens: readonly NamedToken[]): Int32Array {
  const place = new Map(tokens.map((token, t) => [tokenKey(token), t]));
  return Int32Array.from(conversation.tokens, (token: NamedToken) => place.get(tokenKey(token)) as number);
}

export function heardSubjects(
  folds: readonly HeardFold[],
  modalities: readonly string[],
  tokens: readonly NamedToken[],
): HeardSubject[] {
  const sums = new Map<number, Sums>();
  const wide = modalities.length;
  for (const fold of folds) {
    const { test, modalities: own, conversation } = fold;
    const tokenAt = placesOf(fold, tokens);
    const modalityAt = own.map((name) => modalities.indexOf(name));
    for (const [at, row] of test.entries()) {
      const sum = sums.get(row) ?? emptySums(wide, tokens.length);
      sums.set(row, sum);
      addBetween(sum, conversation, at, modalityAt, wide);
      for (let t = 0; t < tokenAt.length; t++) {
        const even = conversation.even[at * tokenAt.length + t];
        if (even === 0) continue;
        sum.asked[tokenAt[t]] += conversation.asked[at * tokenAt.length + t];
        sum.even[tokenAt[t]] += even;
        sum.heard[tokenAt[t]]++;
      }
      if (Number.isNaN(conversation.most[at])) continue;
      sum.most += conversation.most[at];
      sum.random += conversation.random[at];
      sum.moved++;
    }
  }
  return [...sums].sort(([a], [b]) => a - b).map(([row, sum]) => meansOf(row, sum, wide));
}

interface Sums {
  readonly between: Float64Array; // [modalities, modalities]
  readonly rollout: Float64Array; // [modalities, modalities]
  readonly asking: Int32Array; // [modalities], folds in which it had somebody to ask
  readonly asked: Float64Array; // [tokens]
  readonly even: Float64Array; // [tokens]
  readonly heard: Int32Array; // [tokens], folds in which it could be asked
  most: number;
  random: number;
  moved: number; // folds
}

function emptySums(modalities: number, tokens: number): Sums {
  return {
    between: new Float64Array(modalities * modalities),
    rollout: new Float64Array(modalities * modalities),
    asking: new Int32Array(modalities),
    asked: new Float64Array(tokens),
    even: new Float64Array(tokens),
    heard: new Int32Array(tokens),
    most: 0,
    random: 0,
    moved: 0,
  };
}

/** @param place of the fold's modalities among the strategy's */
function addBetween(sum: Sums, conversation: FoldConversation, at: number, place: readonly number[], wide: number) {
  const many = place.length;
  const { between, through } = conversation;
  for (let q = 0; q < many; q++) {
    const from = (at * many + q) * many;
    if (between.subarray(from, from + many).every((share) => share === 0)) continue;
    sum.asking[place[q]]++;
    for (let k = 0; k < many; k++) {
      sum.between[place[q] * wide + place[k]] += between[from + k];
      sum.rollout[place[q] * wide + place[k]] += through[from + k];
    }
  }
}

function meansOf(row: number, { asking, heard, moved, ...sum }: Sums, wide: number): HeardSubject {
  const byRow = (values: Float64Array) => values.map((value, at) => value / asking[Math.floor(at / wide)]);
  const byToken = (values: Float64Array) => values.map((value, t) => value / heard[t]);
  return {
    row,
    between: byRow(sum.between),
    rollout: byRow(sum.rollout),
    asked: byToken(sum.asked),
    even: byToken(sum.even),
    most: sum.most / moved,
    random: sum.random / moved,
  };
}
