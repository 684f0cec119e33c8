/** Plain float64 arrays, element by element: slow, and too simple to share a fault with the engine. */
export interface Plain {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

export function offset(shape: readonly number[], index: readonly number[]): number {
  return shape.reduce((at, length, axis) => at * length + index[axis], 0);
}

export function* indices(shape: readonly number[]): Generator<number[]> {
  const size = sizeOf(shape);
  for (let flat = 0; flat < size; flat++) {
    const index: number[] = [];
    let rest = flat;
    for (const length of [...shape].reverse()) {
      index.unshift(rest % length);
      rest = Math.floor(rest / length);
    }
    yield index;
  }
}

export function fill(shape: readonly number[], value: (index: number[]) => number): Plain {
  const data = new Float64Array(sizeOf(shape));
  let at = 0;
  for (const index of indices(shape)) data[at++] = value(index);
  return { shape, data };
}

export function get({ shape, data }: Plain, index: readonly number[]): number {
  return data[offset(shape, index)];
}

/** The element that broadcasting puts at an index. */
export function broadcastGet(x: Plain, index: readonly number[]): number {
  const lead = index.length - x.shape.length;
  return get(
    x,
    x.shape.map((length, axis) => (length === 1 ? 0 : index[axis + lead])),
  );
}
