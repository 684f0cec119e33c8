/** What the schema has against a configuration, in the words of its writer. */
import type { z } from 'zod';
import { InputError } from '../../../errors.ts';
import { suggestion } from '../../../read/table/nearest.ts';

type Path = readonly PropertyKey[];

/** As much of a zod schema as is walked here. */
interface SchemaLike {
  readonly shape?: Readonly<Record<string, SchemaLike>>;
  readonly meta: () => { readonly title?: string } | undefined;
  readonly def: {
    readonly type: string;
    readonly innerType?: SchemaLike;
    readonly in?: SchemaLike;
    readonly valueType?: SchemaLike;
    readonly values?: readonly unknown[];
    readonly entries?: Readonly<Record<string, unknown>>;
  };
}

/**
 * The first complaint as an error.
 *
 * @param whereIs file, line and column of a path
 */
export function hybridComplaint(
  schema: z.ZodType,
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  whereIs: (path: Path) => string,
): InputError {
  const stray = issues.find((issue) => issue.code === 'unrecognized_keys');
  if (stray?.code === 'unrecognized_keys') {
    const [key] = stray.keys;
    const holder = schemaAt(schema, stray.path);
    const known = Object.keys((holder && inside(holder))?.shape ?? {});
    const path = [...stray.path, key];
    return new InputError({
      where: `${whereIs(path)}: ${path.join('.')}`,
      what: `unknown option${suggestion(key, known)}`,
      expected: `one of ${known.join(', ')}`,
      got: JSON.stringify(key),
    });
  }
  const [issue] = issues;
  const where = `${whereIs(issue.path)}: ${issue.path.join('.')}`;
  if (issue.code === 'invalid_key') {
    return new InputError({ where, what: 'unusable name', expected: 'a name of 1 to 80 characters' });
  }
  const got = issue.path.reduce<unknown>((inner, step) => (inner as Record<PropertyKey, unknown>)?.[step], value);
  const expected = expectation(schemaAt(schema, issue.path));
  if (got === undefined) return new InputError({ where, what: 'missing', expected });
  const near = typeof got === 'string' ? suggestion(got, choices(schemaAt(schema, issue.path)).map(String)) : '';
  const shown = JSON.stringify(got)?.slice(0, 80) ?? typeof got;
  return new InputError({ where, what: `unusable${near}`, expected, got: shown });
}

function schemaAt(schema: z.ZodType, path: Path): SchemaLike | undefined {
  return path.reduce<SchemaLike | undefined>(
    (outer, step) => {
      const inner = outer && inside(outer);
      return inner && (inner.shape ? inner.shape[String(step)] : inner.def.valueType);
    },
    schema as unknown as SchemaLike,
  );
}

/** Behind "may be absent" and "is turned into". */
function inside(schema: SchemaLike): SchemaLike {
  const inner = schema.def.type === 'optional' ? schema.def.innerType : undefined;
  return inner ? inside(inner) : schema;
}

function choices(schema: SchemaLike | undefined): readonly unknown[] {
  const { def } = schema ? inside(schema) : { def: undefined };
  return def?.values ?? Object.keys(def?.entries ?? {});
}

function expectation(schema: SchemaLike | undefined): string {
  if (!schema) return 'nothing here';
  const title = inside(schema).meta()?.title;
  if (title !== undefined) return `a ${title}`;
  const allowed = choices(schema);
  if (allowed.length > 0) return allowed.length > 1 ? `one of ${allowed.join(', ')}` : String(allowed[0]);
  const kinds: Record<string, string> = { string: 'a text of 1 to 80 characters', number: 'a number' };
  return kinds[inside(schema).def.type] ?? 'a map';
}
