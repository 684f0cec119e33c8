/**
 * Where a training step keeps parameters, moments and buffers. Small parameters lie packed in one array, so that the
 * optimizer and the runtime handle a few arrays instead of hundreds; a large one has its own.
 */
import { deriveSeed, random } from '../../array/random.ts';
import { InputError } from '../../errors.ts';
import { formatShape, sizeOf } from '../dim.ts';
import type { Parameter, Tensor } from '../tensor.ts';

/** A parameter or buffer inside an array. */
export interface Held {
  readonly name: string;
  readonly shape: readonly number[];
  /** Of its first element in the array. */
  readonly offset: number;
}

/** An array that lives from step to step, fed under its name and handed out as `next/` and its name. */
export interface StateArray {
  readonly name: string;
  readonly length: number;
  readonly kind: 'weight' | 'moment' | 'accumulated' | 'buffer';
  /** Whether a step gives another value; what stays is fed only. */
  readonly changes: boolean;
  readonly holds: readonly Held[];
}

/** Parameters (or buffers) that share an array. */
export interface Pack {
  readonly name: string;
  readonly tensors: readonly Tensor[];
  readonly holds: readonly Held[];
  readonly length: number;
  /** Which of two fates its tensors share. */
  readonly fate: boolean;
}

/** From here on (256 kB) a parameter has an array of its own. */
const large = 65536;

export const namedOf = ({ source }: Tensor) => source as Parameter;

export const elementsOf = ({ shape }: Tensor) => sizeOf(shape).count;

/** Packs tensors of the same fate together (those that decay, or do not), in the order given. */
export function packs(prefix: string, tensors: readonly Tensor[], fateOf: (tensor: Tensor) => boolean): Pack[] {
  const groups: { readonly tensors: Tensor[]; readonly fate: boolean }[] = [];
  for (const fate of [true, false]) {
    const own = tensors.filter((tensor) => fateOf(tensor) === fate);
    const small = own.filter((tensor) => elementsOf(tensor) < large);
    if (small.length > 0) groups.push({ tensors: small, fate });
    for (const tensor of own) if (elementsOf(tensor) >= large) groups.push({ tensors: [tensor], fate });
  }
  return groups.map(({ tensors: together, fate }, at) => {
    let length = 0;
    const holds = together.map((tensor) => {
      const held = { name: namedOf(tensor).name, shape: tensor.shape.map(Number), offset: length };
      length += elementsOf(tensor);
      return held;
    });
    return { name: `${prefix}/${at}`, tensors: together, holds, length, fate };
  });
}

/** First values of a parameter: they depend on its name and the seed, not on what else a model has. */
export function initialValues(tensor: Tensor, seed: number): Float32Array {
  const { name, initial } = namedOf(tensor);
  const shape = tensor.shape.map(Number);
  const values = initial(shape, random(deriveSeed(seed, name)));
  if (values.length === elementsOf(tensor)) return values;
  throw new InputError({
    where: `parameter ${name}`,
    what: `first values of ${formatShape(shape)}`,
    expected: `${elementsOf(tensor)}`,
    got: `${values.length}`,
  });
}
