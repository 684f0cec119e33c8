/** The ONNX runtime where none is handed over. */
import { type OnnxRuntime, runtimeOf } from '../../engine/session/onnx-runtime.ts';
import type { Runtime } from '../../engine/session/runtime.ts';
import { InputError } from '../../errors.ts';

/** What runs a network: `nodeRuntime`, `webRuntime`, or another with the same promise. */
export type RuntimeSource = () => Promise<Runtime>;

export interface Running {
  /** Default: onnxruntime-node, loaded when first needed. Elsewhere than in Node there is no default. */
  readonly runtime?: RuntimeSource;
}

// Named in a variable, so that what bundles for a browser does not follow it there.
const nodePackage = 'onnxruntime-node';

let loaded: Promise<Runtime> | undefined;

/** @throws InputError outside of Node, and where the package is absent (with the command that installs it) */
export const defaultRuntime: RuntimeSource = () => {
  loaded ??= load();
  return loaded;
};

async function load(): Promise<Runtime> {
  if (!globalThis.process?.versions?.node) {
    const expected = 'one handed over as { runtime }';
    throw new InputError({ where: 'intermediate', what: 'no ONNX runtime outside of Node', expected });
  }
  try {
    const found = (await import(/* @vite-ignore */ nodePackage)) as { readonly default?: OnnxRuntime } & OnnxRuntime;
    return runtimeOf(nodePackage, found.InferenceSession ? found : (found.default as OnnxRuntime), true);
  } catch (cause) {
    throw new InputError({
      where: 'intermediate',
      what: `${nodePackage} cannot be loaded`,
      expected: `it beside this package (ONNXRUNTIME_NODE_INSTALL=skip npm i ${nodePackage})`,
      cause,
    });
  }
}
