/**
 * Symbolic tensors. A tensor is a frozen value that says where it comes from: an input, a parameter, a constant, or an
 * operation on other tensors. A graph is what can be reached from a tensor; nothing is computed here.
 */
import type { Random } from '../array/random.ts';
import { InputError } from '../errors.ts';
import { type Dim, formatShape, type Shape, sizeOf } from './dim.ts';
import type { Attributes, DType, Op } from './op.ts';
import { type ShapeRule, shapeRules } from './shape/rules.ts';
import type { Typed } from './typed.ts';

/** Draws the first values of a parameter: so many, for that shape. */
export type Initializer = (shape: readonly number[], random: Random) => Float32Array;

export type Elements = Float32Array | Int32Array | Uint8Array;

/** Fed at each run. */
export interface Input {
  readonly kind: 'input';
  readonly name: string;
}

/** Kept from step to step: learned from the gradient, or a buffer that the graph itself updates (running statistics). */
export interface Parameter {
  readonly kind: 'parameter' | 'buffer';
  readonly name: string;
  readonly initial: Initializer;
}

export interface Constant {
  readonly kind: 'constant';
  readonly data: Elements;
}

export type Applied = {
  readonly [K in Op]: {
    readonly kind: 'op';
    readonly op: K;
    readonly inputs: readonly Tensor[];
    readonly attributes: Attributes[K];
  };
}[Op];

export interface Tensor extends Typed {
  readonly source: Input | Parameter | Constant | Applied;
}

/** A tensor, or a number that stands for a scalar. */
export type Operand = Tensor | number;

function checkShape(where: string, shape: Shape, isFine: (dim: Dim) => boolean, expected: string): void {
  if (!shape.every(isFine)) throw new InputError({ where, what: 'shape', expected, got: formatShape(shape) });
}

const isLength = (dim: Dim) => typeof dim === 'number' && Number.isInteger(dim) && dim > 0;

/**
 * Values fed at each run: float32 unless said, int32 for labels and indices, bool for masks.
 *
 * @param shape positive lengths, and `'batch'` for the axis whose length is only known when the graph runs
 */
export function input(name: string, shape: Shape, dtype: 'float32' | 'int32' | 'bool' = 'float32'): Tensor {
  checkShape(`input ${name}`, shape, (dim) => typeof dim === 'string' || isLength(dim), "positive lengths or 'batch'");
  return { shape, dtype, source: { kind: 'input', name } };
}

/** Values that training changes along the gradient. */
export function parameter(name: string, shape: readonly number[], initial: Initializer): Tensor {
  checkShape(`parameter ${name}`, shape, isLength, 'positive lengths');
  return { shape, dtype: 'float32', source: { kind: 'parameter', name, initial } };
}

/** Values that a training step replaces by what the graph computes, not along the gradient (running statistics). */
export function buffer(name: string, shape: readonly number[], initial: Initializer): Tensor {
  checkShape(`buffer ${name}`, shape, isLength, 'positive lengths');
  return { shape, dtype: 'float32', source: { kind: 'buffer', name, initial } };
}

const dtypeOf = (data: Elements): DType =>
  data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'bool';

/** A number (float32), or an array: Float32Array for float32, Int32Array for int32, Uint8Array for bool. */
export function constant(data: number | Elements, shape?: readonly number[]): Tensor {
  const elements = typeof data === 'number' ? Float32Array.of(data) : data;
  const itsShape = shape ?? (typeof data === 'number' ? [] : [elements.length]);
  checkShape('constant', itsShape, isLength, 'positive lengths');
  if (sizeOf(itsShape).count !== elements.length) {
    throw new InputError({
      where: 'constant',
      what: `values of ${formatShape(itsShape)}`,
      expected: `${sizeOf(itsShape).count}`,
      got: `${elements.length}`,
    });
  }
  return { shape: itsShape, dtype: dtypeOf(elements), source: { kind: 'constant', data: elements } };
}

export function tensorOf(operand: Operand): Tensor {
  return typeof operand === 'number' ? constant(operand) : operand;
}

/** Applies an operation: its shape rule says what comes out, or throws an InputError that names operation and shapes. */
export function apply<K extends Op>(op: K, inputs: readonly Tensor[], attributes: Attributes[K]): Tensor {
  const { shape, dtype } = (shapeRules[op] as ShapeRule<K>)(inputs, attributes);
  return { shape, dtype, source: { kind: 'op', op, inputs, attributes } as Applied };
}

/** The number that a constant of one element holds, or undefined. */
export function scalarOf({ source }: Tensor): number | undefined {
  return source.kind === 'constant' && source.data.length === 1 ? source.data[0] : undefined;
}
