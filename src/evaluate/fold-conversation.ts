/** What modalities asked each other over the test subjects of one fold, and whether attention told what predictions rest on. */
import { type Cohort, takeSubjects } from '../describe/cohort.ts';
import { askedEvenly, askedFor, betweenModalities, type Conversation } from '../fuse/conversation.ts';
import { faithfulness } from '../fuse/faithfulness.ts';
import { gathered, type NamedToken, type NamedTokens, namedTokens } from '../fuse/learned-tokens.ts';
import type { Reader } from '../fuse/prediction.ts';

/** Plain data: it crosses from a worker. Modalities are those of the strategy in this fold. */
export interface FoldConversation {
  readonly tokens: readonly NamedToken[];
  /** How much each is asked for, and what that would be if all were asked alike; both 0 where a subject lacks it or nobody asks. */
  readonly asked: Float32Array; // [test, tokens]
  readonly even: Float32Array; // [test, tokens]
  /** Who asked whom; rows are 0 where a modality is absent or alone. */
  readonly between: Float32Array; // [test, modalities, modalities]
  /** The same by attention rollout. */
  readonly through: Float32Array; // [test, modalities, modalities]
  /** Attention, summed over the test subjects whose token (row) had somebody to ask, and how many they are. */
  readonly attention: Float64Array; // [tokens, tokens]
  readonly asking: Int32Array; // [tokens]
  /** As `Faithfulness` tells. */
  readonly hidden: number;
  readonly most: Float64Array; // [test]
  readonly random: Float64Array; // [test]
}

/** Numbers of attention read at a time, so that many tokens of many subjects do not take all memory. */
const atOnce = 2 ** 25;

export async function foldConversation(
  test: Cohort,
  reader: Reader,
  modalities: readonly string[],
  seed: number,
): Promise<FoldConversation> {
  const n = test.subjects.length;
  const { tokens } = await reader.conversation(takeSubjects(test, []));
  const step = Math.max(1, Math.floor(atOnce / tokens.length ** 2));
  if (n <= step) return readConversation(test, reader, modalities, seed);
  const parts: FoldConversation[] = [];
  for (let from = 0; from < n; from += step) {
    const rows = Int32Array.from({ length: Math.min(step, n - from) }, (_, i) => from + i);
    parts.push(await readConversation(takeSubjects(test, rows), reader, modalities, seed));
  }
  return joined(parts);
}

async function readConversation(
  test: Cohort,
  reader: Reader,
  modalities: readonly string[],
  seed: number,
): Promise<FoldConversation> {
  const conversation = await reader.conversation(test);
  const named = namedTokens(conversation.tokens);
  return {
    tokens: named.tokens,
    asked: Float32Array.from(gathered(askedFor(conversation), named)),
    even: Float32Array.from(gathered(askedEvenly(conversation), named)),
    between: Float32Array.from(betweenModalities(conversation, modalities)),
    through: Float32Array.from(betweenModalities({ ...conversation, attention: conversation.rollout }, modalities)),
    ...attentionSums(conversation, named),
    ...(await faithfulness(test, reader, conversation, { seed })),
  };
}

/** Of the same test subjects, read in parts. */
function joined(parts: readonly FoldConversation[]): FoldConversation {
  const [{ tokens, hidden }] = parts;
  const floats = (of: (part: FoldConversation) => Float32Array) =>
    Float32Array.from(parts.flatMap((part) => [...of(part)]));
  const doubles = (of: (part: FoldConversation) => Float64Array) =>
    Float64Array.from(parts.flatMap((part) => [...of(part)]));
  return {
    tokens,
    asked: floats(({ asked }) => asked),
    even: floats(({ even }) => even),
    between: floats(({ between }) => between),
    through: floats(({ through }) => through),
    attention: parts[0].attention.map((_, at) => parts.reduce((sum, { attention }) => sum + attention[at], 0)),
    asking: parts[0].asking.map((_, t) => parts.reduce((sum, { asking }) => sum + asking[t], 0)),
    hidden,
    most: doubles(({ most }) => most),
    random: doubles(({ random }) => random),
  };
}

/** Tokens that belong together: as queries the mean over them, as keys the sum. */
function attentionSums(
  { subjects, tokens, attention }: Conversation,
  { tokens: named, place }: NamedTokens,
): Pick<FoldConversation, 'attention' | 'asking'> {
  const [many, few] = [tokens.length, named.length];
  const sums = new Float64Array(few * few); // [tokens, tokens]
  const asking = new Int32Array(few);
  for (let i = 0; i < subjects.length; i++) {
    const asked = new Uint8Array(few);
    for (let q = 0; q < many; q++) {
      const row = attention.subarray((i * many + q) * many, (i * many + q + 1) * many);
      const to = place[q];
      const share = 1 / (named[to].learned ?? 1);
      for (let k = 0; k < many; k++) {
        if (row[k] === 0) continue;
        sums[to * few + place[k]] += share * row[k];
        asked[to] = 1;
      }
    }
    for (let t = 0; t < few; t++) asking[t] += asked[t];
  }
  return { attention: sums, asking };
}
