import { share } from '../../src/engine/compile/share.ts';
import type { Tensor } from '../../src/engine/tensor.ts';
import { inOrder } from '../../src/engine/walk.ts';

/** The same graph with other tensors in place of parameters, by name. */
export function withParameters(tensor: Tensor, values: Readonly<Record<string, Tensor>>): Tensor {
  const replacements = new Map<Tensor, Tensor>();
  for (const one of inOrder([tensor])) {
    const { source } = one;
    if ((source.kind === 'parameter' || source.kind === 'buffer') && values[source.name]) {
      replacements.set(one, values[source.name]);
    }
  }
  return share([tensor], replacements)[0];
}
