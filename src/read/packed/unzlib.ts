/** Zlib (RFC 1950), by the platform's own `DecompressionStream`, which tests its checksum. */
import { InputError } from '../../errors.ts';
import { inflated } from './inflated.ts';

/**
 * @param limit most bytes that may come out; more are refused before they are kept
 * @throws InputError where the data are cut, altered, or of another kind
 */
export async function unzlib(bytes: Uint8Array, where: string, limit: number): Promise<Uint8Array> {
  const part = await inflated(bytes, 'deflate', where, limit);
  if (part instanceof Uint8Array) return part;
  const [what, got] = ['broken zlib data', 'one that was cut or altered'];
  throw new InputError({ where, what, expected: 'a whole stream', got, cause: part.cause });
}
