/** An exported program, read back. */
import { InputError } from '../../errors.ts';
import { isStatic } from '../dim.ts';
import { isWhole, withoutChecksum } from '../onnx/checksum.ts';
import { metadataEntries } from '../onnx/entries.ts';
import { checkMetadata, parametersIn } from '../onnx/metadata.ts';
import { type ReadGraph, readGraph } from '../onnx/reader.ts';
import type { Program } from './compile.ts';

export interface OpenedProgram extends Program {
  /** What it computes, as whoever exported it said; may be empty. */
  readonly description: string;
  /** Version of the toolkit that compiled it. */
  readonly producerVersion: string;
}

/**
 * The program in a file that `exportProgram` wrote. Checks who wrote it, every byte (against damage, not forgery) and what
 * goes in and comes out; nothing runs, and no more memory is taken than a few times the file. The bytes are copied.
 *
 * @param name the file's name, for messages
 * @throws InputError for bytes that are no ONNX file or end early, a file of another kind, of a newer version, or damaged
 */
export async function openProgram(bytes: Uint8Array, name = 'program'): Promise<OpenedProgram> {
  if (!(bytes instanceof Uint8Array)) {
    throw new InputError({ where: name, what: 'not bytes', expected: 'a Uint8Array', got: typeof bytes });
  }
  const onnx = Uint8Array.from(bytes);
  const model = withoutChecksum(onnx);
  if (model && !(await isWhole(onnx))) {
    const expected = 'the bytes that were written';
    throw new InputError({ where: name, what: 'damaged program', expected, got: 'others than its checksum says' });
  }
  const metadata = checkMetadata(name, entriesOf(onnx, name));
  if (!model) {
    const expected = 'a file that exportProgram wrote';
    throw new InputError({ where: name, what: 'no checksum at the end', expected, got: 'a shorter or another one' });
  }
  const { inputs: all, ...graph } = graphOf(model, name);
  const parameters = parametersIn(metadata)?.map((wanted) => all.find(({ name }) => name === wanted));
  const inputs = all.filter((slot) => !parameters?.includes(slot));
  const isFine = (slot: ReadGraph['inputs'][number] | undefined, at: number) =>
    slot?.dtype === 'float32' && isStatic(slot.shape) && parameters?.indexOf(slot) === at;
  if (!parameters?.every(isFine) || inputs.some(({ dtype }) => dtype === 'int64')) {
    throw broken(name, 'parameters or inputs that are none');
  }
  return { ...graph, onnx, inputs, parameters: parameters as ReadGraph['inputs'] };
}

function entriesOf(bytes: Uint8Array, where: string) {
  try {
    return metadataEntries(bytes);
  } catch (cause) {
    const got = bytes.length === 0 ? 'no bytes' : `${bytes.length} bytes of something else`;
    throw new InputError({
      where,
      what: 'not an ONNX file, or truncated',
      expected: 'an exported program',
      got,
      cause,
    });
  }
}

function graphOf(model: Uint8Array, name: string): ReadGraph {
  try {
    return readGraph(model);
  } catch (cause) {
    throw broken(name, (cause as Error).message, cause);
  }
}

/** Its checksum is right: it was written like this. */
function broken(where: string, got: string, cause?: unknown): InputError {
  return new InputError({ where, what: 'not a program', expected: 'a graph that exportProgram wrote', got, cause });
}
