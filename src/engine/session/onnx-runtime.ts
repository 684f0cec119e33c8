/** What onnxruntime-node and onnxruntime-web have in common, so that both stand behind one seam. */
import type { Elements } from '../tensor.ts';
import type { NamedValues, Runtime, RuntimeSession, Values } from './runtime.ts';

interface OrtTensor {
  readonly dims: readonly number[];
  readonly data: unknown;
}

interface OrtSession {
  run(feeds: Record<string, OrtTensor>, fetches?: Record<string, OrtTensor | null>): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
  readonly outputNames: readonly string[];
}

/** The part of the packages that is used. */
export interface OnnxRuntime {
  readonly Tensor: new (type: 'float32' | 'int32' | 'bool', data: never, dims: readonly number[]) => OrtTensor;
  readonly InferenceSession: {
    create(onnx: Uint8Array, options: object): Promise<OrtSession>;
  };
}

const typeOf = (data: Elements) =>
  data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'bool';

/**
 * @param writesInto whether the package writes outputs into arrays it is handed (onnxruntime-node does); else they are
 *   copied there
 * @param settings of sessions, beside those that every runtime has
 */
export function runtimeOf(
  name: string,
  { Tensor, InferenceSession }: OnnxRuntime,
  writesInto: boolean,
  settings: object = {},
): Runtime {
  /** Tensors are made once for arrays that come again, as state does. */
  const made = new WeakMap<Elements, OrtTensor>();
  const tensorOf = ({ shape, data }: Values): OrtTensor => {
    const known = made.get(data);
    if (known && known.dims.length === shape.length && known.dims.every((dim, at) => dim === shape[at])) return known;
    const tensor = new Tensor(typeOf(data), data as never, shape);
    made.set(data, tensor);
    return tensor;
  };
  const tensorsOf = (values: NamedValues) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, tensorOf(value)]));

  return {
    name,
    async open(onnx, { threads = 1 } = {}) {
      const session = await InferenceSession.create(onnx, {
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
        ...settings,
      });
      let closed: Promise<void> | undefined;
      const opened: RuntimeSession = {
        async run(feeds, into = {}) {
          const preallocated = writesInto ? tensorsOf(into) : {};
          const fetches = Object.fromEntries(session.outputNames.map((key) => [key, preallocated[key] ?? null]));
          const made = await session.run(tensorsOf(feeds), fetches);
          const results: Record<string, Values> = {};
          for (const [key, { dims, data }] of Object.entries(made)) {
            const target = into[key];
            // onnxruntime-node has written there, and hands out a copy.
            if (target && !writesInto) target.data.set(data as Elements);
            results[key] = target ?? { shape: dims, data: data as Elements };
          }
          return results;
        },
        close: () => (closed ??= session.release()),
      };
      return opened;
    },
  };
}
