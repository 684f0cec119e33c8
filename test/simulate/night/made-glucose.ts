import { deriveSeed, random } from '../../../src/array/random.ts';

/** A made-up night of 11 h that falls below 70 mg/dL once, at 23 to 6 h (minutes 0, 1, ... from 20 h). */
export function fallingNight(
  seed: number,
  person: number,
  night: number,
): { onsetSecond: number; glucose: Float64Array } {
  const draw = random(deriveSeed(seed, 'made glucose', person, night));
  const onset = 180 + 420 * draw.uniform();
  const slope = 0.4 + 0.8 * draw.uniform();
  const nadir = 48 + 17 * draw.uniform();
  const low = 25 + 80 * draw.uniform();
  const glucose = Float64Array.from({ length: 661 }, (_, minute) => {
    const t = minute - onset;
    if (t < 0) return Math.min(130, 70 - slope * t);
    if (t < low) return 70 - (70 - nadir) * Math.sin((Math.PI * t) / low);
    return Math.min(130, 70 + 0.6 * (t - low));
  });
  return { onsetSecond: 60 * onset, glucose };
}

export const steadyNight = new Float64Array(661).fill(120);

/** Of an 11-h night from 20 h on. */
export const elevenHours = { startHours: 20, seconds: 39_600 } as const;
