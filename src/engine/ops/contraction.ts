/** Matrix products, convolutions, pools. Images are `[batch, channels, ...spatial]`, with any number of spatial axes. */
import { InputError } from '../../errors.ts';
import type { Pool } from '../op.ts';
import { apply, type Tensor } from '../tensor.ts';
import { lengthOf } from '../typed.ts';

/** `[..., m, k] @ [..., k, n]` gives `[..., m, n]`; leading axes broadcast. */
export function matMul(a: Tensor, b: Tensor): Tensor {
  return apply('matMul', [a, b], {});
}

/** One number for all spatial axes, or one each. */
type PerAxis = number | readonly number[];

export interface WindowOptions {
  /** Steps between windows. Default 1 for a convolution, the kernel for a pool. */
  readonly stride?: PerAxis;
  /** Zeros before and after each spatial axis (a maximum ignores them), or `same`: as many as keep the length at stride 1. Default 0. */
  readonly padding?: PerAxis | 'same';
}

export interface ConvolutionOptions extends WindowOptions {
  /** Channels are convolved in so many groups of their own. Default 1. */
  readonly groups?: number;
}

/** @throws InputError for an option that is none of these */
function checkOptions(where: string, options: object, ...known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new InputError({ where, what: 'unknown option', expected: `one of ${known.join(', ')}`, got: unknown });
}

const each = (value: PerAxis, axes: number): readonly number[] =>
  typeof value === 'number' ? new Array<number>(axes).fill(value) : value;

function window(kernel: readonly number[], stride: PerAxis, padding: PerAxis | 'same') {
  const strides = each(stride, kernel.length);
  if (padding !== 'same') return { strides, low: each(padding, kernel.length), high: each(padding, kernel.length) };
  const low = kernel.map((length) => (length - 1) >> 1);
  return { strides, low, high: kernel.map((length, axis) => length - 1 - low[axis]) };
}

/**
 * Cross-correlation, as every network calls convolution.
 *
 * @param x `[batch, in, ...spatial]`
 * @param w `[out, in / groups, ...kernel]`
 * @param options also a `bias` `[out]`, added to each channel
 * @returns `[batch, out, ...spatial]`
 */
export function conv(x: Tensor, w: Tensor, options: ConvolutionOptions & { readonly bias?: Tensor } = {}): Tensor {
  checkOptions('conv', options, 'stride', 'padding', 'groups', 'bias');
  const { stride = 1, padding = 0, groups = 1 } = options;
  const kernel = w.shape.slice(2).map((_, axis) => lengthOf('conv', w, axis + 2));
  return apply('conv', options.bias ? [x, w, options.bias] : [x, w], { ...window(kernel, stride, padding), groups });
}

/**
 * The transpose of `conv` with the same options, for decoders.
 *
 * @param x `[batch, in, ...spatial]`
 * @param w `[in, out / groups, ...kernel]`
 * @param size spatial lengths of the result, where a stride leaves a choice; default the smallest
 */
export function convTranspose(
  x: Tensor,
  w: Tensor,
  { size, ...options }: ConvolutionOptions & { readonly size?: readonly number[] } = {},
): Tensor {
  checkOptions('convTranspose', { size, ...options }, 'stride', 'padding', 'groups', 'size');
  const { stride = 1, padding = 0, groups = 1 } = options;
  const kernel = w.shape.slice(2).map((_, axis) => lengthOf('convTranspose', w, axis + 2));
  const { strides, low, high } = window(kernel, stride, padding);
  const smallest = kernel.map(
    (length, axis) => (lengthOf('convTranspose', x, axis + 2) - 1) * strides[axis] + length - low[axis] - high[axis],
  );
  return apply('convTranspose', [x, w], { strides, low, high, groups, size: size ?? smallest });
}

function pool(where: string, x: Tensor, kernel: PerAxis, options: WindowOptions): Pool {
  checkOptions(where, options, 'stride', 'padding');
  const { stride, padding = 0 } = options;
  const lengths = each(kernel, x.shape.length - 2);
  return { kernel: lengths, ...window(lengths, stride ?? lengths, padding) };
}

/**
 * The largest of each window; the first of equal ones gets the gradient. Of a `relu` it is built as the `relu` of the largest,
 * the same values and gradients with fewer elements to compute.
 */
export function maxPool(x: Tensor, kernel: PerAxis, options: WindowOptions = {}): Tensor {
  const { source } = x;
  if (source.kind === 'op' && source.op === 'relu')
    return apply('relu', [maxPool(source.inputs[0], kernel, options)], {});
  return apply('maxPool', [x], pool('maxPool', x, kernel, options));
}

/** The mean of each window, padded zeros counted in. */
export function averagePool(x: Tensor, kernel: PerAxis, options: WindowOptions = {}): Tensor {
  return apply('averagePool', [x], pool('averagePool', x, kernel, options));
}
