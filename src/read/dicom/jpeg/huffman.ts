/** Codes of different lengths (ISO 10918-1, annexes C and F.2.2), read strictly: never a bit that is not there. */
import { brokenJpeg } from './markers.ts';

/** A table as it stands in the file: how many codes of each length, 1 to 16, then their values. */
export class HuffmanCodes {
  /** Of the next eight bits: length * 256 + value, or 0 where the code is longer. */
  readonly quick = new Uint16Array(256);
  private readonly largest = new Int32Array(17); // by length; -1 where there is none
  private readonly offset = new Int32Array(17);
  private readonly values: Uint8Array;

  constructor(table: Uint8Array, where: string) {
    this.values = table.subarray(16);
    let [code, at] = [0, 0];
    for (let length = 1; length <= 16; length++) {
      const many = table[length - 1];
      this.offset[length] = at - code;
      if (code + many > 2 ** length) throw brokenJpeg(where, 'a table of more codes than there can be');
      for (let i = 0; i < many && length <= 8; i++) {
        const entry = length * 256 + this.values[at + i];
        this.quick.fill(entry, (code + i) << (8 - length), (code + i + 1) << (8 - length));
      }
      code += many;
      at += many;
      this.largest[length] = many > 0 ? code - 1 : -1;
      code *= 2;
    }
  }

  /** The value of a code, or -1. */
  valueOf(code: number, length: number): number {
    return code <= this.largest[length] ? this.values[code + this.offset[length]] : -1;
  }
}

/** The bits of one interval, without the zero bytes put after bytes of ones. */
export class HuffmanBits {
  private readonly bytes: Uint8Array;
  private readonly end: number;
  private readonly where: string;
  private at: number;
  private held = 0;
  private count = 0;
  private absent = 0; // of the held bits, those after the end

  constructor(bytes: Uint8Array, [start, end]: readonly [number, number], where: string) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.where = where;
  }

  private fill(): void {
    while (this.count <= 16) {
      let byte = 0;
      if (this.at < this.end) {
        byte = this.bytes[this.at++];
        if (byte === 0xff) this.at++;
      } else this.absent += 8;
      this.held = (this.held << 8) | byte;
      this.count += 8;
    }
  }

  /** At most 16. */
  take(many: number): number {
    if (many === 0) return 0;
    if (this.count < many) this.fill();
    this.count -= many;
    if (this.count < this.absent) throw brokenJpeg(this.where, 'one that ends inside its numbers');
    return (this.held >>> this.count) & ((1 << many) - 1);
  }

  code(codes: HuffmanCodes): number {
    if (this.count < 16) this.fill();
    const quick = codes.quick[(this.held >>> (this.count - 8)) & 255];
    if (quick > 0) {
      this.take(quick >> 8);
      return quick & 255;
    }
    for (let length = 9; length <= 16; length++) {
      const value = codes.valueOf((this.held >>> (this.count - length)) & ((1 << length) - 1), length);
      if (value < 0) continue;
      this.take(length);
      return value;
    }
    throw brokenJpeg(this.where, 'a code that is in no table');
  }

  /** A number of that many bits, whose first bit tells its sign. */
  signed(many: number): number {
    const value = this.take(many);
    return many > 0 && value < 1 << (many - 1) ? value - (1 << many) + 1 : value;
  }
}
