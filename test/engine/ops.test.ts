import { describe } from 'vitest';
import type { Op } from '../../src/engine/op.ts';
import * as a from '../../src/engine/ops/arithmetic.ts';
import { averagePool, conv, convTranspose, matMul, maxPool } from '../../src/engine/ops/contraction.ts';
import * as l from '../../src/engine/ops/layout.ts';
import * as r from '../../src/engine/ops/reduction.ts';
import { apply, type Tensor } from '../../src/engine/tensor.ts';
import { checkOp, type Fed } from './check-op.ts';

const normal: Fed = { shape: ['batch', 4] };
const positive: Fed = { shape: ['batch', 4], draw: (_, u) => 0.3 + 3 * u };
const awayFromZero: Fed = { shape: ['batch', 4], draw: (z) => z + Math.sign(z) * 0.2 };
const mask: Fed = { shape: ['batch', 4], dtype: 'bool', draw: (_, u) => Number(u < 0.5) };
const integer: Fed = { shape: ['batch', 2], dtype: 'int32', draw: (_, u) => Math.floor(5 * u) };
const shaped = (...shape: Fed['shape']): Fed => ({ shape });

interface Case {
  readonly fed: readonly Fed[];
  readonly build: (...inputs: Tensor[]) => Tensor;
  readonly tolerance?: number;
}

