import { mergedDim, type Shape } from '../dim.ts';
import type { Pool } from '../op.ts';
import { mul } from '../ops/arithmetic.ts';
import { expand, reshape } from '../ops/layout.ts';
import { constant, type Tensor } from '../tensor.ts';
import { convInputGradient } from './convolution.ts';

/** Every element of a window gets its share: repeated where windows tile the image, by a kernel of equal shares elsewhere. */
export function averagePoolGradient(d: Tensor, shape: Shape, { kernel, ...window }: Pool): Tensor {
  const size = kernel.reduce((a, b) => a * b, 1);
  const [batch, channels, ...spatial] = shape;
  const places = d.shape.slice(2);
  const tiles = kernel.every(
    (k, axis) =>
      window.strides[axis] === k &&
      window.low[axis] === 0 &&
      window.high[axis] === 0 &&
      spatial[axis] === Number(places[axis]) * k,
  );
  if (tiles) {
    const apart = reshape(mul(d, 1 / size), [batch, channels, ...places.flatMap((place) => [place, 1])]);
    const repeated = expand(apart, [batch, channels, ...places.flatMap((place, axis) => [place, kernel[axis]])]);
    return reshape(repeated, shape);
  }
  const images = mergedDim([batch, channels]);
  const shares = constant(new Float32Array(size).fill(1 / size), [1, 1, ...kernel]);
  const flat = reshape(d, [images, 1, ...places]);
  return reshape(convInputGradient(flat, shares, [images, 1, ...spatial], { ...window, groups: 1 }), shape);
}
