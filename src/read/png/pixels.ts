/** The pixels of a PNG: rows whose filters are undone, and the seven passes of Adam7 put together. */
import { InputError } from '../../errors.ts';

/** What a PNG says of its pixels. */
export interface PngForm {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample: 1, 2, 4, 8, 16. */
  readonly depth: number;
  /** Samples of a pixel as stored; 1 where they are places in a palette. */
  readonly samples: number;
  readonly interlaced: boolean;
}

/** Where a pass begins, and its steps: `[x, y, across, down]`. */
const adam7: readonly (readonly [number, number, number, number])[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

function* passes({ width, height, interlaced }: PngForm) {
  for (const [x, y, across, down] of interlaced ? adam7 : ([[0, 0, 1, 1]] as const)) {
    const [columns, rows] = [Math.ceil((width - x) / across), Math.ceil((height - y) / down)];
    if (columns > 0 && rows > 0) yield { x, y, across, down, columns, rows };
  }
}

const rowBytes = (columns: number, { depth, samples }: PngForm) => Math.ceil((columns * samples * depth) / 8);

/** Bytes of the rows, each with its filter before it. */
export function rawSize(form: PngForm): number {
  let size = 0;
  for (const { columns, rows } of passes(form)) size += rows * (1 + rowBytes(columns, form));
  return size;
}

/**
 * @param raw rows with their filters; they are undone in place
 * @returns samples of one byte, or two (the high one first), `[height, width, samples]`
 */
export function samplesOf(raw: Uint8Array, form: PngForm, where: string): Uint8Array {
  const { width, height, depth, samples } = form;
  const pixel = samples * (depth === 16 ? 2 : 1); // bytes in the result
  const out = new Uint8Array(width * height * pixel);
  const reach = Math.max(1, (samples * depth) / 8); // bytes from a sample to its left neighbour
  let at = 0;
  for (const { x, y, across, down, columns, rows } of passes(form)) {
    const length = rowBytes(columns, form);
    let above: Uint8Array = new Uint8Array(length);
    for (let row = 0; row < rows; row++) {
      const line = raw.subarray(at + 1, at + 1 + length);
      unfilter(raw[at], line, above, reach, where);
      const to = ((y + row * down) * width + x) * pixel;
      if (depth < 8) spread(line, depth, columns, out, to, across);
      else for (let i = 0; i < columns; i++) copy(line, i * pixel, out, to + i * across * pixel, pixel);
      above = line;
      at += 1 + length;
    }
  }
  return out;
}

function copy(from: Uint8Array, at: number, to: Uint8Array, start: number, many: number): void {
  for (let i = 0; i < many; i++) to[start + i] = from[at + i];
}

/** Samples of less than a byte, the first in the high bits. */
function spread(line: Uint8Array, depth: number, columns: number, out: Uint8Array, to: number, across: number): void {
  const mask = (1 << depth) - 1;
  for (let i = 0; i < columns; i++) {
    const bit = i * depth;
    out[to + i * across] = (line[bit >> 3] >> (8 - depth - (bit & 7))) & mask;
  }
}

function unfilter(filter: number, line: Uint8Array, above: Uint8Array, reach: number, where: string): void {
  const { length } = line;
  if (filter === 0) return;
  if (filter === 1) {
    for (let i = reach; i < length; i++) line[i] += line[i - reach];
  } else if (filter === 2) {
    for (let i = 0; i < length; i++) line[i] += above[i];
  } else if (filter === 3) {
    for (let i = 0; i < length; i++) line[i] += ((i >= reach ? line[i - reach] : 0) + above[i]) >> 1;
  } else if (filter === 4) {
    for (let i = 0; i < length; i++) {
      line[i] += i >= reach ? paeth(line[i - reach], above[i], above[i - reach]) : above[i];
    }
  } else {
    throw new InputError({ where, what: 'broken PNG file', expected: 'a filter from 0 to 4', got: `${filter}` });
  }
}

function paeth(left: number, up: number, corner: number): number {
  const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
