/** Losses of values. All give a scalar. */
import { InputError } from '../../errors.ts';
import { formatShape, sameShape } from '../dim.ts';
import { maximum, mul, square, sub } from '../ops/arithmetic.ts';
import { constant, type Tensor } from '../tensor.ts';
import { lengthOf } from '../typed.ts';
import { weightedMean } from './classes.ts';

/** @throws InputError where the two differ in shape: a column less a row would be a table */
export function meanSquaredError(predicted: Tensor, values: Tensor, weights?: Tensor): Tensor {
  if (!sameShape(predicted.shape, values.shape)) {
    const [expected, got] = [formatShape(predicted.shape), formatShape(values.shape)];
    throw new InputError({ where: 'meanSquaredError', what: 'values of another shape than predicted', expected, got });
  }
  return weightedMean(square(sub(predicted, values)), weights);
}

/**
 * The mean pinball loss max(τ u, (τ − 1) u) with u = value − predicted, whose minimum is the τ-quantile (Koenker and
 * Bassett 1978).
 *
 * @param predicted `[batch, quantiles]`
 * @param values `[batch, 1]`
 * @param quantiles τ of each column, between 0 and 1
 */
export function quantileLoss(
  predicted: Tensor,
  values: Tensor,
  quantiles: readonly number[],
  weights?: Tensor,
): Tensor {
  const columns = lengthOf('quantileLoss', predicted, -1);
  if (quantiles.length !== columns || quantiles.some((tau) => !(tau > 0 && tau < 1))) {
    const expected = `${columns} numbers between 0 and 1`;
    throw new InputError({ where: 'quantileLoss', what: 'quantiles', expected, got: quantiles.join(', ') });
  }
  const above = sub(values, predicted);
  const tau = constant(Float32Array.from(quantiles));
  const tauLess1 = constant(Float32Array.from(quantiles, (q) => q - 1));
  return weightedMean(maximum(mul(above, tau), mul(above, tauLess1)), weights);
}
