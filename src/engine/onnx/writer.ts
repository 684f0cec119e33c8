/** Writes an ONNX graph: nodes and initializers with names, and the bytes of the model. */
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { internal } from '../../errors.ts';
import { batchMultiple, type Shape } from '../dim.ts';
import type { DType } from '../op.ts';
import type { Elements } from '../tensor.ts';
import { irVersion, type Metadata, operatorSet, producerName, producerVersion } from './metadata.ts';

/** A whole number, a list of them, or a word. */
export type Attribute = number | readonly number[] | string;

const dataTypes: Readonly<Record<DType, number>> = {
  float32: TensorProto_DataType.FLOAT,
  int32: TensorProto_DataType.INT32,
  int64: TensorProto_DataType.INT64,
  bool: TensorProto_DataType.BOOL,
};

export function dataType(dtype: DType): number {
  return dataTypes[dtype];
}

function attribute(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'number') {
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) });
  }
  if (typeof value === 'string') {
    const s = new TextEncoder().encode(value);
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.STRING, s });
  }
  return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INTS, ints: value.map(BigInt) });
}

/** A symbolic length is a name in ONNX: `batch`, or `16*batch`, which its runtime takes as another unknown. */
function valueInfo(name: string, shape: Shape, dtype: DType): ValueInfoProto {
  const dim = shape.map((length) =>
    create(TensorShapeProto_DimensionSchema, {
      value:
        typeof length === 'number' ? { case: 'dimValue', value: BigInt(length) } : { case: 'dimParam', value: length },
    }),
  );
  const tensor = create(TypeProto_TensorSchema, {
    elemType: dataType(dtype),
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  const type: MessageInitShape<typeof TypeProtoSchema> = { value: { case: 'tensorType', value: tensor } };
  return create(ValueInfoProtoSchema, { name, type: create(TypeProtoSchema, type) });
}

export class OnnxWriter {
  readonly #nodes: NodeProto[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  readonly #made = new Map<string, string>();
  /** What nodes give, and under which names some of it is handed out. */
  readonly #values = new Set<string>();
  readonly #renamed = new Map<string, string>();
  /** An input and the axis of it that is the batch. */
  #batchAxis: { readonly name: string; readonly axis: number } | undefined;

  get nodes(): number {
    return this.#nodes.length;
  }

  /** Adds a node and gives the names of its outputs. */
  nodeWith(outputs: number, type: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>>) {
    const stem = `${type}_${this.#nodes.length}`;
    const names = Array.from({ length: outputs }, (_, at) => (at === 0 ? stem : `${stem}_${at}`));
    const attributeList = Object.entries(attributes).map(([name, value]) => attribute(name, value));
    this.#nodes.push(
      create(NodeProtoSchema, {
        name: stem,
        opType: type,
        input: [...inputs],
        output: names,
        attribute: attributeList,
      }),
    );
    for (const name of names) this.#values.add(name);
    return names;
  }

  node(type: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    return this.nodeWith(1, type, inputs, attributes)[0];
  }

  /** What is made under a key is made once. */
  once(key: string, make: () => string): string {
    let name = this.#made.get(key);
    if (name === undefined) this.#made.set(key, (name = make()));
    return name;
  }

  input(name: string, shape: Shape, dtype: DType): void {
    this.#inputs.push(valueInfo(name, shape, dtype));
    const axis = shape.indexOf('batch');
    if (axis >= 0) this.#batchAxis ??= { name, axis };
  }

  /** Hands a value out under a name: the node that makes it gets that name, or where it cannot, the value is copied. */
  output(name: string, value: string, shape: Shape, dtype: DType): void {
    if (this.#values.has(value) && !this.#renamed.has(value)) this.#renamed.set(value, name);
    else this.#nodes.push(create(NodeProtoSchema, { name, opType: 'Identity', input: [value], output: [name] }));
    this.#outputs.push(valueInfo(name, shape, dtype));
  }

  #initializer(dtype: DType, shape: readonly number[], bytes: Uint8Array): string {
    const name = `constant_${this.#initializers.length}`;
    const dims = shape.map(BigInt);
    const rawData = Uint8Array.from(bytes);
    this.#initializers.push(create(TensorProtoSchema, { name, dataType: dataType(dtype), dims, rawData }));
    return name;
  }

  constant(data: Elements, shape: readonly number[], dtype: DType): string {
    return this.#initializer(dtype, shape, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }

  float(value: number): string {
    return this.once(`float ${Object.is(value, -0) ? '-0' : value}`, () =>
      this.constant(Float32Array.of(value), [], 'float32'),
    );
  }

  /** A list of int64 [length]. */
  ints(values: readonly number[]): string {
    return this.once(`ints ${values.join()}`, () => {
      const data = BigInt64Array.from(values, BigInt);
      return this.#initializer('int64', [values.length], new Uint8Array(data.buffer));
    });
  }

  /** A multiple of the batch as int64 [1], read from an input when the graph runs. */
  #batch(multiple: number): string {
    return this.once(`batch ${multiple}`, () => {
      if (multiple !== 1) return this.node('Mul', [this.#batch(1), this.ints([multiple])]);
      if (!this.#batchAxis) throw internal('the batch is used where no input has it');
      const { name, axis } = this.#batchAxis;
      return this.node('Shape', [name], { start: axis, end: axis + 1 });
    });
  }

  /** The lengths of a shape as int64 [rank]. */
  lengths(shape: Shape): string {
    if (shape.every((dim) => typeof dim === 'number')) return this.ints(shape);
    return this.once(`lengths ${shape.join()}`, () => {
      const parts = shape.map((dim) => (typeof dim === 'number' ? this.ints([dim]) : this.#batch(batchMultiple(dim))));
      return parts.length === 1 ? parts[0] : this.node('Concat', parts, { axis: 0 });
    });
  }

  /** The same for a reshape, where one symbolic length can be left to the runtime. */
  target(shape: Shape): string {
    const symbolic = shape.filter((dim) => typeof dim !== 'number').length;
    return symbolic === 1 ? this.ints(shape.map((dim) => (typeof dim === 'number' ? dim : -1))) : this.lengths(shape);
  }

  model(metadata: Metadata = new Map()): Uint8Array<ArrayBuffer> {
    const named = (value: string) => this.#renamed.get(value) ?? value;
    for (const node of this.#nodes) {
      node.input = node.input.map(named);
      node.output = node.output.map(named);
    }
    const graph = create(GraphProtoSchema, {
      name: 'consilience',
      node: this.#nodes,
      input: this.#inputs,
      output: this.#outputs,
      initializer: this.#initializers,
    });
    const model = create(ModelProtoSchema, {
      irVersion: BigInt(irVersion),
      producerName,
      producerVersion,
      opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(operatorSet) })],
      graph,
      metadataProps: Array.from(metadata, ([key, value]) => create(StringStringEntryProtoSchema, { key, value })),
    });
    return toBinary(ModelProtoSchema, model);
  }
}
