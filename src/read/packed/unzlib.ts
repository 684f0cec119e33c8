/** Zlib (RFC 1950), by the platform's own `DecompressionStream`, which tests its checksum. */
import { InputError } from '../../errors.ts';
import { joined } from './joined.ts';

/**
 * @param limit most bytes that may come out; more are refused before they are kept
 * @throws InputError where the data are cut, altered, or of another kind
 */
export async function unzlib(bytes: Uint8Array, where: string, limit: number): Promise<Uint8Array> {
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes as Uint8Array<ArrayBuffer>);
      controller.close();
    },
  });
  const reader = source.pipeThrough(new DecompressionStream('deflate')).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      parts.push(next.value);
      size += next.value.length;
      if (size > limit) break;
    }
  } catch (cause) {
    const what = 'broken zlib data';
    throw new InputError({ where, what, expected: 'a whole stream', got: 'one that was cut or altered', cause });
  }
  if (size > limit) {
    await reader.cancel().catch(() => undefined);
    throw new InputError({ where, what: 'too large', expected: `at most ${limit} bytes unpacked`, got: 'more' });
  }
  return joined(parts);
}
