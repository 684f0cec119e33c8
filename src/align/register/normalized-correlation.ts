/** Pearson's correlation: right where one image is a rising straight line of the other. */
import type { Paired } from './agreement.ts';
import type { Samples } from './samples.ts';

/** The correlation over the samples inside both images, -1 to 1; 0 where an image is constant. */
export function normalizedCorrelation(samples: Samples, { moving, force }: Paired): number {
  const { values, count } = samples;
  let inside = 0;
  let fixedSum = 0;
  let movingSum = 0;
  for (let s = 0; s < count; s++) {
    if (Number.isNaN(moving[s])) continue;
    inside++;
    fixedSum += values[s];
    movingSum += moving[s];
  }
  const fixedMean = fixedSum / inside;
  const movingMean = movingSum / inside;
  let ff = 0;
  let fm = 0;
  let mm = 0;
  for (let s = 0; s < count; s++) {
    if (Number.isNaN(moving[s])) continue;
    const f = values[s] - fixedMean;
    const m = moving[s] - movingMean;
    ff += f * f;
    fm += f * m;
    mm += m * m;
  }
  const scale = Math.sqrt(ff * mm);
  if (!(scale > 0)) {
    force.fill(0);
    return 0;
  }
  const correlation = fm / scale;
  for (let s = 0; s < count; s++) {
    const m = moving[s];
    force[s] = !Number.isNaN(m) ? (values[s] - fixedMean) / scale - (correlation * (m - movingMean)) / mm : 0;
  }
  return correlation;
}
