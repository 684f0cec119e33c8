/**
 * Where a quantity usually lies and how far it usually strays, followed in three numbers: a location by clipped steps, as
 * Huber (1964) bounds an outlier's pull, and its median absolute deviation by equal steps up and down, which is stochastic
 * approximation of a quantile (Robbins and Monro 1951; Tierney 1983). The first steps are those of a plain average, later ones
 * forget.
 *
 * State: location, scale, number of values.
 */
export const baselineLength = 3;

/** Of a normal quantity, standard deviations in one median absolute deviation: 1 / 0.6745. */
const perDeviation = 1.4826;

/** Beyond so many robust standard deviations how far matters no more. */
const furthest = 8;

/** How far a value lies from the baseline, in robust standard deviations, of which one is at least `least`. */
export function strays(state: Float64Array, at: number, value: number, least: number): number {
  const scaled = (value - state[at]) / Math.max(perDeviation * state[at + 1], least);
  return Math.max(-furthest, Math.min(furthest, scaled));
}

/**
 * @param forget how much of the baseline a value replaces in the long run: time between values over time to be remembered
 * @param first the scale before there is any
 */
export function follow(state: Float64Array, at: number, value: number, forget: number, first: number): void {
  const values = state[at + 2];
  if (values === 0) {
    state[at] = value;
    state[at + 1] = first;
  } else {
    const gain = Math.max(forget, 1 / (values + 1));
    const scale = state[at + 1];
    const off = value - state[at];
    // Inside one deviation lies half of what comes, so that twice the step follows as fast as a plain average.
    state[at] += 2 * gain * Math.max(-scale, Math.min(scale, off));
    state[at + 1] = Math.max(scale * Math.exp(Math.abs(off) > scale ? gain : -gain), first * 1e-6);
  }
  state[at + 2] = values + 1;
}
