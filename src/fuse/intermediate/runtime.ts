/** What a network runs on. */
import type { RuntimeSource } from '../../engine/session/runtime.ts';

export { defaultRuntime } from '../../engine/session/default-runtime.ts';
export type { RuntimeSource };

export interface Running {
  /** Default: onnxruntime-node in Node, onnxruntime-web elsewhere, loaded when first needed. */
  readonly runtime?: RuntimeSource;
  /**
   * Whether encoders are learned with the rest, `joint` (default), or `frozen`: each in a network of its modality alone,
   * then kept (see `apart.ts`). To compare with; what is fitted is applied and saved like any other.
   */
  readonly encoders?: 'joint' | 'frozen';
}
