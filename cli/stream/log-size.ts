import { stat } from 'node:fs/promises';
import { InputError } from '../../src/index.ts';

/** Bytes of a log. @throws InputError where it cannot be read */
export async function sizeOf(log: string): Promise<number> {
  try {
    const found = await stat(log);
    if (!found.isDirectory()) return found.size;
  } catch (cause) {
    throw new InputError({
      where: log,
      what: 'cannot be read',
      expected: 'a log',
      got: (cause as Error).message,
      cause,
    });
  }
  throw new InputError({ where: log, what: 'cannot be read', expected: 'a log', got: 'a folder' });
}
