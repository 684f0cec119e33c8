/** What each operation means, by its definition in float64: the second oracle beside PyTorch. */
import { concreteShape } from '../../../src/engine/dim.ts';
import type { Attributes, Op } from '../../../src/engine/op.ts';
import { broadcastGet, fill, get, indices, offset, type Plain, sizeOf } from './array.ts';

export interface Context {
  /** The shape that the shape rule gives. */
  readonly shape: readonly number[];
  readonly batch: number;
}

type Reference<K extends Op> = (inputs: readonly Plain[], attributes: Attributes[K], context: Context) => Plain;

const each =
  (f: (...values: number[]) => number): Reference<Op> =>
  (inputs, _, { shape }) =>
    fill(shape, (index) => f(...inputs.map((x) => broadcastGet(x, index))));

/** Abramowitz and Stegun 7.1.5, its series, to full accuracy for the arguments tested. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 200; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function poissonDeviance(x: number, m: number): number {
  return (x > 0 ? x * Math.log(x / m) : 0) + m - x;
}

function reduce(f: (values: number[]) => number): Reference<'reduceSum' | 'reduceMean' | 'reduceMax'> {
  return ([x], { axes, keep }) => {
    const shape = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
    const groups = new Map<number, number[]>();
    for (const index of indices(x.shape)) {
      const at = offset(
        shape,
        index.map((i, axis) => (axes.includes(axis) ? 0 : i)),
      );
      const group = groups.get(at) ?? [];
      group.push(get(x, index));
      groups.set(at, group);
    }
    const data = Float64Array.from({ length: sizeOf(shape) }, (_, at) => f(groups.get(at)!));
    return { shape: keep ? shape : x.shape.filter((_, axis) => !axes.includes(axis)), data };
  };
}

/** The values along an axis through an index. */
const line = (x: Plain, index: readonly number[], axis: number) =>
  Array.from({ length: x.shape[axis] }, (_, i) => get(x, index.with(axis, i)));

const logSumExp = (values: number[]) => Math.log(values.reduce((sum, value) => sum + Math.exp(value), 0));

/** The value at an index, or the outside value where the index leaves the array. */
function inside(x: Plain, index: readonly number[], outside: number): number {
  return index.every((i, axis) => i >= 0 && i < x.shape[axis]) ? get(x, index) : outside;
}

const conv: Reference<'conv'> = ([x, w, bias], { strides, low, groups }, { shape }) => {
  const perGroup = w.shape[1];
  const outPerGroup = w.shape[0] / groups;
  return fill(shape, ([n, out, ...place]) => {
    const group = Math.floor(out / outPerGroup);
    let sum = bias ? get(bias, [out]) : 0;
    for (const [inner, ...tap] of indices([perGroup, ...w.shape.slice(2)])) {
      const from = place.map((p, axis) => p * strides[axis] + tap[axis] - low[axis]);
      sum += get(w, [out, inner, ...tap]) * inside(x, [n, group * perGroup + inner, ...from], 0);
    }
    return sum;
  });
};

const convTranspose: Reference<'convTranspose'> = ([x, w], { strides, low, groups }, { shape }) => {
  const out = fill(shape, () => 0);
  const outPerGroup = w.shape[1];
  const inPerGroup = w.shape[0] / groups;
  for (const [n, channel, ...place] of indices(x.shape)) {
    const group = Math.floor(channel / inPerGroup);
    for (const [inner, ...tap] of indices([outPerGroup, ...w.shape.slice(2)])) {
      const to = place.map((p, axis) => p * strides[axis] + tap[axis] - low[axis]);
      if (to.some((i, axis) => i < 0 || i >= shape[axis + 2])) continue;
      const at = offset(shape, [n, group * outPerGroup + inner, ...to]);
      out.data[at] += get(x, [n, channel, ...place]) * get(w, [channel, inner, ...tap]);
    }
  }
  return out;
};

function pool(f: (x: Plain, places: number[][]) => number): Reference<'maxPool' | 'maxPoolIndices' | 'averagePool'> {
  return ([x], { kernel, strides, low }, { shape }) =>
    fill(shape, ([n, channel, ...place]) =>
      f(
        x,
        [...indices(kernel)].map((tap) => [
          n,
          channel,
          ...tap.map((t, axis) => place[axis] * strides[axis] + t - low[axis]),
        ]),
      ),
    );
}

const maxPlace = (x: Plain, places: number[][]) =>
  places.reduce((best, place) => (inside(x, place, -Infinity) > inside(x, best, -Infinity) ? place : best));

