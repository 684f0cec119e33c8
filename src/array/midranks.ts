/** Ranks from 1, ties sharing the mean of theirs. */
export function midranks(values: Float64Array): Float64Array {
  const sorted = values.slice().sort();
  const rank = new Map<number, number>();
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && sorted[to] === sorted[from]) to++;
    rank.set(sorted[from], (from + to + 1) / 2);
    from = to;
  }
  return values.map((value) => rank.get(value) as number);
}
