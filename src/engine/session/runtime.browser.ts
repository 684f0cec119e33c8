/** ONNX in a browser (and in Node without a native part), by the WebAssembly build of onnxruntime-web. */
import { InputError } from '../../errors.ts';
import { type OnnxRuntime, runtimeOf } from './onnx-runtime.ts';
import type { Runtime, RuntimeOptions } from './runtime.ts';

interface OnnxRuntimeWeb extends OnnxRuntime {
  readonly env: { readonly wasm: { numThreads?: number | undefined } };
}

let loaded: Promise<Runtime> | undefined;

/** The runtime of a browser. Throws an InputError that names the install command where the package is absent. */
export function webRuntime(): Promise<Runtime> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Runtime> {
  let web: OnnxRuntimeWeb;
  try {
    web = (await import('onnxruntime-web/wasm')) as unknown as OnnxRuntimeWeb;
  } catch (cause) {
    throw new InputError({
      where: 'engine',
      what: 'onnxruntime-web cannot be loaded',
      expected: 'it beside this package (npm i onnxruntime-web)',
      cause,
    });
  }
  const runtime = runtimeOf('onnxruntime-web', web, false);
  return {
    name: runtime.name,
    open(onnx: Uint8Array, options: RuntimeOptions = {}) {
      // WebAssembly has one pool for all sessions, made with the first of them.
      web.env.wasm.numThreads ??= options.threads ?? 1;
      return runtime.open(onnx, options);
    },
  };
}
