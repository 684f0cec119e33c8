/** The marker segments of a JPEG stream (ISO 10918-1, annex B; of JPEG-LS, T.87, annex C): frame, tables, scans. */
import { InputError } from '../../../errors.ts';

export interface JpegComponent {
  readonly id: number;
  readonly horizontal: number;
  readonly vertical: number;
  readonly quantization: number;
}

export interface JpegFrame {
  /** The second byte of its marker: 0xc0 baseline, 0xc1 extended, 0xc3 lossless, 0xf7 JPEG-LS. */
  readonly kind: number;
  readonly precision: number;
  readonly height: number;
  readonly width: number;
  readonly components: readonly JpegComponent[];
}

export interface JpegScan {
  readonly components: readonly { readonly index: number; readonly dc: number; readonly ac: number }[];
  /** The three bytes at the end of its header: spectral selection, or predictor, or near-losslessness; the last bits. */
  readonly parameters: readonly [number, number, number];
  /** Where the packed numbers stand, an interval between restart markers each. */
  readonly intervals: readonly (readonly [start: number, end: number])[];
  readonly restartInterval: number;
  /** Tables defined up to here: class * 16 + destination. */
  readonly huffman: ReadonlyMap<number, Uint8Array>;
  readonly quantization: ReadonlyMap<number, Uint16Array>;
  /** Of JPEG-LS: maximum, three thresholds, reset; 0 stands for the default. */
  readonly presets: readonly number[];
}

export interface JpegStream {
  readonly frame: JpegFrame;
  readonly scans: readonly JpegScan[];
}

export function brokenJpeg(where: string, got: string): InputError {
  return new InputError({ where, what: 'broken JPEG data', expected: 'a whole stream', got });
}

/** @throws InputError where the stream is cut, or its segments contradict one another */
export function jpegStream(bytes: Uint8Array, where: string): JpegStream {
  return new MarkerWalk(bytes, where).stream();
}

class MarkerWalk {
  private readonly bytes: Uint8Array;
  private readonly where: string;
  private at = 2;
  private frame: JpegFrame | undefined;
  private readonly scans: JpegScan[] = [];
  private restartInterval = 0;
  private readonly huffman = new Map<number, Uint8Array>();
  private readonly quantization = new Map<number, Uint16Array>();
  private presets: readonly number[] = [0, 0, 0, 0, 0];

  constructor(bytes: Uint8Array, where: string) {
    this.bytes = bytes;
    this.where = where;
  }

  stream(): JpegStream {
    const { bytes, where } = this;
    if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw brokenJpeg(where, 'one without its first marker');
    while (this.at + 1 < bytes.length) {
      if (bytes[this.at] !== 0xff) throw brokenJpeg(where, `no marker at byte ${this.at}`);
      const marker = bytes[this.at + 1];
      if (marker === 0xff) {
        this.at++;
        continue;
      }
      if (marker === 0xd9) {
        if (!this.frame || this.scans.length === 0) throw brokenJpeg(where, 'one without an image');
        return { frame: this.frame, scans: this.scans };
      }
      const length = this.at + 3 < bytes.length ? (bytes[this.at + 2] << 8) | bytes[this.at + 3] : 0;
      if (length < 2 || this.at + 2 + length > bytes.length) throw brokenJpeg(where, 'one that ends inside a segment');
      const segment = bytes.subarray(this.at + 4, this.at + 2 + length);
      this.at += 2 + length;
      this.segment(marker, segment);
    }
    throw brokenJpeg(where, 'one that ends before its last marker');
  }

