/** Code blocks (ISO 15444-1, annex D): bit plane by bit plane, in three passes, by contexts of the eight neighbours. */

import { joined } from '../../packed/joined.ts';
import { ArithmeticBits } from './arithmetic.ts';
import { brokenJ2k } from './markers.ts';
import type { Band, CodeBlock } from './tiles.ts';

const signContexts = 9;
const refinement = 14;
const runs = 17;
const uniform = 18;
const starts = startStates();

function startStates(): Uint8Array {
  const out = new Uint8Array(19);
  out[0] = 4;
  out[runs] = 3;
  out[uniform] = 46;
  return out;
}

/** What a significant neighbour beside, and above or below, adds to the place in the tables; a diagonal one adds 1. */
const across = 15;
const down = 5;

/** By how many neighbours are significant (table D.1). */
const ofLow = zeroContexts((h, v, d) => {
  if (h === 2) return 8;
  if (h === 1) return v > 0 ? 7 : d > 0 ? 6 : 5;
  return v > 0 ? v + 2 : Math.min(d, 2);
});
const ofHighX = zeroContexts((h, v, d) => ofLow[(v * 3 + h) * 5 + d]);
const ofHighXY = zeroContexts((h, v, d) => {
  const sides = h + v;
  if (d >= 3) return 8;
  if (d === 2) return sides > 0 ? 7 : 6;
  return Math.min(sides, 2) + (d === 1 ? 3 : 0);
});

function zeroContexts(of: (h: number, v: number, d: number) => number): Uint8Array {
  return Uint8Array.from({ length: 45 }, (_, i) => of(Math.floor(i / 15), Math.floor(i / 5) % 3, i % 5));
}

const resetContexts = 2;
const causal = 8;
const segmentationSymbols = 32;

/**
 * Writes the numbers of a block into its band, magnitudes times the step.
 *
 * @param out the band, `[height, width]`
 */
export function readBlock(
  block: CodeBlock,
  band: Band,
  style: number,
  reversible: boolean,
  out: Int32Array | Float32Array,
  where: string,
): void {
  const planes = band.bitPlanes - block.zeroPlanes;
  if (block.passes === 0 || planes === 0) return;
  if (block.passes > 3 * planes - 2) throw brokenJ2k(where, 'more passes than a code block has');
  new BlockReader(block, band, style, where).read(planes, reversible, out);
}

class BlockReader {
  private readonly block: CodeBlock;
  private readonly band: Band;
  private readonly style: number;
  private readonly where: string;
  private readonly width: number;
  private readonly height: number;
  private readonly stride: number;
  /** With a border of one all around. */
  private readonly significant: Uint8Array;
  /** 1 and -1 of what is significant, else 0. */
  private readonly signs: Int8Array;
  /** How many neighbours are significant, as the tables of contexts are ordered; kept up to date, not counted anew. */
  private readonly neighbours: Uint8Array;
  private readonly visited: Uint8Array;
  private readonly refined: Uint8Array;
  private readonly magnitude: Int32Array;
  /** The plane of the last bit that was sent of each number. */
  private readonly lastPlane: Uint8Array;
  private readonly contexts: Uint8Array;
  private readonly bits: ArithmeticBits;

  constructor(block: CodeBlock, band: Band, style: number, where: string) {
    this.block = block;
    this.band = band;
    this.style = style;
    this.where = where;
    this.width = block.x1 - block.x0;
    this.height = block.y1 - block.y0;
    this.stride = this.width + 2;
    const size = this.stride * (this.height + 2);
    this.significant = new Uint8Array(size);
    this.signs = new Int8Array(size);
    this.neighbours = new Uint8Array(size);
    this.visited = new Uint8Array(size);
    this.refined = new Uint8Array(size);
    this.magnitude = new Int32Array(size);
    this.lastPlane = new Uint8Array(size);
    this.contexts = band.highX ? (band.highY ? ofHighXY : ofHighX) : ofLow;
    this.bits = new ArithmeticBits(joined(block.data), starts);
  }

  read(planes: number, reversible: boolean, out: Int32Array | Float32Array): void {
    let plane = planes - 1;
    for (let pass = 0; pass < this.block.passes; pass++) {
      const kind = (pass + 2) % 3; // the first plane has a cleanup pass only
      if (kind === 0) this.significance(plane);
      else if (kind === 1) this.refine(plane);
      else {
        this.cleanup(plane);
        this.visited.fill(0);
        plane--;
      }
      if (this.style & resetContexts) this.bits.reset(starts);
    }
    this.write(reversible, out);
  }

  /** Neighbours of the next stripe count for nothing where passes are causal. */
  private hides(y: number): boolean {
    return (this.style & causal) !== 0 && y % 4 === 3;
  }

