import { concreteShape } from '../../../src/engine/dim.ts';
import type { Op } from '../../../src/engine/op.ts';
import type { Tensor } from '../../../src/engine/tensor.ts';
import { inOrder } from '../../../src/engine/walk.ts';
import type { Plain } from './array.ts';
import { type Context, reference } from './operations.ts';

/** Evaluates tensors in float64. `feeds` names inputs, parameters and buffers. */
export function evaluate(roots: readonly Tensor[], feeds: Readonly<Record<string, Plain>>, batch: number): Plain[] {
  const values = new Map<Tensor, Plain>();
  for (const tensor of inOrder(roots)) {
    const { source } = tensor;
    const shape = concreteShape(tensor.shape, batch);
    if (source.kind === 'op') {
      const rule = reference[source.op] as (inputs: Plain[], attributes: unknown, context: Context) => Plain;
      const inputs = source.inputs.map((x) => values.get(x)!);
      const value = rule(inputs, source.attributes as unknown, { shape, batch });
      if (value.shape.join() !== shape.join()) {
        throw new Error(
          `${source.op satisfies Op}: the shape rule says [${shape}], the reference gives [${value.shape}]`,
        );
      }
      values.set(tensor, value);
    } else if (source.kind === 'constant') {
      values.set(tensor, { shape, data: Float64Array.from(source.data) });
    } else {
      values.set(tensor, feeds[source.name]);
    }
  }
  return roots.map((root) => values.get(root)!);
}
