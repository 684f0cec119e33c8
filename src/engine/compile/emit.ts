/** A shared graph as an ONNX model. */
import { InputError } from '../../errors.ts';
import type { Metadata } from '../onnx/metadata.ts';
import type { EmissionRule } from '../onnx/rule.ts';
import { emissionRules } from '../onnx/rules.ts';
import { OnnxWriter } from '../onnx/writer.ts';
import type { Op } from '../op.ts';
import type { Elements, Tensor } from '../tensor.ts';
import type { Typed } from '../typed.ts';
import { inOrder } from '../walk.ts';

/** A named place of a program, with the shape of what belongs there. */
export interface Slot extends Typed {
  readonly name: string;
}

export interface Emitted {
  readonly onnx: Uint8Array<ArrayBuffer>;
  /** How many ONNX nodes there are. */
  readonly nodes: number;
  readonly inputs: readonly Slot[];
  readonly parameters: readonly Slot[];
}

/**
 * @param outputs what is handed out, by name; shared tensors
 * @param values of parameters and buffers that become constants of the model; others are fed
 * @param metadata what the model says of itself, given the parameters that are fed
 */
export function emit(
  outputs: readonly (readonly [name: string, tensor: Tensor])[],
  values: Readonly<Record<string, Float32Array>> = {},
  metadata: (parameters: readonly Slot[]) => Metadata = () => new Map(),
): Emitted {
  const order = inOrder(outputs.map(([, tensor]) => tensor));
  const write = new OnnxWriter();
  const names = new Map<Tensor, string>();
  const numbers = new Map(order.map((tensor, at) => [tensor, at]));
  const application = (op: Op, inputs: readonly Tensor[], attributes: object) =>
    `${op} ${inputs.map((x) => numbers.get(x)).join()} ${JSON.stringify(attributes)}`;
  const applications = new Set(
    order.flatMap(({ source }) =>
      source.kind === 'op' ? [application(source.op, source.inputs, source.attributes)] : [],
    ),
  );
  const inputs: Slot[] = [];
  const parameters: Slot[] = [];
  for (const tensor of order) {
    const { source, shape, dtype } = tensor;
    if (source.kind === 'op' || source.kind === 'constant') continue;
    const { name } = source;
    const value = source.kind === 'input' ? undefined : values[name];
    names.set(tensor, value ? constantOf(write, tensor, value) : name);
    if (value) continue;
    write.input(name, shape, dtype);
    (source.kind === 'input' ? inputs : parameters).push({ name, shape, dtype });
  }
  for (const tensor of order) {
    const { source } = tensor;
    if (source.kind === 'constant') names.set(tensor, constantOf(write, tensor, source.data));
    if (source.kind !== 'op') continue;
    const rule = emissionRules[source.op] as EmissionRule<Op>;
    const name = rule({
      write,
      names: source.inputs.map((x) => names.get(x)!),
      inputs: source.inputs,
      output: tensor,
      attributes: source.attributes,
      beside: (op) => applications.has(application(op, source.inputs, source.attributes)),
    });
    names.set(tensor, name);
  }
  for (const [name, tensor] of outputs) write.output(name, names.get(tensor)!, tensor.shape, tensor.dtype);
  return { onnx: write.model(metadata(parameters)), nodes: write.nodes, inputs, parameters };
}

function constantOf(write: OnnxWriter, { shape, dtype }: Tensor, data: Elements): string {
  const lengths = shape.map(Number);
  const count = lengths.reduce((a, b) => a * b, 1);
  if (data.length !== count) {
    throw new InputError({
      where: 'compile',
      what: 'values of a parameter',
      expected: `${count}`,
      got: `${data.length}`,
    });
  }
  if (dtype === 'float32' && shape.length === 0) return write.float(data[0]);
  return write.constant(data, lengths, dtype);
}
