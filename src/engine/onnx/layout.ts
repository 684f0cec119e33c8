import { type Dim, mergedDim } from '../dim.ts';
import type { Op } from '../op.ts';
import type { EmissionRule } from './rule.ts';

export const layoutEmission = {
  reshape: ({ write, names: [x], attributes: { shape } }) => write.node('Reshape', [x, write.target(shape)]),
  expand: ({ write, names: [x], attributes: { shape } }) => write.node('Expand', [x, write.lengths(shape)]),
  transpose: ({ write, names, attributes: { order } }) => write.node('Transpose', names, { perm: order }),
  concat: ({ write, names, attributes: { axis } }) => write.node('Concat', names, { axis }),
  slice: ({ write, names: [x], attributes: { axes, starts, ends, steps } }) =>
    write.node('Slice', [x, write.ints(starts), write.ints(ends), write.ints(axes), write.ints(steps)]),
  pad: ({ write, names: [x], attributes: { low, high } }) => write.node('Pad', [x, write.ints([...low, ...high])]),
  reverse: ({ write, names: [x], attributes: { axes } }) => {
    const all = (value: number) => write.ints(axes.map(() => value));
    return write.node('Slice', [x, all(-1), all(-(2 ** 31)), write.ints(axes), all(-1)]);
  },
  gather: ({ write, names, attributes: { axis } }) => write.node('Gather', names, { axis }),
  scatterAdd: ({ write, names: [updates, indices], inputs, output, attributes: { axis, size } }) => {
    // ScatterElements wants one index for each update: [lead, updates, trail]
    const places = inputs[1].shape;
    const merged = mergedDim(places);
    const lead = output.shape.slice(0, axis);
    const trail = output.shape.slice(axis + 1);
    const shape: Dim[] = [...lead, merged, ...trail];
    const column = write.node('Reshape', [
      indices,
      write.target([...lead.map(() => 1), merged, ...trail.map(() => 1)]),
    ]);
    const flat = write.node('Reshape', [updates, write.target(shape)]);
    const spread = lead.length + trail.length === 0 ? column : write.node('Expand', [column, write.lengths(shape)]);
    const zeros = write.node('Expand', [write.float(0), write.lengths([...lead, size, ...trail])]);
    return write.node('ScatterElements', [zeros, spread, flat], { axis, reduction: 'add' });
  },
} satisfies { readonly [K in Op]?: EmissionRule<K> };
