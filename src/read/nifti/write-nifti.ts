/** NIfTI-1 in one file: the numbers as they stand in the array, so that reading gives the same bits. */
import { gzipSync } from 'fflate';
import { type Affine, determinant, spacingMm } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import { checkedAffine } from '../image/place.ts';
import type { Volume, VolumeData } from '../image/volume.ts';

export interface WriteNiftiOptions {
  /** Default false. */
  readonly gzip?: boolean;
}

const types: readonly (readonly [VolumeData['constructor'], code: number, bits: number])[] = [
  [Uint8Array, 2, 8],
  [Int16Array, 4, 16],
  [Int32Array, 8, 32],
  [Float32Array, 16, 32],
  [Float64Array, 64, 64],
  [Int8Array, 256, 8],
  [Uint16Array, 512, 16],
  [Uint32Array, 768, 32],
];

const offset = 352;
const longest = 32767; // sizes are 16-bit numbers

/**
 * A placed image gets its affine as sform, and as qform too where that can say it (no shear); one that is not gets neither,
 * only its spacing. Several channels become the fifth axis (vector intent where there is one frame). Slope 1: what was scaled
 * when read is written as it was measured. Values of affine and spacing are single precision in this format.
 *
 * @throws InputError where a size or the length of the data does not fit, and on an affine that is not finite or flattens space
 */
export function writeNifti(volume: Omit<Volume, 'stored' | 'warnings'>, options: WriteNiftiOptions = {}): Uint8Array {
  const { gzip = false } = options;
  const { data, shape, frames, channels } = volume;
  const [depth, height, width] = shape;
  const sizes = [width, height, depth, frames, channels];
  if (sizes.some((size) => !(Number.isInteger(size) && size > 0 && size <= longest))) {
    const expected = `1 to ${longest} along each axis`;
    throw new InputError({
      where: 'writeNifti',
      what: 'sizes that NIfTI-1 cannot hold',
      expected,
      got: sizes.join(' x '),
    });
  }
  const many = sizes.reduce((a, b) => a * b, 1);
  if (data.length !== many) {
    throw new InputError({
      where: 'writeNifti',
      what: 'data of another length',
      expected: `${many}`,
      got: `${data.length}`,
    });
  }
  checkedAffine(volume.affine, 'writeNifti', 'affine');
  const numbers = framesFastest(data, frames, channels);
  const out = new Uint8Array(offset + numbers.byteLength);
  writeHeader(new DataView(out.buffer), volume);
  out.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), offset);
  return gzip ? gzipSync(out, { mtime: 0 }) : out;
}

/** From `[frames, channels, voxels]` to NIfTI's `[channels, frames, voxels]`. */
function framesFastest(data: VolumeData, frames: number, channels: number): VolumeData {
  if (frames === 1 || channels === 1) return data;
  const voxels = data.length / (frames * channels);
  const out = data.slice();
  for (let f = 0; f < frames; f++) {
    for (let c = 0; c < channels; c++) {
      const from = (f * channels + c) * voxels;
      out.set(data.subarray(from, from + voxels), (c * frames + f) * voxels);
    }
  }
  return out;
}

function writeHeader(view: DataView, volume: Omit<Volume, 'stored' | 'warnings'>): void {
  const { shape, frames, channels, dimensions, placed, affine, frameSeconds } = volume;
  const [, code, bits] = types.find(([type]) => volume.data instanceof (type as new () => VolumeData))!;
  const [depth, height, width] = shape;
  const axes = channels > 1 ? 5 : frames > 1 ? 4 : dimensions === 2 && depth === 1 ? 2 : 3;
  const put16 = (at: number, ...values: number[]) =>
    values.forEach((value, i) => view.setInt16(at + 2 * i, value, true));
  const put32 = (at: number, ...values: number[]) =>
    values.forEach((value, i) => view.setFloat32(at + 4 * i, value, true));
  view.setInt32(0, 348, true);
  view.setUint8(38, 'r'.charCodeAt(0));
  put16(40, axes, width, height, depth, frames, channels, 1, 1);
  if (channels > 1 && frames === 1) put16(68, 1007);
  put16(70, code, bits);
  const spacing = spacingMm(volume);
  const turn = placed ? quaternionOf(affine, spacing) : undefined;
  put32(76, turn?.qfac ?? 1, ...spacing, frameSeconds ?? 1, 1, 1, 1);
  put32(108, offset, 1, 0);
  [...'Consilience'].forEach((letter, i) => view.setUint8(148 + i, letter.charCodeAt(0))); // descrip
  view.setUint8(123, frameSeconds === undefined ? 2 : 2 | 8); // mm, and seconds
  if (placed) {
    put16(254, 1);
    put32(280, ...affine.subarray(0, 12));
  }
  if (turn) {
    put16(252, 1);
    put32(256, ...turn.quaternion, affine[3], affine[7], affine[11]);
  }
  [0x6e, 0x2b, 0x31, 0].forEach((byte, i) => view.setUint8(344 + i, byte)); // n+1
}

/** What a qform may lose beside an sform of single precision. */
const square = 1e-6;

/** The turn as b, c, d of a unit quaternion; none where the axes are not at right angles. After `nifti1_io` of the NIfTI group. */
function quaternionOf(affine: Affine, spacing: readonly number[]): { quaternion: number[]; qfac: 1 | -1 } | undefined {
  const qfac = determinant(affine) < 0 ? -1 : 1;
  const r = [0, 1, 2].map((row) => [0, 1, 2].map((c) => (affine[row * 4 + c] / spacing[c]) * (c === 2 ? qfac : 1)));
  for (let a = 0; a < 3; a++) {
    for (let b = 0; b < a; b++) {
      if (Math.abs(r[0][a] * r[0][b] + r[1][a] * r[1][b] + r[2][a] * r[2][b]) > square) return undefined;
    }
  }
  const trace = r[0][0] + r[1][1] + r[2][2];
  if (trace > 0) {
    const s = 2 * Math.sqrt(1 + trace);
    return { quaternion: [(r[2][1] - r[1][2]) / s, (r[0][2] - r[2][0]) / s, (r[1][0] - r[0][1]) / s], qfac };
  }
  // The largest part of the axis first, for the sake of precision; the quaternion's first part is made positive.
  const i = r[0][0] >= r[1][1] && r[0][0] >= r[2][2] ? 0 : r[1][1] >= r[2][2] ? 1 : 2;
  const [j, k] = [(i + 1) % 3, (i + 2) % 3];
  const s = 2 * Math.sqrt(1 + r[i][i] - r[j][j] - r[k][k]);
  const quaternion = [0, 0, 0];
  quaternion[i] = s / 4;
  quaternion[j] = (r[j][i] + r[i][j]) / s;
  quaternion[k] = (r[k][i] + r[i][k]) / s;
  return { quaternion: r[k][j] - r[j][k] < 0 ? quaternion.map((part) => -part) : quaternion, qfac };
}
