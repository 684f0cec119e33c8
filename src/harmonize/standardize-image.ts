import { emptyLike } from '../array/matrix.ts';
import type { Block } from '../describe/cohort.ts';
import { voxelsOf } from '../describe/image-layout.ts';
import type { ImageLayout } from '../describe/modality.ts';
import { InputError } from '../errors.ts';
import { harmonizer } from './harmonizer.ts';

/** The layout of an image's block; any other block is refused by the name of the step. */
export function imageOf({ modality: { name, image, features } }: Block, step: string): ImageLayout {
  if (image && voxelsOf(image) === features.length) return image;
  throw new InputError({ where: `${step}: ${name}`, what: 'a step for images', expected: 'a modality of images' });
}

/**
 * Brings each channel of an image to mean 0 and standard deviation 1 over all measured voxels of all training scans, and
 * fills voxels that were not measured with their training mean. Unlike `standardize`, which treats each voxel as a feature
 * of its own, it keeps what is bright bright beside what is dark; unlike a z-score of each scan, it lets a value mean the
 * same in every scan. A channel that is constant in training becomes 0.
 */
export const standardizeImage = harmonizer({
  kind: 'standardize-image',
  version: 1,
  learn(block) {
    const { channels } = imageOf(block, 'standardize-image');
    const [rows, columns] = block.values.shape;
    const { data } = block.values;
    const size = columns / channels;
    const fill = new Float64Array(columns); // [channels, voxels]
    const means = new Float64Array(channels); // [channels]
    const sds = new Float64Array(channels); // [channels]
    for (let c = 0; c < channels; c++) {
      let count = 0;
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        for (let at = i * columns + c * size; at < i * columns + (c + 1) * size; at++) {
          if (!block.observed[at]) continue;
          count++;
          sum += data[at];
        }
      }
      means[c] = count ? sum / count : 0;
      let squares = 0;
      for (let j = c * size; j < (c + 1) * size; j++) {
        let seen = 0;
        let total = 0;
        for (let i = 0; i < rows; i++) {
          const at = i * columns + j;
          if (!block.observed[at]) continue;
          seen++;
          total += data[at];
          squares += (data[at] - means[c]) ** 2;
        }
        fill[j] = seen ? total / seen : means[c];
      }
      sds[c] = count ? Math.sqrt(squares / count) : 0;
    }
    return { channels, fill, means, sds };
  },
  transform(block, { channels, fill, means, sds }): Block {
    imageOf(block, 'standardize-image');
    const [rows, columns] = block.values.shape;
    if (columns !== fill.length) {
      const [expected, got] = [fill.length, columns].map((count) => `${count} voxels`);
      throw new InputError({
        where: `standardize-image: ${block.modality.name}`,
        what: 'another grid',
        expected,
        got,
      });
    }
    const size = columns / channels;
    const data = emptyLike(block.values.data, rows * columns); // [subjects, channels, voxels]
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const at = i * columns + j;
        const c = Math.floor(j / size);
        const value = block.observed[at] ? block.values.data[at] : fill[j];
        // A channel whose spread is no more than rounding is constant.
        data[at] = sds[c] > 1e-7 * Math.abs(means[c]) ? (value - means[c]) / sds[c] : 0;
      }
    }
    return { ...block, values: { shape: [rows, columns], data } };
  },
});
