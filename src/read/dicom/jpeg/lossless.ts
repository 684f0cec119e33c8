/** Lossless JPEG (ISO 10918-1, annex H): each number is told by its difference from what its neighbours foretell. */
import { HuffmanBits, HuffmanCodes } from './huffman.ts';
import { brokenJpeg, type JpegScan, type JpegStream } from './markers.ts';

/**
 * Components apart: `[components, height, width]`, bits as they stand (no sign).
 *
 * @throws InputError
 */
export function losslessJpeg(bytes: Uint8Array, { frame, scans }: JpegStream, where: string): Uint16Array {
  const { width, height, precision, components } = frame;
  if (precision < 2 || precision > 16) throw brokenJpeg(where, `a precision of ${precision} bits`);
  const size = width * height;
  // A number takes a bit at least.
  if (size * components.length > bytes.length * 8)
    throw brokenJpeg(where, `${width} x ${height} in ${bytes.length} bytes`);
  if (components.some(({ horizontal, vertical }) => components.length > 1 && horizontal * vertical !== 1)) {
    throw brokenJpeg(where, 'components of different sizes, which are not read');
  }
  const out = new Uint16Array(components.length * size);
  const seen = new Set<number>();
  for (const scan of scans) {
    for (const { index } of scan.components) {
      if (seen.has(index)) throw brokenJpeg(where, 'a component in two scans');
      seen.add(index);
    }
    scanInto(out, bytes, scan, width, height, precision, where);
  }
  if (seen.size !== components.length) throw brokenJpeg(where, 'a component in no scan');
  return out;
}

function scanInto(
  out: Uint16Array,
  bytes: Uint8Array,
  scan: JpegScan,
  width: number,
  height: number,
  precision: number,
  where: string,
): void {
  const [predictor, , last] = scan.parameters;
  const shift = last & 15;
  if (predictor < 1 || predictor > 7 || shift >= precision) throw brokenJpeg(where, `predictor ${predictor}`);
  const planes = scan.components.map(({ index, dc }) => {
    const table = scan.huffman.get(dc);
    if (!table) throw brokenJpeg(where, 'one without its table of codes');
    return { at: index * width * height, codes: new HuffmanCodes(table, where) };
  });
  const perInterval = scan.restartInterval || width * height;
  if (perInterval % width !== 0) throw brokenJpeg(where, 'restarts within a line');
  const lines = perInterval / width;
  if (scan.intervals.length !== Math.ceil(height / lines)) throw brokenJpeg(where, 'restarts that do not fit its size');
  const middle = 1 << (precision - shift - 1);
  for (let interval = 0, top = 0; top < height; interval++, top += lines) {
    const bits = new HuffmanBits(bytes, scan.intervals[interval], where);
    const bottom = Math.min(height, top + lines);
    for (let y = top; y < bottom; y++) {
      for (let x = 0; x < width; x++) {
        for (const { at, codes } of planes) {
          const to = at + y * width + x;
          let foretold = middle;
          if (y === top) foretold = x === 0 ? middle : out[to - 1];
          else if (x === 0) foretold = out[to - width];
          else foretold = predicted(predictor, out[to - 1], out[to - width], out[to - width - 1]);
          out[to] = foretold + difference(bits, codes, where); // modulo 2^16
        }
      }
    }
  }
  if (shift > 0) for (const { at } of planes) for (let i = at; i < at + width * height; i++) out[i] <<= shift;
}

/** Table H.1, of what is left, above, and above left. */
function predicted(predictor: number, a: number, b: number, c: number): number {
  switch (predictor) {
    case 1:
      return a;
    case 2:
      return b;
    case 3:
      return c;
    case 4:
      return a + b - c;
    case 5:
      return a + ((b - c) >> 1);
    case 6:
      return b + ((a - c) >> 1);
    default:
      return (a + b) >> 1;
  }
}

function difference(bits: HuffmanBits, codes: HuffmanCodes, where: string): number {
  const many = bits.code(codes);
  if (many > 16) throw brokenJpeg(where, 'a difference of more than 16 bits');
  return many === 16 ? 32768 : bits.signed(many);
}
