/**
 * JPEG-LS (ITU-T T.87; Weinberger, Seroussi and Sapiro 2000): contexts of three gradients, runs, Golomb codes; lossless or
 * within `near` of the truth. Names are the standard's.
 */
import { brokenJpeg, type JpegScan, type JpegStream } from './markers.ts';

/**
 * Components apart: `[components, height, width]`, bits as they stand (no sign).
 *
 * @throws InputError
 */
export function jpegLs(bytes: Uint8Array, { frame, scans }: JpegStream, where: string): Uint16Array {
  const { width, height, precision, components } = frame;
  if (precision < 2 || precision > 16) throw brokenJpeg(where, `a precision of ${precision} bits`);
  // A line takes a bit at least.
  if (height > bytes.length * 8) throw brokenJpeg(where, `${height} lines in ${bytes.length} bytes`);
  if (components.some(({ horizontal, vertical }) => components.length > 1 && horizontal * vertical !== 1)) {
    throw brokenJpeg(where, 'components of different sizes, which are not read');
  }
  const out = new Uint16Array(components.length * width * height);
  const seen = new Set<number>();
  for (const scan of scans) {
    for (const { index } of scan.components) {
      if (seen.has(index)) throw brokenJpeg(where, 'a component in two scans');
      seen.add(index);
    }
    const [near, interleave, shift] = scan.parameters;
    if (interleave > 2 || (interleave === 0) !== (scan.components.length === 1) || shift !== 0) {
      throw brokenJpeg(where, 'a way of mixing components that is unknown');
    }
    if (scan.restartInterval > 0 || scan.intervals.length !== 1)
      throw brokenJpeg(where, 'restarts, which are not read');
    const planes = scan.components.map(({ index }) =>
      out.subarray(index * width * height, (index + 1) * width * height),
    );
    const coder = new LsScan(bytes, scan, precision, near, where);
    if (interleave === 2) coder.pixelwise(planes, width, height);
    else coder.linewise(planes, width, height);
  }
  if (seen.size !== components.length) throw brokenJpeg(where, 'a component in no scan');
  return out;
}

/** Of sound streams never reached; of broken ones an end. */
const mostGolomb = 24;
const runOrder = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/** Two lines of one component with a number before and after them: indices 0 to width + 1. */
interface Lines {
  above: Int32Array;
  line: Int32Array;
  runIndex: number;
}

class LsScan {
  private readonly bits: LsBits;
  private readonly where: string;
  private readonly near: number;
  private readonly step: number; // 2 near + 1
  private readonly maximum: number;
  private readonly range: number;
  private readonly qbpp: number;
  private readonly limit: number;
  private readonly reset: number;
  private readonly thresholds: readonly [number, number, number];
  private readonly A: Int32Array;
  private readonly B = new Int32Array(367);
  private readonly C = new Int32Array(367);
  private readonly N = new Int32Array(367).fill(1);
  private readonly Nn = new Int32Array(2);

  constructor(bytes: Uint8Array, { presets, intervals }: JpegScan, precision: number, near: number, where: string) {
    this.bits = new LsBits(bytes, intervals[0], where);
    this.where = where;
    this.maximum = presets[0] || 2 ** precision - 1;
    if (this.maximum >= 2 ** precision || near > Math.min(255, this.maximum >> 1)) {
      throw brokenJpeg(where, 'parameters that cannot be');
    }
    this.near = near;
    this.step = 2 * near + 1;
    this.range = Math.floor((this.maximum + 2 * near) / this.step) + 1;
    this.qbpp = Math.ceil(Math.log2(this.range));
    const bpp = Math.max(2, Math.ceil(Math.log2(this.maximum + 1)));
    this.limit = 2 * (bpp + Math.max(8, bpp));
    this.reset = presets[4] || 64;
    const standard = thresholdsOf(this.maximum, near);
    this.thresholds = [presets[1] || standard[0], presets[2] || standard[1], presets[3] || standard[2]];
    this.A = new Int32Array(367).fill(Math.max(2, (this.range + 32) >> 6));
  }

  linewise(planes: readonly Uint16Array[], width: number, height: number): void {
    const all = planes.map(() => linesOf(width));
    for (let y = 0; y < height; y++) {
      for (const [c, lines] of all.entries()) {
        start(lines, width);
        for (let x = 1; x <= width; ) x = this.next(lines, x, width);
        planes[c].set(lines.line.subarray(1, width + 1), y * width);
        turn(lines);
      }
    }
  }

