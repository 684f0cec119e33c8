/** The main and tile-part headers of a JPEG 2000 codestream (ISO 15444-1, annex A). */
import { InputError } from '../../../errors.ts';

export interface J2kSize {
  /** On the reference grid: the image from `x0, y0` to `x1, y1`, tiles from `tileX0, tileY0` on. */
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly tileX0: number;
  readonly tileY0: number;
  readonly components: readonly { readonly precision: number; readonly signed: boolean }[];
}

/** How a component is cut up and coded. */
export interface J2kCoding {
  readonly levels: number;
  /** Exponents of 2. */
  readonly blockWidth: number;
  readonly blockHeight: number;
  readonly style: number;
  readonly reversible: boolean;
  /** Exponents of 2, a resolution each. */
  readonly precincts: readonly (readonly [width: number, height: number])[];
}

export interface J2kQuantization {
  readonly style: 0 | 1 | 2;
  readonly guardBits: number;
  readonly steps: readonly { readonly exponent: number; readonly mantissa: number }[];
}

/** Of a tile: what its own header says, or the main one. */
export interface J2kParameters {
  progression: number;
  layers: number;
  colourTransform: boolean;
  coding: J2kCoding | undefined;
  quantization: J2kQuantization | undefined;
  readonly codingOf: Map<number, J2kCoding>;
  readonly quantizationOf: Map<number, J2kQuantization>;
}

export interface J2kTilePart {
  readonly tile: number;
  readonly start: number;
  readonly end: number;
}

export interface J2kStream {
  readonly size: J2kSize;
  readonly parameters: (tile: number) => J2kParameters;
  readonly parts: readonly J2kTilePart[];
}

export function brokenJ2k(where: string, got: string): InputError {
  return new InputError({ where, what: 'broken JPEG 2000 data', expected: 'a whole stream that can be read', got });
}

/** @param checked is told the size before more is read */
export function j2kStream(bytes: Uint8Array, where: string, checked: (size: J2kSize) => void): J2kStream {
  return new J2kWalk(bytes, where).stream(checked);
}

/**
 * Some writers put the file format (ISO 15444-1, annex I) where DICOM has the stream by itself: its boxes are left out.
 *
 * @returns the stream within them; `bytes` where there are none
 */
export function outOfBoxes(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isBoxed = bytes.length > 12 && view.getUint32(0) === 12 && view.getUint32(4) === 0x6a50_2020;
  for (let at = 0; isBoxed && at + 8 <= bytes.length; ) {
    const length = view.getUint32(at);
    const end = length === 0 ? bytes.length : at + length;
    if (view.getUint32(at + 4) === 0x6a70_3263) return bytes.subarray(at + 8, end); // jp2c
    if (length !== 0 && length < 8) break;
    at = end;
  }
  return bytes;
}

const refused: Readonly<Record<number, string>> = {
  94: 'a region of interest',
  95: 'a change of progression',
  96: 'packed packet headers',
  97: 'packed packet headers',
};

class J2kWalk {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly where: string;
  private at = 2;
  private size: J2kSize | undefined;
  private readonly main = emptyParameters();
  private readonly own = new Map<number, J2kParameters>();
  private readonly parts: J2kTilePart[] = [];

