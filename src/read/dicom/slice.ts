/**
 * What a DICOM file says of each of its frames: place, spacing, scale. Frames of enhanced files have it in functional groups
 * (PS3.3, C.7.6.16), those of the others in the header; doses give offsets along the normal (C.8.8.3.2).
 */
import { InputError } from '../../errors.ts';
import type { DicomDataSet } from './data-set.ts';
import type { DicomName } from './tags.ts';

/** In the patient's coordinates of DICOM: left, posterior, superior (LPS), millimetres. */
export type Point = readonly [x: number, y: number, z: number];

export interface SlicePlace {
  /** Of the centre of the first pixel. */
  readonly position: Point;
  /** Where columns are counted along: the direction of a row. */
  readonly row: Point;
  readonly column: Point;
}

export interface DicomSlice {
  readonly place?: SlicePlace;
  /** From row to row, and from column to column (in this order in the file too). */
  readonly spacing?: readonly [rowMm: number, columnMm: number];
  /** From slice to slice, where told, else the thickness: of use for one slice by itself. */
  readonly thicknessMm?: number;
  readonly spacingBetweenMm?: number;
  readonly slope: number;
  readonly intercept: number;
  readonly scaleType?: string;
  /** What tells apart frames at one place. */
  readonly keys: Readonly<Record<FrameKey, number | undefined>>;
}

export const frameKeys = ['time', 'acquisition', 'segment', 'echo', 'b-value', 'trigger'] as const;
export type FrameKey = (typeof frameKeys)[number];

/** Finds a functional group of a frame, its own before the one for all. */
type GroupOf = (name: DicomName) => DicomDataSet | undefined;

/** @throws InputError where something that is told cannot be */
export function slicesOf(dataSet: DicomDataSet, frames: number): DicomSlice[] {
  const shared = dataSet.items('SharedFunctionalGroupsSequence')[0];
  const each = dataSet.items('PerFrameFunctionalGroupsSequence');
  if (each.length > 0 && each.length < frames) {
    const got = `${each.length}`;
    throw dataSet.fault('PerFrameFunctionalGroupsSequence', 'does not fit NumberOfFrames', `${frames} items`, got);
  }
  const sharedGroups = new Map<DicomName, DicomDataSet | undefined>();
  const ofShared: GroupOf = (name) => {
    if (!sharedGroups.has(name)) sharedGroups.set(name, shared?.items(name)[0]);
    return sharedGroups.get(name);
  };
  const places = placesByOffset(dataSet, frames);
  return Array.from({ length: frames }, (_, f) => {
    const group: GroupOf = (name) => each[f]?.items(name)[0] ?? ofShared(name);
    return sliceOf(dataSet, group, frames === 1, places?.[f]);
  });
}

function sliceOf(header: DicomDataSet, group: GroupOf, single: boolean, offsetPlace?: SlicePlace): DicomSlice {
  const measures = group('PixelMeasuresSequence') ?? header;
  const scale = group('PixelValueTransformationSequence') ?? header;
  const place = offsetPlace ?? placeOf(header, group, single);
  const spacing = pixelSpacing(measures);
  const thicknessMm = [measures, header]
    .flatMap((set) => [set.number('SpacingBetweenSlices'), set.number('SliceThickness')])
    .map((mm) => Math.abs(mm ?? 0))
    .find((mm) => mm > 0);
  const between = Math.abs(measures.number('SpacingBetweenSlices') ?? header.number('SpacingBetweenSlices') ?? 0);
  const slope = scale.number('RescaleSlope') ?? 1;
  if (slope === 0) throw scale.fault('RescaleSlope', 'makes all numbers equal', 'another number than 0', '0');
  const scaleType = typeOf(scale);
  return {
    ...(place && { place }),
    ...(spacing && { spacing }),
    ...(thicknessMm !== undefined && { thicknessMm }),
    ...(between > 0 && { spacingBetweenMm: between }),
    slope,
    intercept: scale.number('RescaleIntercept') ?? 0,
    ...(scaleType !== undefined && { scaleType }),
    keys: {
      time:
        group('FrameContentSequence')?.number('TemporalPositionIndex') ?? header.number('TemporalPositionIdentifier'),
      acquisition: lenient(header, 'AcquisitionNumber'),
      segment: group('SegmentIdentificationSequence')?.number('ReferencedSegmentNumber'),
      echo: group('MREchoSequence')?.number('EffectiveEchoTime') ?? lenient(header, 'EchoNumbers'),
      'b-value': group('MRDiffusionSequence')?.number('DiffusionBValue') ?? lenient(header, 'DiffusionBValue'),
      trigger:
        group('CardiacSynchronizationSequence')?.number('NominalCardiacTriggerDelayTime') ??
        lenient(header, 'TriggerTime'),
    },
  };
}

