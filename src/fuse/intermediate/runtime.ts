/** What a network runs on. */
import type { RuntimeSource } from '../../engine/session/runtime.ts';

export { defaultRuntime } from '../../engine/session/default-runtime.ts';
export type { RuntimeSource };

export interface Running {
  /** Default: onnxruntime-node in Node, onnxruntime-web elsewhere, loaded when first needed. */
  readonly runtime?: RuntimeSource;
}
