import type { Op, Window } from '../op.ts';
import { type Emission, type EmissionRule, operator } from './rule.ts';

const window = ({ strides, low, high }: Window) => ({ strides, pads: [...low, ...high] });

const spatialOf = ({ inputs: [, w] }: Pick<Emission<Op>, 'inputs'>) => w.shape.slice(2).map(Number);

/** Values and the place each comes from, as one node for both. */
function maxPoolNode(
  { write, names: [x], attributes }: Emission<'maxPool'> | Emission<'maxPoolIndices'>,
  which: 0 | 1,
): string {
  const { kernel } = attributes;
  const key = `max pool ${x} ${JSON.stringify(attributes)}`;
  const both = write.once(key, () => {
    return write.nodeWith(2, 'MaxPool', [x], { kernel_shape: kernel, ...window(attributes) })[0];
  });
  return which === 0 ? both : `${both}_1`;
}

export const contractionEmission = {
  matMul: operator('MatMul'),
  conv: (emission) => {
    const { write, names, attributes } = emission;
    const kernel_shape = spatialOf(emission);
    return write.node('Conv', names, { kernel_shape, ...window(attributes), group: attributes.groups });
  },
  convTranspose: (emission) => {
    const { write, names, inputs, attributes } = emission;
    const { strides, low, high, groups, size } = attributes;
    const kernel_shape = spatialOf(emission);
    // what a stride left out at the end of an axis
    const output_padding = size.map((length, axis) => {
      const windows = Number(inputs[0].shape[axis + 2]);
      return length - ((windows - 1) * strides[axis] + kernel_shape[axis] - low[axis] - high[axis]);
    });
    return write.node('ConvTranspose', names, { kernel_shape, ...window(attributes), output_padding, group: groups });
  },
  maxPool: (emission) => {
    const { write, names, attributes } = emission;
    if (emission.beside('maxPoolIndices')) return maxPoolNode(emission, 0);
    return write.node('MaxPool', names, { kernel_shape: attributes.kernel, ...window(attributes) });
  },
  maxPoolIndices: (emission) => maxPoolNode(emission, 1),
  maxUnpool: ({ write, names, output, attributes: { kernel, ...pool } }) =>
    write.node('MaxUnpool', [...names, write.lengths(output.shape)], { kernel_shape: kernel, ...window(pool) }),
  averagePool: ({ write, names, attributes }) =>
    write.node('AveragePool', names, { kernel_shape: attributes.kernel, ...window(attributes), count_include_pad: 1 }),
} satisfies { readonly [K in Op]?: EmissionRule<K> };
