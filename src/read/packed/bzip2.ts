/**
 * Bzip2 (J. Seward), unpacked with bounds: Huffman codes, move to front, the Burrows-Wheeler transform backwards, runs. The
 * `bz2` package of npm reads past the end of cut files without end, keeps no limit and does not test checksums by default.
 */
import { InputError } from '../../errors.ts';

/** @throws InputError where more than `limit` bytes would come out, or the file is cut or altered (each block's CRC-32 is tested) */
export function bunzip2(bytes: Uint8Array, where: string, limit: number): Uint8Array {
  const bits = new Bits(bytes, where);
  const out = new Output(where, limit);
  do {
    if (bits.read(16) !== 0x425a || bits.read(8) !== 0x68) throw broken(where, 'no magic bytes');
    const level = bits.read(8) - 0x30;
    if (level < 1 || level > 9) throw broken(where, 'no block size');
    // Runs of four take five bytes: no block of a stream within the limit is longer.
    stream(bits, out, Math.min(level * 100_000, Math.ceil(limit * 1.25) + 5), where);
    bits.toByte();
  } while (bits.left() >= 14 && bits.peek16() === 0x425a); // several streams may follow each other
  return out.taken();
}

function broken(where: string, got: string): InputError {
  return new InputError({ where, what: 'broken bzip2 data', expected: 'a whole stream', got });
}

function stream(bits: Bits, out: Output, blockSize: number, where: string): void {
  let combined = 0;
  for (;;) {
    const [high, low] = [bits.read(24), bits.read(24)];
    const stored = bits.read32();
    if (high === 0x177245 && low === 0x385090) {
      if (stored === combined >>> 0) return;
      throw broken(where, 'another checksum of all');
    }
    if (high !== 0x314159 || low !== 0x265359) throw broken(where, 'no block where one should be');
    out.startBlock();
    block(bits, out, blockSize, where);
    const crc = out.blockCrc();
    if (crc !== stored) throw broken(where, 'another checksum of a block');
    combined = ((combined << 1) | (combined >>> 31)) ^ crc;
  }
}

function block(bits: Bits, out: Output, blockSize: number, where: string): void {
  if (bits.read(1)) throw broken(where, 'a randomised block, as only early versions wrote');
  const origin = bits.read(24);
  const symbols = usedBytes(bits);
  if (symbols.length === 0) throw broken(where, 'a block without bytes');
  const tables = bits.read(3);
  const selectors = readSelectors(bits, tables, where);
  const codes = Array.from({ length: tables }, () => huffman(bits, symbols.length + 2, where));
  const counts = new Int32Array(256);
  const chain = new Uint32Array(blockSize); // low byte: the sorted last column; above: where the next byte stands
  let length = 0;
  let run = 0;
  let power = 1;
  const end = symbols.length + 1;
  for (let group = 0; ; group++) {
    if (group >= selectors.length) throw broken(where, 'more codes than its groups hold');
    const code = codes[selectors[group]];
    for (let i = 0; i < 50; i++) {
      const symbol = code(bits);
      if (symbol <= 1) {
        if (power > blockSize) throw broken(where, 'a run longer than its block');
        run += power << symbol;
        power *= 2;
        continue;
      }
      if (run > 0) {
        if (length + run > blockSize) throw broken(where, 'a run longer than its block');
        chain.fill(symbols[0], length, length + run);
        counts[symbols[0]] += run;
        length += run;
        run = 0;
        power = 1;
      }
      if (symbol === end) {
        backwards(chain, counts, length, origin, out, where);
        return;
      }
      if (length >= blockSize) throw broken(where, 'more bytes than its block holds');
      const byte = symbols[symbol - 1];
      symbols.copyWithin(1, 0, symbol - 1);
      symbols[0] = byte;
      chain[length++] = byte;
      counts[byte]++;
    }
  }
}

function usedBytes(bits: Bits): Uint8Array {
  const groups = bits.read(16);
  const used: number[] = [];
  for (let i = 0; i < 16; i++) {
    if (!(groups & (0x8000 >> i))) continue;
    const each = bits.read(16);
    for (let j = 0; j < 16; j++) if (each & (0x8000 >> j)) used.push(16 * i + j);
  }
  return Uint8Array.from(used);
}

function readSelectors(bits: Bits, tables: number, where: string): Uint8Array {
  const many = bits.read(15);
  if (tables < 2 || tables > 6 || many === 0) throw broken(where, 'no Huffman tables');
  const order = Array.from({ length: tables }, (_, i) => i);
  const selectors = new Uint8Array(many);
  for (let i = 0; i < many; i++) {
    let at = 0;
    while (bits.read(1)) if (++at >= tables) throw broken(where, 'a Huffman table it has not');
    const [chosen] = order.splice(at, 1);
    order.unshift(chosen);
    selectors[i] = chosen;
  }
  return selectors;
}

