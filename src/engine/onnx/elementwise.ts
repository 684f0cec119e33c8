import type { Op } from '../op.ts';
import { type EmissionRule, operator } from './rule.ts';
import { dataType, type OnnxWriter } from './writer.ts';

/** x ln(x / m) + m − x = (x − m) v + 2 x (v³/3 + v⁵/5 + ...), v = (x − m) / (x + m); the plain form where v is large. */
function writePoissonDeviance(write: OnnxWriter, x: string, m: string): string {
  const node = (type: string, ...inputs: string[]) => write.node(type, inputs);
  const float = (value: number) => write.float(value);
  const difference = node('Sub', x, m);
  const v = node('Div', difference, node('Add', x, m));
  const v2 = node('Mul', v, v);
  let series = float(1 / 9);
  for (const term of [1 / 7, 1 / 5, 1 / 3]) series = node('Add', node('Mul', series, v2), float(term));
  const odd = node('Mul', node('Mul', v, v2), series);
  const near = node('Add', node('Mul', difference, v), node('Mul', node('Mul', x, float(2)), odd));
  const isPositive = node('Greater', x, float(0));
  const ratio = node('Where', isPositive, node('Div', x, m), float(1));
  const far = node('Sub', node('Mul', x, node('Log', ratio)), difference);
  return node('Where', node('Less', node('Abs', v), float(0.1)), near, far);
}

/** ln u · y / (u − 1) with u = 1 + y, which cancels the rounding of u (Kahan; Goldberg 1991, theorem 4). */
function writeLog1p(write: OnnxWriter, y: string): string {
  const one = write.float(1);
  const u = write.node('Add', [y, one]);
  const isSmall = write.node('Equal', [u, one]);
  const rounded = write.node('Where', [isSmall, one, write.node('Sub', [u, one])]);
  const isInfinite = write.node('IsInf', [u]);
  const scaled = write.node('Where', [isInfinite, one, write.node('Div', [y, rounded])]);
  return write.node('Where', [isSmall, y, write.node('Mul', [write.node('Log', [u]), scaled])]);
}

export const elementwiseEmission = {
  neg: operator('Neg'),
  abs: operator('Abs'),
  sign: operator('Sign'),
  exp: operator('Exp'),
  log: operator('Log'),
  log1p: ({ write, names: [y] }) => writeLog1p(write, y),
  sqrt: operator('Sqrt'),
  reciprocal: operator('Reciprocal'),
  tanh: operator('Tanh'),
  sigmoid: operator('Sigmoid'),
  softplus: ({ write, names: [x] }) => {
    // max(x, 0) + ln(1 + e^−|x|): the runtime's own loses what is below 1e-7
    const tail = writeLog1p(write, write.node('Exp', [write.node('Neg', [write.node('Abs', [x])])]));
    return write.node('Add', [write.node('Relu', [x]), tail]);
  },
  erf: operator('Erf'),
  relu: operator('Relu'),
  not: operator('Not'),
  stopGradient: ({ names: [x] }) => x,
  clip: ({ write, names: [x], attributes: { min, max } }) =>
    write.node('Clip', [x, write.float(min), write.float(max)]),
  toFloat: ({ write, names }) => write.node('Cast', names, { to: dataType('float32') }),

  add: operator('Add'),
  sub: operator('Sub'),
  mul: operator('Mul'),
  div: operator('Div'),
  maximum: operator('Max'),
  minimum: operator('Min'),
  poissonDeviance: ({ write, names: [x, m] }) => writePoissonDeviance(write, x, m),
  greater: operator('Greater'),
  greaterOrEqual: operator('GreaterOrEqual'),
  equal: operator('Equal'),
  and: operator('And'),
  where: operator('Where'),
} satisfies { readonly [K in Op]?: EmissionRule<K> };
