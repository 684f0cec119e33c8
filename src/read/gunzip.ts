/** Gzip (RFC 1952), several members too, by the platform's own `DecompressionStream`. */
import { InputError } from '../errors.ts';

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * @param limit most bytes that may come out; more are refused before they are kept.
 * @throws InputError where the file is truncated, damaged (checksum) or followed by anything but a further member.
 */
export async function gunzip(bytes: Uint8Array, name: string, limit: number): Promise<Uint8Array> {
  const whole = await inflate(bytes, name, limit);
  if (whole instanceof Uint8Array) return whole;
  // Engines differ: Node reads on into a second member, browsers take it for junk. So try member by member.
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let start = 0; start < bytes.length; ) {
    let end = memberStart(bytes, start + 18);
    let part = await inflate(bytes.subarray(start, end), name, limit - size);
    while (!(part instanceof Uint8Array)) {
      if (end === bytes.length) throw damaged(name, bytes.length, whole);
      end = memberStart(bytes, end + 1);
      part = await inflate(bytes.subarray(start, end), name, limit - size);
    }
    parts.push(part);
    size += part.length;
    start = end;
  }
  return joined(parts, size);
}

/** Where the next member may start, at or after `from`: magic bytes, deflate, no reserved flag. The length if nowhere. */
function memberStart(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0x1f, from); at >= 0; at = bytes.indexOf(0x1f, at + 1)) {
    if (bytes[at + 1] === 0x8b && bytes[at + 2] === 8 && (bytes[at + 3] & 0xe0) === 0) return at;
  }
  return bytes.length;
}

/** The bytes, or what the engine said. */
async function inflate(bytes: Uint8Array, name: string, limit: number): Promise<Uint8Array | { cause: unknown }> {
  const reader = whole(bytes).pipeThrough(new DecompressionStream('gzip')).getReader();
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
  if (size <= limit) return joined(parts, size);
  await reader.cancel().catch(() => undefined);
  throw new InputError({ where: name, what: 'too large', expected: `at most ${limit} bytes unpacked`, got: 'more' });
}

function whole(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes as Uint8Array<ArrayBuffer>);
      controller.close();
    },
  });
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function damaged(name: string, length: number, { cause }: { cause: unknown }): InputError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new InputError({
    where: name,
    what: 'damaged gzip file',
    expected: 'whole gzip members and nothing after them',
    got: `${length} bytes that are truncated, altered or followed by others (${said})`,
    cause,
  });
}
