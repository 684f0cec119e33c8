/**
 * A table to tokens. Few measured features: a token each, c W + b with a matrix W and a vector b of its own, where c are the
 * numbers that tell the feature. Of a number that is one, so that the token is x w + b (Gorishniy et al. 2021, "Revisiting
 * deep learning models for tabular data", equation 1); of a nominal feature its level columns, so that each level has a
 * vector; of an ordinal one a thermometer (see `column-code.ts`). Where the cell is missing, a learned vector instead.
 * Many features: so many tokens, each a learned projection of all columns, which mean nothing one by one; a missing cell
 * enters as 0 and adds a learned vector of its own to each token.
 *
 * Columns are prepared ones (centred, of spread 1). What preparation put into a missing cell is not looked at.
 */
import type { Block } from '../describe/cohort.ts';
import { normal, zeros } from '../engine/layer/initializers.ts';
import { add, mul, sub } from '../engine/ops/arithmetic.ts';
import { matMul } from '../engine/ops/contraction.ts';
import { expandDims, reshape } from '../engine/ops/layout.ts';
import { constant, input, parameter, type Tensor } from '../engine/tensor.ts';
import { InputError } from '../errors.ts';
import { type ColumnCode, codesOf, writeCode } from './column-code.ts';
import type { Encoder, EncoderInput } from './encoder.ts';
import { evened } from './evened.ts';
import { checkCounts, measuredOnly } from './measured.ts';

export interface TabularSpec {
  /** Of the modality; parameters and inputs are named after it. */
  readonly name: string;
  /** Prepared columns. */
  readonly columns: number;
  /** Numbers in a token. */
  readonly width: number;
  /** Tokens of a table with more features than `columnTokens`. */
  readonly tokens: number;
  /** The measured feature that each column tells of. Default: each column of its own, called by its number from 1. */
  readonly sources?: readonly string[]; // [columns]
  /** How columns enter the token of their feature; null: as the number they are. Default: all as they are. */
  readonly codes?: readonly (ColumnCode | null)[]; // [columns]
  /** Up to so many features each has a token of its own. Default 16. */
  readonly columnTokens?: number;
  /**
   * Whether cells were missing in training. Where none was, nothing can be learned of missing cells: one at test enters a
   * projection as 0, the training mean. A feature with a token of its own has its vector anyway. Default true.
   */
  readonly holes?: boolean;
}

/** @throws InputError where a number is not a positive whole one, and where sources or codes are not one a column */
export function tabularEncoder({ columnTokens = 16, holes = true, ...given }: TabularSpec): Encoder {
  const { name, columns, width, tokens } = given;
  const where = `tabular ${name}`;
  checkCounts(where, { columns, width, tokens });
  for (const what of ['sources', 'codes'] as const) {
    const list = given[what];
    if (!list || list.length === columns) continue;
    throw new InputError({ where, what, expected: `one a column, ${columns}`, got: `${list.length}` });
  }
  const plan = tokenPlan(given);
  const own = plan.names.length <= columnTokens;
  const spec = { kind: 'tabular', ...given, columnTokens, holes } as unknown as Encoder['spec'];
  const valuesName = `${name}/values`;
  const measuredName = `${name}/measured`;
  const fed = (what: string, size: number, data: Float32Array, mask: boolean): EncoderInput => ({
    name: what,
    shape: [size],
    data,
    mask,
    columns: !own,
  });
  if (own) {
    const features = plan.names.length;
    return {
      spec,
      tokens: features,
      names: plan.names,
      learned: 0,
      encode: () =>
        featurewise(plan, given, input(valuesName, ['batch', plan.size]), input(measuredName, ['batch', features])),
      inputs(block) {
        const { data, measured } = codedBlock(block, plan, given, where);
        return [fed(valuesName, plan.size, data, false), fed(measuredName, features, measured, true)];
      },
    };
  }
  return {
    spec,
    tokens,
    names: numbered(tokens),
    learned: tokens,
    encode() {
      const values = input(valuesName, ['batch', columns]);
      return projected(given, values, holes ? input(measuredName, ['batch', columns]) : undefined);
    },
    inputs(block) {
      const { data, measured } = measuredOnly(block, columns, where);
      const values = fed(valuesName, columns, data, false);
      return holes ? [values, fed(measuredName, columns, measured, true)] : [values];
    },
  };
}

