/** Good DICOM files of every way of packing, to be broken: the file, or the packed stream in a file that is sound. */
import type { Random } from '../../src/array/random.ts';
import { bytesOf, codecFile, codecStreams } from './dicom-codecs.ts';
import { type DicomContent, dicomFile, raw16 } from './dicom-files.ts';
import { mutated } from './image-mutations.ts';

export interface DicomSeed {
  readonly name: string;
  /** Bytes of its numbers, where it is whole. */
  readonly honest: number;
  readonly broken: (random: Random) => Uint8Array;
}

const enhanced: DicomContent = {
  NumberOfFrames: 2,
  PixelData: raw16([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
  SharedFunctionalGroupsSequence: [{ PixelMeasuresSequence: [{ PixelSpacing: [1, 1], SliceThickness: 2 }] }],
  PerFrameFunctionalGroupsSequence: [0, 2].map((z) => ({
    PlanePositionSequence: [{ ImagePositionPatient: [0, 0, z] }],
    PlaneOrientationSequence: [{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }],
  })),
};
const rle = new Uint8Array(78);
rle.set([2, 0, 0, 0, 64, 0, 0, 0, 69, 0, 0, 0]);
rle.set([252, 0, 0, 1, 128, 2, 1, 2, 3, 254, 9, 128], 64);

export function dicomSeeds(): DicomSeed[] {
  const whole = (name: string, file: Uint8Array): DicomSeed => ({
    name,
    honest: file.length,
    broken: (random) => mutated(file, random),
  });
  return [
    whole('native', dicomFile({ RescaleSlope: 2, RescaleIntercept: -1024, SliceThickness: 3 })),
    whole('implicit', dicomFile({}, { syntax: '', delimited: true })),
    whole('big-endian', dicomFile({}, { syntax: '.2' })),
    whole('bare', dicomFile({ SOPClassUID: '1.2' }, { bare: true })),
    whole('enhanced', dicomFile(enhanced)),
    whole('enhanced, delimited', dicomFile(enhanced, { delimited: true })),
    whole('run lengths', dicomFile({}, { syntax: '.5', fragments: [new Uint8Array(0), rle] })),
    ...codecStreams().map((packed): DicomSeed => {
      const stream = bytesOf(packed.stream);
      const file = codecFile(packed);
      return {
        name: packed.name,
        honest: packed.rows * packed.columns * packed.samples * 2,
        // Half of them whole around a broken stream.
        broken: (random) =>
          random.integer(2) ? codecFile(packed, { stream: mutated(stream, random) }) : mutated(file, random),
      };
    }),
  ];
}
