import type { Arrivals } from './transport.ts';

/**
 * The order of arrival: numbers of the arrivals sorted by when they arrived, those of one moment as they were sent. Counted
 * into buckets of a quarter of a second, then put right within them: the work grows with the number of events alone.
 */
export function arrivalOrder({ count, arrived }: Arrivals): Int32Array {
  let latest = 0;
  for (let i = 0; i < count; i++) if (arrived[i] > latest) latest = arrived[i];
  const bucketOf = (i: number) => Math.max(0, Math.floor(4 * arrived[i]));
  const starts = new Int32Array(Math.floor(4 * latest) + 2);
  for (let i = 0; i < count; i++) starts[bucketOf(i) + 1]++;
  for (let b = 1; b < starts.length; b++) starts[b] += starts[b - 1];
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[starts[bucketOf(i)]++] = i;
  for (let k = 1; k < count; k++) {
    const moved = order[k];
    const time = arrived[moved];
    let at = k;
    while (at > 0 && arrived[order[at - 1]] > time) {
      order[at] = order[at - 1];
      at--;
    }
    order[at] = moved;
  }
  return order;
}