  /** Colours of a pixel together: runs are of whole pixels. */
  pixelwise(planes: readonly Uint16Array[], width: number, height: number): void {
    const all = planes.map(() => linesOf(width));
    let runIndex = 0;
    for (let y = 0; y < height; y++) {
      for (const lines of all) start(lines, width);
      for (let x = 1; x <= width; ) {
        if (!all.every((lines) => this.isFlat(lines, x))) {
          for (const lines of all) this.regular(lines, x);
          x++;
          continue;
        }
        const run = this.runLength(runIndex, width + 1 - x);
        for (const { line } of all) line.fill(line[x - 1], x, x + run.length);
        x += run.length;
        runIndex = run.runIndex;
        if (x > width) continue;
        for (const { line, above } of all) {
          const [ra, rb] = [line[x - 1], above[x]];
          line[x] = this.reconstructed(rb, this.interruption(0, runIndex) * (rb < ra ? -1 : 1));
        }
        if (runIndex > 0) runIndex--;
        x++;
      }
      for (const [c, lines] of all.entries()) {
        planes[c].set(lines.line.subarray(1, width + 1), y * width);
        turn(lines);
      }
    }
  }

  private next(lines: Lines, x: number, width: number): number {
    if (!this.isFlat(lines, x)) {
      this.regular(lines, x);
      return x + 1;
    }
    const { line, above } = lines;
    const run = this.runLength(lines.runIndex, width + 1 - x);
    line.fill(line[x - 1], x, x + run.length);
    lines.runIndex = run.runIndex;
    const at = x + run.length;
    if (at > width) return at;
    const [ra, rb] = [line[at - 1], above[at]];
    const same = Math.abs(ra - rb) <= this.near;
    const error = this.interruption(same ? 1 : 0, lines.runIndex);
    line[at] = this.reconstructed(same ? ra : rb, !same && ra > rb ? -error : error);
    if (lines.runIndex > 0) lines.runIndex--;
    return at + 1;
  }

  private isFlat({ line, above }: Lines, x: number): boolean {
    const { near } = this;
    const [a, b, c, d] = [line[x - 1], above[x], above[x - 1], above[x + 1]];
    return Math.abs(d - b) <= near && Math.abs(b - c) <= near && Math.abs(c - a) <= near;
  }

  /** A.4 to A.6. */
  private regular({ line, above }: Lines, x: number): void {
    const { A, B, C, N } = this;
    const [a, b, c, d] = [line[x - 1], above[x], above[x - 1], above[x + 1]];
    let q = 81 * this.quantized(d - b) + 9 * this.quantized(b - c) + this.quantized(c - a);
    const sign = q < 0 ? -1 : 1;
    q *= sign;
    let foretold = c >= Math.max(a, b) ? Math.min(a, b) : c <= Math.min(a, b) ? Math.max(a, b) : a + b - c;
    foretold = Math.max(0, Math.min(this.maximum, foretold + sign * C[q]));
    let k = 0;
    while (k < mostGolomb && N[q] << k < A[q]) k++;
    const mapped = this.bits.golomb(k, this.limit, this.qbpp);
    let error = mapped & 1 ? -((mapped + 1) >> 1) : mapped >> 1;
    if (this.near === 0 && k === 0 && 2 * B[q] <= -N[q]) error = mapped & 1 ? (mapped - 1) >> 1 : -(mapped >> 1) - 1;
    B[q] += error * this.step;
    A[q] += Math.abs(error);
    if (N[q] === this.reset) {
      A[q] >>= 1;
      B[q] = B[q] >= 0 ? B[q] >> 1 : -((1 - B[q]) >> 1);
      N[q] >>= 1;
    }
    N[q]++;
    if (B[q] <= -N[q]) {
      B[q] = Math.max(B[q] + N[q], 1 - N[q]);
      if (C[q] > -128) C[q]--;
    } else if (B[q] > 0) {
      B[q] = Math.min(B[q] - N[q], 0);
      if (C[q] < 127) C[q]++;
    }
    line[x] = this.reconstructed(foretold, sign * error);
  }

  private quantized(gradient: number): number {
    const [t1, t2, t3] = this.thresholds;
    const size = Math.abs(gradient);
    if (size <= this.near) return 0;
    // Thresholds belong to the higher class on both sides.
    const level = size < t1 ? 1 : size < t2 ? 2 : size < t3 ? 3 : 4;
    return gradient < 0 ? -level : level;
  }

