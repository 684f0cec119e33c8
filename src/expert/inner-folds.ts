/** Inner folds of a design's rows, on which penalties are chosen. */
import type { Run } from '../estimator.ts';
import { stratifiedFolds } from '../split/folds.ts';
import type { Design } from './design.ts';

const fewestFolds = 2;
const mostFolds = 5;

/**
 * Those handed over, unless they put all of these rows into one; else drawn by the seed.
 *
 * @param strata of each row of the design
 */
export function innerFolds({ rows }: Pick<Design, 'rows'>, strata: Int32Array, { inner, seed }: Run): Int32Array {
  const given = inner && Int32Array.from(rows, (row) => inner[row]);
  if (given && new Set(given).size > 1) return given;
  return stratifiedFolds(strata, { folds: Math.max(fewestFolds, Math.min(mostFolds, rows.length)), seed });
}
