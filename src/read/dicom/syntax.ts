/** Transfer syntaxes (PS3.5, A): how a DICOM file writes its elements and packs its pixels. */
import { InputError } from '../../errors.ts';

export type DicomCoding = 'native' | 'rle' | 'jpeg' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-2000';

export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly explicit: boolean;
  readonly bigEndian: boolean;
  readonly deflated: boolean;
  readonly coding: DicomCoding;
}

const base = '1.2.840.10008.1.2';

const plain = (uid: string, name: string, explicit: boolean, bigEndian = false, deflated = false): TransferSyntax => ({
  uid,
  name,
  explicit,
  bigEndian,
  deflated,
  coding: 'native',
});
const packed = (uid: string, name: string, coding: DicomCoding): TransferSyntax => ({
  ...plain(uid, name, true),
  coding,
});

export const implicitLittleEndian = plain(base, 'Implicit VR Little Endian', false);
export const explicitLittleEndian = plain(`${base}.1`, 'Explicit VR Little Endian', true);

const syntaxes: readonly TransferSyntax[] = [
  implicitLittleEndian,
  explicitLittleEndian,
  plain(`${base}.1.99`, 'Deflated Explicit VR Little Endian', true, false, true),
  plain(`${base}.2`, 'Explicit VR Big Endian', true, true),
  packed(`${base}.4.50`, 'JPEG Baseline', 'jpeg'),
  packed(`${base}.4.51`, 'JPEG Extended', 'jpeg'),
  packed(`${base}.4.57`, 'JPEG Lossless, Process 14', 'jpeg-lossless'),
  packed(`${base}.4.70`, 'JPEG Lossless, Selection Value 1', 'jpeg-lossless'),
  packed(`${base}.4.80`, 'JPEG-LS Lossless', 'jpeg-ls'),
  packed(`${base}.4.81`, 'JPEG-LS Near-Lossless', 'jpeg-ls'),
  packed(`${base}.4.90`, 'JPEG 2000 Lossless', 'jpeg-2000'),
  packed(`${base}.4.91`, 'JPEG 2000', 'jpeg-2000'),
  packed(`${base}.5`, 'RLE Lossless', 'rle'),
];

/** @throws InputError for films, HTJ2K, JPEG XL, private syntaxes and whatever else is not read */
export function transferSyntaxOf(uid: string, where: string): TransferSyntax {
  const found = syntaxes.find((syntax) => syntax.uid === uid);
  if (found) return found;
  const expected = syntaxes.map(({ name }) => name).join('; ');
  throw new InputError({ where, what: 'its transfer syntax cannot be read', expected, got: JSON.stringify(uid) });
}
