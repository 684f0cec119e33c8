/** What a DICOM file says beside its numbers: tags that are kept, units, and what a reader of the numbers should know. */
import { InputError } from '../../errors.ts';
import type { VolumeWarning } from '../image/volume.ts';
import { type DicomDataSet, isNumberText } from './data-set.ts';
import type { DicomSlice } from './slice.ts';
import type { TransferSyntax } from './syntax.ts';
import { keptKeywords, keywordOf, tagText, vrOf } from './tags.ts';

export type DicomTagValue = string | number | readonly number[];
export type DicomTags = Readonly<Record<string, DicomTagValue>>;

/** `technical`: how the image was made, and nothing of whom. `all`: every text of the file too, by number. */
export type DicomKeep = 'technical' | 'all';

export function keptTags(dataSet: DicomDataSet, keep: DicomKeep): { tags: DicomTags; warnings: VolumeWarning[] } {
  const tags: Record<string, DicomTagValue> = {};
  const warnings: VolumeWarning[] = [];
  for (const keyword of keptKeywords) {
    if (!dataSet.has(keyword)) continue;
    try {
      const isText = ['CS', 'LO', 'SH', 'UI'].includes(vrOf(keyword));
      const value = isText ? dataSet.text(keyword) : oneOrMore(dataSet.numbers(keyword));
      if (value !== undefined) tags[keyword] = value;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      warnings.push({ code: 'invalid-value', message: error.message });
    }
  }
  if (keep === 'all') Object.assign(tags, others(dataSet));
  return { tags, warnings: [...warnings, ...invalidElsewhere(dataSet)] };
}

function oneOrMore(values: number[] | undefined): DicomTagValue | undefined {
  return values?.length === 1 ? values[0] : values;
}

const texts = new Set('AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT'.split(' '));
const longest = 4096;

/** Texts that are not in the list, those of the patient among them. */
function others(dataSet: DicomDataSet): DicomTags {
  const tags: Record<string, DicomTagValue> = {};
  for (const element of dataSet.elements.values()) {
    const { tag, vr, start, end } = element;
    if (keywordOf(tag) || end - start > longest || (vr !== undefined && !texts.has(vr))) continue;
    const text = dataSet.textOf(element);
    // Without value representations what is printable is taken for text.
    if (text !== undefined && (vr !== undefined || /^[\x20-\x7e\xa0-\xff\r\n\t]*$/.test(text)))
      tags[tagText(tag)] = text;
  }
  return tags;
}

/** Numbers that are none, of elements nothing here is read from. */
function invalidElsewhere(dataSet: DicomDataSet): VolumeWarning[] {
  const wrong: string[] = [];
  for (const element of dataSet.elements.values()) {
    if ((element.vr !== 'IS' && element.vr !== 'DS') || keywordOf(element.tag)) continue;
    const text = dataSet.textOf(element);
    if (text !== undefined && !isNumberText(text, element.vr)) wrong.push(tagText(element.tag));
  }
  if (wrong.length === 0) return [];
  const message = `${dataSet.where}: ${wrong.join(', ')} should hold numbers and do not; nothing is read from them`;
  return [{ code: 'invalid-value', message }];
}

/** Hounsfield units of CT, where the file does not say that its numbers are others; those of PET. */
export function unitOf(dataSet: DicomDataSet, { scaleType }: DicomSlice): string | undefined {
  const modality = dataSet.text('Modality');
  if (modality === 'CT') return scaleType === undefined || scaleType === 'HU' ? 'HU' : undefined;
  if (modality === 'PT') return petUnits[dataSet.text('Units') ?? ''];
  return undefined;
}

const petUnits: Readonly<Record<string, string>> = { BQML: 'Bq/mL', GML: 'g/mL', CNTS: 'counts', PROPCPS: 'counts/s' };

/** What is true of the whole file and cannot be seen in its numbers. */
export function remarksOn(dataSet: DicomDataSet, told: TransferSyntax, lossy: boolean): VolumeWarning[] {
  const { where } = dataSet;
  const remarks: VolumeWarning[] = [];
  const say = (code: string, message: string) => remarks.push({ code, message: `${where}: ${message}` });
  if (told.explicit && !dataSet.syntax.explicit) {
    say(
      'implicit-elements',
      'its elements have no value representations, though its transfer syntax says that they do',
    );
  }
  if (dataSet.text('PhotometricInterpretation') === 'MONOCHROME1') {
    say('inverted', 'small numbers are bright (MONOCHROME1); they are kept as they are');
  }
  if (dataSet.text('PhotometricInterpretation') === 'PALETTE COLOR') {
    say('palette', 'its numbers are places in a table of colours; they are kept as they are');
  }
  if (lossy || dataSet.text('LossyImageCompression') === '01') {
    say('lossy-compression', 'its numbers were changed by lossy compression');
  }
  if (dataSet.text('BurnedInAnnotation') === 'YES')
    say('burned-in', 'text, perhaps the name of the patient, is in its pixels');
  if (dataSet.items('ModalityLUTSequence').length > 0) {
    say('modality-lut', 'its table of measured values is not applied: the numbers are those stored');
  }
  if (dataSet.has('DoseGridScaling')) {
    const scaling = dataSet.number('DoseGridScaling');
    say(
      'dose-scaling',
      `its numbers are those stored: times ${scaling} they are ${dataSet.text('DoseUnits') ?? 'doses'}`,
    );
  }
  const [groups, frames] = [dataSet.items('PerFrameFunctionalGroupsSequence').length, dataSet.number('NumberOfFrames')];
  if (groups > (frames ?? 1)) {
    say(
      'functional-groups',
      `it tells of ${groups} frames and holds ${frames ?? 1}: the first places are taken for theirs`,
    );
  }
  if (!dataSet.has('PixelSpacing') && dataSet.has('ImagerPixelSpacing')) {
    say('detector-spacing', 'its spacing is that of the detector, not of the patient');
  }
  return remarks;
}

export function isMosaic(dataSet: DicomDataSet): boolean {
  return dataSet.text('ImageType')?.split('\\').includes('MOSAIC') ?? false;
}
