import { InputError } from '../src/predict.ts';

/** What the system says where a file cannot be written (no permission, no space, ...): for the user to mend, not for us. */
export function notWritten(where: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') return error;
  const expected = code === 'ENOSPC' ? 'space left to write into' : 'a place that can be written';
  return new InputError({ where, what: 'cannot be written', expected, got: message, cause: error });
}
