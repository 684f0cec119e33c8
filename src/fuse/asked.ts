/** What the modalities of single subjects asked each other, without the matrices it is read from. */
import { type Cohort, takeSubjects } from '../describe/cohort.ts';
import { InputError } from '../errors.ts';
import { askedEvenly, askedFor, betweenModalities, type Conversation } from './conversation.ts';
import { gathered, namedTokens } from './learned-tokens.ts';
import type { Reader } from './prediction.ts';

export interface Asked {
  /** Of each modality that asks, the share of what it took that came from each other one that is there. */
  readonly between: { readonly [asking: string]: { readonly [asked: string]: number } };
  /** The tokens asked for most, compared with asking all alike; learned combinations left out. */
  readonly tokens: readonly AskedToken[];
}

export interface AskedToken {
  readonly modality: string;
  readonly token: string;
  readonly askedFor: number;
  /** What it would be if all were asked alike. */
  readonly even: number;
}

export interface AskedOptions {
  /** Subjects read at a time, since attention takes tokens × tokens numbers a subject. Default: all. */
  readonly atOnce?: number;
  /** Tokens told of a subject. Default 3. */
  readonly tokens?: number;
}

export async function askedBySubject(
  x: Cohort,
  reader: Reader,
  { atOnce = x.subjects.length, tokens = 3 }: AskedOptions = {},
): Promise<Asked[]> {
  if (!(Number.isInteger(atOnce) && (atOnce > 0 || x.subjects.length === 0))) {
    const expected = 'a positive whole number of subjects';
    throw new InputError({ where: 'askedBySubject: atOnce', what: 'not a count', expected, got: String(atOnce) });
  }
  const out: Asked[] = [];
  for (let from = 0; from < x.subjects.length; from += atOnce) {
    const rows = Int32Array.from({ length: Math.min(atOnce, x.subjects.length - from) }, (_, i) => from + i);
    const part = rows.length === x.subjects.length ? x : takeSubjects(x, rows);
    out.push(...askedOf(await reader.conversation(part), tokens));
  }
  return out;
}

function askedOf(conversation: Conversation, most: number): Asked[] {
  const names = [...new Set(conversation.tokens.map(({ modality }) => modality))];
  const named = namedTokens(conversation.tokens);
  const between = betweenModalities(conversation, names); // [subjects, modalities, modalities]
  const asked = gathered(askedFor(conversation), named); // [subjects, named tokens]
  const even = gathered(askedEvenly(conversation), named); // [subjects, named tokens]
  const wide = names.length;
  return conversation.subjects.map((_, i) => {
    const rows = names.flatMap((asking, q) => {
      const row = between.subarray((i * wide + q) * wide, (i * wide + q + 1) * wide);
      const shares = names.flatMap((name, k) => (row[k] > 0 ? [[name, row[k]] as const] : []));
      return shares.length > 0 ? [[asking, Object.fromEntries(shares)] as const] : [];
    });
    const tokens = named.tokens.flatMap(({ modality, name, learned }, t): AskedToken[] => {
      const at = i * named.tokens.length + t;
      if (learned !== undefined || even[at] === 0) return [];
      return [{ modality, token: name, askedFor: asked[at], even: even[at] }];
    });
    tokens.sort((a, b) => b.askedFor / b.even - a.askedFor / a.even);
    return { between: Object.fromEntries(rows), tokens: tokens.slice(0, most) };
  });
}
