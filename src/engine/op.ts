/**
 * The closed set of operations. Each has one row in every table: what shape it gives (`shape/`), its gradient as a graph of
 * the same operations (`gradient/`), and how ONNX says it (`onnx/`). A table is typed `{ readonly [K in Op]: Rule }`, so an
 * operation without a row does not compile.
 */
import type { Dim, Shape } from './dim.ts';

/** Element types. `int64` comes out of `maxPoolIndices` only; masks are `bool`, indices and labels `int32`. */
export type DType = 'float32' | 'int32' | 'int64' | 'bool';

type None = Readonly<Record<never, never>>;

export interface Axis {
  readonly axis: number;
}

export interface Reduction {
  readonly axes: readonly number[]; // ascending
  /** Whether a reduced axis stays, with length 1. */
  readonly keep: boolean;
}

/** Of spatial axes, those after `[batch, channels]`; zeros are padded. */
export interface Window {
  readonly strides: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

export interface Pool extends Window {
  readonly kernel: readonly number[];
}

export interface Convolution extends Window {
  readonly groups: number;
}

export interface Attributes {
  readonly neg: None;
  readonly abs: None;
  readonly sign: None;
  readonly exp: None;
  readonly log: None;
  readonly log1p: None;
  readonly sqrt: None;
  readonly reciprocal: None;
  readonly tanh: None;
  readonly sigmoid: None;
  readonly softplus: None;
  readonly erf: None;
  readonly relu: None;
  readonly not: None;
  readonly stopGradient: None;
  readonly clip: { readonly min: number; readonly max: number };
  readonly toFloat: None;

  readonly add: None;
  readonly sub: None;
  readonly mul: None;
  readonly div: None;
  readonly maximum: None;
  readonly minimum: None;
  readonly poissonDeviance: None;
  readonly greater: None;
  readonly greaterOrEqual: None;
  readonly equal: None;
  readonly and: None;
  readonly where: None;

  readonly matMul: None;
  readonly conv: Convolution;
  /** `size`: the spatial lengths it gives, which a stride leaves open. */
  readonly convTranspose: Convolution & { readonly size: readonly number[] };
  readonly maxPool: Pool;
  readonly maxPoolIndices: Pool;
  /** `size`: the spatial lengths it gives. */
  readonly maxUnpool: Pool & { readonly size: readonly number[] };
  readonly averagePool: Pool;

  readonly reshape: { readonly shape: Shape };
  readonly expand: { readonly shape: Shape };
  readonly transpose: { readonly order: readonly number[] };
  readonly concat: Axis;
  readonly slice: {
    readonly axes: readonly number[];
    readonly starts: readonly number[];
    readonly ends: readonly number[];
    readonly steps: readonly number[];
  };
  readonly pad: { readonly low: readonly number[]; readonly high: readonly number[] };
  readonly reverse: { readonly axes: readonly number[] };
  readonly gather: Axis;
  readonly scatterAdd: Axis & { readonly size: Dim };

  readonly reduceSum: Reduction;
  readonly reduceMean: Reduction;
  readonly reduceMax: Reduction;
  readonly cumSum: Axis & { readonly reverse: boolean };
  readonly softmax: Axis;
  readonly logSoftmax: Axis;
  /** How many elements a shape has, as a float: the batch is only known when the graph runs. */
  readonly count: { readonly shape: Shape };
}

export type Op = keyof Attributes;
