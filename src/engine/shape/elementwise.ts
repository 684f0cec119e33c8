import type { Op } from '../op.ts';
import { binary, broadcast, checkDType, refuse, type ShapeRule, unary } from './rule.ts';

export const elementwiseShapes = {
  neg: unary('neg'),
  abs: unary('abs'),
  sign: unary('sign'),
  exp: unary('exp'),
  log: unary('log'),
  log1p: unary('log1p'),
  sqrt: unary('sqrt'),
  reciprocal: unary('reciprocal'),
  tanh: unary('tanh'),
  sigmoid: unary('sigmoid'),
  softplus: unary('softplus'),
  erf: unary('erf'),
  relu: unary('relu'),
  stopGradient: unary('stopGradient'),
  not([x]) {
    checkDType('not', x, 'bool');
    return x;
  },
  clip([x], { min, max }) {
    checkDType('clip', x, 'float32');
    if (!(min <= max)) refuse('clip', 'bounds', 'min <= max', `${min}, ${max}`);
    return { shape: x.shape, dtype: 'float32' };
  },
  toFloat([x]) {
    checkDType('toFloat', x, 'bool', 'int32');
    return { shape: x.shape, dtype: 'float32' };
  },

  add: binary('add', 'float32', 'float32'),
  sub: binary('sub', 'float32', 'float32'),
  mul: binary('mul', 'float32', 'float32'),
  div: binary('div', 'float32', 'float32'),
  maximum: binary('maximum', 'float32', 'float32'),
  minimum: binary('minimum', 'float32', 'float32'),
  poissonDeviance: binary('poissonDeviance', 'float32', 'float32'),
  greater: binary('greater', 'bool', 'float32', 'int32'),
  greaterOrEqual: binary('greaterOrEqual', 'bool', 'float32', 'int32'),
  equal: binary('equal', 'bool', 'float32', 'int32'),
  and: binary('and', 'bool', 'bool'),
  where(inputs) {
    const [condition, yes, no] = inputs;
    checkDType('where', condition, 'bool');
    checkDType('where', yes, 'float32');
    checkDType('where', no, 'float32');
    return { shape: broadcast('where', inputs), dtype: 'float32' };
  },
} satisfies { readonly [K in Op]?: ShapeRule<K> };