/** Canonical codes, by their lengths; the reader of one symbol. */
function huffman(bits: Bits, many: number, where: string): (bits: Bits) => number {
  const lengths = new Uint8Array(many);
  let length = bits.read(5);
  for (let i = 0; i < many; i++) {
    while (bits.read(1)) length += bits.read(1) ? -1 : 1;
    if (length < 1 || length > 20) throw broken(where, 'a Huffman code longer than 20 bits');
    lengths[i] = length;
  }
  const perLength = new Int32Array(22);
  for (const each of lengths) perLength[each]++;
  const first = new Int32Array(22); // smallest code of a length
  const offset = new Int32Array(22); // its place among the sorted symbols
  for (let l = 1; l <= 20; l++) {
    first[l + 1] = (first[l] + perLength[l]) << 1;
    offset[l + 1] = offset[l] + perLength[l];
  }
  const sorted = new Uint16Array(many);
  const next = offset.slice();
  for (let symbol = 0; symbol < many; symbol++) sorted[next[lengths[symbol]]++] = symbol;
  return (input) => {
    let code = 0;
    for (let l = 1; l <= 20; l++) {
      code = (code << 1) | input.read(1);
      const index = code - first[l];
      if (index >= 0 && index < perLength[l]) return sorted[offset[l] + index];
    }
    throw broken(where, 'a Huffman code it has not');
  };
}

/** The inverse of the sorted rotations, and of the runs: four alike are followed by how many more there are. */
function backwards(
  chain: Uint32Array,
  counts: Int32Array,
  length: number,
  origin: number,
  out: Output,
  where: string,
): void {
  if (origin >= length) throw broken(where, 'a start outside its block');
  const next = new Int32Array(256);
  for (let byte = 0, sum = 0; byte < 256; byte++) {
    next[byte] = sum;
    sum += counts[byte];
  }
  for (let i = 0; i < length; i++) chain[next[chain[i] & 255]++] |= i << 8;
  let at = chain[origin] >>> 8;
  let previous = -1;
  let alike = 0;
  for (let i = 0; i < length; i++) {
    const byte = chain[at] & 255;
    at = chain[at] >>> 8;
    if (alike === 4) {
      out.write(previous, byte);
      alike = 0;
      previous = -1;
      continue;
    }
    alike = byte === previous ? alike + 1 : 1;
    previous = byte;
    out.write(byte, 1);
  }
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let i = 0; i < 8; i++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});

/** Grows with what is written, never beyond the limit. */
class Output {
  private bytes = new Uint8Array(65536);
  private length = 0;
  private crc = 0;
  private readonly where: string;
  private readonly limit: number;

  constructor(where: string, limit: number) {
    this.where = where;
    this.limit = limit;
  }

  startBlock(): void {
    this.crc = -1;
  }

  blockCrc(): number {
    return ~this.crc >>> 0;
  }

  write(byte: number, many: number): void {
    if (this.length + many > this.limit) {
      const expected = `at most ${this.limit} bytes unpacked`;
      throw new InputError({ where: this.where, what: 'too large', expected, got: 'more' });
    }
    if (this.length + many > this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    for (let i = 0; i < many; i++) {
      this.bytes[this.length++] = byte;
      this.crc = (this.crc << 8) ^ crcTable[((this.crc >>> 24) ^ byte) & 255];
    }
  }

  taken(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

/** Bits from the high end of each byte on; reading past the end is refused. */
class Bits {
  private at = 0; // in bits
  private readonly bytes: Uint8Array;
  private readonly where: string;

  constructor(bytes: Uint8Array, where: string) {
    this.bytes = bytes;
    this.where = where;
  }

  read(many: number): number {
    let value = 0;
    for (let left = many; left > 0; ) {
      const index = Math.floor(this.at / 8);
      if (index >= this.bytes.length) throw broken(this.where, 'one that ends too early');
      const room = 8 - (this.at % 8);
      const take = Math.min(room, left);
      value = (value << take) | ((this.bytes[index] >>> (room - take)) & ((1 << take) - 1));
      this.at += take;
      left -= take;
    }
    return value;
  }

  read32(): number {
    return this.read(16) * 65536 + this.read(16);
  }

  toByte(): void {
    this.at = Math.ceil(this.at / 8) * 8;
  }

  left(): number {
    return this.bytes.length - Math.floor(this.at / 8);
  }

  peek16(): number {
    const index = Math.floor(this.at / 8);
    return (this.bytes[index] << 8) | this.bytes[index + 1];
  }
}
