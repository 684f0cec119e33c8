/** The seam between what was measured and what attention works on: any modality becomes tokens `[batch, tokens, width]`. */
import type { Block } from '../describe/cohort.ts';
import type { NamedValues } from '../engine/session/runtime.ts';
import type { Tensor } from '../engine/tensor.ts';
import type { JsonObject } from '../estimator.ts';
import type { TokenPlace } from './image-patches.ts';

/**
 * An encoder of one modality. Its parameters are learned with the rest of the graph, so it keeps none itself: it says which
 * inputs the graph has, what becomes of them, and what is fed for a prepared block. A subject without the modality has
 * tokens too; whoever attends to them masks them out.
 */
export interface Encoder {
  /** What it is, as plain JSON, so that a saved model can build the same graph anew. */
  readonly spec: { readonly kind: string } & JsonObject;
  /** Tokens of a subject. */
  readonly tokens: number;
  /** What each token is called where attention is read: a feature, a group of features, or the number of a learned one. */
  readonly names: readonly string[]; // [tokens]
  /** Where in the world each token tells of; absent where tokens have no place. */
  readonly places?: readonly TokenPlace[]; // [tokens]
  /** So many of the tokens, the first, are learned combinations of all columns: one network's second is not another's. */
  readonly learned: number;
  /** The graph from the inputs to `[batch, tokens, width]`. */
  encode(): Tensor;
  /**
   * What is fed for a block of this modality, in a form from which rows are taken.
   *
   * @param block as prepared
   * @param raw the same subjects as measured; needed only by encoders that tell what preparation takes out
   */
  inputs(block: Block, raw?: Block): readonly EncoderInput[];
}

/** An input of all subjects. */
export interface EncoderInput {
  readonly name: string;
  /** Of one subject. */
  readonly shape: readonly number[];
  readonly data: Float32Array; // [subjects, ...shape]
  /** Whether it says what was measured, rather than what the measurement was. */
  readonly mask: boolean;
  /**
   * Whether its numbers are the prepared columns as they are, or their masks, each of which means something without the
   * others; else the encoder made others of them, or they are voxels, of which single ones left out are but noise.
   */
  readonly columns: boolean;
}

/** The inputs of some subjects, as they are fed. */
export function feedRows(inputs: readonly EncoderInput[], rows: Int32Array): NamedValues {
  return Object.fromEntries(
    inputs.map(({ name, shape, data }) => {
      const size = shape.reduce((a, b) => a * b, 1);
      const taken = new Float32Array(rows.length * size); // [rows, ...shape]
      for (let i = 0; i < rows.length; i++) taken.set(data.subarray(rows[i] * size, (rows[i] + 1) * size), i * size);
      return [name, { shape: [rows.length, ...shape], data: taken }];
    }),
  );
}
