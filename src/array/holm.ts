/**
 * P-values adjusted for their number by Holm's step-down procedure (1979): comparing them to α keeps the chance of any
 * false finding below α, whatever their dependence. Null (no test was possible) stays null and does not count.
 */
export function holm(p: readonly (number | null)[]): readonly (number | null)[] {
  const order = [...p.keys()].filter((i) => p[i] !== null).sort((i, j) => (p[i] as number) - (p[j] as number));
  const adjusted: (number | null)[] = p.map(() => null);
  let highest = 0;
  order.forEach((i, rank) => {
    highest = Math.max(highest, Math.min(1, (order.length - rank) * (p[i] as number)));
    adjusted[i] = highest;
  });
  return adjusted;
}
