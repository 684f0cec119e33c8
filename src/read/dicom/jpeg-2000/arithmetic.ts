/** The adaptive binary arithmetic decoder (ISO 15444-1, annex C: the MQ coder). */

/** Probability, next state after the more and after the less probable symbol, whether they change places (table C.2). */
const table: readonly (readonly [number, number, number, number])[] = [
  [0x5601, 1, 1, 1],
  [0x3401, 2, 6, 0],
  [0x1801, 3, 9, 0],
  [0x0ac1, 4, 12, 0],
  [0x0521, 5, 29, 0],
  [0x0221, 38, 33, 0],
  [0x5601, 7, 6, 1],
  [0x5401, 8, 14, 0],
  [0x4801, 9, 14, 0],
  [0x3801, 10, 14, 0],
  [0x3001, 11, 17, 0],
  [0x2401, 12, 18, 0],
  [0x1c01, 13, 20, 0],
  [0x1601, 29, 21, 0],
  [0x5601, 15, 14, 1],
  [0x5401, 16, 14, 0],
  [0x5101, 17, 15, 0],
  [0x4801, 18, 16, 0],
  [0x3801, 19, 17, 0],
  [0x3401, 20, 18, 0],
  [0x3001, 21, 19, 0],
  [0x2801, 22, 19, 0],
  [0x2401, 23, 20, 0],
  [0x2201, 24, 21, 0],
  [0x1c01, 25, 22, 0],
  [0x1801, 26, 23, 0],
  [0x1601, 27, 24, 0],
  [0x1401, 28, 25, 0],
  [0x1201, 29, 26, 0],
  [0x1101, 30, 27, 0],
  [0x0ac1, 31, 28, 0],
  [0x09c1, 32, 29, 0],
  [0x08a1, 33, 30, 0],
  [0x0521, 34, 31, 0],
  [0x0441, 35, 32, 0],
  [0x02a1, 36, 33, 0],
  [0x0221, 37, 34, 0],
  [0x0141, 38, 35, 0],
  [0x0111, 39, 36, 0],
  [0x0085, 40, 37, 0],
  [0x0049, 41, 38, 0],
  [0x0025, 42, 39, 0],
  [0x0015, 43, 40, 0],
  [0x0009, 44, 41, 0],
  [0x0005, 45, 42, 0],
  [0x0001, 45, 43, 0],
  [0x5601, 46, 46, 0],
];
const probability = Uint16Array.from(table, ([qe]) => qe);
const afterMore = Uint8Array.from(table, ([, more]) => more);
const afterLess = Uint8Array.from(table, ([, , less]) => less);
const change = Uint8Array.from(table, ([, , , swaps]) => swaps);

export class ArithmeticBits {
  private readonly bytes: Uint8Array;
  private at = 0;
  private code = 0;
  private interval = 0x8000;
  private count = 0;
  private readonly states: Uint8Array;
  private readonly symbols: Uint8Array;

  /** @param starts the state each context begins with */
  constructor(bytes: Uint8Array, starts: Uint8Array) {
    this.bytes = bytes;
    this.states = starts.slice();
    this.symbols = new Uint8Array(starts.length);
    this.code = (bytes.length > 0 ? bytes[0] : 0xff) << 16;
    this.byteIn();
    this.code = (this.code << 7) >>> 0;
    this.count -= 7;
  }

  reset(starts: Uint8Array): void {
    this.states.set(starts);
    this.symbols.fill(0);
  }

  /** Encoders leave out ones at the end: bytes beyond it are such. */
  private byteIn(): void {
    const { bytes } = this;
    const next = this.at + 1 < bytes.length ? bytes[this.at + 1] : 0xff;
    const here = this.at < bytes.length ? bytes[this.at] : 0xff;
    if (here === 0xff) {
      if (next > 0x8f) {
        this.code += 0xff00;
        this.count = 8;
      } else {
        this.at++;
        this.code += next << 9;
        this.count = 7;
      }
    } else {
      this.at++;
      this.code += next << 8;
      this.count = 8;
    }
  }

  bit(context: number): number {
    const state = this.states[context];
    const qe = probability[state];
    let symbol = this.symbols[context];
    this.interval -= qe;
    const less = this.code >>> 16 < qe;
    if (!less) {
      this.code -= qe * 65536;
      if (this.interval & 0x8000) return symbol;
    }
    const exchanged = this.interval < qe;
    if (less) this.interval = qe;
    if (less !== exchanged) {
      symbol ^= 1;
      if (change[state]) this.symbols[context] = symbol;
      this.states[context] = afterLess[state];
    } else this.states[context] = afterMore[state];
    do {
      if (this.count === 0) this.byteIn();
      this.interval <<= 1;
      this.code = (this.code << 1) >>> 0;
      this.count--;
    } while (!(this.interval & 0x8000));
    return symbol;
  }
}
