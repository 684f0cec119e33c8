/**
 * Tokens that are learned combinations of all columns have numbers for names, and one network's `2` is not another's. What
 * they are asked for has a meaning only for all of a modality together, so here they become one.
 */
import type { Modality } from '../describe/modality.ts';
import type { Token } from './conversation.ts';

export interface NamedToken extends Token {
  /** How many learned combinations it stands for; absent of a token that has a meaning of its own. */
  readonly learned?: number;
}

export interface NamedTokens {
  readonly tokens: readonly NamedToken[];
  /** The named token that each token of the conversation belongs to. */
  readonly place: Int32Array; // [tokens of the conversation]
}

export const learnedName = 'learned combinations';

/** @param modalities as measured, since their features and groups tell which tokens are called after them */
export function namedTokens(tokens: readonly Token[], modalities: readonly Modality[]): NamedTokens {
  const named: NamedToken[] = [];
  const place = new Int32Array(tokens.length);
  const learned = new Map([...new Set(tokens.map(({ modality }) => modality))].map((m) => [m, false]));
  for (const name of learned.keys()) {
    const own = tokens.filter(({ modality }) => modality === name);
    learned.set(
      name,
      isNumbered(
        own,
        modalities.find((one) => one.name === name),
      ),
    );
  }
  tokens.forEach((token, t) => {
    const { modality } = token;
    if (!learned.get(modality)) {
      place[t] = named.push({ modality, name: token.name }) - 1;
      return;
    }
    const at = named.findIndex((one) => one.modality === modality);
    if (at >= 0) named[at] = { ...named[at], learned: (named[at].learned ?? 0) + 1 };
    place[t] = at >= 0 ? at : named.push({ modality, name: learnedName, learned: 1 }) - 1;
  });
  return { tokens: named, place };
}

/** Whether tokens are only numbered, and so are no features or groups that happen to be called 1, 2, .... */
function isNumbered(own: readonly Token[], modality: Modality | undefined): boolean {
  if (own.some(({ name }, t) => name !== `${t + 1}`)) return false;
  const { features = [], groups = [] } = modality ?? {};
  if (groups.length > 0) return false;
  const called = new Set(features.map(({ name }) => name));
  return features.length !== own.length || own.some(({ name }) => !called.has(name));
}

/** Sums over the tokens that belong together. [subjects, tokens] to [subjects, named tokens] */
export function gathered(values: Float64Array, { tokens, place }: NamedTokens): Float64Array {
  const [many, few] = [place.length, tokens.length];
  const out = new Float64Array((values.length / Math.max(1, many)) * few);
  for (let at = 0; at < values.length; at++) out[Math.floor(at / many) * few + place[at % many]] += values[at];
  return out;
}
