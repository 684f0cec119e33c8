import type { Tensor } from '../tensor.ts';
import { inOrder } from '../walk.ts';

/**
 * The same computation with values in place of the parameters and buffers named, so that several networks of one make can
 * stand in one graph. Those without a value stay.
 */
export function withValues(tensor: Tensor, values: Readonly<Record<string, Float32Array>>): Tensor {
  const made = new Map<Tensor, Tensor>();
  for (const one of inOrder([tensor])) {
    const { source } = one;
    if (source.kind === 'op') {
      made.set(one, {
        ...one,
        source: { ...source, inputs: source.inputs.map((x) => made.get(x)!) } as Tensor['source'],
      });
    } else if ((source.kind === 'parameter' || source.kind === 'buffer') && values[source.name]) {
      made.set(one, { ...one, source: { kind: 'constant', data: values[source.name] } });
    } else {
      made.set(one, one);
    }
  }
  return made.get(tensor)!;
}
