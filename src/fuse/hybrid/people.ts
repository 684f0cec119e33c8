/** Whose track each is: 0 .. people - 1, in the order of first meeting; [tracks]. */
import type { Track } from '../../align/time/track.ts';

export function peopleOf(tracks: readonly Track[]): Int32Array {
  const number = new Map<string, number>();
  return Int32Array.from(tracks, ({ subject }) => {
    const known = number.get(subject);
    if (known !== undefined) return known;
    number.set(subject, number.size);
    return number.size - 1;
  });
}

/** At most `most` of the tracks, evenly through the list, so that everyone has a part. */
export function evenly(count: number, most: number): Int32Array {
  const kept = Math.min(count, most);
  return Int32Array.from({ length: kept }, (_, k) => Math.floor(((k + 0.5) * count) / kept));
}
