/** Layers with parameters of their own. A layer is a function of tensors; its parameters are named `name/...`. */
import { sizeOf } from '../dim.ts';
import { add } from '../ops/arithmetic.ts';
import { type ConvolutionOptions, conv, matMul } from '../ops/contraction.ts';
import { gather, mergeAxes, reshape } from '../ops/layout.ts';
import { type Initializer, parameter, type Tensor } from '../tensor.ts';
import { heUniform, normal, zeros } from './initializers.ts';

export interface LayerOptions {
  /** First weights. Default He uniform. */
  readonly initial?: Initializer;
  /** Adds a learned bias. Default true. */
  readonly bias?: boolean;
}

export type Layer = (x: Tensor) => Tensor;

/** x W + b along the last axis. */
export function dense(name: string, from: number, to: number, options: LayerOptions = {}): Layer {
  const { initial = heUniform, bias = true } = options;
  const w = parameter(`${name}/weight`, [from, to], initial);
  const b = bias ? parameter(`${name}/bias`, [to], zeros) : undefined;
  const applied = (rows: Tensor) => (b ? add(matMul(rows, w), b) : matMul(rows, w));
  return (x) => {
    const lead = x.shape.slice(0, -1);
    if (lead.length < 2 || sizeOf(lead).batches > 1) return applied(x);
    // one matrix: the runtime takes the bias into the product
    return reshape(applied(mergeAxes(x, 0, lead.length)), [...lead, to]);
  };
}

/** A convolution with a bias for each channel it gives. */
export function convolution(
  name: string,
  from: number,
  to: number,
  kernel: readonly number[],
  options: LayerOptions & ConvolutionOptions = {},
): Layer {
  const { initial = heUniform, bias = true, ...window } = options;
  const w = parameter(`${name}/weight`, [to, from / (window.groups ?? 1), ...kernel], initial);
  const b = bias ? parameter(`${name}/bias`, [to], zeros) : undefined;
  return (x) => conv(x, w, b ? { ...window, bias: b } : window);
}

/** A learned vector for each of so many indices (int32). */
export function embedding(name: string, size: number, width: number, initial: Initializer = normal(0.02)): Layer {
  const table = parameter(`${name}/table`, [size, width], initial);
  return (indices) => gather(table, indices);
}