  constructor(bytes: Uint8Array, where: string) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.where = where;
  }

  stream(checked: (size: J2kSize) => void): J2kStream {
    if (this.bytes[0] !== 0xff || this.bytes[1] !== 0x4f) throw brokenJ2k(this.where, 'one without its first marker');
    for (;;) {
      const marker = this.u16();
      if (marker === 0xffd9) break;
      if (marker === 0xff90) {
        this.tilePart();
        continue;
      }
      const segment = this.segment();
      if (marker === 0xff51) {
        if (this.size) throw brokenJ2k(this.where, 'two sizes');
        this.size = this.sizeOf(segment);
        checked(this.size);
      } else this.parameter(marker, segment, this.main);
    }
    const { size, main, own, parts } = this;
    if (!size || parts.length === 0) throw brokenJ2k(this.where, 'one without an image');
    return { size, parts, parameters: (tile) => own.get(tile) ?? main };
  }

  private u16(): number {
    if (this.at + 2 > this.bytes.length) throw brokenJ2k(this.where, 'one that ends before its last marker');
    this.at += 2;
    return this.view.getUint16(this.at - 2);
  }

  /** What follows a marker: its length and that many bytes. */
  private segment(): DataView {
    const length = this.u16();
    const start = this.at;
    if (length < 2 || start + length - 2 > this.bytes.length)
      throw brokenJ2k(this.where, 'one that ends inside a segment');
    this.at = start + length - 2;
    return new DataView(this.bytes.buffer, this.bytes.byteOffset + start, length - 2);
  }

  private tilePart(): void {
    const start = this.at - 2;
    if (!this.size) throw brokenJ2k(this.where, 'a tile before its size');
    const segment = this.segment();
    this.need(segment, 8);
    const tile = segment.getUint16(0);
    const length = segment.getUint32(2);
    // A length of 0 goes to the end of the stream.
    const end = length === 0 ? this.lastMarker() : start + length;
    if (end > this.bytes.length || end < this.at) throw brokenJ2k(this.where, 'one that ends inside a tile');
    for (let marker = this.u16(); marker !== 0xff93; marker = this.u16()) {
      let parameters = this.own.get(tile);
      if (!parameters) this.own.set(tile, (parameters = copyOf(this.main)));
      this.parameter(marker, this.segment(), parameters);
    }
    if (this.at > end) throw brokenJ2k(this.where, 'one that ends inside a tile header');
    this.parts.push({ tile, start: this.at, end });
    this.at = end;
  }

  private lastMarker(): number {
    for (let at = this.bytes.length - 2; at > this.at; at--) {
      if (this.bytes[at] === 0xff && this.bytes[at + 1] === 0xd9) return at;
    }
    throw brokenJ2k(this.where, 'one that ends before its last marker');
  }

  private need(segment: DataView, many: number): void {
    if (segment.byteLength < many) throw brokenJ2k(this.where, 'a segment that is too short');
  }

  private sizeOf(segment: DataView): J2kSize {
    this.need(segment, 36);
    const [x1, y1, x0, y0, tileWidth, tileHeight, tileX0, tileY0] = Array.from({ length: 8 }, (_, i) =>
      segment.getUint32(2 + 4 * i),
    );
    const many = segment.getUint16(34);
    this.need(segment, 36 + 3 * many);
    const components = Array.from({ length: many }, (_, i) => {
      const [depth, across, down] = [0, 1, 2].map((k) => segment.getUint8(36 + 3 * i + k));
      if (across !== 1 || down !== 1) throw brokenJ2k(this.where, 'components of different sizes');
      return { precision: (depth & 127) + 1, signed: depth > 127 };
    });
    const sound = x1 > x0 && y1 > y0 && tileWidth > 0 && tileHeight > 0 && tileX0 <= x0 && tileY0 <= y0 && many > 0;
    if (!sound || tileX0 + tileWidth <= x0 || tileY0 + tileHeight <= y0)
      throw brokenJ2k(this.where, 'sizes that cannot be');
    return { x0, y0, x1, y1, tileWidth, tileHeight, tileX0, tileY0, components };
  }

  private parameter(marker: number, segment: DataView, into: J2kParameters): void {
    const kind = marker & 0xff;
    if (marker >> 8 !== 0xff || kind < 0x50) throw brokenJ2k(this.where, `no marker at byte ${this.at}`);
    if (refused[kind]) throw brokenJ2k(this.where, `${refused[kind]}, which is not read`);
    if (kind === 0x52) {
      this.need(segment, 10);
      into.progression = segment.getUint8(1);
      into.layers = segment.getUint16(2);
      into.colourTransform = segment.getUint8(4) === 1;
      into.coding = this.codingOf(segment, 5, (segment.getUint8(0) & 1) === 1);
      if (into.progression > 4 || into.layers === 0) throw brokenJ2k(this.where, 'a progression that is unknown');
    } else if (kind === 0x53) {
      const wide = (this.size?.components.length ?? 0) > 256 ? 2 : 1;
      this.need(segment, wide + 6);
      const component = wide === 2 ? segment.getUint16(0) : segment.getUint8(0);
      into.codingOf.set(component, this.codingOf(segment, wide + 1, (segment.getUint8(wide) & 1) === 1));
    } else if (kind === 0x5c) into.quantization = this.quantizationOf(segment, 0);
    else if (kind === 0x5d) {
      const wide = (this.size?.components.length ?? 0) > 256 ? 2 : 1;
      this.need(segment, wide + 1);
      const component = wide === 2 ? segment.getUint16(0) : segment.getUint8(0);
      into.quantizationOf.set(component, this.quantizationOf(segment, wide));
    }
  }

  private codingOf(segment: DataView, at: number, ownPrecincts: boolean): J2kCoding {
    this.need(segment, at + 5);
    const [levels, width, height, style, transform] = [0, 1, 2, 3, 4].map((i) => segment.getUint8(at + i));
    if (levels > 32 || width > 8 || height > 8 || width + height > 8 || transform > 1) {
      throw brokenJ2k(this.where, 'a way of coding that cannot be');
    }
    // Raw passes, and passes that each end for themselves, are not met in DICOM.
    if (style & 5) throw brokenJ2k(this.where, `code blocks of style ${style}, which is not read`);
    if (ownPrecincts) this.need(segment, at + 5 + levels + 1);
    const precincts = Array.from({ length: levels + 1 }, (_, r): [number, number] => {
      if (!ownPrecincts) return [15, 15];
      const byte = segment.getUint8(at + 5 + r);
      if (r > 0 && ((byte & 15) === 0 || byte >> 4 === 0)) throw brokenJ2k(this.where, 'precincts that cannot be');
      return [byte & 15, byte >> 4];
    });
    return { levels, blockWidth: width + 2, blockHeight: height + 2, style, reversible: transform === 1, precincts };
  }

  private quantizationOf(segment: DataView, at: number): J2kQuantization {
    this.need(segment, at + 1);
    const head = segment.getUint8(at);
    const style = head & 31;
    if (style !== 0 && style !== 1 && style !== 2) throw brokenJ2k(this.where, 'a quantization that is unknown');
    const wide = style === 0 ? 1 : 2;
    const many = style === 1 ? 1 : Math.floor((segment.byteLength - at - 1) / wide);
    this.need(segment, at + 1 + many * wide);
    const steps = Array.from({ length: many }, (_, i) => {
      if (style === 0) return { exponent: segment.getUint8(at + 1 + i) >> 3, mantissa: 0 };
      const value = segment.getUint16(at + 1 + 2 * i);
      return { exponent: value >> 11, mantissa: value & 2047 };
    });
    return { style, guardBits: head >> 5, steps };
  }
}

function emptyParameters(): J2kParameters {
  return {
    progression: 0,
    layers: 1,
    colourTransform: false,
    coding: undefined,
    quantization: undefined,
    codingOf: new Map(),
    quantizationOf: new Map(),
  };
}

function copyOf(parameters: J2kParameters): J2kParameters {
  const { codingOf, quantizationOf } = parameters;
  return { ...parameters, codingOf: new Map(codingOf), quantizationOf: new Map(quantizationOf) };
}
