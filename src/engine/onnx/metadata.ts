/**
 * What a compiled program says of itself in its ONNX file: `metadata_props` with its kind, a version, and which of the
 * graph's inputs are parameters. An exported one says its checksum as well (`checksum.ts`).
 */
import { InputError } from '../../errors.ts';

export type Metadata = ReadonlyMap<string, string>;

export const producerName = 'consilience';
/** That of this package. */
export const producerVersion = '0.1.0';
/** Of the ONNX format. */
export const irVersion = 9;
export const operatorSet = 18;

const kind = 'consilience program';
const version = 1;
export const checksumKey = 'sha256';
const known = new Set(['kind', 'version', 'parameters', checksumKey]);

/** @param parameters names of the inputs of the graph that are parameters or buffers */
export function programMetadata(parameters: readonly string[]): Metadata {
  return new Map([
    ['kind', kind],
    ['version', `${version}`],
    ['parameters', JSON.stringify(parameters)],
  ]);
}

/**
 * @param where the file's name, for messages
 * @throws InputError for an ONNX file of anything else, and one of a newer version
 */
export function checkMetadata(where: string, entries: readonly (readonly [key: string, value: string])[]): Metadata {
  const metadata: Metadata = new Map(entries);
  const foreign = (got: string) =>
    new InputError({ where, what: 'an ONNX file with unknown metadata', expected: `kind "${kind}"`, got });
  if (metadata.get('kind') !== kind) {
    const got = metadata.has('kind') ? `kind ${quoted(metadata.get('kind'))}` : listed([...metadata.keys()]);
    throw foreign(got);
  }
  const said = metadata.get('version') ?? '';
  if (!/^[1-9]\d{0,8}$/.test(said)) throw foreign(`version ${quoted(said)}`);
  if (Number(said) > version) {
    const expected = `version ${version} at most`;
    throw new InputError({ where, what: 'from a newer consilience', expected, got: `version ${said}` });
  }
  const unknown = entries.find(([key], at) => !known.has(key) || entries.findIndex(([other]) => other === key) < at);
  if (unknown) throw foreign(`${known.has(unknown[0]) ? 'twice' : 'also'} ${quoted(unknown[0])}`);
  return metadata;
}

/** Names of the parameters among the inputs of the graph, or undefined where the entry is none. */
export function parametersIn(metadata: Metadata): readonly string[] | undefined {
  try {
    const names: unknown = JSON.parse(metadata.get('parameters') ?? '');
    if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
  } catch {
    // no JSON
  }
  return undefined;
}

const longest = 40; // of what is foreign, in a message

function quoted(text = ''): string {
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}...` : text);
}

function listed(keys: readonly string[]): string {
  if (keys.length === 0) return 'none';
  return keys.slice(0, 3).map(quoted).join(', ') + (keys.length > 3 ? `, and ${keys.length - 3} more` : '');
}
