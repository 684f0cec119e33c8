/**
 * Shares what is the same: tensors that apply the same operation to the same inputs become one (hash-consing), known numbers
 * are computed, and operations that change nothing go. What a gradient repeats of the forward graph is so computed once.
 */
import { InputError } from '../../errors.ts';
import { formatShape, sameShape } from '../dim.ts';
import type { Tensor } from '../tensor.ts';
import { inOrder } from '../walk.ts';
import { shorter } from './rewrite.ts';

class Shared {
  readonly #byKey = new Map<string, Tensor>();
  readonly #numbers = new Map<object, number>();

  #number(of: object): number {
    let number = this.#numbers.get(of);
    if (number === undefined) this.#numbers.set(of, (number = this.#numbers.size));
    return number;
  }

  #key({ source, shape, dtype }: Tensor): string {
    switch (source.kind) {
      case 'op':
        return `${source.op} ${source.inputs.map((x) => this.#number(x)).join()} ${JSON.stringify(source.attributes)}`;
      case 'constant': {
        const { data } = source;
        return `constant ${dtype} ${shape.join()} ${data.length > 64 ? `of ${this.#number(data)}` : wordsOf(data)}`;
      }
      case 'input':
        return `feed ${source.name}`;
      default:
        return `state ${source.name}`;
    }
  }

  /** The one tensor that stands for this, whose inputs are such tensors already. */
  one(tensor: Tensor): Tensor {
    const short = shorter(tensor);
    if (short) return this.#all(short);
    const key = this.#key(tensor);
    const known = this.#byKey.get(key);
    if (!known) {
      this.#number(tensor);
      this.#byKey.set(key, tensor);
      return tensor;
    }
    checkSame(known, tensor);
    return known;
  }

  /** A rewritten tensor may hold new ones. */
  #all(tensor: Tensor): Tensor {
    const { source } = tensor;
    if (this.#numbers.has(tensor) && this.#byKey.get(this.#key(tensor)) === tensor) return tensor;
    if (source.kind !== 'op') return this.one(tensor);
    return this.one({
      ...tensor,
      source: { ...source, inputs: source.inputs.map((x) => this.#all(x)) } as Tensor['source'],
    });
  }
}

/** Tells −0 from 0. */
const wordsOf = (data: ArrayLike<number>) =>
  Array.from(data, (value) => (Object.is(value, -0) ? '-0' : `${value}`)).join();

function checkSame(known: Tensor, tensor: Tensor): void {
  const { source } = tensor;
  if (source.kind === 'op' || source.kind === 'constant') return;
  const same =
    sameShape(known.shape, tensor.shape) &&
    known.dtype === tensor.dtype &&
    (source.kind === 'input' || known.source === source);
  if (same) return;
  throw new InputError({
    where: `compile: ${source.kind} ${source.name}`,
    what: 'two of one name',
    expected: 'one tensor a name',
    got: `${known.dtype} ${formatShape(known.shape)} and ${tensor.dtype} ${formatShape(tensor.shape)}`,
  });
}

/**
 * The same tensors as a graph without repetition.
 *
 * @param replacements what stands for a parameter or buffer instead of itself
 */
export function share(roots: readonly Tensor[], replacements: ReadonlyMap<Tensor, Tensor> = new Map()): Tensor[] {
  const shared = new Shared();
  const done = new Map<Tensor, Tensor>();
  const sharedFrom = (order: readonly Tensor[]) => {
    for (const tensor of order) {
      const { source } = tensor;
      const replaced = replacements.get(tensor);
      const own =
        replaced !== undefined
          ? done.get(replaced)!
          : source.kind === 'op'
            ? shared.one({
                ...tensor,
                source: { ...source, inputs: source.inputs.map((x) => done.get(x)!) } as Tensor['source'],
              })
            : shared.one(tensor);
      done.set(tensor, own);
    }
  };
  sharedFrom(inOrder([...replacements.values()]));
  sharedFrom(inOrder(roots));
  return roots.map((root) => done.get(root)!);
}