/** Absent where it is no number: for what only tells frames or series apart. */
export function lenient(header: DicomDataSet, name: DicomName): number | undefined {
  try {
    return header.number(name);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** What the scaled numbers are, where that is told; `unspecified` where it is told that it is not. */
function typeOf(scale: DicomDataSet): string | undefined {
  if (!scale.has('RescaleIntercept') && !scale.has('RescaleSlope')) return 'unscaled';
  return scale.text('RescaleType');
}

function pixelSpacing(set: DicomDataSet): [number, number] | undefined {
  const name = set.has('PixelSpacing') ? 'PixelSpacing' : 'ImagerPixelSpacing';
  const values = set.numbersOf(name, 2);
  if (!values) return undefined;
  if (!values.every((mm) => mm > 0)) throw set.fault(name, 'is no spacing', 'positive numbers', values.join(' '));
  return [values[0], values[1]];
}

function placeOf(header: DicomDataSet, group: GroupOf, single: boolean): SlicePlace | undefined {
  const own = group('PlanePositionSequence');
  if (!own && !single) return undefined; // one place cannot be that of many frames
  const position = (own ?? header).numbersOf('ImagePositionPatient', 3);
  const directions = (group('PlaneOrientationSequence') ?? header).numbersOf('ImageOrientationPatient', 6);
  if (!position || !directions) return undefined;
  return { position: position as unknown as Point, ...axesOf(directions, header) };
}

/** Digits are cut in files, so that directions are as long as 1, and at right angles, only nearly. */
const slack = 1e-2;

function axesOf(directions: readonly number[], header: DicomDataSet): Pick<SlicePlace, 'row' | 'column'> {
  const [row, column] = [directions.slice(0, 3), directions.slice(3)];
  const lengths = [row, column].map((axis) => Math.hypot(...axis));
  const slant = row.reduce((sum, value, i) => sum + value * column[i], 0);
  if (!lengths.every((length) => Math.abs(length - 1) < slack) || Math.abs(slant) > slack) {
    const expected = 'two directions of length 1 at right angles';
    throw header.fault('ImageOrientationPatient', 'is none', expected, directions.join(' '));
  }
  const unit = (axis: readonly number[], length: number) => axis.map((value) => value / length) as unknown as Point;
  return { row: unit(row, lengths[0]), column: unit(column, lengths[1]) };
}

export function normalOf({ row, column }: Pick<SlicePlace, 'row' | 'column'>): Point {
  return [
    row[1] * column[2] - row[2] * column[1],
    row[2] * column[0] - row[0] * column[2],
    row[0] * column[1] - row[1] * column[0],
  ];
}

/** Of doses: where each frame stands along the normal, from the first one or (of axial ones) from the patient's origin. */
function placesByOffset(header: DicomDataSet, frames: number): SlicePlace[] | undefined {
  if (frames === 1 || !header.has('GridFrameOffsetVector')) return undefined;
  const first = placeOf(header, () => undefined, true);
  const offsets = header.numbersOf('GridFrameOffsetVector', frames);
  if (!first || !offsets) return undefined;
  const normal = normalOf(first);
  const relative = offsets[0] === 0;
  if (!relative && (Math.abs(Math.abs(normal[2]) - 1) > slack || Math.abs(offsets[0] - first.position[2]) > slack)) {
    const expected = 'offsets that begin with 0, or with where an axial frame stands';
    throw header.fault('GridFrameOffsetVector', 'does not fit its place', expected, `${offsets[0]}`);
  }
  return offsets.map((offset) => {
    const along = relative ? offset : (offset - offsets[0]) / normal[2];
    const position = first.position.map((value, i) => value + along * normal[i]) as unknown as Point;
    return { ...first, position };
  });
}