/** Names of tokens that have none of their own. */
function numbered(tokens: number): string[] {
  return Array.from({ length: tokens }, (_, t) => `${t + 1}`);
}

interface TokenPlan {
  /** Of the features, in the order of their first columns. */
  readonly names: readonly string[]; // [features]
  /** The feature of each column. */
  readonly feature: readonly number[]; // [columns]
  /** Where the numbers of each column begin. */
  readonly start: readonly number[]; // [columns]
  /** Numbers of all columns. */
  readonly size: number;
  /** The feature of each number. */
  readonly owner: readonly number[]; // [size]
}

function tokenPlan({ columns, sources = numbered(columns), codes = [] }: TabularSpec): TokenPlan {
  const names = [...new Set(sources)];
  const place = new Map(names.map((source, f) => [source, f]));
  const feature = sources.map((source) => place.get(source) as number);
  const start: number[] = [];
  const owner: number[] = [];
  feature.forEach((f, j) => {
    const code = codes[j];
    start.push(owner.length);
    for (let k = code ? codesOf(code) : 1; k > 0; k--) owner.push(f);
  });
  return { names, feature, start, size: owner.length, owner };
}

/** The numbers of each subject's features, of spread 1 a feature; a feature is measured where all of its columns are. */
function codedBlock(block: Block, plan: TokenPlan, { columns, codes = [] }: TabularSpec, where: string) {
  const { data, measured: cells } = measuredOnly(block, columns, where);
  const subjects = block.values.shape[0];
  const features = plan.names.length;
  const many = new Float64Array(features); // [features]
  for (const f of plan.owner) many[f]++;
  const coded = new Float32Array(subjects * plan.size); // [subjects, size]
  const measured = new Float32Array(subjects * features).fill(1); // [subjects, features]
  for (let i = 0; i < subjects; i++) {
    for (let j = 0; j < columns; j++) {
      const at = i * columns + j;
      const to = i * plan.size + plan.start[j];
      const code = codes[j];
      if (!cells[at]) measured[i * features + plan.feature[j]] = 0;
      else if (code) writeCode(code, data[at], coded, to);
      else coded[to] = data[at];
    }
    for (let at = 0; at < plan.size; at++) coded[i * plan.size + at] /= Math.sqrt(many[plan.owner[at]]);
  }
  return { data: coded, measured };
}

/** `[batch, size]` to `[batch, features, width]`. */
function featurewise(plan: TokenPlan, { name, width }: TabularSpec, values: Tensor, measured: Tensor): Tensor {
  const { owner, size } = plan;
  const features = plan.names.length;
  const vectors = (what: string, many: number) =>
    parameter(`${name}/${what}`, [many, width], normal(1 / Math.sqrt(width)));
  const slopes = mul(expandDims(values, 2), vectors('slope', size)); // [batch, size, width]
  const [bias, missing] = [vectors('bias', features), vectors('missing', features)];
  const there = expandDims(measured, 2); // [batch, features, 1]
  const told = add(owner.every((f, at) => f === at) ? slopes : matMul(membership(owner, features), slopes), bias);
  return add(mul(there, told), mul(sub(1, there), missing));
}

/** Which number is of which feature. */
function membership(owner: readonly number[], features: number): Tensor {
  const member = new Float32Array(features * owner.length); // [features, size]
  owner.forEach((f, at) => {
    member[f * owner.length + at] = 1;
  });
  return constant(member, [features, owner.length]);
}

/** `[batch, columns]` to `[batch, tokens, width]`. */
function projected({ name, columns, width, tokens }: TabularSpec, values: Tensor, measured?: Tensor): Tensor {
  const weight = parameter(`${name}/weight`, [columns, tokens * width], normal(1));
  const bias = parameter(`${name}/bias`, [tokens, width], normal(1 / Math.sqrt(width)));
  const shown = matMul(evened(values, columns), weight); // [batch, tokens * width]
  const missing = () => parameter(`${name}/missing`, [columns, tokens * width], zeros);
  const all = measured ? add(shown, matMul(evened(sub(1, measured), columns), missing())) : shown;
  return add(reshape(all, ['batch', tokens, width]), bias);
}
