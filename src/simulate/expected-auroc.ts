/**
 * The AUROC that the best of all scores reaches on these subjects, in expectation over their classes.
 *
 * `logOdds` are those of class 1 given all that was measured, by the true model. No score orders subjects better (Neyman
 * and Pearson 1933), and with p = 1 / (1 + exp(−logOdds)) it wins the pair (i, j) with chance p_i (1 − p_j), so that
 *
 *     AUROC = Σ_{i ≠ j} p_i (1 − p_j) ([p_i > p_j] + ½ [p_i = p_j]) / Σ_{i ≠ j} p_i (1 − p_j)
 *
 * varies less from cohort to cohort than the AUROC of the classes that happened to be drawn.
 */
export function expectedAuroc(logOdds: ArrayLike<number>): number {
  const p = Float64Array.from(logOdds, (value) => 1 / (1 + Math.exp(-value))).sort();
  let wins = 0;
  let below = 0; // Σ (1 − p) of the subjects that score less
  for (let from = 0, to = 0; from < p.length; from = to) {
    const one = p[from];
    while (to < p.length && p[to] === one) to++;
    const ties = to - from;
    wins += ties * one * (below + 0.5 * (ties - 1) * (1 - one));
    below += ties * (1 - one);
  }
  const events = p.reduce((sum, one) => sum + one, 0);
  const pairs = events * below - p.reduce((sum, one) => sum + one * (1 - one), 0);
  return wins / pairs;
}
