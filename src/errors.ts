/**
 * The few errors of the toolkit. One voice: `where: what, expected ..., got ...`.
 */

interface Circumstances {
  /** The place: a file with line, a study path, a function. */
  readonly where: string;
  /** What is wrong, in a few words. */
  readonly what: string;
  readonly expected?: string;
  readonly got?: string;
  readonly cause?: unknown;
}

function sentence({ where, what, expected, got }: Circumstances): string {
  const parts = [what];
  if (expected !== undefined) parts.push(`expected ${expected}`);
  if (got !== undefined) parts.push(`got ${got}`);
  return `${where}: ${parts.join(', ')}`;
}

/** What the user handed over cannot be used: a file, a study, an option, a shape. The command line exits 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly where: string;
  readonly what: string;
  readonly expected: string | undefined;
  readonly got: string | undefined;

  constructor(circumstances: Circumstances) {
    super(sentence(circumstances), { cause: circumstances.cause });
    this.where = circumstances.where;
    this.what = circumstances.what;
    this.expected = circumstances.expected;
    this.got = circumstances.got;
  }
}

/** The caller asked to stop (a flag, a signal, Ctrl-C). The command line exits 130. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  constructor(where: string) {
    super(`${where}: cancelled`);
  }
}

/** A broken invariant: a fault of this toolkit, never of its user. */
export function internal(what: string): Error {
  return new Error(`internal: ${what}`);
}
