/**
 * What keeps a deformation smooth where the images say little: the mean square of second differences of control points along
 * each direction, each a share of the distance between them (after Rueckert et al. 1999, IEEE TMI 18(8):712-721, equation 8).
 */
import type { Grid } from '../../array/grid.ts';

/** @param slope to which the derivative, times `weight`, is added; it is that of the roughness itself */
export function roughness(
  coefficients: Float64Array, // [3, depth, height, width]
  { shape: [depth, height, width] }: Pick<Grid, 'shape'>,
  controlMm: number,
  weight: number,
  slope: Float64Array,
): number {
  const size = depth * height * width;
  const scale = 1 / (controlMm * controlMm * size);
  let sum = 0;
  const axes = [
    [1, width],
    [width, height],
    [width * height, depth],
  ] as const;
  for (const [stride, n] of axes) {
    if (n < 3) continue;
    for (let at = 0; at < 3 * size; at++) {
      const place = Math.floor((at % size) / stride) % n;
      if (place === 0 || place === n - 1) continue;
      const second = coefficients[at - stride] - 2 * coefficients[at] + coefficients[at + stride];
      sum += second * second;
      const pull = 2 * weight * scale * second;
      slope[at - stride] += pull;
      slope[at] -= 2 * pull;
      slope[at + stride] += pull;
    }
  }
  return sum * scale;
}