  private reconstructed(foretold: number, error: number): number {
    const { near, maximum, range, step } = this;
    let value = foretold + error * step;
    if (value < -near) value += range * step;
    else if (value > maximum + near) value -= range * step;
    return Math.max(0, Math.min(maximum, value));
  }

  /** A.7.1. */
  private runLength(runIndex: number, left: number): { length: number; runIndex: number } {
    let [length, index] = [0, runIndex];
    while (length < left) {
      if (!this.bits.bit()) {
        const rest = this.bits.take(runOrder[index]);
        if (rest >= left - length) throw brokenJpeg(this.where, 'a run beyond its line');
        return { length: length + rest, runIndex: index };
      }
      const whole = 1 << runOrder[index];
      if (whole <= left - length && index < 31) index++;
      length += Math.min(whole, left - length);
    }
    return { length, runIndex: index };
  }

  /** A.7.2: the number that ends a run, as an error before its sign. */
  private interruption(type: 0 | 1, runIndex: number): number {
    const { A, N, Nn } = this;
    const q = 365 + type;
    const sum = type === 1 ? A[q] + (N[q] >> 1) : A[q];
    let k = 0;
    while (k < mostGolomb && N[q] << k < sum) k++;
    const mapped = this.bits.golomb(k, this.limit - runOrder[runIndex] - 1, this.qbpp);
    const odd = (mapped + type) & 1;
    const size = (mapped + type + odd) >> 1;
    const negative = (k !== 0 || 2 * Nn[type] >= N[q]) === (odd === 1);
    const error = negative ? -size : size;
    if (error < 0) Nn[type]++;
    A[q] += (mapped + 1 - type) >> 1;
    if (N[q] === this.reset) {
      A[q] >>= 1;
      N[q] >>= 1;
      Nn[type] >>= 1;
    }
    N[q]++;
    return error;
  }
}

function linesOf(width: number): Lines {
  return { above: new Int32Array(width + 2), line: new Int32Array(width + 2), runIndex: 0 };
}

/** Before a line stands the number above its first, after the line above its last once more (A.2.1). */
function start({ above, line }: Lines, width: number): void {
  above[width + 1] = above[width];
  line[0] = above[1];
}

function turn(lines: Lines): void {
  [lines.above, lines.line] = [lines.line, lines.above];
}

/** C.2.4.1.1.1. */
function thresholdsOf(maximum: number, near: number): [number, number, number] {
  const clamped = (value: number, least: number) => (value > maximum || value < least ? least : value);
  if (maximum >= 128) {
    const factor = (Math.min(maximum, 4095) + 128) >> 8;
    const t1 = clamped(factor + 2 + 3 * near, near + 1);
    const t2 = clamped(factor * 4 + 3 + 5 * near, t1);
    return [t1, t2, clamped(factor * 17 + 4 + 7 * near, t2)];
  }
  const factor = Math.floor(256 / (maximum + 1));
  const t1 = clamped(Math.max(2, Math.floor(3 / factor) + 3 * near), near + 1);
  const t2 = clamped(Math.max(3, Math.floor(7 / factor) + 5 * near), t1);
  return [t1, t2, clamped(Math.max(4, Math.floor(21 / factor) + 7 * near), t2)];
}

/** After a byte of ones the next has seven bits. */
class LsBits {
  private readonly bytes: Uint8Array;
  private readonly end: number;
  private readonly where: string;
  private at: number;
  private held = 0;
  private count = 0;

  constructor(bytes: Uint8Array, [start, end]: readonly [number, number], where: string) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.where = where;
  }

  bit(): number {
    if (this.count === 0) {
      if (this.at >= this.end) throw brokenJpeg(this.where, 'one that ends inside its numbers');
      this.count = this.at > 0 && this.bytes[this.at - 1] === 0xff ? 7 : 8;
      this.held = this.bytes[this.at++];
    }
    return (this.held >> --this.count) & 1;
  }

  take(many: number): number {
    let value = 0;
    for (let i = 0; i < many; i++) value = (value << 1) | this.bit();
    return value;
  }

  /** A.5.3, limited in length. */
  golomb(k: number, limit: number, qbpp: number): number {
    const longest = limit - qbpp - 1;
    let zeros = 0;
    while (zeros < longest && !this.bit()) zeros++;
    if (zeros < longest) return zeros * 2 ** k + this.take(k);
    if (!this.bit()) throw brokenJpeg(this.where, 'a code that is too long');
    return this.take(qbpp) + 1;
  }
}
