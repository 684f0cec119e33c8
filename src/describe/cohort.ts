import { emptyLike, type Matrix, takeRows } from '../array/matrix.ts';
import { InputError, internal } from '../errors.ts';
import type { Modality } from './modality.ts';

/** One modality measured on the subjects of a cohort. Missing is a mask, never NaN; a masked value is 0. */
export interface Block {
  readonly modality: Modality;
  readonly values: Matrix; // [subjects, features]
  readonly observed: Uint8Array; // [subjects, features], 1 where measured
  readonly present: Uint8Array; // [subjects], 1 where the subject has this modality at all
  /** The site (hospital, scanner, batch) of each subject; only where the study tells it. */
  readonly sites?: readonly string[]; // [subjects]
}

/** Subjects x modalities, with holes. Subjects are sorted by id, so that file order changes nothing. */
export interface Cohort {
  readonly subjects: readonly string[];
  readonly blocks: readonly Block[];
}

/**
 * A cohort of blocks that fit together.
 *
 * @param sites the site of each subject, told to every block; without it blocks keep what sites they have
 * @throws InputError on two modalities of one name, and where values, masks or sites are not those of the subjects
 */
export function cohort(subjects: readonly string[], blocks: readonly Block[], sites?: readonly string[]): Cohort {
  const told = sites ? blocks.map((block) => ({ ...block, sites })) : blocks;
  for (const block of told) checkSites(block, subjects.length);
  const names = new Set<string>();
  for (const { modality, values, observed, present } of blocks) {
    if (names.has(modality.name))
      throw new InputError({ where: 'cohort', what: `two modalities named "${modality.name}"` });
    names.add(modality.name);
    const [rows, columns] = values.shape;
    if (rows !== subjects.length || columns !== modality.features.length) {
      throw new InputError({
        where: `cohort: ${modality.name}`,
        what: 'values do not fit',
        expected: `[${subjects.length} subjects, ${modality.features.length} features]`,
        got: `[${rows}, ${columns}]`,
      });
    }
    if (observed.length !== rows * columns || present.length !== rows) throw internal(`masks of ${modality.name}`);
    const broken = values.data.findIndex((value, at) => observed[at] === 1 && !Number.isFinite(value));
    if (broken >= 0) {
      throw new InputError({
        where: `cohort: ${modality.name}: ${modality.features[broken % columns].name} of ${subjects[Math.floor(broken / columns)]}`,
        what: 'marked as measured, but not a finite number',
        expected: 'a finite number, or 0 in the mask of measured values',
        got: String(values.data[broken]),
      });
    }
  }
  return Object.freeze({ subjects, blocks: told });
}

function checkSites({ modality, sites }: Block, subjects: number): void {
  if (!sites || sites.length === subjects) return;
  throw new InputError({
    where: `cohort: ${modality.name}: sites`,
    what: 'not a site a subject',
    expected: String(subjects),
    got: String(sites.length),
  });
}

/** The modality of that name; an unknown name is refused with those there are. */
export function blockOf(x: Cohort, name: string): Block {
  const found = x.blocks.find((block) => block.modality.name === name);
  if (!found) {
    const known = x.blocks.map((block) => block.modality.name).join(', ');
    throw new InputError({ where: 'cohort', what: `unknown modality "${name}"`, expected: `one of ${known}` });
  }
  return found;
}

export function takeBlockRows(block: Block, rows: ArrayLike<number>): Block {
  const columns = block.values.shape[1];
  const observed = new Uint8Array(rows.length * columns); // [rows, features]
  const present = new Uint8Array(rows.length); // [rows]
  for (let i = 0; i < rows.length; i++) {
    observed.set(block.observed.subarray(rows[i] * columns, (rows[i] + 1) * columns), i * columns);
    present[i] = block.present[rows[i]];
  }
  const { modality, sites } = block;
  return {
    modality,
    values: takeRows(block.values, rows),
    observed,
    present,
    ...(sites && { sites: Array.from(rows, (row) => sites[row]) }),
  };
}

/** The given subjects, by row, in the given order. */
export function takeSubjects(x: Cohort, rows: ArrayLike<number>): Cohort {
  return Object.freeze({
    subjects: Array.from(rows, (row) => x.subjects[row]),
    blocks: x.blocks.map((block) => takeBlockRows(block, rows)),
  });
}

/** The same subjects as if every modality but the named ones had not been measured. */
export function withOnly(x: Cohort, present: readonly string[]): Cohort {
  return Object.freeze({
    subjects: x.subjects,
    blocks: x.blocks.map((block) => (present.includes(block.modality.name) ? block : absent(block))),
  });
}

function absent({ modality, values, observed, present, sites }: Block): Block {
  const [rows, columns] = values.shape;
  return {
    modality,
    values: { shape: [rows, columns], data: emptyLike(values.data, rows * columns) },
    observed: new Uint8Array(observed.length),
    present: new Uint8Array(present.length),
    ...(sites && { sites }),
  };
}

/** Rows of the subjects who have every one of the named modalities (all of them by default). */
export function rowsWith(x: Cohort, names: readonly string[] = x.blocks.map((b) => b.modality.name)): Int32Array {
  const blocks = names.map((name) => blockOf(x, name));
  const rows: number[] = [];
  for (let i = 0; i < x.subjects.length; i++) {
    if (blocks.every((block) => block.present[i] === 1)) rows.push(i);
  }
  return Int32Array.from(rows);
}
