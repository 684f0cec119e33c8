/** A graph made ready to run: plain ONNX bytes, and what goes in and comes out. */
import { InputError } from '../../errors.ts';
import { programMetadata } from '../onnx/metadata.ts';
import type { Tensor } from '../tensor.ts';
import { type Emitted, emit, type Slot } from './emit.ts';
import { share } from './share.ts';

export interface Program extends Emitted {
  readonly outputs: readonly Slot[];
}

export interface CompileOptions {
  /** Parameters and buffers by name, written into the model so that it stands alone. Those not named are fed. */
  readonly values?: Readonly<Record<string, Float32Array>>;
}

/** Compiles the computation of some tensors, handed out under the names given. The same graph gives the same bytes. */
export function compile(outputs: Readonly<Record<string, Tensor>>, { values = {} }: CompileOptions = {}): Program {
  const names = Object.keys(outputs);
  if (names.length === 0) throw new InputError({ where: 'compile', what: 'no outputs' });
  const shared = share(names.map((name) => outputs[name]));
  const emitted = emit(
    names.map((name, at) => [name, shared[at]]),
    values,
    (parameters) => programMetadata(parameters.map(({ name }) => name)),
  );
  const taken = [...emitted.inputs, ...emitted.parameters].find(({ name }) => names.includes(name));
  if (taken) throw new InputError({ where: 'compile', what: `"${taken.name}" names an output and an input` });
  return {
    ...emitted,
    outputs: names.map((name) => ({ name, shape: outputs[name].shape, dtype: outputs[name].dtype })),
  };
}
