/** Least squares: right only where both images come from one instrument with one setting. */
import type { Paired } from './agreement.ts';
import type { Samples } from './samples.ts';

/** Minus the mean squared difference over the samples inside both images; -Infinity without any. */
export function meanSquares(samples: Samples, { moving, force }: Paired): number {
  const { values, count } = samples;
  let inside = 0;
  let sum = 0;
  for (let s = 0; s < count; s++) {
    const difference = values[s] - moving[s];
    if (!Number.isNaN(difference)) {
      inside++;
      sum += difference * difference;
      force[s] = 2 * difference;
    } else {
      force[s] = 0;
    }
  }
  if (inside === 0) return Number.NEGATIVE_INFINITY;
  for (let s = 0; s < count; s++) force[s] /= inside;
  return -sum / inside;
}
