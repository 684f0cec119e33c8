/** A modality of scans, as a study names it and as a model asks for it. */
import type { Block } from '../../describe/cohort.ts';
import type { ImageLayout, Modality } from '../../describe/modality.ts';
import type { Warning } from '../../evaluate/comparison.ts';
import type { Table } from '../../read/table/table.ts';
import { type Files, filePath, filePaths, type PartedTable, type Place } from '../files.node.ts';
import type { ImageSource, ModelModality } from '../model-file.ts';
import type { ImagesEntry, ModalityEntry } from '../schema.ts';
import { chooseSeries } from './choose-series.node.ts';
import { describeScans } from './describe-scans.node.ts';
import { findScans } from './find-scans.node.ts';
import { imageSource } from './image-source.ts';
import { readScans } from './read-scans.node.ts';
import type { ScanFile } from './scan-file.node.ts';

export interface StudyImages extends PartedTable {
  readonly described: { readonly modality: Modality; readonly warnings: readonly Warning[] };
  block(rows: Int32Array): Promise<Block>;
  /** What was noticed while the block was read. */
  noticed(): readonly Warning[];
}

/** @param wanted ids of the subjects who have a target: scans of others are not looked at, unless there are only such */
export async function imagesOfStudy(
  name: string,
  entry: ModalityEntry,
  place: Place,
  wanted: ReadonlySet<string>,
): Promise<StudyImages> {
  const where = `modalities.${name}`;
  const images = entry.images as ImagesEntry;
  const named = filePaths(entry.file, place, where);
  const source = imageSource(images);
  const { all, each } = await findScans(named, entry, source, `${place.file}: ${where}`);
  const used = all.files.map((one, row) => (wanted.has(all.table.ids[row]) ? one : undefined));
  const files = used.some((one) => one) ? used : all.files;
  const scans = { table: all.table, files: await chooseSeries(files, source.part) };
  const like = images.grid?.like === undefined ? undefined : filePath(images.grid.like, place, `${where}.images.grid`);
  const described = await describeScans(name, scans, entry, like, `${place.file}: ${where}`);
  const { modality } = described;
  return {
    table: all.table,
    parts: partsOf(
      entry.file,
      each.map(({ table }) => table),
    ),
    described,
    ...reading(modality, scans.files, source),
  };
}

/** The scans of new subjects, read as those that the model was fitted on. */
export async function imagesOfModel(
  { modality, table }: ModelModality,
  files: readonly string[],
): Promise<Omit<StudyImages, 'parts'>> {
  const source = table.images as ImageSource;
  const { files: _, images: __, ...how } = table;
  const { all } = await findScans(files, how, source, modality.name);
  const scans = await chooseSeries(all.files, source.part);
  return {
    table: all.table,
    described: { modality, warnings: [] },
    ...reading(modality, scans, source),
  };
}

function reading(
  modality: Modality,
  files: readonly (ScanFile | undefined)[],
  source: ImageSource,
): Pick<StudyImages, 'block' | 'noticed'> {
  let noticed: readonly Warning[] = [];
  return {
    block: async (rows) => {
      const { block, warnings } = await readScans(modality, modality.image as ImageLayout, files, rows, source);
      noticed = warnings;
      return block;
    },
    noticed: () => noticed,
  };
}

function partsOf(files: Files, tables: readonly Table[]): PartedTable['parts'] {
  if (typeof files === 'string') return [];
  const roles = (['train', 'test'] as const).filter((role) => files[role] !== undefined);
  return roles.map((role, at) => ({ role, name: tables[at].name, ids: tables[at].ids }));
}
