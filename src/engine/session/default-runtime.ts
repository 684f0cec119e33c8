/**
 * The runtime where none is handed over: onnxruntime-node in Node, onnxruntime-web elsewhere. Which of the two twins it is
 * says `imports` in package.json: the one at the root for what is built, the one beside this file for the sources.
 */
import { defaultRuntime as here } from '#runtime';
import type { RuntimeSource } from './runtime.ts';

/** Loaded when first needed. Throws an InputError that names the install command where the package is absent. */
export const defaultRuntime: RuntimeSource = here;
