/** Reads back what `writer.ts` writes: what goes into a graph and comes out, and that it needs nothing beside itself. */
import { fromBinary } from '@bufbuild/protobuf';
import { AttributeProto_AttributeType, type GraphProto, ModelProtoSchema, type ValueInfoProto } from 'onnx-buf';
import type { Dim } from '../dim.ts';
import type { DType } from '../op.ts';
import type { Typed } from '../typed.ts';
import { irVersion, operatorSet } from './metadata.ts';
import { dataType } from './writer.ts';

type Named = Typed & { readonly name: string };

export interface ReadGraph {
  /** How many ONNX nodes there are. */
  readonly nodes: number;
  readonly inputs: readonly Named[];
  readonly outputs: readonly Named[];
  readonly description: string;
  readonly producerVersion: string;
}

const dtypes = new Map((['float32', 'int32', 'int64', 'bool'] as const).map((dtype) => [dataType(dtype), dtype]));

const { INT, INTS, STRING } = AttributeProto_AttributeType;
const plain: readonly number[] = [INT, INTS, STRING];

/** @throws where the bytes are no model, or hold what the writer never writes; the message says what, in a few words */
export function readGraph(bytes: Uint8Array): ReadGraph {
  const { graph, functions, trainingInfo, opsetImport, docString, ...model } = fromBinary(ModelProtoSchema, bytes);
  if (!graph) throw new Error('no graph');
  if (model.irVersion !== BigInt(irVersion)) throw new Error(`format version ${model.irVersion}`);
  const [set] = opsetImport;
  if (opsetImport.length !== 1 || set.domain !== '' || set.version !== BigInt(operatorSet)) {
    throw new Error('other operator sets');
  }
  if (functions.length > 0 || trainingInfo.length > 0) throw new Error('functions, or training');
  checkAlone(graph);
  const [inputs, outputs] = [graph.input, graph.output].map((list) => list.map(namedOf));
  if (outputs.length === 0) throw new Error('no outputs');
  const names = [...inputs, ...outputs].map(({ name }) => name);
  if (names.includes('')) throw new Error('a place without a name');
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw new Error(`two places named ${JSON.stringify(twice.slice(0, 40))}`);
  return { nodes: graph.node.length, inputs, outputs, description: docString, producerVersion: model.producerVersion };
}

/** No values in other files, no graphs within nodes. */
function checkAlone({ initializer, sparseInitializer, node }: GraphProto): void {
  const outside = initializer.some(({ externalData, dataLocation }) => externalData.length > 0 || dataLocation !== 0);
  if (outside || sparseInitializer.length > 0) throw new Error('values that are not in it');
  const odd = node.find(
    ({ domain, attribute }) => domain !== '' || attribute.some(({ type }) => !plain.includes(type)),
  );
  if (odd) throw new Error(`a node ${JSON.stringify(odd.opType.slice(0, 40))} of another make`);
}

function namedOf({ name, type }: ValueInfoProto): Named {
  const value = type?.value;
  const dtype: DType | undefined = value?.case === 'tensorType' ? dtypes.get(value.value.elemType) : undefined;
  if (value?.case !== 'tensorType' || !dtype || !value.value.shape) throw new Error('a place without type or shape');
  const shape = value.value.shape.dim.map((dim): Dim => {
    const length = dim.value.value;
    if (typeof length === 'bigint' && length > 0n && length < 2n ** 31n) return Number(length);
    if (typeof length === 'string' && /^(?:[1-9]\d{0,8}\*)?batch$/.test(length)) return length as Dim;
    throw new Error('a length that is none');
  });
  return { name, dtype, shape };
}
