/**
 * JPEG by cosine transforms, sequential, of 8 or 12 bits (ISO 10918-1, annexes A and F; processes 1, 2 and 4). Written here
 * since DICOM has 12 bits, and colours that must be left as they are. Colours of half the size are repeated.
 */
import { HuffmanBits, HuffmanCodes } from './huffman.ts';
import { brokenJpeg, type JpegComponent, type JpegFrame, type JpegScan, type JpegStream } from './markers.ts';

interface Plane {
  /** Padded to whole blocks. */
  readonly width: number;
  readonly data: Uint16Array;
  /** Blocks that hold the image, without those that only fill up a unit. */
  readonly across: number;
  readonly down: number;
  readonly component: JpegComponent;
}

/**
 * Components apart: `[components, height, width]`.
 *
 * @throws InputError
 */
export function dctJpeg(bytes: Uint8Array, { frame, scans }: JpegStream, where: string): Uint16Array {
  const { width, height, precision, components } = frame;
  if (precision !== 8 && precision !== 12) throw brokenJpeg(where, `a precision of ${precision} bits`);
  if (!components.every(({ horizontal: h, vertical: v }) => h > 0 && h <= 4 && v > 0 && v <= 4)) {
    throw brokenJpeg(where, 'sizes of components that cannot be');
  }
  // A block of 64 numbers takes two bits at least.
  if (width * height > bytes.length * 256) throw brokenJpeg(where, `${width} x ${height} in ${bytes.length} bytes`);
  const across = Math.max(...components.map(({ horizontal }) => horizontal));
  const down = Math.max(...components.map(({ vertical }) => vertical));
  const units = [Math.ceil(width / (8 * across)), Math.ceil(height / (8 * down))] as const;
  const planes = components.map((component) => planeOf(component, frame, units, across, down));
  const seen = new Set<number>();
  for (const scan of scans) {
    // The scan's parameters say nothing in sequential streams, and writers put anything there.
    for (const { index } of scan.components) seen.add(index);
    scanInto(planes, bytes, scan, units, precision, where);
  }
  if (seen.size !== components.length) throw brokenJpeg(where, 'a component in no scan');
  const out = new Uint16Array(components.length * width * height);
  planes.forEach((plane, c) => {
    const { horizontal, vertical } = plane.component;
    for (let y = 0, to = c * width * height; y < height; y++) {
      const row = Math.floor((y * vertical) / down) * plane.width;
      for (let x = 0; x < width; x++) out[to++] = plane.data[row + Math.floor((x * horizontal) / across)];
    }
  });
  return out;
}

function planeOf(
  component: JpegComponent,
  { width, height }: JpegFrame,
  [unitsAcross, unitsDown]: readonly [number, number],
  across: number,
  down: number,
): Plane {
  const padded = unitsAcross * component.horizontal * 8;
  return {
    width: padded,
    data: new Uint16Array(padded * unitsDown * component.vertical * 8),
    across: Math.ceil(Math.ceil((width * component.horizontal) / across) / 8),
    down: Math.ceil(Math.ceil((height * component.vertical) / down) / 8),
    component,
  };
}

interface Coded {
  readonly plane: Plane;
  readonly dc: HuffmanCodes;
  readonly ac: HuffmanCodes;
  readonly scale: Uint16Array;
  before: number;
}

function scanInto(
  planes: readonly Plane[],
  bytes: Uint8Array,
  scan: JpegScan,
  units: readonly [number, number],
  precision: number,
  where: string,
): void {
  const coded: Coded[] = scan.components.map(({ index, dc, ac }) => {
    const [dcTable, acTable] = [scan.huffman.get(dc), scan.huffman.get(16 + ac)];
    const scale = scan.quantization.get(planes[index].component.quantization);
    if (!dcTable || !acTable || !scale) throw brokenJpeg(where, 'one without its tables');
    const plane = planes[index];
    return { plane, dc: new HuffmanCodes(dcTable, where), ac: new HuffmanCodes(acTable, where), scale, before: 0 };
  });
  // One component by itself goes block by block, without those that fill up units.
  const alone = coded.length === 1;
  const [across, down] = alone ? [coded[0].plane.across, coded[0].plane.down] : units;
  const perInterval = scan.restartInterval || across * down;
  if (scan.intervals.length !== Math.ceil((across * down) / perInterval)) {
    throw brokenJpeg(where, 'restarts that do not fit its size');
  }
  const block = new Float64Array(64);
  for (let unit = 0, interval = 0; unit < across * down; interval++) {
    const bits = new HuffmanBits(bytes, scan.intervals[interval], where);
    for (const one of coded) one.before = 0;
    const end = Math.min(across * down, unit + perInterval);
    for (; unit < end; unit++) {
      const [ux, uy] = [unit % across, Math.floor(unit / across)];
      for (const one of coded) {
        const { horizontal, vertical } = alone ? { horizontal: 1, vertical: 1 } : one.plane.component;
        for (let v = 0; v < vertical; v++) {
          for (let h = 0; h < horizontal; h++) {
            readBlock(bits, one, block, where);
            inverseCosines(block);
            const at = (uy * vertical + v) * 8 * one.plane.width + (ux * horizontal + h) * 8;
            put(block, one.plane, at, precision);
          }
        }
      }
    }
  }
}

function readBlock(bits: HuffmanBits, coded: Coded, block: Float64Array, where: string): void {
  block.fill(0);
  const many = bits.code(coded.dc);
  if (many > 15) throw brokenJpeg(where, 'a difference of more than 15 bits');
  coded.before += bits.signed(many);
  block[0] = coded.before * coded.scale[0];
  for (let k = 1; k < 64; k++) {
    const code = bits.code(coded.ac);
    const size = code & 15;
    if (size === 0) {
      if (code !== 0xf0) break;
      k += 15;
      continue;
    }
    k += code >> 4;
    if (k > 63) throw brokenJpeg(where, 'a block of more than 64 numbers');
    block[zigzag[k]] = bits.signed(size) * coded.scale[k];
  }
}

function put(block: Float64Array, { data, width }: Plane, at: number, precision: number): void {
  const [middle, most] = [1 << (precision - 1), (1 << precision) - 1];
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      data[at + y * width + x] = Math.max(0, Math.min(most, Math.round(block[y * 8 + x]) + middle));
    }
  }
}

const zigzag = zigzagOrder();

function zigzagOrder(): Uint8Array {
  const out = new Uint8Array(64);
  for (let sum = 0, k = 0; sum < 15; sum++) {
    for (let i = 0; i <= sum; i++) {
      const [x, y] = sum % 2 === 0 ? [i, sum - i] : [sum - i, i];
      if (x < 8 && y < 8) out[k++] = y * 8 + x;
    }
  }
  return out;
}

const cosines = Float64Array.from({ length: 64 }, (_, i) => {
  const [x, u] = [i >> 3, i & 7];
  return (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
}); // [place, frequency]
const rows = new Float64Array(64);

/** Rows, then columns (A.3.3). */
function inverseCosines(block: Float64Array): void {
  for (let v = 0; v < 8; v++) {
    for (let x = 0; x < 8; x++) {
      let sum = 0;
      for (let u = 0; u < 8; u++) sum += cosines[x * 8 + u] * block[v * 8 + u];
      rows[v * 8 + x] = sum;
    }
  }
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      let sum = 0;
      for (let v = 0; v < 8; v++) sum += cosines[y * 8 + v] * rows[v * 8 + x];
      block[y * 8 + x] = sum;
    }
  }
}
