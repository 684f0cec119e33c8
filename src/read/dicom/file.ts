/** From the bytes of a DICOM file (PS3.10) to its data set: preamble, file meta information, deflated data sets. */
import { Inflate } from 'fflate';
import { InputError } from '../../errors.ts';
import { joined } from '../packed/joined.ts';
import { DicomDataSet } from './data-set.ts';
import { ElementWalk, isVr } from './elements.ts';
import { explicitLittleEndian, implicitLittleEndian, type TransferSyntax, transferSyntaxOf } from './syntax.ts';
import { numberOf } from './tags.ts';

export interface DicomFile {
  readonly dataSet: DicomDataSet;
  readonly syntax: TransferSyntax;
}

/** Whether bytes are DICOM: by the mark after the preamble or, of files without one, by their first element. */
export function isDicom(bytes: Uint8Array): boolean {
  return hasPreamble(bytes) || bareStart(bytes) !== undefined;
}

function hasPreamble(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM';
}

/** Of files without a preamble: how their first element, of group 2 or 8, is written. */
function bareStart(bytes: Uint8Array): 'meta' | 'explicit' | 'implicit' | undefined {
  if (bytes.length < 16) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const [group, element] = [view.getUint16(0, true), view.getUint16(2, true)];
  if ((group !== 2 && group !== 8) || element > 0x18) return undefined;
  if (isVr(String.fromCharCode(bytes[4], bytes[5]))) return group === 2 ? 'meta' : 'explicit';
  const length = view.getUint32(4, true);
  return group === 8 && length <= 64 && length % 2 === 0 ? 'implicit' : undefined;
}

/** @throws InputError where it is no DICOM, or ends inside its data set */
export function openDicomFile(bytes: Uint8Array, where: string): DicomFile {
  const { plain, start, written, syntax } = dataSetIn(bytes, where);
  const elements = new ElementWalk(plain, start, where).elements(written, plain.length);
  return { dataSet: new DicomDataSet(plain, written, elements, where), syntax };
}

/** What a broken file tells before it breaks off; undefined where not even its header can be read. */
export function startOfDicomFile(bytes: Uint8Array, where: string): DicomDataSet | undefined {
  const found = new Map();
  try {
    const { plain, start, written } = dataSetIn(bytes, where);
    const walk = new ElementWalk(plain, start, where);
    try {
      while (walk.at < plain.length) {
        const element = walk.element(written, plain.length, 0);
        found.set(element.tag, element);
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
    return new DicomDataSet(plain, written, found, where);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

interface DataSetPlace {
  /** Unpacked where the data set is packed. */
  readonly plain: Uint8Array;
  readonly start: number;
  /** How its elements are written, which may be otherwise than it says. */
  readonly written: TransferSyntax;
  readonly syntax: TransferSyntax;
}

function dataSetIn(bytes: Uint8Array, where: string): DataSetPlace {
  const start = hasPreamble(bytes) ? 132 : 0;
  const bare = start === 0 ? bareStart(bytes) : 'meta';
  if (!bare) {
    const expected = 'the mark DICM after 128 bytes';
    throw new InputError({ where, what: bytes.length === 0 ? 'the file is empty' : 'no DICOM file', expected });
  }
  if (bare !== 'meta') {
    return dataSetAt(bytes, 0, bare === 'explicit' ? explicitLittleEndian : implicitLittleEndian, where);
  }
  const walk = new ElementWalk(bytes, start, where);
  const meta = new Map();
  while (walk.at < bytes.length) {
    const at = walk.at;
    const tag = walk.tag(explicitLittleEndian, bytes.length);
    walk.at = at;
    if (tag < 0x0002_0000 || tag >= 0x0003_0000) break;
    const element = walk.element(explicitLittleEndian, bytes.length, 0);
    meta.set(element.tag, element);
  }
  const header = new DicomDataSet(bytes, explicitLittleEndian, meta, where);
  const uid = header.text('TransferSyntaxUID');
  if (uid === undefined) throw new InputError({ where, what: 'no TransferSyntaxUID in its header' });
  return dataSetAt(bytes, walk.at, transferSyntaxOf(uid, where), where);
}

function dataSetAt(bytes: Uint8Array, at: number, syntax: TransferSyntax, where: string): DataSetPlace {
  const plain = syntax.deflated ? inflated(bytes.subarray(at), where) : bytes;
  const start = syntax.deflated ? 0 : at;
  if (start >= plain.length) throw new InputError({ where, what: 'the file ends inside its data set' });
  return { plain, start, written: asWritten(plain, start, syntax), syntax };
}

/** Some writers leave out value representations though their syntax has them: the first element tells. */
function asWritten(bytes: Uint8Array, start: number, syntax: TransferSyntax): TransferSyntax {
  const told = bytes.subarray(start + 4, start + 6);
  if (!syntax.explicit || syntax.bigEndian || told.length < 2) return syntax;
  const isLength = told[0] <= 64 && told[1] === 0;
  return isVr(String.fromCharCode(...told)) || !isLength ? syntax : { ...syntax, explicit: false };
}

/** Beside the pixels: whatever a header may hold. */
const headerRoom = 16 * 2 ** 20;
/** As much as a file may have that is not packed. */
const mostUnpacked = 2 ** 31;

/**
 * Unpacks a deflated data set as far as its own header says that it goes: once Rows, Columns and the like are there, more
 * than the pixels they tell (and a header) is a bomb.
 */
function inflated(packed: Uint8Array, where: string): Uint8Array {
  const parts: Uint8Array[] = [];
  let [size, limit, ended] = [0, headerRoom, false];
  const stream = new Inflate((part, final) => {
    parts.push(part);
    size += part.length;
    ended = final;
  });
  const piece = 65536;
  try {
    for (let at = 0; at < packed.length && !ended; at += piece) {
      stream.push(packed.subarray(at, at + piece), at + piece >= packed.length);
      if (size <= limit) continue;
      limit = headerRoom + Math.min(pixelBytes(joined(parts), where), mostUnpacked);
      if (size > limit) break;
    }
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const got = cause instanceof Error ? cause.message : String(cause);
    throw new InputError({ where, what: 'broken deflated data set', expected: 'a whole one', got, cause });
  }
  if (size > limit) {
    throw new InputError({ where, what: 'too large', expected: `at most ${limit} bytes unpacked`, got: 'more' });
  }
  return joined(parts);
}

/** What the elements before the pixels say of their size. */
function pixelBytes(start: Uint8Array, where: string): number {
  const walk = new ElementWalk(start, 0, where);
  const found = new Map();
  try {
    while (walk.at < start.length) {
      const element = walk.element(explicitLittleEndian, start.length, 0);
      found.set(element.tag, element);
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error; // it ends inside the pixels, of course
  }
  const header = new DicomDataSet(start, explicitLittleEndian, found, where);
  if (!found.has(numberOf('Rows'))) return 0;
  const of = (name: 'Rows' | 'Columns' | 'SamplesPerPixel' | 'NumberOfFrames' | 'BitsAllocated') =>
    header.number(name) ?? 1;
  return (of('Rows') * of('Columns') * of('SamplesPerPixel') * of('NumberOfFrames') * of('BitsAllocated')) / 8;
}
