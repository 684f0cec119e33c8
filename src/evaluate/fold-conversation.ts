/** What modalities asked each other over the test subjects of one fold, and whether attention told what predictions rest on. */
import type { Cohort } from '../describe/cohort.ts';
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

export async function foldConversation(
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
