/** Element by element; two tensors broadcast, and a number stands for a scalar. */
import type { Op } from '../op.ts';
import { apply, type Operand, type Tensor, tensorOf } from '../tensor.ts';

type Elementwise = Extract<
  Op,
  | 'neg'
  | 'abs'
  | 'sign'
  | 'exp'
  | 'log'
  | 'log1p'
  | 'sqrt'
  | 'reciprocal'
  | 'tanh'
  | 'sigmoid'
  | 'softplus'
  | 'erf'
  | 'relu'
  | 'not'
  | 'stopGradient'
  | 'toFloat'
>;
type Pairwise = Extract<
  Op,
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'maximum'
  | 'minimum'
  | 'poissonDeviance'
  | 'greater'
  | 'greaterOrEqual'
  | 'equal'
  | 'and'
>;

const unary = (op: Elementwise) => (x: Operand) => apply(op, [tensorOf(x)], {});
const binary = (op: Pairwise) => (a: Operand, b: Operand) => apply(op, [tensorOf(a), tensorOf(b)], {});

export const neg = unary('neg');
export const abs = unary('abs');
/** −1, 0 or 1; its gradient is 0. */
export const sign = unary('sign');
export const exp = unary('exp');
export const log = unary('log');
/** ln(1 + x), to full relative accuracy near 0. */
export const log1p = unary('log1p');
export const sqrt = unary('sqrt');
export const reciprocal = unary('reciprocal');
export const tanh = unary('tanh');
/** 1 / (1 + e^−x). */
export const sigmoid = unary('sigmoid');
/** ln(1 + e^x). */
export const softplus = unary('softplus');
export const erf = unary('erf');
/** max(x, 0); its gradient at 0 is 0. */
export const relu = unary('relu');
/** The same values, through which no gradient flows. */
export const stopGradient = unary('stopGradient');
/** 0 and 1 for a mask, the number for an integer. */
export const toFloat = unary('toFloat');

export const add = binary('add');
export const sub = binary('sub');
export const mul = binary('mul');
export const div = binary('div');
/** Where both are equal, each gets half of the gradient. */
export const maximum = binary('maximum');
/** Where both are equal, each gets half of the gradient. */
export const minimum = binary('minimum');
/**
 * x ln(x / m) + m − x for x >= 0 and m > 0, half the unit deviance of a Poisson count x of mean m, without cancellation
 * where both are close (Loader 2000, "Fast and accurate computation of binomial probabilities").
 */
export const poissonDeviance = binary('poissonDeviance');

export const greater = binary('greater');
export const greaterOrEqual = binary('greaterOrEqual');
export const equal = binary('equal');
export const and = binary('and');
export const not = unary('not');

export const square = (x: Tensor): Tensor => mul(x, x);

/** Takes from the one where the mask is 1, from the other where it is 0. The one not taken gets no gradient, even if NaN. */
export function where(mask: Tensor, yes: Operand, no: Operand): Tensor {
  return apply('where', [mask, tensorOf(yes), tensorOf(no)], {});
}

/** Into [min, max]; outside, the gradient is 0. */
export function clip(x: Tensor, min: number, max: number): Tensor {
  return apply('clip', [x], { min, max });
}

/** x Φ(x), with the normal distribution function (Hendrycks and Gimpel 2016), exact by erf. */
export function gelu(x: Tensor): Tensor {
  return mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));
}

/** x sigmoid(x), also called swish. */
export function silu(x: Tensor): Tensor {
  return mul(x, sigmoid(x));
}
