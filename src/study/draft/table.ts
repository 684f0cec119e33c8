import type { Table } from '../../read/table/table.ts';
import type { Files, Part } from './sheets.node.ts';

/** A table of the folder with its subjects found: what a modality, a target or a split is drafted from. */
export interface DraftTable {
  /** What a modality would be called. */
  readonly name: string;
  readonly files: Files;
  /** Rows are subjects. */
  readonly table: Table;
  /** The key, where it is not the first column. */
  readonly key?: string;
  readonly turned: boolean;
  readonly parts?: Readonly<Partial<Record<Part, readonly string[]>>>;
}

/** The files' names, for messages. */
export function fileNames(files: Files): string {
  return typeof files === 'string' ? files : Object.values(files).join(', ');
}

/** Some subject has several rows. */
export function repeatsSubjects({ table }: DraftTable): boolean {
  return new Set(table.ids).size < table.ids.length;
}
