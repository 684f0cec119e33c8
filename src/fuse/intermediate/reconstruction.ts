/**
 * Counts told from what was encoded of them, an auxiliary loss in training: the mean over the tokens of a modality, a linear
 * map, a softmax over its features times the subject's total of them are the means of negative binomials with a dispersion a
 * feature (scVI: Lopez et al. 2018, Nature Methods 15:1053, without its latent distribution). So an encoder learns from what
 * subjects have in common also where few labels say what matters.
 *
 * It starts at the shares and dispersions of all training subjects (see `count-profile.ts`), so that what is learned is how
 * subjects differ. Nothing of it is in the program for prediction.
 */
import { type Block, blockOf, type Cohort, takeBlockRows } from '../../describe/cohort.ts';
import { isOfCounts } from '../../encode/library-size.ts';
import { dense } from '../../engine/layer/dense.ts';
import { zeros } from '../../engine/layer/initializers.ts';
import { negativeBinomial } from '../../engine/loss/counts.ts';
import { add, clip, div, exp, greater, maximum, mul, neg, toFloat, where } from '../../engine/ops/arithmetic.ts';
import { mean, softmax, sum } from '../../engine/ops/reduction.ts';
import type { NamedValues } from '../../engine/session/runtime.ts';
import { constant, input, parameter, type Tensor } from '../../engine/tensor.ts';
import { InputError } from '../../errors.ts';
import { type CountProfile, countProfile } from './count-profile.ts';

export interface Reconstruction {
  /**
   * The mean negative log-likelihood of a measured count, averaged over the modalities of counts.
   *
   * @param tokens of each modality, `[batch, tokens, width]`
   */
  loss(tokens: readonly Tensor[]): Tensor;
  /** The counts of some subjects, as fed. */
  feed(rows: Int32Array): NamedValues;
}

/** The features told of a modality, the most variable ones; more cost time and tell little. */
export const mostTold = 2000;

const excluded = -1e9; // a logit whose exponential is 0
const least = 1e-6; // added to means, so that none is 0
const logThetas = [Math.log(1e-3), Math.log(1e5)] as const;

const countsName = (m: number) => `counts ${m}`;

interface Told {
  /** Which modality. */
  readonly m: number;
  readonly block: Block;
  readonly profile: CountProfile;
}

/**
 * The reconstruction of all modalities of counts among those named.
 *
 * @param rows the subjects to learn profiles from; default all
 * @returns undefined where those of counts have nothing to tell in these subjects
 * @throws InputError where no modality is of counts
 */
export function reconstructionOf(
  x: Cohort,
  modalities: readonly string[],
  rows?: Int32Array,
): Reconstruction | undefined {
  check(x, modalities);
  const told = modalities.flatMap((name, m): Told[] => {
    const block = blockOf(x, name);
    if (!isOfCounts(block)) return [];
    const profile = countProfile(rows ? takeBlockRows(block, rows) : block, mostTold);
    return profile ? [{ m, block, profile }] : [];
  });
  if (told.length === 0) return undefined;
  return {
    loss: (tokens) => mul(told.map(({ m, profile }) => lossOf(m, profile, tokens[m])).reduce(add), 1 / told.length),
    feed: (rows) => Object.fromEntries(told.map((one) => [countsName(one.m), countsOf(one, rows)])),
  };
}

/** A modality of counts that no training subject has is none that could be told, but no mistake either. */
function check({ blocks }: Cohort, modalities: readonly string[]): void {
  const serves = (block: Block) => modalities.includes(block.modality.name) || !block.present.includes(1);
  if (blocks.some((block) => isOfCounts(block) && serves(block))) return;
  throw new InputError({
    where: 'intermediate: reconstruction',
    what: 'no modality of counts',
    expected: 'a modality whose features are all of the scale count, or 0',
    got: modalities.join(', '),
  });
}

/** Over the measured counts of a batch. Shares are among the features that were measured in the subject. */
function lossOf(m: number, { columns, logShare, logInverseDispersion }: CountProfile, tokens: Tensor): Tensor {
  const many = columns.length;
  const name = `reconstruction ${m}`;
  const fed = input(countsName(m), ['batch', many]); // -1 where not measured
  const there = greater(fed, -0.5);
  const counts = maximum(fed, 0);
  const differs = dense(name, tokens.shape[2] as number, many, { initial: zeros })(mean(tokens, 1)); // [batch, told]
  const shares = softmax(where(there, add(differs, constant(logShare)), excluded));
  const means = add(mul(shares, sum(counts, 1, { keep: true })), least);
  const logTheta = parameter(`${name}/log inverse dispersion`, [many], () => logInverseDispersion.slice());
  const told = negativeBinomial(counts, means, exp(clip(logTheta, ...logThetas)));
  const measured = toFloat(there);
  return div(sum(mul(neg(told), measured)), maximum(sum(measured), 1));
}

/** Expected counts are rounded. -1 where not measured: [rows, told]. */
function countsOf({ block, profile: { columns } }: Told, rows: Int32Array): NamedValues[string] {
  const { values, observed } = block;
  const data = new Float32Array(rows.length * columns.length); // [rows, told]
  rows.forEach((row, i) => {
    columns.forEach((j, k) => {
      const at = row * values.shape[1] + j;
      data[i * columns.length + k] = observed[at] ? Math.round(values.data[at]) : -1;
    });
  });
  return { shape: [rows.length, columns.length], data };
}
