/**
 * Whether attention tells what the prediction rests on: hide the tokens of each modality that are asked for most, hide as
 * many others of the same modality drawn at random, and compare how far the prediction moves (the comprehensiveness of
 * DeYoung et al. 2020, "ERASER", with random tokens for comparison, since hiding anything moves it). Within modalities,
 * because a modality of few tokens is asked for more a token however little it is looked at.
 */
import { deriveSeed, permutation, random } from '../array/random.ts';
import type { Cohort } from '../describe/cohort.ts';
import { InputError } from '../errors.ts';
import { askedFor, type Conversation } from './conversation.ts';
import type { Reader } from './prediction.ts';

export interface FaithfulnessOptions {
  readonly seed: number;
  /** Tokens hidden of each modality, but never more than half of them. Default: a tenth, at least one. */
  readonly hide?: number;
  /** Random choices a subject is compared with. Default 5. */
  readonly draws?: number;
}

export interface Faithfulness {
  /** Tokens hidden at a time of a subject who has every modality. */
  readonly hidden: number;
  /**
   * How far the prediction of each subject moved without the tokens asked for most, and without as many random others (the
   * mean over draws): half the summed change of class probabilities, or the change of the risk or value. NaN where nobody
   * asks (fewer than two modalities) or nothing can be chosen (no modality with two tokens).
   */
  readonly most: Float64Array; // [subjects]
  readonly random: Float64Array; // [subjects]
}

/** The tokens of one modality that a subject has, and how many of them are hidden at a time. */
interface Choice {
  readonly ranked: readonly number[]; // tokens, the most asked for first
  readonly hide: number;
}

export async function faithfulness(
  x: Cohort,
  reader: Reader,
  conversation: Conversation,
  { seed, draws = 5, hide }: FaithfulnessOptions,
): Promise<Faithfulness> {
  checkAsked(x, conversation, { hide, draws });
  const { tokens, present } = conversation;
  const many = tokens.length;
  const n = x.subjects.length;
  const modalities = tokensByModality(conversation);
  const hideOf = (count: number) => Math.min(hide ?? Math.max(1, Math.round(count / 10)), Math.floor(count / 2));
  const asked = askedFor(conversation);
  const choices = Array.from({ length: n }, (_, i): readonly Choice[] => {
    const there = modalities.filter(([first]) => present[i * many + first] === 1);
    if (there.length < 2) return [];
    return there.flatMap((own) => {
      if (hideOf(own.length) === 0) return [];
      const ranked = [...own].sort((a, b) => asked[i * many + b] - asked[i * many + a] || a - b);
      return [{ ranked, hide: hideOf(own.length) }];
    });
  });
  const hidden = modalities.reduce((sum, own) => sum + hideOf(own.length), 0);
  const none = () => new Float64Array(n).fill(Number.NaN);
  if (choices.every(({ length }) => length === 0)) return { hidden, most: none(), random: none() };
  const without = async (choose: (choice: Choice, i: number, c: number) => readonly number[]) => {
    const marks = new Uint8Array(n * many); // [subjects, tokens]
    choices.forEach((own, i) => {
      own.forEach((choice, c) => {
        for (const t of choose(choice, i, c)) marks[i * many + t] = 1;
      });
    });
    return (await reader.without(x, marks)).data;
  };
  const whole = await without(() => []);
  const width = whole.length / Math.max(1, n);
  const moved = (said: Float64Array, i: number) => {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += Math.abs(said[i * width + k] - whole[i * width + k]);
    return width > 1 ? sum / 2 : sum;
  };
  const start = (i: number) => (choices[i].length > 0 ? 0 : Number.NaN);
  const withoutMost = await without(({ ranked, hide: k }) => ranked.slice(0, k));
  const most = Float64Array.from({ length: n }, (_, i) => start(i) + moved(withoutMost, i));
  const other = Float64Array.from({ length: n }, (_, i) => start(i));
  for (let draw = 0; draw < draws; draw++) {
    const said = await without(({ ranked, hide: k }, i, c) => {
      const rest = ranked.slice(k);
      const order = permutation(rest.length, random(deriveSeed(seed, x.subjects[i], draw, c)));
      return Array.from(order.subarray(0, k), (place) => rest[place]);
    });
    for (let i = 0; i < n; i++) other[i] += moved(said, i) / draws;
  }
  return { hidden, most, random: other };
}

function tokensByModality({ tokens }: Conversation): readonly (readonly number[])[] {
  const found = new Map<string, number[]>();
  tokens.forEach(({ modality }, t) => {
    found.set(modality, [...(found.get(modality) ?? []), t]);
  });
  return [...found.values()];
}

function checkAsked(
  x: Cohort,
  { subjects }: Conversation,
  counts: { readonly hide: number | undefined; readonly draws: number },
): void {
  for (const [name, count] of Object.entries(counts)) {
    if (count === undefined || (Number.isInteger(count) && count > 0)) continue;
    const expected = 'a positive whole number';
    throw new InputError({ where: `faithfulness: ${name}`, what: 'not a count', expected, got: String(count) });
  }
  if (subjects.length === x.subjects.length && subjects.every((id, i) => id === x.subjects[i])) return;
  throw new InputError({ where: 'faithfulness', what: 'a conversation of other subjects', expected: 'of the cohort' });
}
