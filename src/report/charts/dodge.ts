/**
 * Places along a line moved as little as can be (in least squares) so that neighbours keep a gap and all stay within
 * bounds. With places in descending order, y[i] + i gap must not rise: isotonic regression by pooling adjacent violators
 * (Barlow et al. 1972), clipped to the bounds, which is exact (Best and Chakravarti 1990).
 *
 * @param places in any order; equal ones keep theirs
 * @param bounds lowest and highest place; at least (places - 1) gap apart
 */
export function dodge(places: readonly number[], gap: number, [lowest, highest]: readonly [number, number]): number[] {
  const order = Array.from(places.keys()).sort((a, b) => places[b] - places[a] || a - b);
  const pools: { readonly sum: number; readonly n: number }[] = [];
  order.forEach((place, i) => {
    let pool = { sum: places[place] + i * gap, n: 1 };
    for (let above = pools.at(-1); above && above.sum / above.n < pool.sum / pool.n; above = pools.at(-1)) {
      pools.pop();
      pool = { sum: above.sum + pool.sum, n: above.n + pool.n };
    }
    pools.push(pool);
  });
  const level = pools.flatMap(({ sum, n }) => new Array<number>(n).fill(sum / n));
  const floor = lowest + (places.length - 1) * gap;
  const out = new Array<number>(places.length);
  order.forEach((place, i) => {
    out[place] = Math.min(highest, Math.max(floor, level[i])) - i * gap;
  });
  return out;
}
