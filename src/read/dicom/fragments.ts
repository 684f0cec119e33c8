/** Packed pixels come in fragments (PS3.5, annex A.4): which of them make a frame. */
import { InputError } from '../../errors.ts';
import { joined } from '../packed/joined.ts';
import type { Span } from './elements.ts';

/**
 * The bytes of each frame. One frame has all fragments; as many fragments as frames have one each; else the table of offsets
 * tells.
 *
 * @param spans the first of which is the table, which may be empty
 */
export function framesOf(bytes: Uint8Array, spans: readonly Span[], frames: number, where: string): Uint8Array[] {
  const fault = (expected: string, got: string) =>
    new InputError({ where, what: 'its packed pixels do not make its frames', expected, got });
  if (spans.length < 2) throw fault(`fragments for ${frames}`, 'none');
  const [table, ...fragments] = spans;
  const part = ({ start, end }: Span) => bytes.subarray(start, end);
  if (frames === 1) return [joined(fragments.map(part))];
  if (fragments.length === frames) return fragments.map(part);
  if (fragments.length < frames) throw fault(`fragments for ${frames}`, `${fragments.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const offsets: number[] = [];
  for (let at = table.start; at + 4 <= table.end; at += 4) offsets.push(view.getUint32(at, true));
  if (offsets.length !== frames) {
    throw fault(
      `a table of ${frames} offsets, or a fragment each`,
      `${offsets.length} and ${fragments.length} fragments`,
    );
  }
  const origin = fragments[0].start - 8; // offsets are to the items that hold the fragments
  const indices = new Map(fragments.map(({ start }, i) => [start - 8 - origin, i]));
  const starts = offsets.map((offset) => indices.get(offset) ?? -1);
  if (starts[0] !== 0 || starts.some((start, i) => i > 0 && start <= starts[i - 1])) {
    throw fault('offsets of fragments, in order', offsets.slice(0, 8).join(' '));
  }
  return starts.map((start, i) => joined(fragments.slice(start, starts[i + 1] ?? fragments.length).map(part)));
}
