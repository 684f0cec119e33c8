/** Blocks of columns as they are handed to an expert. */
import { type Matrix, zeros } from '../array/matrix.ts';
import { InputError } from '../errors.ts';

/**
 * @param subjects how many rows every block must have
 * @throws InputError where there is no block, a block has other rows, or a value is missing (experts take no holes)
 */
export function checkBlocks(blocks: readonly Matrix[], subjects: number, where: string): void {
  if (blocks.length === 0)
    throw new InputError({ where, what: 'nothing to learn from', expected: 'at least one block' });
  blocks.forEach(({ shape, data }, b) => {
    if (shape[0] !== subjects) {
      throw new InputError({
        where: `${where}: block ${b}`,
        what: 'other subjects than the target',
        expected: `${subjects} rows`,
        got: String(shape[0]),
      });
    }
    let at = 0;
    while (at < data.length && Number.isFinite(data[at])) at++;
    if (at < data.length) {
      throw new InputError({
        where: `${where}: block ${b}, row ${Math.floor(at / shape[1])}, column ${at % shape[1]}`,
        what: 'missing or infinite',
        expected: 'a finite number (impute first)',
        got: String(data[at]),
      });
    }
  });
}

/** @throws InputError where the blocks have other columns than the model learned from, or rows of different subjects */
export function checkWidths(blocks: readonly Matrix[], widths: readonly number[], where: string): void {
  const got = blocks.map(({ shape }) => shape[1]);
  if (got.join() !== widths.join()) {
    throw new InputError({
      where,
      what: 'other columns than in training',
      expected: `blocks of ${widths.join(', ')}`,
      got: got.join(', ') || 'none',
    });
  }
  checkBlocks(blocks, blocks[0].shape[0], where);
}

/** Columns less their means, and the means [columns]. */
export function centre({ shape, data }: Matrix<Float64Array>): { x: Matrix<Float64Array>; means: Float64Array } {
  const [n, d] = shape;
  const means = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) means[j] += data[i * d + j] / n;
  const x = zeros(n, d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) x.data[i * d + j] = data[i * d + j] - means[j];
  return { x, means };
}

/** Training and validation rows of each inner fold, in order of folds. */
export function innerParts(folds: Int32Array): { readonly train: Int32Array; readonly validate: Int32Array }[] {
  return [...new Set(folds)]
    .sort((a, b) => a - b)
    .map((fold) => ({
      train: Int32Array.from(folds.keys()).filter((row) => folds[row] !== fold),
      validate: Int32Array.from(folds.keys()).filter((row) => folds[row] === fold),
    }));
}
