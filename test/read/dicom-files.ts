/** DICOM files for tests, written element by element, so that any of them can be wrong. */
import { joined } from './image-files.ts';

const elements = {
  TransferSyntaxUID: [0x0002_0010, 'UI'],
  ImageType: [0x0008_0008, 'CS'],
  SOPClassUID: [0x0008_0016, 'UI'],
  StudyDate: [0x0008_0020, 'DA'],
  Modality: [0x0008_0060, 'CS'],
  SeriesDescription: [0x0008_103e, 'LO'],
  PatientName: [0x0010_0010, 'PN'],
  PatientID: [0x0010_0020, 'LO'],
  SliceThickness: [0x0018_0050, 'DS'],
  EchoNumbers: [0x0018_0086, 'IS'],
  SpacingBetweenSlices: [0x0018_0088, 'DS'],
  TriggerTime: [0x0018_1060, 'DS'],
  FrameTime: [0x0018_1063, 'DS'],
  ImagerPixelSpacing: [0x0018_1164, 'DS'],
  SeriesInstanceUID: [0x0020_000e, 'UI'],
  SeriesNumber: [0x0020_0011, 'IS'],
  AcquisitionNumber: [0x0020_0012, 'IS'],
  InstanceNumber: [0x0020_0013, 'IS'],
  ImagePositionPatient: [0x0020_0032, 'DS'],
  ImageOrientationPatient: [0x0020_0037, 'DS'],
  FrameOfReferenceUID: [0x0020_0052, 'UI'],
  TemporalPositionIdentifier: [0x0020_0100, 'IS'],
  PlanePositionSequence: [0x0020_9113, 'SQ'],
  PlaneOrientationSequence: [0x0020_9116, 'SQ'],
  FrameContentSequence: [0x0020_9111, 'SQ'],
  TemporalPositionIndex: [0x0020_9128, 'UL'],
  SamplesPerPixel: [0x0028_0002, 'US'],
  PhotometricInterpretation: [0x0028_0004, 'CS'],
  PlanarConfiguration: [0x0028_0006, 'US'],
  NumberOfFrames: [0x0028_0008, 'IS'],
  Rows: [0x0028_0010, 'US'],
  Columns: [0x0028_0011, 'US'],
  PixelSpacing: [0x0028_0030, 'DS'],
  BitsAllocated: [0x0028_0100, 'US'],
  BitsStored: [0x0028_0101, 'US'],
  HighBit: [0x0028_0102, 'US'],
  PixelRepresentation: [0x0028_0103, 'US'],
  PixelPaddingValue: [0x0028_0120, 'US'],
  WindowCenter: [0x0028_1050, 'DS'],
  WindowWidth: [0x0028_1051, 'DS'],
  RescaleIntercept: [0x0028_1052, 'DS'],
  RescaleSlope: [0x0028_1053, 'DS'],
  RescaleType: [0x0028_1054, 'LO'],
  PixelMeasuresSequence: [0x0028_9110, 'SQ'],
  PixelValueTransformationSequence: [0x0028_9145, 'SQ'],
  Units: [0x0054_1001, 'CS'],
  GridFrameOffsetVector: [0x3004_000c, 'DS'],
  SharedFunctionalGroupsSequence: [0x5200_9229, 'SQ'],
  PerFrameFunctionalGroupsSequence: [0x5200_9230, 'SQ'],
  FloatPixelData: [0x7fe0_0008, 'OF'],
  PixelData: [0x7fe0_0010, 'OW'],
} as const;

export type DicomKey = keyof typeof elements;
export type DicomContent = Readonly<{ [K in DicomKey]?: DicomElementValue }>;
/** Texts, with several parted by a backslash; numbers; items of a sequence; bytes. Undefined leaves an element out. */
export type DicomElementValue = string | number | readonly number[] | readonly DicomContent[] | Uint8Array | undefined;

export interface DicomWriting {
  /** By the end of its UID, after 1.2.840.10008.1.2. Default explicit little-endian. */
  readonly syntax?: '' | '.1' | '.2' | `.4.${number}` | '.5' | (string & {});
  /** Without preamble and file meta information. */
  readonly bare?: boolean;
  /** Sequences and items end by delimiters. Default by their lengths. */
  readonly delimited?: boolean;
  /** Packed pixels: the first is the table of offsets. */
  readonly fragments?: readonly Uint8Array[];
  /** Put in as they are, in the order of tags: private elements, and what cannot be. */
  readonly extra?: readonly (readonly [tag: number, vr: string, value: Uint8Array])[];
  readonly pixelVr?: 'OB' | 'OW';
}

