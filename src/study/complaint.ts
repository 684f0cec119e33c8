/** What the schema has against a study, in the words of its writer: the path, what was expected there, what came. */
import type { z } from 'zod';
import { InputError } from '../errors.ts';
import { suggestion } from '../read/table/nearest.ts';
import { studySchema } from './schema.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/**
 * The first complaint as an error.
 * @param whereIs file, line and column of a path
 */
export function complaint(issues: readonly Issue[], value: unknown, whereIs: (path: Path) => string): InputError {
  const issue = foremost(issues, value);
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0];
    const path = [...issue.path, key];
    const known = keysAt(issue.path, value);
    return new InputError({
      where: `${whereIs(path)}: ${path.join('.')}`,
      what: `unknown option${suggestion(key, known)}`,
      expected: known.length ? `one of ${known.join(', ')}` : 'no option here',
      got: JSON.stringify(key),
    });
  }
  const where = `${whereIs(issue.path)}: ${issue.path.join('.')}`;
  if (issue.code === 'invalid_key') return new InputError({ where, what: 'an empty name', expected: 'a name' });
  const got = at(value, issue.path);
  if (got === undefined) return new InputError({ where, what: 'missing', expected: expectation(issue, value) });
  const choices = choicesOf(issue);
  if (choices && typeof got === 'string') {
    const what = `unknown value ${JSON.stringify(got)}${suggestion(got, choices)}`;
    return new InputError({ where, what, expected: `one of ${choices.join(', ')}` });
  }
  const shown = got === null ? 'nothing' : JSON.stringify(got).slice(0, 80);
  return new InputError({ where, what: 'unusable', expected: expectation(issue, value), got: shown });
}

/** The first; but a missing key may be there in another spelling, and then the stray one beside it comes first. */
function foremost(issues: readonly Issue[], value: unknown): Issue {
  const [first, ...others] = issues.map((issue) => deepest(issue, value));
  if (at(value, first.path) !== undefined) return first;
  const beside = first.path.slice(0, -1).join('\n');
  return others.find(({ code, path }) => code === 'unrecognized_keys' && path.join('\n') === beside) ?? first;
}

/** Of a union's complaints, that of the branch which the writer seems to have meant: the one that got furthest. */
function deepest(issue: Issue, value: unknown): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const branches = issue.errors.map((errors) =>
    foremost(
      errors.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }) as Issue),
      value,
    ),
  );
  const inside = ({ code, path }: Issue) => code === 'unrecognized_keys' || path.length > issue.path.length;
  return branches.filter(inside).reduce((a, b) => (a !== issue && a.path.length >= b.path.length ? a : b), issue);
}

/** The values that a closed list allows, also where the list is one branch of a union or tells its branches apart. */
function choicesOf(issue: Issue): string[] | undefined {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union') return undefined;
  if ('options' in issue && Array.isArray(issue.options)) return issue.options.map(String);
  return issue.errors
    .flat()
    .flatMap((inner) => (inner.path.length === 0 ? [choicesOf(inner)] : []))
    .find((choices) => choices !== undefined);
}

function expectation(issue: Issue, value: unknown): string {
  if (issue.code === 'too_small' || issue.code === 'too_big') return boundOf(issue);
  if (issue.code === 'invalid_type' && issue.expected === 'int') return 'a whole number';
  const kinds = new Set(schemasAt(issue.path, value).map(kindOf));
  return kinds.size > 0 ? [...kinds].join(' or ') : issue.message;
}

function boundOf(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  if (issue.origin === 'string') return 'a text that is not empty';
  const [words, bound] =
    issue.code === 'too_small'
      ? [issue.inclusive ? 'at least' : 'more than', issue.minimum]
      : [issue.inclusive ? 'at most' : 'less than', issue.maximum];
  const entries = Number(bound) === 1 ? ' entry' : ' entries';
  return `${words} ${bound}${issue.origin === 'array' ? entries : ''}`;
}

/** The option names that the schema knows at a path. */
function keysAt(path: Path, value: unknown): string[] {
  const meant = schemasAt(path, value).filter((schema) => isMeant(schema, at(value, path)));
  return [...new Set(meant.flatMap((schema) => Object.keys(schema.shape ?? {})))];
}

/** As much of a zod schema as is walked here. */
interface SchemaLike {
  readonly shape?: Record<string, SchemaLike>;
  readonly meta: () => { readonly title?: string } | undefined;
  readonly def: {
    readonly type: string;
    readonly innerType?: SchemaLike;
    readonly options?: readonly SchemaLike[];
    readonly valueType?: SchemaLike;
    readonly element?: SchemaLike;
    readonly values?: readonly unknown[];
    readonly entries?: Readonly<Record<string, unknown>>;
  };
}

/** What may stand at a path, by the schema: several where it leaves a choice that `value` has not made. */
function schemasAt(path: Path, value: unknown): SchemaLike[] {
  return path.reduce<SchemaLike[]>(
    (schemas, step, depth) =>
      schemas
        .filter((schema) => isMeant(schema, at(value, path.slice(0, depth))))
        .flatMap((schema) => childOf(schema, step)),
    [studySchema as unknown as SchemaLike],
  );
}

/** Branches told apart by a literal `kind` are those of the value's kind. */
function isMeant({ shape }: SchemaLike, value: unknown): boolean {
  const literal = shape?.kind?.def.values;
  return !literal || literal.includes((value as { kind?: unknown } | undefined)?.kind);
}

function plain(schema: SchemaLike): SchemaLike[] {
  if (schema.def.type === 'optional') return plain(schema.def.innerType as SchemaLike);
  if (schema.def.type === 'union') return (schema.def.options ?? []).flatMap(plain);
  return [schema];
}

function childOf({ shape, def }: SchemaLike, step: PropertyKey): SchemaLike[] {
  const child = shape?.[String(step)] ?? def.valueType ?? def.element;
  return child ? plain(child) : [];
}

function kindOf({ def, meta }: SchemaLike): string {
  const title = meta()?.title;
  if (title !== undefined) return `a ${title}`;
  const choices = def.values ?? Object.keys(def.entries ?? {});
  if (choices.length > 0) return choices.length > 1 ? `one of ${choices.join(', ')}` : String(choices[0]);
  const kinds: Record<string, string> = { string: 'a text', number: 'a number', array: 'a list' };
  return kinds[def.type] ?? 'a map';
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => (inner as Record<PropertyKey, unknown> | undefined)?.[step], value);
}
