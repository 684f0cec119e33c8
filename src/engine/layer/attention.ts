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
  const scale = 1 / Math.sqrt(lengthOf('attention', q, -1));
  const scores = matMul(mul(q, scale), swapAxes(k, -1, -2)); // [batch, heads, queries, keys]
  if (!keyMask) return matMul(softmax(scores), v);
  const there = expandDims(expandDims(keyMask, 1), 1); // [batch, 1, 1, keys]
  return matMul(mul(softmax(where(there, scores, excluded)), toFloat(there)), v);
}

/** The queries attend to the context, in several heads side by side, each of width / heads. */
export function multiHeadAttention(
  name: string,
  width: number,
  heads: number,
): (queries: Tensor, context: Tensor, keyMask?: Tensor) => Tensor {
  if (width % heads !== 0)
    throw new InputError({ where: `attention ${name}`, what: `${heads} heads of width ${width}` });
  const project = (part: string) => dense(`${name}/${part}`, width, width, { initial: glorotUniform });
  const [query, key, value, out] = ['query', 'key', 'value', 'out'].map(project);
  const apart = (x: Tensor) => transpose(splitAxis(x, 2, [heads, width / heads]), [0, 2, 1, 3]);
  return (queries, context, keyMask) => {
    const q = apart(query(queries));
    const attended = scaledDotProductAttention(q, apart(key(context)), apart(value(context)), keyMask);
    return out(mergeAxes(transpose(attended, [0, 2, 1, 3]), 2, 4));
  };
}
