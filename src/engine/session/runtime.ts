/** The seam to whatever runs ONNX: onnxruntime-node in Node, onnxruntime-web in a browser. */
import type { Elements } from '../tensor.ts';

/** Values fed or handed out: Float32Array, Int32Array, or Uint8Array for a mask. */
export interface Values {
  readonly shape: readonly number[];
  readonly data: Elements;
}

export type NamedValues = Readonly<Record<string, Values>>;

export interface RuntimeOptions {
  /**
   * Threads a session computes with. Another number can give other last digits, so the default is a constant: 1.
   */
  readonly threads?: number;
}

/** A loaded model. It holds native memory until it is closed; end no worker that holds one. */
export interface RuntimeSession {
  /**
   * @param into arrays that outputs are written to, by name; they are what is handed out. An output not named there gets
   *   an array of its own.
   */
  run(feeds: NamedValues, into?: NamedValues): Promise<NamedValues>;
  close(): Promise<void>;
}

export interface Runtime {
  /** The package, and where it has a choice, what it computes with. */
  readonly name: string;
  open(onnx: Uint8Array, options?: RuntimeOptions): Promise<RuntimeSession>;
}

/** What runs a graph: `nodeRuntime`, `webRuntime`, or another with the same promise. */
export type RuntimeSource = () => Promise<Runtime>;