export const reference: { readonly [K in Op]: Reference<K> } = {
  neg: each((x) => -x),
  abs: each(Math.abs),
  sign: each(Math.sign),
  exp: each(Math.exp),
  log: each(Math.log),
  log1p: each(Math.log1p),
  sqrt: each(Math.sqrt),
  reciprocal: each((x) => 1 / x),
  tanh: each(Math.tanh),
  sigmoid: each((x) => 1 / (1 + Math.exp(-x))),
  softplus: each((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  erf: each(erf),
  relu: each((x) => Math.max(x, 0)),
  not: each((x) => 1 - x),
  stopGradient: each((x) => x),
  clip: ([x], { min, max }, { shape }) => fill(shape, (index) => Math.min(max, Math.max(min, get(x, index)))),
  toFloat: each((x) => x),
  add: each((a, b) => a + b),
  sub: each((a, b) => a - b),
  mul: each((a, b) => a * b),
  div: each((a, b) => a / b),
  maximum: each(Math.max),
  minimum: each(Math.min),
  poissonDeviance: each(poissonDeviance),
  greater: each((a, b) => Number(a > b)),
  greaterOrEqual: each((a, b) => Number(a >= b)),
  equal: each((a, b) => Number(a === b)),
  and: each((a, b) => a * b),
  where: each((mask, yes, no) => (mask ? yes : no)),

  matMul: ([a, b], _, { shape }) =>
    fill(shape, (index) => {
      const lead = index.slice(0, -2);
      let sum = 0;
      for (let k = 0; k < a.shape.at(-1)!; k++) {
        sum += broadcastLead(a, lead, index.at(-2)!, k) * broadcastLead(b, lead, k, index.at(-1)!);
      }
      return sum;
    }),
  conv,
  convTranspose,
  maxPool: pool((x, places) => get(x, maxPlace(x, places))),
  maxPoolIndices: pool((x, places) => offset(x.shape, maxPlace(x, places))),
  maxUnpool: ([values, places], _, { shape }) => {
    const out = fill(shape, () => 0);
    for (const index of indices(values.shape)) out.data[get(places, index)] = get(values, index);
    return out;
  },
  averagePool: pool((x, places) => places.reduce((sum, place) => sum + inside(x, place, 0), 0) / places.length),

  reshape: ([x], _, { shape }) => ({ shape, data: x.data }),
  expand: ([x], _, { shape }) => fill(shape, (index) => broadcastGet(x, index)),
  transpose: ([x], { order }, { shape }) =>
    fill(shape, (index) =>
      get(
        x,
        x.shape.map((_, axis) => index[order.indexOf(axis)]),
      ),
    ),
  concat: (inputs, { axis }, { shape }) =>
    fill(shape, (index) => {
      let at = index[axis];
      const x = inputs.find((one) => {
        if (at < one.shape[axis]) return true;
        at -= one.shape[axis];
        return false;
      })!;
      return get(x, index.with(axis, at));
    }),
  slice: ([x], { axes, starts, steps }, { shape }) =>
    fill(shape, (index) =>
      get(
        x,
        index.map((i, axis) => (axes.includes(axis) ? starts[axes.indexOf(axis)] + i * steps[axes.indexOf(axis)] : i)),
      ),
    ),
  pad: ([x], { low }, { shape }) =>
    fill(shape, (index) =>
      inside(
        x,
        index.map((i, axis) => i - low[axis]),
        0,
      ),
    ),
  reverse: ([x], { axes }, { shape }) =>
    fill(shape, (index) =>
      get(
        x,
        index.map((i, axis) => (axes.includes(axis) ? shape[axis] - 1 - i : i)),
      ),
    ),
  gather: ([x, picked], { axis }, { shape }) =>
    fill(shape, (index) => {
      const rank = picked.shape.length;
      return get(x, index.toSpliced(axis, rank, get(picked, index.slice(axis, axis + rank))));
    }),
  scatterAdd: ([updates, places], { axis }, { shape }) => {
    const out = fill(shape, () => 0);
    const rank = places.shape.length;
    for (const index of indices(updates.shape)) {
      const to = get(places, index.slice(axis, axis + rank));
      out.data[offset(shape, index.toSpliced(axis, rank, to))] += get(updates, index);
    }
    return out;
  },

  reduceSum: reduce((values) => values.reduce((a, b) => a + b, 0)),
  reduceMean: reduce((values) => values.reduce((a, b) => a + b, 0) / values.length),
  reduceMax: reduce((values) => Math.max(...values)),
  cumSum: ([x], { axis, reverse }, { shape }) =>
    fill(shape, (index) => {
      const values = line(x, index, axis);
      const taken = reverse ? values.slice(index[axis]) : values.slice(0, index[axis] + 1);
      return taken.reduce((a, b) => a + b, 0);
    }),
  softmax: ([x], { axis }, { shape }) =>
    fill(shape, (index) => Math.exp(get(x, index) - logSumExp(line(x, index, axis)))),
  logSoftmax: ([x], { axis }, { shape }) => fill(shape, (index) => get(x, index) - logSumExp(line(x, index, axis))),
  count: (_, { shape }, { batch }) => ({
    shape: [],
    data: Float64Array.of(sizeOf(concreteShape(shape, batch))),
  }),
};

function broadcastLead(x: Plain, lead: readonly number[], row: number, column: number): number {
  const own = x.shape.length - 2;
  const index = lead.slice(lead.length - own).map((i, axis) => (x.shape[axis] === 1 ? 0 : i));
  return get(x, [...index, row, column]);
}
