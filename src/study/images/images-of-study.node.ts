/** A modality of scans, as a study names it and as a model asks for it. */
import type { Block } from '../../describe/cohort.ts';
import type { ImageLayout, Modality } from '../../describe/modality.ts';
import type { Warning } from '../../evaluate/comparison.ts';
import type { Table } from '../../read/table.ts';
import { type Files, filePath, filePaths, type PartedTable, type Place } from '../files.node.ts';
import type { ImageSource, ModelModality } from '../model-file.ts';
import type { ImagesEntry, ModalityEntry } from '../schema.ts';
import { describeScans } from './describe-scans.node.ts';
import { findScans } from './find-scans.node.ts';
import { imageSource } from './image-source.ts';
import { readScans } from './read-scans.node.ts';

export interface StudyImages extends PartedTable {
  readonly described: { readonly modality: Modality; readonly warnings: readonly Warning[] };
  block(rows: Int32Array): Promise<Block>;
}

export async function imagesOfStudy(name: string, entry: ModalityEntry, place: Place): Promise<StudyImages> {
  const where = `modalities.${name}`;
  const images = entry.images as ImagesEntry;
  const files = filePaths(entry.file, place, where);
  const { all, each } = await findScans(files, entry, images.column, `${place.file}: ${where}`);
  const like = images.grid?.like === undefined ? undefined : filePath(images.grid.like, place, `${where}.images.grid`);
  const described = await describeScans(name, all, entry, like, `${place.file}: ${where}`);
  const { modality } = described;
  return {
    table: all.table,
    parts: partsOf(
      entry.file,
      each.map(({ table }) => table),
    ),
    described,
    block: (rows) => readScans(modality, modality.image as ImageLayout, all.paths, rows, imageSource(images)),
  };
}

/** The scans of new subjects, read as those that the model was fitted on. */
export async function imagesOfModel(
  { modality, table }: ModelModality,
  files: readonly string[],
): Promise<Omit<StudyImages, 'parts'>> {
  const source = table.images as ImageSource;
  const { files: _, images, ...how } = table;
  const { all } = await findScans(files, how, images?.column, modality.name);
  return {
    table: all.table,
    described: { modality, warnings: [] },
    block: (rows) => readScans(modality, modality.image as ImageLayout, all.paths, rows, source),
  };
}

function partsOf(files: Files, tables: readonly Table[]): PartedTable['parts'] {
  if (typeof files === 'string') return [];
  const roles = (['train', 'test'] as const).filter((role) => files[role] !== undefined);
  return roles.map((role, at) => ({ role, name: tables[at].name, ids: tables[at].ids }));
}
