/** The two gradients of a convolution, written for speed (measured with ONNX Runtime 1.30 on two cores). */
import { type Dim, mergedDim, type Shape } from '../dim.ts';
import type { Convolution, Window } from '../op.ts';
import { matMul } from '../ops/contraction.ts';
import { concat, mergeAxes, pad, reshape, reverse, swapAxes, transpose } from '../ops/layout.ts';
import { apply, type Tensor } from '../tensor.ts';
import { sumTo } from './rule.ts';

/** How an axis of the input is gathered from windows: see `phasesOf`. */
interface Phases {
  readonly stride: number;
  /** Taps of the kernel that meet one place of the input, zeros counted in. */
  readonly taps: number;
  /** Zeros around the kernel that make it `taps * stride` long. */
  readonly before: number;
  readonly after: number;
  /** Padding of the gradient. */
  readonly low: number;
  readonly high: number;
  /** Places of one phase; the first `skipped` of all phases together are not of the input. */
  readonly places: number;
  readonly skipped: number;
}

/**
 * The input at i = stride · q + r − skipped, phase r, met tap t of window q + m where t = r + low − skipped − stride · m: so
 * each phase is a convolution of the gradient at stride 1 with every `stride`-th tap, at the same m for all, from `first` to
 * `last`. `skipped` is what takes the fewest products.
 *
 * @returns undefined where a window lies in the padding alone
 */
function phasesOf(length: number, windows: number, kernel: number, { strides, low }: Window, axis: number) {
  const [stride, padding] = [strides[axis], low[axis]];
  let best: Phases | undefined;
  for (let skipped = 0; skipped < stride && skipped <= padding; skipped++) {
    const shift = padding - skipped;
    const last = Math.ceil(shift / stride);
    const first = -Math.floor((kernel - 1 - shift) / stride);
    const taps = last - first + 1;
    const before = stride * last - shift;
    const places = Math.ceil((length + skipped) / stride);
    const high = places - windows + last;
    if (shift >= kernel || high < 0 || (best && best.taps * best.places <= taps * places)) continue;
    best = { stride, taps, before, after: taps * stride - kernel - before, low: -first, high, places, skipped };
  }
  return best;
}

/** Above this share of zeros among the taps of phases, ONNX's ConvTranspose takes less time. */
const mostPadding = 8;

/**
 * The gradient of the input: a convolution at stride 1 with the mirrored kernel, of all phases at once, which then
 * interleave (Shi et al. 2016, "Real-time single image super-resolution", section 3). It takes half the time of ONNX's
 * ConvTranspose at stride 1 (12 against 26 ms), and a fifth or less at stride 2 over three axes (1.5 to 2 against 9.5 ms).
 */
export function convInputGradient(d: Tensor, w: Tensor, shape: Shape, options: Convolution): Tensor {
  const lengths = shape.slice(2).map(Number);
  const kernel = w.shape.slice(2).map(Number);
  const phases = lengths.flatMap(
    (length, axis) => phasesOf(length, Number(d.shape[axis + 2]), kernel[axis], options, axis) ?? [],
  );
  const zeros = phases.reduce((all, { taps, stride }, axis) => all * ((taps * stride) / kernel[axis]), 1);
  if (phases.length < lengths.length || zeros > mostPadding) {
    return apply('convTranspose', [d, w], { ...options, size: lengths });
  }
  const made = apply('conv', [d, ofPhases(w, phases, options.groups)], {
    strides: phases.map(() => 1),
    groups: options.groups,
    low: phases.map(({ low }) => low),
    high: phases.map(({ high }) => high),
  });
  return interleaved(made, phases, shape);
}

/** `[out, in / groups, ...k]` to `[in * strides, out / groups, ...taps]`, mirrored: the kernels of all phases. */
function ofPhases(w: Tensor, phases: readonly Phases[], groups: number): Tensor {
  const [out, perGroup] = w.shape.map(Number);
  const none = [0, 0];
  const pads = [phases.map(({ before }) => before), phases.map(({ after }) => after)] as const;
  const long = pads.flat().some((n) => n > 0) ? pad(w, [...none, ...pads[0]], [...none, ...pads[1]]) : w;
  const apart = phases.flatMap(({ taps, stride }) => [taps, stride]);
  const split = reshape(long, [groups, out / groups, perGroup, ...apart]);
  const [tapAxes, phaseAxes] = [0, 1].map((which) => phases.map((_, axis) => 3 + 2 * axis + which));
  const mirrored = phases.every(({ taps }) => taps === 1) ? split : reverse(split, tapAxes);
  const strides = phases.reduce((all, { stride }) => all * stride, 1);
  return reshape(transpose(mirrored, [0, 2, ...phaseAxes, 1, ...tapAxes]), [
    groups * perGroup * strides,
    out / groups,
    ...phases.map(({ taps }) => taps),
  ]);
}