/** At least one case an operation; more where attributes change what it does. */
const cases: { readonly [K in Op]: Readonly<Record<string, Case>> } = {
  neg: { '': { fed: [normal], build: a.neg } },
  abs: { '': { fed: [awayFromZero], build: a.abs } },
  sign: { '': { fed: [awayFromZero], build: a.sign } },
  exp: { '': { fed: [normal], build: a.exp } },
  log: { '': { fed: [positive], build: a.log } },
  log1p: {
    '': { fed: [positive], build: a.log1p },
    'near 0': { fed: [{ ...normal, draw: (z) => z * 1e-2 }], build: (x) => a.mul(a.log1p(x), 100) },
  },
  sqrt: { '': { fed: [positive], build: a.sqrt } },
  reciprocal: { '': { fed: [awayFromZero], build: a.reciprocal } },
  tanh: { '': { fed: [normal], build: a.tanh } },
  sigmoid: { '': { fed: [normal], build: a.sigmoid } },
  softplus: {
    '': { fed: [normal], build: a.softplus },
    'far out': { fed: [{ ...normal, draw: (z) => 30 * z }], build: a.softplus },
  },
  erf: { '': { fed: [normal], build: a.erf } },
  relu: { '': { fed: [awayFromZero], build: a.relu } },
  not: { '': { fed: [mask], build: a.not } },
  stopGradient: { '': { fed: [normal], build: (x) => a.toFloat(a.greater(a.stopGradient(x), 0)) } },
  clip: { '': { fed: [awayFromZero], build: (x) => a.clip(x, -0.1, 0.9) } },
  toFloat: { '': { fed: [mask], build: a.toFloat }, 'of integers': { fed: [integer], build: a.toFloat } },

  add: {
    '': { fed: [normal, normal], build: a.add },
    'broadcasting both': { fed: [shaped('batch', 1, 4), shaped(3, 1)], build: a.add },
  },
  sub: { '': { fed: [normal, normal], build: a.sub }, broadcasting: { fed: [shaped(4), normal], build: a.sub } },
  mul: { '': { fed: [normal, normal], build: a.mul }, broadcasting: { fed: [normal, shaped()], build: a.mul } },
  div: { '': { fed: [normal, positive], build: a.div }, broadcasting: { fed: [shaped(4), positive], build: a.div } },
  maximum: { '': { fed: [normal, normal], build: a.maximum } },
  minimum: { '': { fed: [normal, shaped('batch', 1)], build: a.minimum } },
  poissonDeviance: {
    '': { fed: [positive, positive], build: a.poissonDeviance },
    'of close values': {
      fed: [
        { ...positive, draw: (z) => 5 + 0.05 * z },
        { shape: [], draw: () => 5 },
      ],
      build: a.poissonDeviance,
    },
  },
  greater: { '': { fed: [normal, normal], build: a.greater } },
  greaterOrEqual: { 'of integers': { fed: [integer, integer], build: a.greaterOrEqual } },
  equal: { 'of integers': { fed: [integer, integer], build: a.equal } },
  and: { '': { fed: [mask, mask], build: a.and } },
  where: {
    '': { fed: [mask, normal, normal], build: a.where },
    broadcasting: { fed: [mask, shaped(4), shaped('batch', 1)], build: a.where },
  },

  matMul: {
    '': { fed: [shaped('batch', 4), shaped(4, 5)], build: matMul },
    'of many by one': { fed: [shaped('batch', 2, 4), shaped(4, 5)], build: matMul },
    'of many by many': { fed: [shaped('batch', 2, 3, 4), shaped('batch', 2, 4, 5)], build: matMul },
    'broadcasting lead axes': { fed: [shaped('batch', 1, 3, 4), shaped(2, 4, 2)], build: matMul },
    'over the batch': { fed: [shaped(4, 'batch'), shaped('batch', 2)], build: matMul },
  },
  conv: {
    'of one axis': { fed: [shaped('batch', 2, 7), shaped(3, 2, 3)], build: (x, w) => conv(x, w) },
    'of two axes, padded': {
      fed: [shaped('batch', 2, 5, 4), shaped(3, 2, 3, 2)],
      build: (x, w) => conv(x, w, { padding: 'same' }),
    },
    'with a bias': {
      fed: [shaped('batch', 2, 4, 4), shaped(3, 2, 3, 3), shaped(3)],
      build: (x, w, bias) => conv(x, w, { padding: 1, bias }),
    },
    'with strides that leave a rest': {
      fed: [shaped('batch', 2, 6, 7), shaped(2, 2, 3, 3)],
      build: (x, w) => conv(x, w, { stride: [2, 3], padding: 1 }),
    },
    'in groups': {
      fed: [shaped('batch', 4, 5), shaped(6, 2, 3)],
      build: (x, w) => conv(x, w, { groups: 2, padding: 1 }),
    },
    'of each channel': {
      fed: [shaped('batch', 3, 6), shaped(3, 1, 3)],
      build: (x, w) => conv(x, w, { groups: 3, stride: 2 }),
    },
    'in groups with strides': {
      fed: [shaped('batch', 4, 6, 5), shaped(4, 2, 2, 3)],
      build: (x, w) => conv(x, w, { groups: 2, stride: 2, padding: [0, 1] }),
    },
    'of three axes': { fed: [shaped('batch', 1, 3, 4, 3), shaped(2, 1, 2, 2, 2)], build: (x, w) => conv(x, w) },
    'of three axes, padded, with a bias': {
      fed: [shaped('batch', 1, 3, 3, 2), shaped(2, 1, 3, 3, 3), shaped(2)],
      build: (x, w, bias) => conv(x, w, { padding: 1, bias }),
    },
    'of three axes with strides that leave a rest': {
      fed: [shaped('batch', 2, 4, 5, 6), shaped(2, 2, 3, 2, 3)],
      build: (x, w) => conv(x, w, { stride: [2, 1, 3], padding: [1, 0, 1] }),
    },
    'of three axes in groups with strides': {
      fed: [shaped('batch', 4, 4, 4, 3), shaped(4, 2, 2, 3, 2)],
      build: (x, w) => conv(x, w, { groups: 2, stride: 2, padding: [0, 1, 1] }),
    },
    'of three axes of many places': {
      fed: [shaped('batch', 1, 4, 4, 4), shaped(2, 1, 3, 3, 3)],
      build: (x, w) => conv(x, w, { padding: 1 }),
    },
    'padded beyond the kernel': {
      fed: [shaped('batch', 1, 4), shaped(1, 1, 2)],
      build: (x, w) => conv(x, w, { padding: 3 }),
    },
    // the gradient of the input, whose phases are shifted where that takes fewer products
    'with an even kernel and strides': {
      fed: [shaped('batch', 2, 7, 6), shaped(2, 2, 4, 4)],
      build: (x, w) => conv(x, w, { stride: 2, padding: 1 }),
    },
    'with strides longer than the kernel': {
      fed: [shaped('batch', 1, 7, 8), shaped(2, 1, 2, 1)],
      build: (x, w) => conv(x, w, { stride: [3, 2] }),
    },
    'with many zeros among the taps of phases': {
      fed: [shaped('batch', 1, 5, 5), shaped(2, 1, 1, 1)],
      build: (x, w) => conv(x, w, { stride: 4 }),
    },
    'of windows in the padding alone': {
      fed: [shaped('batch', 1, 5), shaped(1, 1, 2)],
      build: (x, w) => conv(x, w, { stride: 2, padding: 2 }),
    },
    // the gradient of the kernel takes another way from 64 places on, and another again from 65 columns on
    'of many places': {
      fed: [shaped('batch', 1, 8, 8), shaped(2, 1, 3, 3)],
      build: (x, w) => conv(x, w, { padding: 1 }),
    },
    'of many places and columns': { fed: [shaped('batch', 1, 128), shaped(1, 1, 65)], build: (x, w) => conv(x, w) },
    'of many places with strides, an even kernel and a rest': {
      fed: [shaped('batch', 1, 17, 16), shaped(2, 1, 4, 3)],
      build: (x, w) => conv(x, w, { stride: [2, 2], padding: 1 }),
    },
    'of many places of three axes, in groups with some strides': {
      fed: [shaped('batch', 2, 4, 8, 4), shaped(2, 1, 2, 3, 1)],
      build: (x, w) => conv(x, w, { groups: 2, stride: [1, 2, 1], padding: [1, 1, 0] }),
    },
    'of many places, in groups with strides': {
      fed: [shaped('batch', 2, 129), shaped(2, 1, 2)],
      build: (x, w) => conv(x, w, { groups: 2, stride: 2 }),
    },
  },
  convTranspose: {
    'of one axis': { fed: [shaped('batch', 2, 4), shaped(2, 3, 3)], build: (x, w) => convTranspose(x, w) },
    'with strides': {
      fed: [shaped('batch', 2, 3, 3), shaped(2, 2, 3, 2)],
      build: (x, w) => convTranspose(x, w, { stride: 2, padding: [1, 0] }),
    },
    'of three axes with strides': {
      fed: [shaped('batch', 2, 2, 3, 2), shaped(2, 2, 3, 2, 3)],
      build: (x, w) => convTranspose(x, w, { stride: [2, 1, 2], padding: [1, 0, 1] }),
    },
    'of three axes to a given size, in groups': {
      fed: [shaped('batch', 2, 2, 2, 2), shaped(2, 1, 3, 3, 3)],
      build: (x, w) => convTranspose(x, w, { stride: 2, padding: 1, groups: 2, size: [4, 3, 4] }),
    },
    'to a given size, in groups': {
      fed: [shaped('batch', 4, 3), shaped(4, 1, 3)],
      build: (x, w) => convTranspose(x, w, { stride: 2, padding: 1, groups: 2, size: [6] }),
    },
  },
  maxPool: {
    'of two axes': { fed: [shaped('batch', 2, 4, 6)], build: (x) => maxPool(x, 2) },
    'overlapping and padded': {
      fed: [shaped('batch', 2, 5, 5)],
      build: (x) => maxPool(x, 3, { stride: 2, padding: 1 }),
    },
    'of one axis': { fed: [shaped('batch', 2, 7)], build: (x) => maxPool(x, 3, { stride: 2 }) },
    'of three axes': { fed: [shaped('batch', 2, 4, 2, 6)], build: (x) => maxPool(x, 2) },
    'of three axes, with a rest': { fed: [shaped('batch', 1, 5, 3, 4)], build: (x) => maxPool(x, [2, 2, 3]) },
    'of three axes, overlapping and padded': {
      fed: [shaped('batch', 1, 3, 5, 4)],
      build: (x) => maxPool(x, 3, { stride: 2, padding: 1 }),
    },
    'of a relu': { fed: [shaped('batch', 2, 4, 6)], build: (x) => maxPool(a.relu(x), 2) },
  },
  maxUnpool: {
    'of three axes, with a rest': {
      fed: [shaped('batch', 1, 1, 2, 2), shaped('batch', 1, 3, 4, 5)],
      build: (values, x) => {
        const pool = { kernel: [2, 2, 2], strides: [2, 2, 2], low: [0, 0, 0], high: [0, 0, 0] };
        return apply('maxUnpool', [values, apply('maxPoolIndices', [x], pool)], { ...pool, size: [3, 4, 5] });
      },
    },
    'with a rest, padded': {
      fed: [shaped('batch', 2, 3), shaped('batch', 2, 9)],
      build: (values, x) => {
        const pool = { kernel: [2], strides: [3], low: [1], high: [0] };
        return apply('maxUnpool', [values, apply('maxPoolIndices', [x], pool)], { ...pool, size: [9] });
      },
    },
  },
  maxPoolIndices: {
    'of three axes': {
      fed: [shaped('batch', 1, 2, 4, 2)],
      build: (x) =>
        l.gather(
          l.reshape(x, ['16*batch']),
          apply('maxPoolIndices', [x], { kernel: [2, 2, 1], strides: [2, 2, 1], low: [0, 0, 0], high: [0, 0, 0] }),
        ),
    },
    '': {
      fed: [shaped('batch', 2, 4)],
      build: (x) =>
        l.gather(
          l.reshape(x, ['8*batch']),
          apply('maxPoolIndices', [x], { kernel: [2], strides: [2], low: [0], high: [0] }),
        ),
    },
  },
  averagePool: {
    'of tiles': { fed: [shaped('batch', 2, 4, 6)], build: (x) => averagePool(x, 2) },
    'with a rest': { fed: [shaped('batch', 2, 5, 5)], build: (x) => averagePool(x, 2) },
    'of tiles of three axes': { fed: [shaped('batch', 2, 4, 2, 4)], build: (x) => averagePool(x, 2) },
    'of three axes, overlapping and padded': {
      fed: [shaped('batch', 1, 3, 4, 3)],
      build: (x) => averagePool(x, [3, 2, 3], { stride: [2, 1, 1], padding: 1 }),
    },
    'overlapping and padded': {
      fed: [shaped('batch', 2, 5)],
      build: (x) => averagePool(x, 3, { stride: 1, padding: 1 }),
    },
  },

  reshape: {
    '': { fed: [shaped('batch', 6)], build: (x) => l.reshape(x, ['batch', 2, 3]) },
    'merging the batch': { fed: [shaped('batch', 4, 2)], build: (x) => l.mergeAxes(x, 0, 2) },
  },
  expand: { '': { fed: [shaped(2, 1)], build: (x) => l.expand(x, ['batch', 2, 3]) } },
  transpose: { '': { fed: [shaped('batch', 2, 3)], build: (x) => l.transpose(x, [2, 0, 1]) } },
  concat: {
    '': { fed: [shaped('batch', 2, 3), shaped('batch', 1, 3)], build: (...all) => l.concat(all, 1) },
    'along the batch': { fed: [shaped('batch', 2), shaped('batch', 2)], build: (x, y) => l.concat([x, y, x], 0) },
  },
  slice: {
    '': { fed: [shaped('batch', 5)], build: (x) => l.slice(x, 1, 1, 4) },
    'with steps': { fed: [shaped('batch', 8, 2)], build: (x) => l.slice(x, 1, 1, 7, 2) },
  },
  pad: { '': { fed: [shaped('batch', 2, 2)], build: (x) => l.pad(x, [0, 1, 0], [0, 2, 1]) } },
  reverse: { '': { fed: [shaped('batch', 2, 3)], build: (x) => l.reverse(x, [1, 2]) } },
  gather: {
    'as an embedding': { fed: [shaped(5, 3), integer], build: (x, i) => l.gather(x, i) },
    'of an inner axis': {
      fed: [shaped('batch', 5, 2), { ...integer, shape: [4] }],
      build: (x, i) => l.gather(x, i, 1),
    },
    'of the last axis': {
      fed: [shaped('batch', 5), { ...integer, shape: [2, 3] }],
      build: (x, i) => l.gather(x, i, -1),
    },
  },
  scatterAdd: {
    '': { fed: [shaped('batch', 2, 3), integer], build: (x, i) => l.scatterAdd(x, i, 0, 5) },
    'of an inner axis': {
      fed: [shaped('batch', 4, 2), { ...integer, shape: [4] }],
      build: (x, i) => l.scatterAdd(x, i, 1, 5),
    },
  },

  reduceSum: {
    'of all': { fed: [normal], build: (x) => r.sum(x) },
    'along the batch': { fed: [normal], build: (x) => r.sum(x, 0) },
    'kept in place': { fed: [shaped('batch', 2, 3)], build: (x) => r.sum(x, [0, 2], { keep: true }) },
  },
  reduceMean: {
    'of all': { fed: [normal], build: (x) => r.mean(x) },
    'along the last axis': { fed: [normal], build: (x) => r.mean(x, -1) },
  },
  reduceMax: {
    '': { fed: [normal], build: (x) => r.max(x, 1) },
    'along the batch': { fed: [normal], build: (x) => r.max(x, 0, { keep: true }) },
  },
  cumSum: {
    '': { fed: [normal], build: (x) => r.cumSum(x, 1) },
    'from the end': { fed: [normal], build: (x) => r.cumSum(x, 0, { reverse: true }) },
  },
  softmax: {
    '': { fed: [normal], build: (x) => r.softmax(x) },
    'of an inner axis': { fed: [shaped('batch', 3, 2)], build: (x) => r.softmax(x, 1) },
  },
  logSoftmax: { '': { fed: [normal], build: (x) => r.logSoftmax(x) } },
  count: { '': { fed: [normal], build: (x) => a.mul(x, r.count(['batch', 4])) } },
};

describe.each(Object.entries(cases))('%s', (op, own) => {
  for (const [what, { fed, build, tolerance }] of Object.entries(own)) {
    checkOp(`${op} ${what}`.trim(), fed, build, tolerance === undefined ? {} : { tolerance });
  }
});

describe('composites', () => {
  checkOp('gelu', [normal], a.gelu);
  checkOp('silu', [normal], a.silu);
  checkOp('logSumExp', [normal], (x) => r.logSumExp(x, -1));
  checkOp('variance', [normal], (x) => r.variance(x, 1));
  checkOp('min', [normal], (x) => r.min(x, 1));
  checkOp('oneHot', [integer, shaped(5, 2)], (i, w) => matMul(l.oneHot(i, 5), w));
  checkOp('stack', [normal, normal], (x, y) => l.stack([x, y], 1));
});
