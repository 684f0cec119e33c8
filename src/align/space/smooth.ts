/** Gaussian smoothing along each axis; voxels that are no number take no part, and stay so. */

/**
 * What a scan must lose before it is sampled more coarsely, so that nothing of it comes back as something else: a Gaussian per
 * axis that makes its point-spread function as wide as the new voxels (Cardoso et al. 2015), in voxels.
 *
 * @param factor new voxels' width over old ones'
 */
export function antialiasSigma(factor: number): number {
  return factor > 1 ? Math.sqrt(factor * factor - 1) / (2 * Math.sqrt(2 * Math.log(2))) : 0;
}

/** @param sigma in voxels along width, height and depth @returns `[depth, height, width]` */
export function gaussianSmooth(
  data: ArrayLike<number>,
  [depth, height, width]: readonly [number, number, number],
  sigma: readonly [x: number, y: number, z: number],
): Float32Array {
  const values = Float32Array.from(data);
  const holes = values.some((value) => !Number.isFinite(value));
  const weights = holes ? Float32Array.from(values, (value) => (Number.isFinite(value) ? 1 : 0)) : undefined;
  if (weights) for (let at = 0; at < values.length; at++) if (weights[at] === 0) values[at] = 0;
  const seen = weights?.slice();
  const axes: readonly (readonly [length: number, stride: number, sigma: number])[] = [
    [width, 1, sigma[0]],
    [height, width, sigma[1]],
    [depth, height * width, sigma[2]],
  ];
  for (const [length, stride, wide] of axes) {
    if (length < 2 || !(wide > 0)) continue;
    const kernel = gaussian(wide);
    alongAxis(values, length, stride, kernel);
    if (weights) alongAxis(weights, length, stride, kernel);
  }
  if (!weights || !seen) return values;
  for (let at = 0; at < values.length; at++) values[at] = seen[at] ? values[at] / weights[at] : Number.NaN;
  return values;
}

function gaussian(sigma: number): Float64Array {
  const reach = Math.max(1, Math.floor(3 * sigma + 0.5));
  const kernel = Float64Array.from({ length: reach + 1 }, (_, at) => Math.exp(-0.5 * (at / sigma) ** 2));
  const total = kernel.reduce((sum, weight) => sum + 2 * weight, -kernel[0]);
  return kernel.map((weight) => weight / total);
}

/** The outermost value goes on beyond the border. */
function alongAxis(values: Float32Array, length: number, stride: number, kernel: Float64Array): void {
  const line = new Float64Array(length);
  const block = length * stride;
  for (let start = 0; start < values.length; start += block) {
    for (let offset = start; offset < start + stride; offset++) {
      for (let at = 0; at < length; at++) line[at] = values[offset + at * stride];
      for (let at = 0; at < length; at++) {
        let sum = kernel[0] * line[at];
        for (let step = 1; step < kernel.length; step++) {
          sum += kernel[step] * (line[Math.max(0, at - step)] + line[Math.min(length - 1, at + step)]);
        }
        values[offset + at * stride] = sum;
      }
    }
  }
}
