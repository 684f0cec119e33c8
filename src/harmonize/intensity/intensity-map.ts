/** What harmonizing does to a value: a curve that is the same at every voxel of a channel, as plain data. */
import type { Floats } from '../../array/matrix.ts';
import type { VolumeData } from '../../read/image/volume.ts';
import { type MeanAndSd, zScoreMap } from '../z-score-map.ts';
import { codesOf, isSmallInteger } from './count-table.ts';
import { canLookUp, throughKnots } from './through-knots.ts';

/**
 * - `z-score`: a straight line, by the place and width of two scales (see `zScoreMap`)
 * - `knots`: straight between knots (`from` and `to` never fall; of several knots at one value the first holds there); beyond
 *   the ends the end segments go on (`extend`) or the end values stay (`hold`)
 * - `clip`: values beyond `low` and `high` become these
 */
export type IntensityMap =
  | { readonly kind: 'z-score'; readonly from: MeanAndSd; readonly to: MeanAndSd }
  | { readonly kind: 'knots'; readonly from: Float64Array; readonly to: Float64Array; readonly beyond: Beyond }
  | { readonly kind: 'clip'; readonly low: number; readonly high: number };
export type Beyond = 'extend' | 'hold';
type Knots = Omit<Extract<IntensityMap, { readonly kind: 'knots' }>, 'kind'>;

/** Mapped values: singles of singles, doubles of all else. NaN stays NaN. */
export function mapIntensities(values: VolumeData, map: IntensityMap): Floats {
  const out = values instanceof Float32Array ? new Float32Array(values.length) : new Float64Array(values.length);
  const one = functionOf(map);
  if (isSmallInteger(values)) {
    const { codes, flip, lowest, levels } = codesOf(values);
    if (codes.length > levels) {
      const table = Float64Array.from({ length: levels }, (_, code) => one((code ^ flip) + lowest));
      for (let i = 0; i < codes.length; i++) out[i] = table[codes[i]];
      return out;
    }
  }
  if (map.kind === 'knots' && isFloats(values) && canLookUp(map)) throughKnots(values, out, map, one);
  else for (let i = 0; i < out.length; i++) out[i] = one(values[i]);
  return out;
}

const isFloats = (values: VolumeData): values is Floats =>
  values instanceof Float32Array || values instanceof Float64Array;

/** The map of one value. */
export function functionOf(map: IntensityMap): (value: number) => number {
  if (map.kind === 'z-score') return zScoreMap(map.from, map.to).map;
  if (map.kind === 'clip') return (value) => Math.max(map.low, Math.min(map.high, value));
  return alongKnots(map);
}

/**
 * The map that takes back; nothing where two values became one, so that nobody can. Knots that hold beyond their ends are
 * taken back between them only.
 */
export function invertIntensityMap(map: IntensityMap): IntensityMap | undefined {
  if (map.kind === 'clip') return undefined;
  if (map.kind === 'z-score') return { kind: 'z-score', from: map.to, to: map.from };
  const { from, to, beyond } = map;
  const rises = to.every((value, k) => k === 0 || value > to[k - 1]);
  return rises ? { kind: 'knots', from: to, to: from, beyond } : undefined;
}

/** Straight between knots (see `IntensityMap`). */
export function alongKnots({ from, to, beyond }: Knots): (value: number) => number {
  const last = from.length - 1;
  let hint = 1; // neighbours are alike: the segment of the value before, or one near it, is often that of the next
  return (value) => {
    if (!(value > from[0])) {
      if (beyond === 'hold' || last === 0) return value <= from[0] ? to[0] : value;
      hint = 1;
    } else if (value > from[last]) {
      if (beyond === 'hold' || last === 0) return to[last];
      hint = last;
    } else if (!(value > from[hint - 1] && value <= from[hint])) {
      hint = firstNotBelow(from, value, hint);
    }
    if (value === from[hint]) return to[hint];
    const slope = (to[hint] - to[hint - 1]) / (from[hint] - from[hint - 1]);
    return slope * (value - from[hint - 1]) + to[hint - 1];
  };
}

/** The first knot that is not below the value, of which there is one: by strides from a guess that double, then by halves. */
function firstNotBelow(from: Float64Array, value: number, guess: number): number {
  let low = 1;
  let high = from.length - 1;
  if (from[guess] < value) {
    low = guess + 1;
    for (let stride = 1; guess + stride < high; stride *= 2) {
      if (from[guess + stride] >= value) {
        high = guess + stride;
        break;
      }
      low = guess + stride + 1;
    }
  } else {
    high = guess;
    for (let stride = 1; guess - stride >= low; stride *= 2) {
      if (from[guess - stride] < value) {
        low = guess - stride + 1;
        break;
      }
      high = guess - stride;
    }
  }
  while (low < high) {
    const middle = (low + high) >> 1;
    if (from[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
