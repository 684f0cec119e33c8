import { sizeOf } from '../dim.ts';
import type { Op } from '../op.ts';
import type { EmissionRule } from './rule.ts';
import { dataType } from './writer.ts';

const reduced =
  (type: string): EmissionRule<'reduceSum' | 'reduceMean' | 'reduceMax'> =>
  ({ write, names: [x], attributes: { axes, keep } }) =>
    axes.length === 0 ? x : write.node(type, [x, write.ints(axes)], { keepdims: keep ? 1 : 0 });

export const reductionEmission = {
  reduceSum: reduced('ReduceSum'),
  reduceMean: reduced('ReduceMean'),
  reduceMax: reduced('ReduceMax'),
  cumSum: ({ write, names: [x], attributes: { axis, reverse } }) =>
    write.node('CumSum', [x, write.ints([axis])], { reverse: reverse ? 1 : 0 }),
  softmax: ({ write, names, attributes: { axis } }) => write.node('Softmax', names, { axis }),
  logSoftmax: ({ write, names, attributes: { axis } }) => write.node('LogSoftmax', names, { axis }),
  count: ({ write, attributes: { shape } }) => {
    const { count, batches } = sizeOf(shape);
    if (batches === 0) return write.float(count);
    return write.once(`count ${count} ${batches}`, () => {
      const elements = write.node('ReduceProd', [write.lengths(shape), write.ints([0])], { keepdims: 0 });
      return write.node('Cast', [elements], { to: dataType('float32') });
    });
  },
} satisfies { readonly [K in Op]?: EmissionRule<K> };
