/** ONNX in Node, by onnxruntime-node, an optional peer that is imported when first needed. */
import { InputError } from '../../errors.ts';
import { type OnnxRuntime, runtimeOf } from './onnx-runtime.ts';
import type { Runtime, RuntimeSource } from './runtime.ts';

const install = 'ONNXRUNTIME_NODE_INSTALL=skip npm i onnxruntime-node';

let loaded: Promise<Runtime> | undefined;

/**
 * The runtime of Node. Throws an InputError that names the install command where the package is absent.
 *
 * @param load for tests
 */
export function nodeRuntime(load?: () => Promise<unknown>): Promise<Runtime> {
  if (load) return open(load);
  loaded ??= open(() => import('onnxruntime-node'));
  return loaded;
}

/** Where none is handed over; the twin of that in `runtime.browser.ts`. */
export const defaultRuntime: RuntimeSource = () => nodeRuntime();

async function open(load: () => Promise<unknown>): Promise<Runtime> {
  try {
    const loadedPackage = (await load()) as { readonly default?: OnnxRuntime } & OnnxRuntime;
    return runtimeOf('onnxruntime-node', loadedPackage.InferenceSession ? loadedPackage : loadedPackage.default!, true);
  } catch (cause) {
    throw new InputError({
      where: 'engine',
      what: 'onnxruntime-node cannot be loaded',
      expected: `it beside this package (${install})`,
      cause,
    });
  }
}
