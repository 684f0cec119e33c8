/**
 * The elements of a DICOM file that are read here (PS3.6): number, value representation, keyword. All are technical: they say
 * how an image was made and where it stands, not of whom. Names, dates, places and free text are not among them.
 */

/** Of the value representations, those whose numbers are read: text (`DS`, `IS` as digits) or binary. */
export type DicomVr = 'CS' | 'LO' | 'SH' | 'UI' | 'DS' | 'IS' | 'US' | 'SS' | 'UL' | 'FD' | 'FL' | 'SQ' | 'OW' | 'AT';

const table = {
  ImageType: [0x0008_0008, 'CS'],
  SOPClassUID: [0x0008_0016, 'UI'],
  Modality: [0x0008_0060, 'CS'],
  Manufacturer: [0x0008_0070, 'LO'],
  ManufacturerModelName: [0x0008_1090, 'LO'],
  BodyPartExamined: [0x0018_0015, 'CS'],
  ScanningSequence: [0x0018_0020, 'CS'],
  SequenceVariant: [0x0018_0021, 'CS'],
  ScanOptions: [0x0018_0022, 'CS'],
  MRAcquisitionType: [0x0018_0023, 'CS'],
  SliceThickness: [0x0018_0050, 'DS'],
  KVP: [0x0018_0060, 'DS'],
  RepetitionTime: [0x0018_0080, 'DS'],
  EchoTime: [0x0018_0081, 'DS'],
  InversionTime: [0x0018_0082, 'DS'],
  NumberOfAverages: [0x0018_0083, 'DS'],
  ImagingFrequency: [0x0018_0084, 'DS'],
  ImagedNucleus: [0x0018_0085, 'SH'],
  EchoNumbers: [0x0018_0086, 'IS'],
  MagneticFieldStrength: [0x0018_0087, 'DS'],
  SpacingBetweenSlices: [0x0018_0088, 'DS'],
  EchoTrainLength: [0x0018_0091, 'IS'],
  PixelBandwidth: [0x0018_0095, 'DS'],
  SoftwareVersions: [0x0018_1020, 'LO'],
  TriggerTime: [0x0018_1060, 'DS'],
  FrameTime: [0x0018_1063, 'DS'],
  ReconstructionDiameter: [0x0018_1100, 'DS'],
  GantryDetectorTilt: [0x0018_1120, 'DS'],
  ExposureTime: [0x0018_1150, 'IS'],
  XRayTubeCurrent: [0x0018_1151, 'IS'],
  Exposure: [0x0018_1152, 'IS'],
  ImagerPixelSpacing: [0x0018_1164, 'DS'],
  ConvolutionKernel: [0x0018_1210, 'SH'],
  FlipAngle: [0x0018_1314, 'DS'],
  PatientPosition: [0x0018_5100, 'CS'],
  DiffusionBValue: [0x0018_9087, 'FD'],
  SeriesInstanceUID: [0x0020_000e, 'UI'],
  SeriesNumber: [0x0020_0011, 'IS'],
  AcquisitionNumber: [0x0020_0012, 'IS'],
  InstanceNumber: [0x0020_0013, 'IS'],
  ImagePositionPatient: [0x0020_0032, 'DS'],
  ImageOrientationPatient: [0x0020_0037, 'DS'],
  FrameOfReferenceUID: [0x0020_0052, 'UI'],
  TemporalPositionIdentifier: [0x0020_0100, 'IS'],
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
  BurnedInAnnotation: [0x0028_0301, 'CS'],
  WindowCenter: [0x0028_1050, 'DS'],
  WindowWidth: [0x0028_1051, 'DS'],
  RescaleIntercept: [0x0028_1052, 'DS'],
  RescaleSlope: [0x0028_1053, 'DS'],
  RescaleType: [0x0028_1054, 'LO'],
  LossyImageCompression: [0x0028_2110, 'CS'],
  Units: [0x0054_1001, 'CS'],
  GridFrameOffsetVector: [0x3004_000c, 'DS'],
  DoseUnits: [0x3004_0002, 'CS'],
  DoseGridScaling: [0x3004_000e, 'DS'],
} as const satisfies Record<string, readonly [number, DicomVr]>;

/** Elements that hold others, or bytes: read where they are needed, never kept as tags. */
const inner = {
  TransferSyntaxUID: [0x0002_0010, 'UI'],
  ModalityLUTSequence: [0x0028_3000, 'SQ'],
  PixelMeasuresSequence: [0x0028_9110, 'SQ'],
  PixelValueTransformationSequence: [0x0028_9145, 'SQ'],
  FrameContentSequence: [0x0020_9111, 'SQ'],
  PlanePositionSequence: [0x0020_9113, 'SQ'],
  PlaneOrientationSequence: [0x0020_9116, 'SQ'],
  SegmentIdentificationSequence: [0x0062_000a, 'SQ'],
  ReferencedSegmentNumber: [0x0062_000b, 'US'],
  MREchoSequence: [0x0018_9114, 'SQ'],
  EffectiveEchoTime: [0x0018_9082, 'FD'],
  MRDiffusionSequence: [0x0018_9117, 'SQ'],
  CardiacSynchronizationSequence: [0x0018_9118, 'SQ'],
  NominalCardiacTriggerDelayTime: [0x0020_9153, 'FD'],
  SharedFunctionalGroupsSequence: [0x5200_9229, 'SQ'],
  PerFrameFunctionalGroupsSequence: [0x5200_9230, 'SQ'],
} as const satisfies Record<string, readonly [number, DicomVr]>;

export type DicomKeyword = keyof typeof table;
export type DicomName = DicomKeyword | keyof typeof inner;

const all: Readonly<Record<DicomName, readonly [number, DicomVr]>> = { ...table, ...inner };

export const floatPixelData = 0x7fe0_0008;
export const doublePixelData = 0x7fe0_0009;
export const pixelData = 0x7fe0_0010;

export function numberOf(name: DicomName): number {
  return all[name][0];
}

export function vrOf(name: DicomName): DicomVr {
  return all[name][1];
}

/** Those that are kept beside an image. */
export const keptKeywords = Object.keys(table) as DicomKeyword[];

const known = new Map<number, DicomKeyword>(keptKeywords.map((keyword) => [table[keyword][0], keyword]));

export function keywordOf(tag: number): DicomKeyword | undefined {
  return known.get(tag);
}

/** As the standard writes it: `(0028,0010)`. */
export function tagText(tag: number): string {
  const hex = tag.toString(16).padStart(8, '0');
  return `(${hex.slice(0, 4)},${hex.slice(4)})`;
}
