/**
 * A table to a token for each group of its columns, such as the genes of a pathway: a learned projection of the columns of
 * that group and no others (as in biologically informed networks: Elmarakeby et al. 2021, Nature 598:348; pathway tokens:
 * Jaume et al. 2024, "SurvPath"), so that who attends to a token attends to that group. Columns of no group share one more
 * token by a projection of low rank. A missing cell enters as 0 and adds a learned vector of its own to each token that its
 * column is of.
 *
 * Columns are gathered group by group, each group padded to the longest of its like, and multiplied at once. Groups of more
 * than twice the columns of others are kept apart, so that no more than half of it is padding.
 */
import { normal, zeros } from '../engine/layer/initializers.ts';
import { add, sub } from '../engine/ops/arithmetic.ts';
import { matMul } from '../engine/ops/contraction.ts';
import { concat, gather, pad, reshape, transpose } from '../engine/ops/layout.ts';
import { constant, input, parameter, type Tensor } from '../engine/tensor.ts';
import { InputError } from '../errors.ts';
import type { Encoder, EncoderInput } from './encoder.ts';
import { evened } from './evened.ts';
import { checkCounts, measuredOnly } from './measured.ts';

export interface ColumnGroup {
  readonly name: string;
  /** Indices of columns, from 0; a column may be of several groups. */
  readonly columns: readonly number[];
}

export interface GroupedSpec {
  /** Of the modality; parameters and inputs are named after it. */
  readonly name: string;
  /** Prepared columns. */
  readonly columns: number;
  /** Numbers in a token. */
  readonly width: number;
  readonly groups: readonly ColumnGroup[];
  /** Rank of the projection of the columns of no group. Default 8, at most `width`. */
  readonly otherRank?: number;
  /** Whether cells were missing in training; see `TabularSpec`. Default true. */
  readonly holes?: boolean;
}

/** The token of the columns that stand in no group. */
export const otherToken = 'other';

/** @throws InputError for no group, one without columns, two of one name, and a column that is not there */
export function groupedEncoder({ otherRank = 8, holes = true, ...given }: GroupedSpec): Encoder {
  const { name, columns, width, groups } = given;
  const where = `grouped ${name}`;
  checkCounts(where, { columns, width, otherRank });
  checkGroups(groups, columns, where);
  const alike = bySize(groups);
  const grouped = new Set(groups.flatMap((group) => group.columns));
  const rest = Array.from({ length: columns }, (_, j) => j).filter((j) => !grouped.has(j));
  const names = alike.flat().map((group) => group.name);
  if (rest.length > 0) names.push(names.includes(otherToken) ? 'columns of no group' : otherToken);
  const valuesName = `${name}/values`;
  const measuredName = `${name}/measured`;
  return {
    spec: { kind: 'grouped', ...given, otherRank, holes } as unknown as Encoder['spec'],
    tokens: names.length,
    names,
    learned: 0,
    encode() {
      const values = input(valuesName, ['batch', columns]);
      const gaps = holes ? sub(1, input(measuredName, ['batch', columns])) : undefined;
      const tokens = alike.map((some, s) => projections(some, `${name}/groups ${s}`, width, values, gaps));
      if (rest.length > 0) tokens.push(other(rest, name, width, Math.min(otherRank, width), values, gaps));
      const bias = parameter(`${name}/bias`, [names.length, width], normal(1 / Math.sqrt(width)));
      return add(tokens.length > 1 ? concat(tokens, 1) : tokens[0], bias);
    },
    inputs(block) {
      const { data, measured } = measuredOnly(block, columns, where);
      const values: EncoderInput = { name: valuesName, shape: [columns], data, mask: false, columns: true };
      const mask = { name: measuredName, shape: [columns], data: measured, mask: true, columns: true };
      return holes ? [values, mask] : [values];
    },
  };
}

function checkGroups(groups: readonly ColumnGroup[], columns: number, where: string): void {
  if (groups.length === 0) throw new InputError({ where, what: 'no groups', expected: 'at least one' });
  const names = new Set<string>();
  for (const { name, columns: own } of groups) {
    if (names.has(name)) throw new InputError({ where, what: `two groups named "${name}"` });
    names.add(name);
    const group = `group "${name}"`;
    if (own.length === 0) throw new InputError({ where, what: `${group} has no columns`, expected: 'at least one' });
    const strange = own.find((j) => !(Number.isInteger(j) && j >= 0 && j < columns));
    if (strange === undefined) continue;
    throw new InputError({
      where,
      what: `${group}: no such column`,
      expected: `0 to ${columns - 1}`,
      got: `${strange}`,
    });
  }
}

/** Groups put together with those of at most twice as many columns, the smallest first; of one size in their order. */
function bySize(groups: readonly ColumnGroup[]): readonly (readonly ColumnGroup[])[] {
  const sorted = [...groups].sort((a, b) => a.columns.length - b.columns.length);
  const alike: ColumnGroup[][] = [];
  for (const group of sorted) {
    const last = alike.at(-1);
    if (last && group.columns.length <= 2 * last[0].columns.length) last.push(group);
    else alike.push([group]);
  }
  return alike;
}

/** `[batch, columns]` to `[batch, groups, width]`. */
function projections(
  groups: readonly ColumnGroup[],
  name: string,
  width: number,
  values: Tensor,
  gaps: Tensor | undefined,
): Tensor {
  const longest = groups[groups.length - 1].columns.length;
  const columns = values.shape[1] as number; // also the index of the padding, a column of 0
  const index = new Int32Array(groups.length * longest).fill(columns); // [groups, longest]
  groups.forEach((group, g) => {
    index.set(group.columns, g * longest);
  });
  const where = constant(index, [groups.length, longest]);
  const gathered = (x: Tensor) => transpose(gather(pad(evened(x, longest), [0, 0], [0, 1]), where, 1), [1, 0, 2]); // [groups, batch, longest]
  const shape = [groups.length, longest, width];
  const weight = parameter(`${name}/weight`, shape, normal(1));
  const shown = matMul(gathered(values), weight); // [groups, batch, width]
  const all = gaps ? add(shown, matMul(gathered(gaps), parameter(`${name}/missing`, shape, zeros))) : shown;
  return transpose(all, [1, 0, 2]);
}

/** The columns of no group: `[batch, columns]` to `[batch, 1, width]`. */
function other(
  rest: readonly number[],
  name: string,
  width: number,
  rank: number,
  values: Tensor,
  gaps: Tensor | undefined,
): Tensor {
  const where = constant(Int32Array.from(rest), [rest.length]);
  const taken = (x: Tensor) => evened(gather(x, where, 1), rest.length);
  const down = parameter(`${name}/other down/weight`, [rest.length, rank], normal(1));
  const up = parameter(`${name}/other up/weight`, [rank, width], normal(1 / Math.sqrt(rank)));
  const shown = matMul(taken(values), down); // [batch, rank]
  const missing = () => parameter(`${name}/other down/missing`, [rest.length, rank], zeros);
  const all = gaps ? add(shown, matMul(taken(gaps), missing())) : shown;
  return reshape(matMul(all, up), ['batch', 1, width]);
}
