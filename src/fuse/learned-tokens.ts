/**
 * Tokens that are learned combinations of all columns have numbers for names, and one network's `2` is not another's. What
 * they are asked for has a meaning only for all of a modality together, so here they become one.
 */
import type { Token } from './conversation.ts';

export interface NamedToken extends Omit<Token, 'learned'> {
  /** How many learned combinations it stands for; absent of a token that has a meaning of its own. */
  readonly learned?: number;
}

export interface NamedTokens {
  readonly tokens: readonly NamedToken[];
  /** The named token that each token of the conversation belongs to. */
  readonly place: Int32Array; // [tokens of the conversation]
}

export const learnedName = 'learned combinations';

export function namedTokens(tokens: readonly Token[]): NamedTokens {
  const named: NamedToken[] = [];
  const place = new Int32Array(tokens.length);
  tokens.forEach(({ modality, name, learned, ...where }, t) => {
    if (!learned) {
      place[t] = named.push({ modality, name, ...where }) - 1;
      return;
    }
    const at = named.findIndex((one) => one.modality === modality && one.learned !== undefined);
    if (at >= 0) named[at] = { ...named[at], learned: (named[at].learned ?? 0) + 1 };
    place[t] = at >= 0 ? at : named.push({ modality, name: learnedName, learned: 1 }) - 1;
  });
  return { tokens: named, place };
}

/** Sums over the tokens that belong together. [subjects, tokens] to [subjects, named tokens] */
export function gathered(values: Float64Array, { tokens, place }: NamedTokens): Float64Array {
  const [many, few] = [place.length, tokens.length];
  const out = new Float64Array((values.length / Math.max(1, many)) * few);
  for (let at = 0; at < values.length; at++) out[Math.floor(at / many) * few + place[at % many]] += values[at];
  return out;
}
