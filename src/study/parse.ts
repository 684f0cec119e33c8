/** A study file as text, checked: every complaint names file, line and column. */
import { LineCounter, parseDocument, type YAMLError } from 'yaml';
import { InputError } from '../errors.ts';
import { complaint } from './complaint.ts';
import { type StudyFile, studySchema, studyVersion } from './schema.ts';

/**
 * @param name file name for messages
 * @throws InputError `NAME:LINE:COLUMN: path: what, expected ..., got ...`
 */
export function parseStudy(text: string, name: string): StudyFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return line === 0 ? `${name}:1:1` : `${name}:${line}:${col}`;
  };
  const broken = document.errors[0];
  if (broken) throw new InputError({ where: place(broken.pos[0]), what: `not valid YAML: ${reason(broken)}` });
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new InputError({ where: name, what: `not valid YAML: ${(cause as Error).message}`, cause });
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    const expected = 'a map with "modalities" and "target"';
    throw new InputError({ where: `${name}:1:1`, what: 'not a study', expected, got: kindOf(value) });
  }
  const whereIs = (path: readonly PropertyKey[]) => place(offsetOf(document, path));
  const { version } = value as { version?: unknown };
  if (typeof version === 'number' && version > studyVersion) {
    throw new InputError({
      where: `${whereIs(['version'])}: version`,
      what: 'the study was written for a newer consilience',
      expected: `at most ${studyVersion}`,
      got: String(version),
    });
  }
  const forbidden = modalityNames(value).find((modality) => modality === '__proto__');
  if (forbidden) {
    const where = `${whereIs(['modalities', forbidden])}: modalities`;
    throw new InputError({
      where,
      what: 'a name that JavaScript keeps for itself',
      expected: 'another name',
      got: forbidden,
    });
  }
  const checked = studySchema.safeParse(value);
  if (checked.success) return checked.data;
  throw complaint(checked.error.issues, value, whereIs);
}

function reason({ code, message }: YAMLError): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here';
  return message.split('\n')[0];
}

function modalityNames(study: object): string[] {
  const { modalities } = study as { modalities?: unknown };
  return modalities !== null && typeof modalities === 'object' ? Object.getOwnPropertyNames(modalities) : [];
}

/** Where a path stands in the text: its key, or the nearest thing around it that exists. */
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

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
