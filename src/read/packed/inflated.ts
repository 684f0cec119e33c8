/** One packed stream by the platform's own `DecompressionStream`. */
import { InputError } from '../../errors.ts';
import { joined } from './joined.ts';

/**
 * The bytes, or what the engine said of a stream that is cut or altered.
 *
 * @param limit most bytes that may come out; more are refused before they are kept
 * @throws InputError where more would
 */
export async function inflated(
  bytes: Uint8Array,
  format: 'gzip' | 'deflate',
  where: string,
  limit: number,
): Promise<Uint8Array | { readonly cause: unknown }> {
  const reader = whole(bytes).pipeThrough(new DecompressionStream(format)).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      parts.push(next.value);
      size += next.value.length;
      if (size > limit) break;
    }
  } catch (cause) {
    return { cause };
  }
  if (size <= limit) return joined(parts);
  await reader.cancel().catch(() => undefined);
  throw new InputError({ where, what: 'too large', expected: `at most ${limit} bytes unpacked`, got: 'more' });
}

function whole(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes as Uint8Array<ArrayBuffer>);
      controller.close();
    },
  });
}
