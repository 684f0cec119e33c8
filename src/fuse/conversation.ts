/** What modalities asked each other: the attention of a trained network, in a form to be read. */
import type { TokenPlace } from '../encode/image-patches.ts';

/** A token of one modality: a column, a group of columns, a patch of an image, or one of several learned combinations. */
export interface Token {
  readonly modality: string;
  readonly name: string;
  /** Whether it is a learned combination of all columns, called by a number that means nothing to another network. */
  readonly learned: boolean;
  /** Where in the world it tells of; only of patches of an image. */
  readonly place?: TokenPlace;
}

export interface Conversation {
  readonly subjects: readonly string[];
  readonly tokens: readonly Token[];
  /** 1 where a subject has the token's modality. */
  readonly present: Uint8Array; // [subjects, tokens]
  /**
   * How much each token (row) took of each other token (column): the mean over heads, layers and networks. Rows sum to 1, or
   * are 0 where the token is absent or had nobody to ask.
   */
  readonly attention: Float32Array; // [subjects, tokens, tokens]
  /** Attention through all layers (see `rollout`), the mean over networks. */
  readonly rollout: Float32Array; // [subjects, tokens, tokens]
}

/**
 * Attention rollout (Abnar and Zuidema 2020, "Quantifying attention flow in transformers", equation 1): the product over
 * layers of (A + I) / 2, since half of what leaves a layer came through its residual. A row without attention keeps all.
 *
 * @param layers attention of each layer, first to last, each [tokens, tokens]
 * @returns [tokens, tokens]; rows sum to 1
 */
export function rollout(layers: readonly Float32Array[], tokens: number): Float32Array {
  let so: Float32Array | undefined; // undefined: each token is only itself
  for (const layer of layers) {
    const next = new Float32Array(tokens * tokens);
    for (let q = 0; q < tokens; q++) {
      const row = layer.subarray(q * tokens, (q + 1) * tokens);
      const asked = row.some((weight) => weight > 0);
      const own = asked ? 0.5 : 1;
      if (so) for (let t = 0; t < tokens; t++) next[q * tokens + t] = own * so[q * tokens + t];
      else next[q * tokens + q] = own;
      if (!asked) continue;
      for (let k = 0; k < tokens; k++) {
        const weight = 0.5 * row[k];
        if (weight === 0) continue;
        if (so) for (let t = 0; t < tokens; t++) next[q * tokens + t] += weight * so[k * tokens + t];
        else next[q * tokens + k] += weight;
      }
    }
    so = next;
  }
  if (so) return so;
  const alone = new Float32Array(tokens * tokens);
  for (let t = 0; t < tokens; t++) alone[t * tokens + t] = 1;
  return alone;
}

/** What each token is asked for: the mean over the queries of the other modalities that a subject has. [subjects, tokens] */
export function askedFor({ tokens, present, attention, subjects }: Conversation): Float64Array {
  const many = tokens.length;
  const out = new Float64Array(subjects.length * many);
  for (let i = 0; i < subjects.length; i++) {
    const there = present.subarray(i * many, (i + 1) * many);
    for (let k = 0; k < many; k++) {
      let queries = 0;
      for (let q = 0; q < many; q++) {
        if (there[q] === 0 || tokens[q].modality === tokens[k].modality) continue;
        queries++;
        out[i * many + k] += attention[(i * many + q) * many + k];
      }
      if (queries > 0) out[i * many + k] /= queries;
    }
  }
  return out;
}

/**
 * What each token would be asked for if every query took alike of all that it can ask: 0 where a token is absent or nobody
 * else is there. Beside it `askedFor` can be read: the tokens of a modality that has few are asked for more, whatever they
 * say. [subjects, tokens]
 */
export function askedEvenly({ tokens, present, subjects }: Omit<Conversation, 'attention' | 'rollout'>): Float64Array {
  const many = tokens.length;
  const names = [...new Set(tokens.map(({ modality }) => modality))];
  const place = tokens.map(({ modality }) => names.indexOf(modality));
  const out = new Float64Array(subjects.length * many);
  for (let i = 0; i < subjects.length; i++) {
    const counts = new Float64Array(names.length); // [modalities], tokens there
    for (let t = 0; t < many; t++) counts[place[t]] += present[i * many + t];
    const all = counts.reduce((a, b) => a + b, 0);
    const even = counts.map((own, m) => {
      if (own === 0 || own === all) return 0;
      const asked = counts.reduce((sum, other, o) => (o === m || other === 0 ? sum : sum + other / (all - other)), 0);
      return asked / (all - own);
    });
    for (let t = 0; t < many; t++) if (present[i * many + t]) out[i * many + t] = even[place[t]];
  }
  return out;
}

/**
 * Who asked whom: of what the tokens of one modality (row) took, the share that came from each (column), the mean over its
 * tokens. [subjects, modalities, modalities]; a row sums to 1, or is 0 where the modality is absent or alone.
 */
export function betweenModalities(
  { tokens, attention, present, subjects }: Conversation,
  modalities: readonly string[],
): Float64Array {
  const [many, wide] = [tokens.length, modalities.length];
  const place = tokens.map(({ modality }) => modalities.indexOf(modality));
  const counts = modalities.map((_, m) => place.filter((p) => p === m).length);
  const out = new Float64Array(subjects.length * wide * wide);
  for (let i = 0; i < subjects.length; i++) {
    for (let q = 0; q < many; q++) {
      if (present[i * many + q] === 0) continue;
      const row = (i * wide + place[q]) * wide;
      for (let k = 0; k < many; k++) out[row + place[k]] += attention[(i * many + q) * many + k] / counts[place[q]];
    }
  }
  return out;
}
