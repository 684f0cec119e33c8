/** Streams of test/fixtures/dicom-codecs.json, put into DICOM files. */
import { fixture } from '../fixtures/fixture.ts';
import { dicomFile } from './dicom-files.ts';

export interface PackedStream {
  readonly name: string;
  /** The end of the transfer syntax. */
  readonly syntax: string;
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  readonly bits: number;
  readonly signed: boolean;
  readonly photometric?: string;
  readonly stream: string;
  /** 16 bits each, colours apart. */
  readonly values: string;
  readonly tolerance?: number;
}

export const codecStreams = () => fixture<{ streams: readonly PackedStream[] }>('dicom-codecs').streams;

/** In a buffer of its own. */
export const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'));

export function codecFile(
  packed: PackedStream,
  { stream = bytesOf(packed.stream), frames = 1 }: { readonly stream?: Uint8Array; readonly frames?: number } = {},
): Uint8Array {
  const { rows, columns, samples, bits, signed, syntax } = packed;
  const padded = stream.length % 2 ? Uint8Array.of(...stream, 0) : stream;
  return dicomFile(
    {
      Modality: 'OT',
      Rows: rows,
      Columns: columns,
      SamplesPerPixel: samples,
      PhotometricInterpretation: packed.photometric ?? (samples === 3 ? 'RGB' : 'MONOCHROME2'),
      PlanarConfiguration: samples === 3 ? 0 : undefined,
      NumberOfFrames: frames > 1 ? frames : undefined,
      BitsAllocated: bits > 8 ? 16 : 8,
      BitsStored: bits,
      HighBit: bits - 1,
      PixelRepresentation: signed ? 1 : 0,
      PixelData: new Uint8Array(0), // its fragments stand in its place
    },
    { syntax, fragments: [new Uint8Array(0), ...new Array<Uint8Array>(frames).fill(padded)] },
  );
}
