/** The two gradients of a convolution, written for speed (measured with ONNX Runtime 1.30 on two cores). */
import { mergedDim, type Shape } from '../dim.ts';
import type { Convolution, Window } from '../op.ts';
import { matMul } from '../ops/contraction.ts';
import { concat, mergeAxes, pad, reshape, reverse, swapAxes, transpose } from '../ops/layout.ts';
import { apply, type Tensor } from '../tensor.ts';
import { sumTo } from './rule.ts';

/** `[out, in / groups, ...k]` to `[in, out / groups, ...k]`, mirrored along k. */
function flipped(w: Tensor, groups: number): Tensor {
  const [out, perGroup, ...kernel] = w.shape.map(Number);
  const spatial = kernel.map((_, axis) => axis + 2);
  const mirrored = kernel.every((length) => length === 1) ? w : reverse(w, spatial);
  const grouped = reshape(mirrored, [groups, out / groups, perGroup, ...kernel]);
  const swapped = transpose(grouped, [0, 2, 1, ...spatial.map((axis) => axis + 1)]);
  return reshape(swapped, [groups * perGroup, out / groups, ...kernel]);
}

/**
 * The gradient of the input: at stride 1 a convolution with the mirrored kernel, which takes half the time of ONNX's
 * ConvTranspose (12 against 26 ms); at larger strides the latter.
 */
export function convInputGradient(d: Tensor, w: Tensor, shape: Shape, options: Convolution): Tensor {
  const { strides, low, high, groups } = options;
  const kernel = w.shape.slice(2).map(Number);
  const mirrors =
    strides.every((stride) => stride === 1) && kernel.every((k, axis) => Math.max(low[axis], high[axis]) < k);
  if (!mirrors) return apply('convTranspose', [d, w], { ...options, size: shape.slice(2).map(Number) });
  return apply('conv', [d, flipped(w, groups)], {
    strides,
    groups,
    low: kernel.map((k, axis) => k - 1 - low[axis]),
    high: kernel.map((k, axis) => k - 1 - high[axis]),
  });
}

/** Fewer places of an image than this are not worth a product for each image; where weights are many, sixteen times as many. */
const manyPlaces = 64;
/** Up to so many weights at one kernel element, their products for all images of a batch stay in a core's cache. */
const fewWeights = 4096;
/** Up to so many columns, the inputs under all kernel elements are laid side by side for one product. */
const fewColumns = 64;

/**
 * The gradient of the kernel: matrix products between the gradient of the output and the input under a kernel element (where
 * a convolution of transposed tensors takes eight times as long).
 */
export function convKernelGradient(x: Tensor, d: Tensor, shape: Shape, options: Convolution): Tensor {
  const { low, high } = options;
  const none = [0, 0];
  const padded = [...low, ...high].some((n) => n > 0) ? pad(x, [...none, ...low], [...none, ...high]) : x;
  const places = d.shape.slice(2).reduce<number>((all, length) => all * Number(length), 1);
  const weights = Number(shape[0]) * Number(shape[1]);
  const byImage = weights <= fewWeights ? places >= manyPlaces : places >= 16 * manyPlaces;
  return byImage ? ofEachImage(padded, d, shape, options) : ofAllImages(padded, d, shape, options);
}

/** Products over the places of an image, summed over images: no axes are exchanged, and images are shared among threads. */
function ofEachImage(padded: Tensor, d: Tensor, shape: Shape, options: Convolution): Tensor {
  const { groups } = options;
  const [out, perGroup, ...kernel] = shape.map(Number);
  const [images, , ...lengths] = d.shape;
  const places = lengths.reduce<number>((all, length) => all * Number(length), 1);
  const left = reshape(d, [images, groups, out / groups, places]);
  const product = (right: Tensor) => {
    const each = matMul(left, swapAxes(right, -1, -2)); // [images, groups, out / groups, columns]
    return sumTo(each, each.shape.slice(1));
  };
  const taps = elements(kernel).map((tap) =>
    reshape(shifted(padded, 2, tap, d.shape, options), [images, groups, perGroup, places]),
  );
  if (taps.length * perGroup <= fewColumns) {
    const side = reshape(product(concat(taps, 2)), [out, taps.length, perGroup]);
    return reshape(swapAxes(side, 1, 2), shape);
  }
  const each = taps.map((tap) => reshape(product(tap), [out, perGroup, 1]));
  return reshape(concat(each, 2), shape);
}

/** The input under one kernel element at all places of `[batch, out, ...spatial]`; its spatial axes begin at `first`. */
function shifted(padded: Tensor, first: number, tap: readonly number[], places: Shape, { strides }: Window): Tensor {
  return apply('slice', [padded], {
    axes: tap.map((_, axis) => axis + first),
    starts: tap,
    ends: tap.map((at, axis) => at + (Number(places[axis + 2]) - 1) * strides[axis] + 1),
    steps: strides,
  });
}

/** Products over the places of all images at once. */
function ofAllImages(padded: Tensor, d: Tensor, shape: Shape, options: Convolution): Tensor {
  const { groups } = options;
  const [out, perGroup, ...kernel] = shape.map(Number);
  const places = d.shape.slice(2).map(Number);
  const spatial = places.map((_, axis) => axis + 2);
  const last = transpose(padded, [0, ...spatial, 1]); // [batch, ...spatial, in]
  const first = mergeAxes(transpose(d, [1, 0, ...spatial]), 1, d.shape.length); // [out, batch * places]
  const rows = mergedDim([d.shape[0], ...places]);
  const left = reshape(first, [groups, out / groups, rows]);
  const taps = elements(kernel).map((tap) => {
    const columns = reshape(shifted(last, 1, tap, d.shape, options), [rows, groups, perGroup]);
    const right = groups === 1 ? reshape(columns, [1, rows, perGroup]) : transpose(columns, [1, 0, 2]);
    return reshape(matMul(left, right), [out, perGroup, 1]);
  });
  return reshape(concat(taps, 2), shape);
}

/** All positions in a kernel, the last axis fastest. */
function elements(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (all, length) => all.flatMap((start) => Array.from({ length }, (_, at) => [...start, at])),
    [[]],
  );
}
