import { InputError } from '../../errors.ts';
import type { Slot } from '../compile/emit.ts';
import { batchMultiple, formatShape } from '../dim.ts';
import type { NamedValues } from './runtime.ts';

/** Holds what is fed to what is asked for: names, element types, shapes, one batch. Gives the batch, or undefined. */
export function checkFeeds(where: string, slots: readonly Slot[], feeds: NamedValues): number | undefined {
  const unknown = Object.keys(feeds).find((name) => !slots.some((slot) => slot.name === name));
  if (unknown !== undefined) {
    const expected = slots.length > 0 ? `one of ${slots.map(({ name }) => name).join(', ')}` : 'none';
    throw new InputError({ where, what: `unknown input "${unknown}"`, expected });
  }
  let batch: number | undefined;
  for (const { name, shape, dtype } of slots) {
    const fed = feeds[name];
    const refuse = (what: string, expected: string, got: string): never => {
      throw new InputError({ where: `${where}: ${name}`, what, expected, got });
    };
    if (!fed) throw new InputError({ where, what: `no values of ${name}`, expected: `${dtype} ${formatShape(shape)}` });
    const elements = fed.data instanceof Float32Array ? 'float32' : fed.data instanceof Int32Array ? 'int32' : 'bool';
    if (elements !== dtype) refuse('elements', dtype, elements);
    const fits =
      fed.shape.length === shape.length &&
      shape.every((dim, axis) => {
        if (typeof dim === 'number') return dim === fed.shape[axis];
        batch ??= fed.shape[axis] / batchMultiple(dim);
        return batch > 0 && batch * batchMultiple(dim) === fed.shape[axis];
      });
    if (!fits) {
      const expected = formatShape(shape) + (batch === undefined ? '' : `, batch ${batch}`);
      refuse('shape', expected, formatShape(fed.shape));
    }
    const count = fed.shape.reduce((a, b) => a * b, 1);
    if (fed.data.length !== count) refuse(`values of ${formatShape(fed.shape)}`, `${count}`, `${fed.data.length}`);
  }
  return batch;
}
