/** Attention (Vaswani et al. 2017). Tokens are `[batch, tokens, width]`. */
import { InputError } from '../../errors.ts';
import { mul, toFloat, where } from '../ops/arithmetic.ts';
import { matMul } from '../ops/contraction.ts';
import { expandDims, mergeAxes, splitAxis, swapAxes, transpose } from '../ops/layout.ts';
import { softmax } from '../ops/reduction.ts';
import type { Tensor } from '../tensor.ts';
import { lengthOf } from '../typed.ts';
import { dense } from './dense.ts';
import { glorotUniform } from './initializers.ts';

/** Low enough that its exponential is 0 in float32, and finite, so that a row of nothing else is no NaN. */
const excluded = -1e9;

/**
 * softmax(Q Kᵀ / √d) V.
 *
 * @param q `[batch, heads, queries, d]`
 * @param k `[batch, heads, keys, d]`
 * @param v `[batch, heads, keys, d]`
 * @param keyMask bool `[batch, keys]`, 1 where a key is there. A query without any key gets zeros. Default: all are there
 */
export function scaledDotProductAttention(q: Tensor, k: Tensor, v: Tensor, keyMask?: Tensor): Tensor {
  return matMul(attentionWeights(q, k, keyMask), v);
}

/** How much each query takes of each key: `[batch, heads, queries, keys]`, rows sum to 1, or 0 without any key. */
export function attentionWeights(q: Tensor, k: Tensor, keyMask?: Tensor): Tensor {
  const scale = 1 / Math.sqrt(lengthOf('attention', q, -1));
  const scores = matMul(mul(q, scale), swapAxes(k, -1, -2)); // [batch, heads, queries, keys]
  if (!keyMask) return softmax(scores);
  const there = expandDims(expandDims(keyMask, 1), 1); // [batch, 1, 1, keys]
  return mul(softmax(where(there, scores, excluded)), toFloat(there));
}

export interface Attended {
  /** `[batch, queries, width]`. */
  readonly attended: Tensor;
  /** `[batch, heads, queries, keys]`; costs nothing where it is not asked for. */
  readonly weights: Tensor;
}

/** The queries attend to the context, in several heads side by side, each of width / heads. */
export function multiHeadAttention(
  name: string,
  width: number,
  heads: number,
): (queries: Tensor, context: Tensor, keyMask?: Tensor) => Tensor {
  const attend = readableAttention(name, width, heads);
  return (queries, context, keyMask) => attend(queries, context, keyMask).attended;
}

/** `multiHeadAttention` that also tells its weights. */
export function readableAttention(
  name: string,
  width: number,
  heads: number,
): (queries: Tensor, context: Tensor, keyMask?: Tensor) => Attended {
  if (width % heads !== 0)
    throw new InputError({ where: `attention ${name}`, what: `${heads} heads of width ${width}` });
  const project = (part: string) => dense(`${name}/${part}`, width, width, { initial: glorotUniform });
  const [query, key, value, out] = ['query', 'key', 'value', 'out'].map(project);
  const apart = (x: Tensor) => transpose(splitAxis(x, 2, [heads, width / heads]), [0, 2, 1, 3]);
  return (queries, context, keyMask) => {
    const weights = attentionWeights(apart(query(queries)), apart(key(context)), keyMask);
    const heard = matMul(weights, apart(value(context))); // [batch, heads, queries, width / heads]
    return { attended: out(mergeAxes(transpose(heard, [0, 2, 1, 3]), 2, 4)), weights };
  };
}
