/** Operations on numbers that are known when a graph is compiled. */
import type { Op } from '../op.ts';

const arithmetic: { readonly [K in Op]?: (...inputs: readonly number[]) => number } = {
  neg: (x) => -x,
  abs: Math.abs,
  sign: Math.sign,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  reciprocal: (x) => 1 / x,
  tanh: Math.tanh,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
};

/** The result of an operation on scalars, or undefined where it is left to the runtime. */
export function fold(op: Op, inputs: readonly number[]): number | undefined {
  return arithmetic[op]?.(...inputs);
}
