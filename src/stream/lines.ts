/** Bytes as lines, with no line longer in memory than allowed. */

/** One line without its end; `undefined` stands for a line that was too long and is gone. */
export type Line = string | undefined;

/**
 * The lines of each piece of a text (UTF-8, ends LF or CRLF; a byte order mark is left out). Bytes that are not UTF-8 come
 * out as U+FFFD. What is not a line yet is held, up to `most` bytes.
 */
export async function* linesOf(
  pieces: AsyncIterable<Uint8Array>,
  { most = 65_536 }: { readonly most?: number } = {},
): AsyncGenerator<readonly Line[]> {
  const decoder = new TextDecoder(); // of whole lines only, so that no character is cut
  let held: Uint8Array[] = [];
  let length = 0;
  const take = (end: Uint8Array): Line => {
    const isTooLong = length + end.length > most;
    const parts = [...held, end];
    held = [];
    length = 0;
    if (isTooLong) return undefined;
    const text = decoder.decode(parts.length === 1 ? end : joined(parts));
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  };
  for await (const piece of pieces) {
    const lines: Line[] = [];
    let from = 0;
    for (let to = piece.indexOf(10); to >= 0; to = piece.indexOf(10, from)) {
      lines.push(take(piece.subarray(from, to)));
      from = to + 1;
    }
    const rest = piece.subarray(from);
    if (rest.length > 0) {
      if (length + rest.length <= most) held.push(rest.slice());
      length += rest.length; // of one that is too long only the length is kept
    }
    if (lines.length > 0) yield lines;
  }
  if (length > 0) yield [take(new Uint8Array())];
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
