/** One transform for several that nearly agree: the mean of their numbers, brought back into the model. */
import { type Affine, determinant, invertAffine, transformPoint } from '../../array/grid.ts';
import type { LinearModel } from './linear-model.ts';

export function meanTransform(transforms: readonly Affine[], model: LinearModel): Affine {
  const { name, centre, dimensions, frame } = model;
  const mean = new Float64Array(16); // [4, 4]
  for (const transform of transforms) for (let i = 0; i < 16; i++) mean[i] += transform[i] / transforms.length;
  if (name === 'affine' || name === 'translation') return mean;
  const middle = transformPoint(mean, ...centre);
  const size = name === 'similarity' ? Math.abs(determinant(mean)) ** (1 / dimensions) : 1;
  const turned = nearestRotation(mean);
  const across = dimensions === 2 ? 1 - size : 0; // the normal of a plane keeps its length
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 3; c++) {
      mean[r * 4 + c] = size * turned[r * 4 + c] + across * frame[r * 3 + 2] * frame[c * 3 + 2];
    }
  }
  for (let r = 0; r < 3; r++) {
    mean[r * 4 + 3] = middle[r] - mean[r * 4] * centre[0] - mean[r * 4 + 1] * centre[1] - mean[r * 4 + 2] * centre[2];
  }
  return mean;
}

/** Of the linear part, by Newton's iteration for the polar decomposition (Higham 1986, SIAM J Sci Stat Comput 7(4)). */
export function nearestRotation(a: Affine): Affine {
  let x = Float64Array.from(a, (value, i) => (i % 4 === 3 ? 0 : value));
  x[15] = 1;
  for (let iteration = 0; iteration < 20; iteration++) {
    const inverse = invertAffine(x);
    x = x.map((value, i) => {
      const [r, c] = [i >> 2, i & 3];
      return r < 3 && c < 3 ? (value + inverse[c * 4 + r]) / 2 : value;
    });
  }
  return x;
}
