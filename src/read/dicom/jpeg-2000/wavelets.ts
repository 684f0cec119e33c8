/** From bands back to an image (ISO 15444-1, annex F): wavelets of whole numbers (5/3), or of fractions (9/7). */
import type { Box } from './tiles.ts';

export interface Plane extends Box {
  /** `[height, width]` */
  readonly data: Int32Array | Float32Array;
}

const margin = 4;

/** One level: the coarse image and its three bands, in the order HL, LH, HH, to the box of the next finer one. */
export function finer(coarse: Plane, bands: readonly Plane[], box: Box, reversible: boolean): Plane {
  const [width, height] = [box.x1 - box.x0, box.y1 - box.y0];
  const data = reversible ? new Int32Array(width * height) : new Float32Array(width * height);
  interleaved(data, box, coarse, 0, 0);
  interleaved(data, box, bands[0], 1, 0);
  interleaved(data, box, bands[1], 0, 1);
  interleaved(data, box, bands[2], 1, 1);
  const lift = reversible ? whole : fractional;
  const line = new Float64Array(Math.max(width, height) + 2 * margin);
  for (let y = 0; y < height; y++) lifted(data, y * width, 1, width, box.x0 & 1, reversible, line, lift);
  for (let x = 0; x < width; x++) lifted(data, x, width, height, box.y0 & 1, reversible, line, lift);
  return { ...box, data };
}

/** Low numbers stand at even places of the finer grid, high ones at odd. */
function interleaved(out: Int32Array | Float32Array, box: Box, band: Plane, highX: 0 | 1, highY: 0 | 1): void {
  const width = box.x1 - box.x0;
  const from = band.x1 - band.x0;
  for (let y = band.y0; y < band.y1; y++) {
    const row = (2 * y + highY - box.y0) * width - box.x0 + highX;
    const start = (y - band.y0) * from - band.x0;
    for (let x = band.x0; x < band.x1; x++) out[row + 2 * x] = band.data[start + x];
  }
}

/** One row or column, mirrored at its ends. */
function lifted(
  data: Int32Array | Float32Array,
  start: number,
  stride: number,
  length: number,
  odd: number,
  reversible: boolean,
  line: Float64Array,
  lift: (line: Float64Array, length: number, odd: number) => void,
): void {
  if (length === 1) {
    if (odd) data[start] = reversible ? data[start] >> 1 : data[start] / 2;
    return;
  }
  for (let i = 0; i < length; i++) line[margin + i] = data[start + i * stride];
  const period = 2 * (length - 1);
  for (let i = 1; i <= margin; i++) {
    const before = i % period;
    line[margin - i] = line[margin + (before < length ? before : period - before)];
    const after = (length - 1 + i) % period;
    line[margin + length - 1 + i] = line[margin + (after < length ? after : period - after)];
  }
  lift(line, length, odd);
  for (let i = 0; i < length; i++) data[start + i * stride] = line[margin + i];
}

/** F.3.8.2.1.1. Even places first, then odd ones; where a line begins at an odd place, its first is odd. */
function whole(line: Float64Array, length: number, odd: number): void {
  for (let i = margin - 2 + (odd ? 1 : 0); i < margin + length + 2; i += 2) {
    line[i] -= Math.floor((line[i - 1] + line[i + 1] + 2) / 4);
  }
  for (let i = margin - 1 + (odd ? 1 : 0); i < margin + length; i += 2) {
    line[i] += Math.floor((line[i - 1] + line[i + 1]) / 2);
  }
}

const alpha = -1.586134342059924;
const beta = -0.052980118572961;
const gamma = 0.882911075530934;
const delta = 0.443506852043971;
const K = 1.230174104914001;

/** F.3.8.1. */
function fractional(line: Float64Array, length: number, odd: number): void {
  const even = margin - 4 + (odd ? 1 : 0); // an even place
  const last = margin + length + margin;
  for (let i = even; i < last; i += 2) line[i] *= K;
  for (let i = even === margin - 4 ? even + 1 : even - 1; i < last; i += 2) line[i] /= K;
  const step = (from: number, by: number) => {
    for (let i = from; i < last - 1; i += 2) if (i > 0) line[i] -= by * (line[i - 1] + line[i + 1]);
  };
  step(even, delta);
  step(even + 1, gamma);
  step(even, beta);
  step(even + 1, alpha);
}
