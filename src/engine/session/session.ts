/** A compiled graph, loaded. */
import { InputError } from '../../errors.ts';
import type { Program } from '../compile/compile.ts';
import { checkFeeds } from './feeds.ts';
import type { NamedValues, Runtime, RuntimeOptions, RuntimeSession, Values } from './runtime.ts';

type ParameterValues = Readonly<Record<string, Float32Array>>;

function parametersOf(where: string, { parameters }: Program, values: ParameterValues): NamedValues {
  const missing = parameters.filter(({ name }) => !values[name]).map(({ name }) => name);
  if (missing.length > 0) throw new InputError({ where, what: `no values of ${missing.join(', ')}` });
  const fed: Record<string, Values> = {};
  for (const { name, shape } of parameters) fed[name] = { shape: shape.map(Number), data: values[name] };
  checkFeeds(where, parameters, fed);
  return fed;
}

/** Runs a program. It holds native memory: close it, or declare it with `await using`. */
export class Session implements AsyncDisposable {
  readonly program: Program;
  readonly #session: RuntimeSession;
  #parameters: NamedValues;

  private constructor(program: Program, session: RuntimeSession, parameters: NamedValues) {
    this.program = program;
    this.#session = session;
    this.#parameters = parameters;
  }

  /** @param values of the parameters and buffers that the program does not hold itself, by name */
  static async open(
    program: Program,
    runtime: Runtime,
    { values = {}, ...options }: RuntimeOptions & { readonly values?: ParameterValues } = {},
  ): Promise<Session> {
    const parameters = parametersOf('Session.open', program, values);
    return new Session(program, await runtime.open(program.onnx, options), parameters);
  }

  /** Other values of parameters and buffers, from the next run on. */
  use(values: ParameterValues): void {
    this.#parameters = parametersOf('Session.use', this.program, values);
  }

  /** @param feeds the inputs of the program, by name, all with the same batch */
  async run(feeds: NamedValues, into?: NamedValues): Promise<NamedValues> {
    checkFeeds('run', this.program.inputs, feeds);
    return this.#session.run({ ...feeds, ...this.#parameters }, into);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
