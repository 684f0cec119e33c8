/**
 * Work shared between strategies. Every strategy of a fold is fitted as if alone; what two of them do alike on the same
 * data (preparing a modality, its Gram matrix, its expert) is done once and forgotten with the data.
 */
import type { Run } from './estimator.ts';

interface Remembered {
  readonly value: Promise<unknown>;
  milliseconds: number;
}

const memory = new WeakMap<object, Map<string, Remembered>>();
const numbers = new WeakMap<object, number>();
let given = 0;

/** Tells objects apart in a key without keeping them. */
function numberOf(one: object): number {
  let number = numbers.get(one);
  if (number === undefined) numbers.set(one, (number = ++given));
  return number;
}

/**
 * Does the work once for its subject matter: everything it depends on must be among `of` (by identity; values there are
 * never mutated) or in `key`. Later callers are charged the time it took, so that a strategy's fitting time does not look
 * free because another came first.
 */
export async function remember<T>(
  of: readonly [object, ...(object | undefined)[]],
  key: string,
  run: Run,
  make: (run: Run) => Promise<T>,
): Promise<T> {
  const [owner, ...others] = of;
  const place = `${others.map((one) => (one ? numberOf(one) : '-')).join()} ${key}`;
  let known = memory.get(owner);
  if (!known) memory.set(owner, (known = new Map()));
  const earlier = known.get(place);
  if (earlier) {
    const value = (await earlier.value) as T;
    run.charge?.(earlier.milliseconds);
    return value;
  }
  let inherited = 0;
  const started = performance.now();
  const charge = (milliseconds: number) => {
    inherited += milliseconds;
  };
  const entry: Remembered = { value: make({ ...run, charge }), milliseconds: 0 };
  known.set(place, entry);
  try {
    const made = (await entry.value) as T;
    entry.milliseconds = performance.now() - started + inherited;
    run.charge?.(inherited);
    return made;
  } catch (error) {
    known.delete(place);
    throw error;
  }
}