/** A CT slice of 3 x 2 signed numbers, whatever is not told. */
export function dicomFile(content: DicomContent, writing: DicomWriting = {}): Uint8Array {
  const { syntax = '.1', bare = false } = writing;
  const whole: DicomContent = {
    Modality: 'CT',
    SeriesInstanceUID: '1.2.3',
    ImagePositionPatient: [0, 0, 0],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    PixelSpacing: [1, 1],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: 2,
    Columns: 3,
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    PixelData: raw16([1, 2, 3, 4, 5, 6], syntax === '.2'),
    ...content,
  };
  const form = { ...writing, explicit: syntax !== '', bigEndian: syntax === '.2' };
  const data = dataSet(whole, form);
  if (bare) return data;
  const meta = dataSet({ TransferSyntaxUID: `1.2.840.10008.1.2${syntax}` }, { explicit: true, bigEndian: false });
  return joined(new Uint8Array(128), new TextEncoder().encode('DICM'), meta, data);
}

export function raw16(values: readonly number[], bigEndian = false): Uint8Array {
  const out = new Uint8Array(values.length * 2);
  const view = new DataView(out.buffer);
  values.forEach((value, i) => view.setUint16(2 * i, value & 0xffff, !bigEndian));
  return out;
}

interface Form extends DicomWriting {
  readonly explicit: boolean;
  readonly bigEndian: boolean;
}

function dataSet(content: DicomContent, form: Form): Uint8Array {
  const entries: (readonly [number, string, DicomElementValue])[] = Object.entries(content)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [...elements[key as DicomKey], value] as const);
  const all = [...entries, ...(form.extra ?? [])].sort(([a], [b]) => a - b);
  return joined(...all.map(([tag, vr, value]) => element(tag, vr, value, form)));
}

const longVrs = ['OB', 'OW', 'OF', 'SQ', 'UN', 'UT'];
const undefinedLength = 0xffff_ffff;

function element(tag: number, vr: string, value: DicomElementValue, form: Form): Uint8Array {
  if (tag === elements.PixelData[0] && form.fragments) {
    const items = form.fragments.map((bytes) => joined(head(0xfffe_e000, undefined, bytes.length, form), bytes));
    return joined(head(tag, 'OB', undefinedLength, form), ...items, head(0xfffe_e0dd, undefined, 0, form));
  }
  if (vr === 'SQ') return sequence(tag, value as readonly DicomContent[], form);
  const kind = tag === elements.PixelData[0] ? (form.pixelVr ?? vr) : vr;
  const bytes = valueBytes(kind, value, form.bigEndian);
  return joined(head(tag, kind, bytes.length, form), bytes);
}

function sequence(tag: number, items: readonly DicomContent[], form: Form): Uint8Array {
  const inner = { ...form, extra: [] };
  const parts = items.map((item) => {
    const body = dataSet(item, inner);
    return form.delimited
      ? joined(head(0xfffe_e000, undefined, undefinedLength, form), body, head(0xfffe_e00d, undefined, 0, form))
      : joined(head(0xfffe_e000, undefined, body.length, form), body);
  });
  const whole = joined(...parts);
  return form.delimited
    ? joined(head(tag, 'SQ', undefinedLength, form), whole, head(0xfffe_e0dd, undefined, 0, form))
    : joined(head(tag, 'SQ', whole.length, form), whole);
}

function head(tag: number, vr: string | undefined, length: number, { explicit, bigEndian }: Form): Uint8Array {
  const long = vr === undefined || !explicit || longVrs.includes(vr);
  const out = new Uint8Array(vr !== undefined && explicit && long ? 12 : 8);
  const view = new DataView(out.buffer);
  view.setUint16(0, tag >>> 16, !bigEndian);
  view.setUint16(2, tag & 0xffff, !bigEndian);
  if (vr !== undefined && explicit) out.set(new TextEncoder().encode(vr), 4);
  if (long) view.setUint32(out.length - 4, length, !bigEndian);
  else view.setUint16(6, length, !bigEndian);
  return out;
}

function valueBytes(vr: string, value: DicomElementValue, bigEndian: boolean): Uint8Array {
  if (value instanceof Uint8Array) return value.length % 2 ? joined(value, new Uint8Array(1)) : value;
  if (typeof value !== 'string' && (vr === 'US' || vr === 'SS')) return raw16([value].flat() as number[], bigEndian);
  if (typeof value === 'number' && vr === 'UL') {
    const out = new Uint8Array(4);
    new DataView(out.buffer).setUint32(0, value, !bigEndian);
    return out;
  }
  const text = ([value].flat() as (string | number)[]).join('\\');
  return new TextEncoder().encode(text.length % 2 ? `${text}${vr === 'UI' ? '\0' : ' '}` : text);
}
