/** A study file as text, checked: every complaint names file, line and column. */
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { InputError } from '../errors.ts';
import { nearestNames } from '../read/nearest.ts';
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
    return `${name}:${line}:${col}`;
  };
  const broken = document.errors[0];
  if (broken) throw new InputError({ where: place(broken.pos[0]), what: `not valid YAML: ${broken.message.split('\n')[0]}` });
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new InputError({ where: name, what: `not valid YAML: ${(cause as Error).message}`, cause });
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new InputError({ where: `${name}:1:1`, what: 'not a study', expected: 'a map with "modalities" and "target"', got: kindOf(value) });
  }
  const version = (value as { version?: unknown }).version;
  const whereIs = (path: readonly PropertyKey[]) => place(offsetOf(document, path));
  if (typeof version === 'number' && version > studyVersion) {
    throw new InputError({
      where: `${whereIs(['version'])}: version`,
      what: 'the study was written for a newer consilience',
      expected: `at most ${studyVersion}`,
      got: String(version),
    });
  }
  const checked = studySchema.safeParse(value);
  if (checked.success) return checked.data;
  throw complaint(deepest(checked.error.issues), value, whereIs);
}

type Issue = z.core.$ZodIssue;

/** Of a union's complaints, those of the branch that got furthest: the one that the writer meant. */
function deepest(issues: readonly Issue[]): Issue {
  const issue = issues[0];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const ranked = issue.errors.map((branch) => deepest(branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }) as Issue)));
  const meant = ranked.filter((inner) => inner.code === 'unrecognized_keys' || inner.path.length > issue.path.length);
  return meant.reduce<Issue>((a, b) => (a !== issue && a.path.length >= b.path.length ? a : b), issue);
}

function complaint(issue: Issue, value: unknown, whereIs: (path: readonly PropertyKey[]) => string): InputError {
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0];
    const path = [...issue.path, key];
    const known = keysAt(issue.path);
    const near = nearestNames(key, known, 1)[0];
    return new InputError({
      where: `${whereIs(path)}: ${path.join('.')}`,
      what: `unknown option${near ? `, did you mean "${near}"?` : ''}`,
      expected: known.length ? `one of ${known.join(', ')}` : 'no such key',
      got: JSON.stringify(key),
    });
  }
  const got = at(value, issue.path);
  const where = `${whereIs(issue.path)}: ${issue.path.join('.')}`;
  if (issue.code === 'invalid_value') {
    const near = typeof got === 'string' ? nearestNames(got, issue.values.map(String), 1)[0] : undefined;
    return new InputError({
      where,
      what: `unknown value ${JSON.stringify(got)}${near ? `, did you mean "${near}"?` : ''}`,
      expected: `one of ${issue.values.map(String).join(', ')}`,
    });
  }
  if (got === undefined) return new InputError({ where, what: 'missing', expected: expectation(issue) });
  return new InputError({ where, what: 'unusable', expected: expectation(issue), got: JSON.stringify(got)?.slice(0, 80) ?? kindOf(got) });
}

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_type') return `a value of type ${issue.expected}`;
  if (issue.code === 'invalid_union') return 'a file name or a map';
  if (issue.code === 'too_small') return `at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  return issue.message;
}

/** The option names that the schema knows at a path. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let schemas: unknown[] = [studySchema];
  for (const step of path) schemas = schemas.flatMap((schema) => childOf(schema, step));
  return [...new Set(schemas.flatMap((schema) => Object.keys(shapeOf(schema))))];
}

interface SchemaLike {
  readonly shape?: Record<string, unknown>;
  readonly def?: {
    readonly type: string;
    readonly innerType?: unknown;
    readonly options?: readonly unknown[];
    readonly valueType?: unknown;
    readonly element?: unknown;
  };
}

function plain(schema: unknown): unknown[] {
  const { def } = schema as SchemaLike;
  if (def?.type === 'optional') return plain(def.innerType);
  if (def?.type === 'union') return (def.options ?? []).flatMap(plain);
  return [schema];
}

function childOf(schema: unknown, step: PropertyKey): unknown[] {
  return plain(schema).flatMap((one) => {
    const { shape, def } = one as SchemaLike;
    if (shape) return shape[String(step)] === undefined ? [] : plain(shape[String(step)]);
    if (def?.type === 'record') return plain(def.valueType);
    if (def?.type === 'array') return plain(def.element);
    return [];
  });
}

function shapeOf(schema: unknown): Record<string, unknown> {
  return (plain(schema).find((one) => (one as SchemaLike).shape) as SchemaLike | undefined)?.shape ?? {};
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, step) => (inner as Record<PropertyKey, unknown> | undefined)?.[step], value);
}

/** Where a path stands in the text: its key, or the nearest thing around it that exists. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const holder = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const items = (holder as { items?: readonly { key?: { value?: unknown; range?: [number, number, number] } }[] } | null)?.items;
    const pair = items?.find((item) => item.key && String(item.key.value) === String(path[length - 1]));
    if (pair?.key?.range) return pair.key.range[0];
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
