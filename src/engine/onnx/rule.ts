/** What an emission rule is: adds ONNX nodes to the writer, and names the value. */
import type { Attributes, Op } from '../op.ts';
import type { Typed } from '../typed.ts';
import type { OnnxWriter } from './writer.ts';

/** An operation whose inputs have been written. */
export interface Emission<K extends Op> {
  readonly write: OnnxWriter;
  /** Names of the inputs. */
  readonly names: readonly string[];
  readonly inputs: readonly Typed[];
  readonly output: Typed;
  readonly attributes: Attributes[K];
  /** Whether the graph also applies another operation to the same inputs with the same attributes. */
  readonly beside: (op: Op) => boolean;
}

export type EmissionRule<K extends Op> = (emission: Emission<K>) => string;

/** The operation is one ONNX operator of the same meaning. */
export const operator =
  (type: string): EmissionRule<Op> =>
  ({ write, names }) =>
    write.node(type, names);
