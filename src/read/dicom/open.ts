/** A DICOM file opened: what it says, tested, before its pixels are unpacked. */
import { InputError } from '../../errors.ts';
import type { DicomDataSet } from './data-set.ts';
import type { DicomElement } from './elements.ts';
import { openDicomFile } from './file.ts';
import { type DicomLayout, layoutOf } from './layout.ts';
import { type DicomSamples, nativeSamples } from './native.ts';
import { packedSamples } from './packed.ts';
import { type DicomSlice, slicesOf } from './slice.ts';
import type { TransferSyntax } from './syntax.ts';
import { doublePixelData, floatPixelData, pixelData } from './tags.ts';

export interface OpenedDicom {
  readonly name: string;
  readonly dataSet: DicomDataSet;
  readonly syntax: TransferSyntax;
  readonly layout: DicomLayout;
  /** One for each frame. */
  readonly slices: readonly DicomSlice[];
  readonly samples: () => DicomSamples;
}

/** @throws InputError where it is no DICOM image, or contradicts itself */
export function openDicom(bytes: Uint8Array, name: string): OpenedDicom {
  const opened = openDicomImage(bytes, name);
  if (opened) return opened;
  throw new InputError({ where: name, what: 'a DICOM file without pixels', expected: 'an image' });
}

/** Undefined where a DICOM file is sound, but holds no image: a structure set, a directory, a report. */
export function openDicomImage(bytes: Uint8Array, name: string): OpenedDicom | undefined {
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const { dataSet, syntax } = openDicomFile(plain, name);
  const pixels = pixelsOf(dataSet);
  if (!pixels) {
    // A file that is cut before its pixels ends between two elements now and then.
    if (!dataSet.has('Rows') && !crossSections.test(dataSet.text('SOPClassUID') ?? '')) return undefined;
    throw new InputError({ where: name, what: 'the file ends before its pixels' });
  }
  const layout = layoutOf(
    dataSet,
    pixels.tag === floatPixelData ? 32 : pixels.tag === doublePixelData ? 64 : undefined,
  );
  const { coding, bigEndian } = syntax;
  checkPresent(pixels, layout, coding, name);
  return {
    name,
    dataSet,
    syntax,
    layout,
    slices: slicesOf(dataSet, layout.frames),
    samples: () =>
      coding === 'native' || layout.float
        ? nativeSamples(dataSet.bytes, pixels, layout, bigEndian, name)
        : packedSamples(dataSet.bytes, pixels, layout, coding, name),
  };
}

/** SOP classes whose files are slices: CT, MR, PET, nuclear medicine, old and enhanced. */
const crossSections = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(2|2\.1|4|4\.1|20|128|130)$/;

function pixelsOf({ elements }: DicomDataSet): DicomElement | undefined {
  const found = [pixelData, floatPixelData, doublePixelData].map((tag) => elements.get(tag)).find((one) => one);
  return found && found.end > found.start ? found : undefined;
}

/** So many frames that their places alone would fill the memory are no frames. */
function checkPresent(
  { start, end, fragments }: DicomElement,
  { frames, rows, columns, bitsAllocated }: DicomLayout,
  coding: string,
  where: string,
): void {
  const most = fragments ? Math.max(1, fragments.length - 1) : ((end - start) * 8) / bitsAllocated / (rows * columns);
  if (coding !== 'native' ? frames <= most : frames <= Math.max(1, most)) return;
  const what = 'its pixels are fewer than its header says';
  const got = `pixels for ${Math.floor(most)}`;
  throw new InputError({ where, what, expected: `${frames} frames of ${columns} x ${rows}`, got });
}