  private segment(marker: number, segment: Uint8Array): void {
    if (marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))) {
      if (this.frame) throw brokenJpeg(this.where, 'two frames');
      this.frame = this.frameHeader(marker, segment);
    } else if (marker === 0xc4) this.huffmanTables(segment);
    else if (marker === 0xdb) this.quantizationTables(segment);
    else if (marker === 0xdd) this.restartInterval = this.bytesAt(segment, 0, 2);
    else if (marker === 0xf8) this.extensions(segment);
    else if (marker === 0xda) this.scan(segment);
    else if (marker < 0xe0 && marker !== 0xdc) throw brokenJpeg(this.where, `marker ${marker.toString(16)}`);
    else if (marker === 0xdc) throw brokenJpeg(this.where, 'a number of lines after the scan');
  }

  private bytesAt(segment: Uint8Array, at: number, many: 1 | 2): number {
    if (at + many > segment.length) throw brokenJpeg(this.where, 'a segment that is too short');
    return many === 1 ? segment[at] : (segment[at] << 8) | segment[at + 1];
  }

  private frameHeader(kind: number, segment: Uint8Array): JpegFrame {
    const many = this.bytesAt(segment, 5, 1);
    if (many === 0 || many > 4 || segment.length < 6 + 3 * many)
      throw brokenJpeg(this.where, 'a frame header too short');
    return {
      kind,
      precision: segment[0],
      height: this.bytesAt(segment, 1, 2),
      width: this.bytesAt(segment, 3, 2),
      components: Array.from({ length: many }, (_, i) => ({
        id: segment[6 + 3 * i],
        horizontal: segment[7 + 3 * i] >> 4,
        vertical: segment[7 + 3 * i] & 15,
        quantization: segment[8 + 3 * i],
      })),
    };
  }

  private huffmanTables(segment: Uint8Array): void {
    for (let at = 0; at < segment.length; ) {
      const key = segment[at];
      let many = 0;
      for (let i = 1; i <= 16; i++) many += this.bytesAt(segment, at + i, 1);
      if (many > 256 || at + 17 + many > segment.length) throw brokenJpeg(this.where, 'a table of codes too short');
      this.huffman.set(key, segment.slice(at + 1, at + 17 + many)); // 16 counts, then the values
      at += 17 + many;
    }
  }

  private quantizationTables(segment: Uint8Array): void {
    for (let at = 0; at < segment.length; ) {
      const wide = segment[at] >> 4 ? 2 : 1;
      const table = new Uint16Array(64);
      for (let i = 0; i < 64; i++) table[i] = this.bytesAt(segment, at + 1 + i * wide, wide);
      this.quantization.set(segment[at] & 15, table);
      at += 1 + 64 * wide;
    }
  }

  private extensions(segment: Uint8Array): void {
    if (segment[0] !== 1) throw brokenJpeg(this.where, 'an extension that is not read (a mapping table or large size)');
    this.presets = Array.from({ length: 5 }, (_, i) => this.bytesAt(segment, 1 + 2 * i, 2));
  }

  private scan(segment: Uint8Array): void {
    const { frame, bytes, where } = this;
    if (!frame) throw brokenJpeg(where, 'a scan before its frame');
    const many = this.bytesAt(segment, 0, 1);
    if (many === 0 || segment.length < 4 + 2 * many) throw brokenJpeg(where, 'a scan header too short');
    const components = Array.from({ length: many }, (_, i) => {
      const index = frame.components.findIndex(({ id }) => id === segment[1 + 2 * i]);
      if (index < 0) throw brokenJpeg(where, 'a scan of a component that is none');
      return { index, dc: segment[2 + 2 * i] >> 4, ac: segment[2 + 2 * i] & 15 };
    });
    if (new Set(components.map(({ index }) => index)).size !== many)
      throw brokenJpeg(where, 'a component twice in a scan');
    const tail = 1 + 2 * many;
    const intervals: [number, number][] = [];
    let start = this.at;
    for (; ; this.at++) {
      if (this.at + 1 >= bytes.length) throw brokenJpeg(where, 'one that ends inside its scan');
      if (bytes[this.at] !== 0xff) continue;
      const next = bytes[this.at + 1];
      // JPEG-LS puts a zero bit after a byte of ones, the others a zero byte.
      if (next === 0 || (frame.kind === 0xf7 && next < 0x80)) continue;
      if (next === 0xff) continue;
      intervals.push([start, this.at]);
      if (next < 0xd0 || next > 0xd7) break;
      start = this.at + 2;
      this.at++;
    }
    this.scans.push({
      components,
      parameters: [segment[tail], segment[tail + 1], segment[tail + 2]],
      intervals,
      restartInterval: this.restartInterval,
      huffman: new Map(this.huffman),
      quantization: new Map(this.quantization),
      presets: this.presets,
    });
  }
}
