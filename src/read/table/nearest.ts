/** The known names most like the wanted one, nearest first: what a "did you mean" offers. */
export function nearestNames(wanted: string, known: readonly string[], most = 3): string[] {
  const goal = wanted.toLowerCase();
  return known
    .map((name, at) => ({ name, at, distance: editDistance(goal, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance || a.at - b.at)
    .slice(0, most)
    .map(({ name }) => name);
}

/** ", did you mean ...?" where a known word is so near that it may be. */
export function suggestion(word: string, known: readonly string[]): string {
  const [near] = nearestNames(word, known, 1);
  const isClose = near !== undefined && editDistance(word.toLowerCase(), near.toLowerCase()) <= near.length / 2;
  return isClose ? `, did you mean "${near}"?` : '';
}

/** Insertions, deletions and substitutions that turn one text into the other (Levenshtein 1966), in UTF-16 units. */
export function editDistance(from: string, to: string): number {
  const costs = Uint32Array.from({ length: to.length + 1 }, (_, j) => j); // [to.length + 1]
  for (let i = 1; i <= from.length; i++) {
    let diagonal = costs[0];
    costs[0] = i;
    for (let j = 1; j <= to.length; j++) {
      const substituted = diagonal + (from.charCodeAt(i - 1) === to.charCodeAt(j - 1) ? 0 : 1);
      diagonal = costs[j];
      costs[j] = Math.min(substituted, diagonal + 1, costs[j - 1] + 1);
    }
  }
  return costs[to.length];
}
