/**
 * A table to tokens. Few columns: a token a column, x_j w_j + b_j with vectors w_j and b_j of its own (Gorishniy et al. 2021,
 * "Revisiting deep learning models for tabular data", equation 1), and a learned vector instead where the cell is missing.
 * Many columns: so many tokens, each a learned projection of all columns; a missing cell enters as 0 and adds a learned
 * vector of its own to each token.
 *
 * Columns are prepared ones (centred, of spread 1). What preparation put into a missing cell is not looked at.
 */
import type { Block } from '../describe/cohort.ts';
import { normal, zeros } from '../engine/layer/initializers.ts';
import { add, mul, sub } from '../engine/ops/arithmetic.ts';
import { matMul } from '../engine/ops/contraction.ts';
import { expandDims, reshape } from '../engine/ops/layout.ts';
import { input, parameter, type Tensor } from '../engine/tensor.ts';
import { InputError } from '../errors.ts';
import type { Encoder, EncoderInput } from './encoder.ts';

export interface TabularSpec {
  /** Of the modality; parameters and inputs are named after it. */
  readonly name: string;
  /** Prepared columns. */
  readonly columns: number;
  /** Numbers in a token. */
  readonly width: number;
  /** Tokens of a table with more columns than `columnTokens`. */
  readonly tokens: number;
  /** Up to so many columns each has a token of its own. Default 16. */
  readonly columnTokens?: number;
  /**
   * Whether cells were missing in training. Where none was, nothing can be learned of missing cells: one at test enters a
   * projection as 0, the training mean. A column with a token of its own has its vector anyway. Default true.
   */
  readonly holes?: boolean;
}

/** @throws InputError where a number is not a positive whole one */
export function tabularEncoder({ columnTokens = 16, holes = true, ...given }: TabularSpec): Encoder {
  const { name, columns, width, tokens } = given;
  for (const [what, value] of Object.entries({ columns, width, tokens })) {
    if (Number.isInteger(value) && value > 0) continue;
    throw new InputError({ where: `tabular ${name}`, what, expected: 'a positive whole number', got: `${value}` });
  }
  const own = columns <= columnTokens;
  const masked = own || holes;
  const valuesName = `${name}/values`;
  const measuredName = `${name}/measured`;
  return {
    spec: { kind: 'tabular', ...given, columnTokens, holes },
    tokens: own ? columns : tokens,
    encode() {
      const values = input(valuesName, ['batch', columns]);
      const measured = masked ? input(measuredName, ['batch', columns]) : undefined;
      return own ? columnwise(given, values, measured as Tensor) : projected(given, values, measured);
    },
    inputs(block) {
      checkColumns(block, columns, name);
      const { data, measured } = measuredOnly(block);
      const shape = [columns];
      const values: EncoderInput = { name: valuesName, shape, data, mask: false };
      return masked ? [values, { name: measuredName, shape, data: measured, mask: true }] : [values];
    },
  };
}

/** `[batch, columns]` to `[batch, columns, width]`. */
function columnwise({ name, columns, width }: TabularSpec, values: Tensor, measured: Tensor): Tensor {
  const vectors = (what: string) => parameter(`${name}/${what}`, [columns, width], normal(1 / Math.sqrt(width)));
  const [slope, bias, missing] = ['slope', 'bias', 'missing'].map(vectors);
  const there = expandDims(measured, 2); // [batch, columns, 1]
  const told = add(mul(expandDims(values, 2), slope), bias);
  return add(mul(there, told), mul(sub(1, there), missing));
}

/** `[batch, columns]` to `[batch, tokens, width]`. */
function projected({ name, columns, width, tokens }: TabularSpec, values: Tensor, measured?: Tensor): Tensor {
  const weight = parameter(`${name}/weight`, [columns, tokens * width], normal(1 / Math.sqrt(columns)));
  const bias = parameter(`${name}/bias`, [tokens, width], normal(1 / Math.sqrt(width)));
  const shown = matMul(values, weight); // [batch, tokens * width]
  const missing = () => parameter(`${name}/missing`, [columns, tokens * width], zeros);
  const all = measured ? add(shown, matMul(sub(1, measured), missing())) : shown;
  return add(reshape(all, ['batch', tokens, width]), bias);
}

/** Values with 0 where not measured, and the mask as numbers: [subjects, columns]. */
function measuredOnly({ values, observed }: Block): { readonly data: Float32Array; readonly measured: Float32Array } {
  const measured = Float32Array.from(observed);
  const data = new Float32Array(measured.length); // [subjects, columns]
  for (let at = 0; at < data.length; at++) if (observed[at]) data[at] = values.data[at];
  return { data, measured };
}

function checkColumns({ values }: Block, columns: number, name: string): void {
  if (values.shape[1] === columns) return;
  const [expected, got] = [`${columns} columns`, `${values.shape[1]}`];
  throw new InputError({ where: `tabular ${name}`, what: 'other columns than in training', expected, got });
}

/** Whether somebody who has the modality lacks a cell of it. */
export function hasHoles({ values, observed, present }: Block): boolean {
  const columns = values.shape[1];
  return present.some((there, i) => there === 1 && observed.subarray(i * columns, (i + 1) * columns).includes(0));
}
