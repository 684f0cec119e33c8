/** Cohorts as networks take them: prepared, encoded as inputs, with the mask of who has what. */

import { type Block, blockOf, type Cohort } from '../../describe/cohort.ts';
import { type Encoder, type EncoderInput, feedRows } from '../../encode/encoder.ts';
import { encoderOf } from '../../encode/encoders.ts';
import type { NamedValues } from '../../engine/session/runtime.ts';
import type { FittedHarmonizer } from '../../harmonize/harmonizer.ts';
import { presence } from '../prediction.ts';
import { presentName } from './network.ts';
import type { NetworkOptions } from './options.ts';

export interface Design {
  readonly inputs: readonly EncoderInput[];
  /** The inputs that can lose single values: prepared columns. Of a code of several numbers a part would be another value. */
  readonly columns: readonly EncoderInput[];
  readonly present: Uint8Array; // [subjects, modalities]
  readonly modalities: number;
  /** Share of prepared values that were not measured. */
  readonly filled: Float64Array; // [subjects]
}

/** What the parameters of the encoder of a modality are named after, by its place. */
export const encoderName = (m: number) => `modality ${m}`;

/**
 * An encoder for each prepared block. Names are places, so that a modality may be called anything.
 *
 * @param raw the same blocks as measured
 */
export function encodersOf(
  blocks: readonly Block[],
  { width, tokens, patches, bins, librarySize }: NetworkOptions,
  raw: readonly Block[] = [],
): Encoder[] {
  return blocks.map((block, m) =>
    encoderOf(block, { name: encoderName(m), width, tokens, patches, bins }, librarySize ? raw[m] : undefined),
  );
}

export async function preparedBlocks(
  x: Cohort,
  modalities: readonly string[],
  preparations: readonly FittedHarmonizer[],
): Promise<Block[]> {
  return Promise.all(modalities.map((name, m) => preparations[m].apply(blockOf(x, name))));
}

export function designOf(
  x: Cohort,
  modalities: readonly string[],
  blocks: readonly Block[],
  encoders: readonly Encoder[],
): Design {
  const n = x.subjects.length;
  const width = blocks.reduce((sum, { values }) => sum + values.shape[1], 0);
  const measured = new Float64Array(n); // [subjects]
  for (const { observed, values } of blocks) {
    const columns = values.shape[1];
    observed.forEach((yes, at) => {
      measured[Math.floor(at / columns)] += yes;
    });
  }
  const inputs = encoders.flatMap((encoder, m) => encoder.inputs(blocks[m], blockOf(x, modalities[m])));
  return {
    inputs,
    columns: inputs.filter(({ mask, columns }) => columns && !mask),
    present: presence(x, modalities),
    modalities: modalities.length,
    filled: measured.map((count) => 1 - count / width),
  };
}

/** What is fed for some subjects, all of their modalities shown. */
export function feedOf({ inputs, present, modalities }: Design, rows: Int32Array): NamedValues {
  const own = new Float32Array(rows.length * modalities); // [rows, modalities]
  rows.forEach((row, i) => {
    own.set(present.subarray(row * modalities, (row + 1) * modalities), i * modalities);
  });
  return { ...feedRows(inputs, rows), [presentName]: { shape: [rows.length, modalities], data: own } };
}

/** All subjects of a design, as rows. */
export function rowsOf({ present, modalities }: Design): Int32Array {
  return Int32Array.from({ length: present.length / modalities }, (_, i) => i);
}

/** Subjects with at least one of the modalities. */
export function rowsWithAny({ present, modalities }: Pick<Design, 'present' | 'modalities'>): Int32Array {
  const subjects = present.length / modalities;
  return Int32Array.from({ length: subjects }, (_, i) => i).filter((i) =>
    present.subarray(i * modalities, (i + 1) * modalities).includes(1),
  );
}
