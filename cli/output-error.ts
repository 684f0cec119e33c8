import { InputError } from '../src/predict.ts';

/**
 * An output that cannot be had: it would write over an input or over a file that is not ours, or has no place. Told in the
 * voice of an `InputError`, but never as a fault of the study or the model. The command line exits 2.
 */
export class OutputError extends Error {
  override readonly name = 'OutputError';

  constructor(circumstances: ConstructorParameters<typeof InputError>[0]) {
    super(new InputError(circumstances).message, { cause: circumstances.cause });
  }
}
