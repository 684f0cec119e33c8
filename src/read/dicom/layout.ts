/** How the pixels of a DICOM file are laid out (PS3.3, C.7.6.3), tested before anything is allocated for them. */
import { InputError } from '../../errors.ts';
import type { StoredType } from '../image/volume.ts';
import type { DicomDataSet } from './data-set.ts';

export interface DicomLayout {
  readonly frames: number;
  readonly rows: number;
  readonly columns: number;
  readonly samples: 1 | 3;
  readonly photometric: string;
  /** Whether a frame holds all red numbers before all green ones. */
  readonly planar: boolean;
  readonly bitsAllocated: 1 | 8 | 16 | 32 | 64;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** Of parametric maps. */
  readonly float: boolean;
}

/** Pixels a frame may have: 2^28 are 16,384 x 16,384, more than any scanner or slide tile. */
export const mostPixels = 2 ** 28;

/** @throws InputError where its numbers are absent, or contradict one another */
export function layoutOf(dataSet: DicomDataSet, float: 32 | 64 | undefined): DicomLayout {
  const { where } = dataSet;
  const [rows, columns] = [dataSet.required('Rows'), dataSet.required('Columns')];
  const frames = dataSet.number('NumberOfFrames') ?? 1;
  if (!(rows > 0 && columns > 0 && frames > 0 && rows * columns <= mostPixels)) {
    const got = `${columns} columns, ${rows} rows, ${frames} frames`;
    throw new InputError({ where, what: 'its size is none', expected: 'positive numbers', got });
  }
  const samples = dataSet.number('SamplesPerPixel') ?? 1;
  if (samples !== 1 && samples !== 3) {
    throw dataSet.fault('SamplesPerPixel', 'cannot be read', '1 or 3', `${samples}`);
  }
  const bitsAllocated = float ?? dataSet.required('BitsAllocated');
  if (bitsAllocated !== 1 && bitsAllocated !== 8 && bitsAllocated !== 16 && bitsAllocated !== 32 && !float) {
    throw dataSet.fault('BitsAllocated', 'cannot be read', '1, 8, 16 or 32', `${bitsAllocated}`);
  }
  const bitsStored = float ?? dataSet.number('BitsStored') ?? bitsAllocated;
  const highBit = float ? float - 1 : (dataSet.number('HighBit') ?? bitsStored - 1);
  if (!(bitsStored > 0 && bitsStored <= highBit + 1 && highBit < bitsAllocated)) {
    const got = `${bitsStored} bits up to bit ${highBit} of ${bitsAllocated}`;
    throw new InputError({
      where,
      what: 'its bits contradict one another',
      expected: 'BitsStored <= HighBit + 1',
      got,
    });
  }
  return {
    frames,
    rows,
    columns,
    samples,
    photometric: photometricOf(dataSet, samples),
    planar: samples === 3 && dataSet.number('PlanarConfiguration') === 1,
    bitsAllocated: bitsAllocated as DicomLayout['bitsAllocated'],
    bitsStored,
    highBit,
    signed: !float && signOf(dataSet),
    float: float !== undefined,
  };
}

function signOf(dataSet: DicomDataSet): boolean {
  const sign = dataSet.number('PixelRepresentation') ?? 0;
  if (sign === 0 || sign === 1) return sign === 1;
  throw dataSet.fault('PixelRepresentation', 'is unknown', '0 or 1', `${sign}`);
}

const grey = ['MONOCHROME1', 'MONOCHROME2', 'PALETTE COLOR'];
const colour = ['RGB', 'YBR_FULL', 'YBR_FULL_422', 'YBR_PARTIAL_422', 'YBR_PARTIAL_420', 'YBR_ICT', 'YBR_RCT'];

function photometricOf(dataSet: DicomDataSet, samples: number): string {
  const expected = samples === 1 ? grey : colour;
  const told = dataSet.text('PhotometricInterpretation') ?? (samples === 1 ? 'MONOCHROME2' : 'RGB');
  if (expected.includes(told)) return told;
  const many = `one of ${expected.join(', ')} for ${samples} samples a pixel`;
  throw dataSet.fault('PhotometricInterpretation', 'cannot be read', many, told);
}

/** Numbers in a frame: of colour, three a pixel. */
export function samplesOf({ rows, columns, samples }: DicomLayout): number {
  return rows * columns * samples;
}

/** The type of the numbers: the smallest of 8, 16 or 32 bits, as they are allocated. */
export function storedTypeOf({ bitsAllocated, signed, float }: DicomLayout): Exclude<StoredType, 'int64' | 'uint64'> {
  if (float) return bitsAllocated === 64 ? 'float64' : 'float32';
  if (bitsAllocated === 1) return 'uint8';
  return `${signed ? 'int' : 'uint'}${bitsAllocated as 8 | 16 | 32}`;
}
