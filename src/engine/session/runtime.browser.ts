/** ONNX in a browser (and in Node without a native part), by onnxruntime-web: WebAssembly, or WebGPU where it is asked for. */
import { InputError } from '../../errors.ts';
import { type OnnxRuntime, runtimeOf } from './onnx-runtime.ts';
import type { Runtime, RuntimeOptions, RuntimeSource } from './runtime.ts';

interface OnnxRuntimeWeb extends OnnxRuntime {
  readonly env: { readonly wasm: { numThreads?: number | undefined } };
}

export interface WebRuntimeOptions {
  /**
   * Whether to compute by WebGPU: `true` (refused where there is no adapter), or `'auto'` (by WebAssembly where there is
   * none; the runtime's `name` says which). Other digits than by WebAssembly, and worth it for large models only. Default:
   * false.
   */
  readonly webgpu?: boolean | 'auto';
}

type Processor = 'WebAssembly' | 'WebGPU';
const loaded = new Map<Processor, Promise<OnnxRuntimeWeb>>();

/**
 * The runtime of a browser.
 *
 * @throws InputError where the package is absent (with the command that installs it), or WebGPU is demanded and not there
 */
export async function webRuntime({ webgpu = false }: WebRuntimeOptions = {}): Promise<Runtime> {
  if (webgpu === false) return runtimeBy('WebAssembly');
  if (webgpu !== true && webgpu !== 'auto') {
    const got = JSON.stringify(webgpu);
    throw new InputError({ where: 'webRuntime', what: 'webgpu', expected: "true, false or 'auto'", got });
  }
  if (await hasAdapter()) return runtimeBy('WebGPU');
  if (webgpu === 'auto') return runtimeBy('WebAssembly', ', no WebGPU adapter');
  throw new InputError({ where: 'webRuntime', what: 'no WebGPU adapter', expected: "webgpu: 'auto', or a GPU" });
}

/** Where none is handed over; the twin of that in `runtime.node.ts`. */
export const defaultRuntime: RuntimeSource = () => webRuntime();

/** A browser may know WebGPU and yet have nothing to run it on. */
async function hasAdapter(): Promise<boolean> {
  const { navigator } = globalThis as { navigator?: { gpu?: { requestAdapter(): Promise<unknown> } } };
  try {
    return Boolean(await navigator?.gpu?.requestAdapter());
  } catch {
    return false;
  }
}

async function runtimeBy(processor: Processor, remark = ''): Promise<Runtime> {
  let loading = loaded.get(processor);
  if (!loading) loaded.set(processor, (loading = load(processor)));
  const web = await loading;
  const settings = { executionProviders: processor === 'WebGPU' ? ['webgpu', 'wasm'] : ['wasm'] };
  const runtime = runtimeOf(`onnxruntime-web (${processor}${remark})`, web, false, settings);
  return {
    name: runtime.name,
    open(onnx: Uint8Array, options: RuntimeOptions = {}) {
      // WebAssembly has one pool for all sessions, made with the first of them.
      web.env.wasm.numThreads ??= options.threads ?? 1;
      return runtime.open(onnx, options);
    },
  };
}

async function load(processor: Processor): Promise<OnnxRuntimeWeb> {
  try {
    const found: unknown = await (processor === 'WebGPU'
      ? import('onnxruntime-web/webgpu')
      : import('onnxruntime-web/wasm'));
    return found as OnnxRuntimeWeb;
  } catch (cause) {
    const expected = 'it beside this package (npm i onnxruntime-web)';
    throw new InputError({ where: 'engine', what: 'onnxruntime-web cannot be loaded', expected, cause });
  }
}
