/** The fixtures of scripts/fixtures/engine.py and engine_volumes.py. */
import type { Elements } from '../../src/engine/tensor.ts';
import { fixture } from '../fixtures/fixture.ts';

export interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export interface OperationCase {
  readonly inputs: Readonly<Record<string, Numbers>>;
  readonly weights: Numbers;
  readonly output: Numbers;
  readonly gradients: Readonly<Record<string, Numbers>>;
}

export interface ModelCase {
  readonly data: Readonly<Record<string, Numbers>>;
  readonly initial: Readonly<Record<string, Numbers>>;
  readonly losses: readonly number[];
  readonly norms: readonly number[];
  readonly final: Readonly<Record<string, Numbers>>;
}

interface Cases {
  readonly operations: Readonly<Record<string, OperationCase>>;
  readonly models: Readonly<Record<string, ModelCase>>;
}

const planes = fixture<Cases>('engine');
const volumes = fixture<Cases>('engine-volumes');

export const pytorch = {
  versions: planes.versions,
  operations: { ...planes.operations, ...volumes.operations },
  models: { ...planes.models, ...volumes.models },
};

export function float32({ shape, data }: Numbers): { shape: readonly number[]; data: Elements } {
  return { shape, data: Float32Array.from(data) };
}

export function int32({ shape, data }: Numbers): { shape: readonly number[]; data: Elements } {
  return { shape, data: Int32Array.from(data) };
}

export function bool({ shape, data }: Numbers): { shape: readonly number[]; data: Elements } {
  return { shape, data: Uint8Array.from(data) };
}