/** `[batch, in * strides, ...places]` to the shape of the input. */
function interleaved(made: Tensor, phases: readonly Phases[], shape: Shape): Tensor {
  if (phases.every(({ stride }) => stride === 1)) return made;
  const [batch, channels, ...lengths] = shape;
  const rank = phases.length;
  const strides = phases.map(({ stride }) => stride);
  const places = phases.map((phase) => phase.places);
  const [lastStride, lastPlaces] = [strides[rank - 1], places[rank - 1]];
  const before = strides.slice(0, -1).reduce((all, stride) => all * stride, Number(channels));
  const after = places.reduce((all, many) => all * many, 1);
  // The last axis by itself, since the runtime moves single axes and whole rows fast, single elements not.
  const rows = lastStride > 1 ? swapAxes(reshape(made, [batch, before, lastStride, after]), 2, 3) : made;
  const outer = places.slice(0, -1);
  const split = reshape(rows, [batch, channels, ...strides.slice(0, -1), ...outer, lastPlaces * lastStride]);
  const order = outer.flatMap((_, axis) => [1 + rank + axis, 2 + axis]);
  const side = transpose(split, [0, 1, ...order, 2 * rank]);
  const whole = reshape(side, [batch, channels, ...places.map((many, axis) => strides[axis] * many)]);
  const parts = phases.flatMap(({ skipped }, axis) => {
    return skipped > 0 || whole.shape[axis + 2] !== lengths[axis] ? [{ axis: axis + 2, start: skipped }] : [];
  });
  if (parts.length === 0) return whole;
  return apply('slice', [whole], {
    axes: parts.map(({ axis }) => axis),
    starts: parts.map(({ start }) => start),
    ends: parts.map(({ axis, start }) => start + Number(shape[axis])),
    steps: parts.map(() => 1),
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
  if (byImage && options.strides.some((stride) => stride > 1)) return ofEachImageByPhases(padded, d, shape, options);
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

/**
 * As `ofEachImage`, with the input parted once into every `stride`-th place: then the kernel elements of all phases lie under
 * the same places, and are one product, instead of one each over strided slices.
 */
function ofEachImageByPhases(padded: Tensor, d: Tensor, shape: Shape, { groups, strides }: Convolution): Tensor {
  const [out, perGroup, ...kernel] = shape.map(Number);
  const [images, , ...windows] = d.shape;
  const rank = kernel.length;
  const lengths = padded.shape.slice(2).map(Number);
  const parts = lengths.map((length, axis) => Math.ceil(length / strides[axis]));
  const rests = parts.map((part, axis) => part * strides[axis] - lengths[axis]);
  const whole = rests.some((rest) => rest > 0) ? pad(padded, new Array(rank + 2).fill(0), [0, 0, ...rests]) : padded;
  const phased = inPhases(whole, [images, groups, perGroup], parts, strides);
  const places = windows.reduce<number>((all, length) => all * Number(length), 1);
  const left = reshape(d, [images, groups, out / groups, places]);
  /** The kernel elements at these multiples of the strides, and the next phases: `[out, ...phases, in / groups]`. */
  const product = (shift: readonly number[]): Tensor => {
    const phases = shift.map((at, axis) => Math.min(strides[axis], kernel[axis] - at * strides[axis]));
    const under = apply('slice', [phased], {
      axes: [...phases.map((_, axis) => 1 + axis), ...shift.map((_, axis) => 2 + rank + axis)],
      starts: [...phases.map(() => 0), ...shift],
      ends: [...phases, ...shift.map((at, axis) => at + Number(windows[axis]))],
      steps: new Array(2 * rank).fill(1),
    });
    const columns = phases.reduce((all, many) => all * many, perGroup);
    const each = matMul(left, swapAxes(reshape(under, [images, groups, columns, places]), -1, -2));
    return reshape(sumTo(each, each.shape.slice(1)), [out, ...phases, perGroup]);
  };
  /** All kernel elements whose first shifts are given. */
  const joined = (shift: readonly number[]): Tensor => {
    if (shift.length === rank) return product(shift);
    const shifts = Math.ceil(kernel[shift.length] / strides[shift.length]);
    const all = Array.from({ length: shifts }, (_, at) => joined([...shift, at]));
    return all.length > 1 ? concat(all, 1 + shift.length) : all[0];
  };
  return transpose(joined([]), [0, rank + 1, ...kernel.map((_, axis) => axis + 1)]);
}

/** `[images, channels, ...places]` to `[images * groups, ...strides, channels / groups, ...parts]`, every stride-th place a part. */
function inPhases(
  x: Tensor,
  [images, groups, perGroup]: readonly [Dim, number, number],
  parts: readonly number[],
  strides: readonly number[],
): Tensor {
  const rank = parts.length;
  const [lastPart, lastStride] = [parts[rank - 1], strides[rank - 1]];
  const outer = parts.slice(0, -1);
  const all = mergedDim([images, groups]);
  const split = reshape(x, [
    all,
    perGroup,
    ...outer.flatMap((part, axis) => [part, strides[axis]]),
    lastPart * lastStride,
  ]);
  const phaseAxes = outer.map((_, axis) => 3 + 2 * axis);
  const rows = transpose(split, [0, ...phaseAxes, 1, ...phaseAxes.map((axis) => axis - 1), 2 * rank]);
  // The last axis by itself, since the runtime moves single axes and whole rows fast, single elements not; and merged with
  // others before and after, so that it does not move the transpose behind each slice, where it would be made anew.
  const outerStrides = strides.slice(0, -1);
  const places = parts.reduce((product, part) => product * part, perGroup);
  const lead = mergedDim([all, ...outerStrides]);
  const last = lastStride > 1 ? swapAxes(reshape(rows, [lead, places, lastStride]), 1, 2) : rows;
  return reshape(last, [all, ...strides, perGroup, ...parts]);
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
