/** What a shape rule is, and the checks that rules share. Errors name the operation, the shapes, the axis. */
import { InputError } from '../../errors.ts';
import { broadcastShape, formatShape } from '../dim.ts';
import type { Attributes, DType, Op } from '../op.ts';
import type { Typed } from '../typed.ts';

export type ShapeRule<K extends Op> = (inputs: readonly Typed[], attributes: Attributes[K]) => Typed;

export function refuse(where: string, what: string, expected?: string, got?: string): never {
  throw new InputError({ where, what, ...(expected !== undefined && { expected }), ...(got !== undefined && { got }) });
}

/** `[2, 3] @ [4, 5]`. */
export function shapes(inputs: readonly Typed[], between = ', '): string {
  return inputs.map(({ shape }) => formatShape(shape)).join(between);
}

export function checkDType(where: string, { shape, dtype }: Typed, ...fine: readonly DType[]): void {
  if (!fine.includes(dtype)) refuse(where, `elements of ${formatShape(shape)}`, fine.join(' or '), dtype);
}

/** Same shape and type, float32 in. */
export function unary(where: Op): (inputs: readonly Typed[]) => Typed {
  return ([x]) => {
    checkDType(where, x, 'float32');
    return { shape: x.shape, dtype: 'float32' };
  };
}

export function broadcast(where: string, inputs: readonly Typed[]): Typed['shape'] {
  return inputs.reduce<Typed['shape']>(
    (all, { shape }) =>
      broadcastShape(all, shape) ??
      refuse(where, `${shapes(inputs)} do not broadcast (axes equal from the last, or 1)`),
    [],
  );
}

/** Two inputs that broadcast. */
export function binary(where: Op, out: DType, ...fine: readonly DType[]): (inputs: readonly Typed[]) => Typed {
  return (inputs) => {
    for (const x of inputs) checkDType(where, x, ...fine);
    if (inputs[0].dtype !== inputs[1].dtype) refuse(where, `elements ${inputs[0].dtype} and ${inputs[1].dtype} differ`);
    return { shape: broadcast(where, inputs), dtype: out };
  };
}
