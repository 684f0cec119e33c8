/** YAML (and so JSON) as plain values, and where in the text each of them stands, for messages. */
import { LineCounter, parseDocument, type YAMLError } from 'yaml';
import { InputError } from '../errors.ts';

export interface LocatedYaml {
  readonly value: unknown;
  /** `NAME:LINE:COLUMN` of a path: its key, or the nearest thing around it that exists. */
  readonly whereIs: (path: readonly PropertyKey[]) => string;
}

/**
 * @param name file name for messages
 * @throws InputError for text that is no YAML, a key twice, a second document, and aliases that blow it up
 */
export function readYaml(text: string, name: string): LocatedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return line === 0 ? `${name}:1:1` : `${name}:${line}:${col}`;
  };
  const [broken] = document.errors;
  if (broken) throw new InputError({ where: place(broken.pos[0]), what: `not valid YAML: ${reason(broken)}` });
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { value, whereIs: (path) => place(offsetOf(document, path)) };
  } catch (cause) {
    throw new InputError({ where: name, what: `not valid YAML: ${(cause as Error).message}`, cause });
  }
}

function reason({ code, message }: YAMLError): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here';
  return message.split('\n')[0];
}

function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const holder = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const items = (holder as { items?: readonly Item[] } | null)?.items;
    const pair = items?.find((item) => item.key && String(item.key.value) === String(path[length - 1]));
    if (pair?.key?.range) return pair.key.range[0];
    const node = document.getIn(path.slice(0, length), true) as Ranged | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}

interface Ranged {
  readonly range?: readonly [number, number, number];
}
interface Item {
  readonly key?: Ranged & { readonly value?: unknown };
}