  /** Table D.3. */
  private sign(at: number, y: number): void {
    const { signs, stride } = this;
    const h = Math.sign(signs[at - 1] + signs[at + 1]);
    const v = Math.sign(signs[at - stride] + (this.hides(y) ? 0 : signs[at + stride]));
    const flips = h < 0 || (h === 0 && v < 0) ? 1 : 0;
    const context = signContexts + (h === 0 ? Math.abs(v) : 3 + (h > 0 ? v : -v));
    signs[at] = this.bits.bit(context) === flips ? 1 : -1;
  }

  private becomes(at: number, y: number, plane: number): void {
    this.sign(at, y);
    this.significant[at] = 1;
    this.magnitude[at] = 1 << plane;
    this.lastPlane[at] = plane;
    const { neighbours: n, stride } = this;
    n[at - 1] += across;
    n[at + 1] += across;
    n[at + stride - 1]++;
    n[at + stride] += down;
    n[at + stride + 1]++;
    if (y > 0 && this.hides(y - 1)) return;
    n[at - stride - 1]++;
    n[at - stride] += down;
    n[at - stride + 1]++;
  }

  private significance(plane: number): void {
    const { width, height, stride, neighbours, significant, visited, contexts, bits } = this;
    for (let top = 0; top < height; top += 4) {
      const bottom = Math.min(height, top + 4);
      for (let x = 0; x < width; x++) {
        for (let y = top, at = (top + 1) * stride + x + 1; y < bottom; y++, at += stride) {
          if (neighbours[at] === 0 || significant[at]) continue;
          visited[at] = 1;
          if (bits.bit(contexts[neighbours[at]])) this.becomes(at, y, plane);
        }
      }
    }
  }

  private refine(plane: number): void {
    const { width, height, stride, neighbours, significant, visited, refined, magnitude, lastPlane, bits } = this;
    for (let top = 0; top < height; top += 4) {
      const bottom = Math.min(height, top + 4);
      for (let x = 0; x < width; x++) {
        for (let y = top, at = (top + 1) * stride + x + 1; y < bottom; y++, at += stride) {
          if (!significant[at] || visited[at]) continue;
          const context = refined[at] ? refinement + 2 : refinement + (neighbours[at] > 0 ? 1 : 0);
          if (bits.bit(context)) magnitude[at] |= 1 << plane;
          refined[at] = 1;
          lastPlane[at] = plane;
        }
      }
    }
  }

  /** In stripes of four rows, column by column, as the other passes. */
  private cleanup(plane: number): void {
    const { stride, bits } = this;
    for (let top = 0; top < this.height; top += 4) {
      const bottom = Math.min(this.height, top + 4);
      for (let x = 0; x < this.width; x++) {
        const first = (top + 1) * stride + x + 1;
        let y = top;
        let told = false;
        if (bottom - top === 4 && this.isQuiet(first)) {
          if (!bits.bit(runs)) continue;
          y += bits.bit(uniform) * 2 + bits.bit(uniform);
          told = true;
        }
        for (let at = first + (y - top) * stride; y < bottom; y++, at += stride) {
          if (told) {
            told = false;
            this.becomes(at, y, plane);
          } else if (!this.significant[at] && !this.visited[at] && bits.bit(this.contexts[this.neighbours[at]])) {
            this.becomes(at, y, plane);
          }
        }
      }
    }
    if ((this.style & segmentationSymbols) === 0) return;
    const symbol = [0, 0, 0, 0].reduce((sum) => sum * 2 + bits.bit(uniform), 0);
    if (symbol !== 10) throw brokenJ2k(this.where, 'a code block that was altered (its segmentation symbol is wrong)');
  }

  private isQuiet(first: number): boolean {
    for (let i = 0, at = first; i < 4; i++, at += this.stride) {
      if (this.significant[at] || this.visited[at] || this.neighbours[at] > 0) return false;
    }
    return true;
  }

  /**
   * Bits that were not sent are put in the middle of what they may be, for each number by itself: encoders leave out passes in
   * which nothing is left to say, so that a block whose last pass is absent may be whole.
   */
  private write(reversible: boolean, out: Int32Array | Float32Array): void {
    const { block, band } = this;
    const wide = band.x1 - band.x0;
    for (let y = 0; y < this.height; y++) {
      const to = (block.y0 - band.y0 + y) * wide + block.x0 - band.x0;
      const from = (y + 1) * this.stride + 1;
      for (let x = 0; x < this.width; x++) {
        const magnitude = this.magnitude[from + x];
        if (magnitude === 0) continue;
        const half = 2 ** this.lastPlane[from + x] / 2;
        const middle = reversible ? Math.floor(half) : half;
        const value = (magnitude + middle) * band.step;
        out[to + x] = this.signs[from + x] < 0 ? -value : value;
      }
    }
  }
}
