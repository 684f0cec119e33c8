import { gram } from '../array/gram.ts';
import { type Matrix, matrix } from '../array/matrix.ts';
import { pivotedCholesky } from '../array/pivoted-cholesky.ts';
import { internal } from '../errors.ts';
import type { Run } from '../estimator.ts';
import { remember } from '../remember.ts';

/** What a linear model is fitted to: blocks of columns side by side (never copied together), and the subjects to use. */
export interface Design {
  readonly blocks: readonly Matrix[]; // each [subjects, features of the block]
  readonly rows: Int32Array; // the subjects used, as rows of the blocks
}

/**
 * The design in as few coordinates as the data span. With fewer features than subjects: the columns themselves. With
 * more: a factor Φ of the Gram matrix K = Σ Z Zᵀ over blocks, [subjects, rank <= subjects], whose rows have the same inner products. A
 * ridge model in Φ is the ridge model in Z (representer theorem; Hastie and Tibshirani 2004, "Efficient quadratic
 * regularization for expression arrays"), so 3,000 features cost little more than 300.
 */
export interface Coordinates {
  readonly x: Matrix<Float64Array>; // [rows, features or rank]
  readonly dual: boolean;
}

export async function coordinates({ blocks, rows }: Design, run: Run): Promise<Coordinates> {
  const features = blocks.reduce((sum, block) => sum + block.shape[1], 0);
  if (features <= rows.length) return { x: sideBySide(blocks, rows), dual: false };
  const n = rows.length;
  const k = new Float64Array(n * n); // [rows, rows]
  for (const block of blocks) {
    const { data, shape } = await remember([block], 'gram', run, async () => gram(block));
    for (let i = 0; i < n; i++) {
      const from = rows[i] * shape[0];
      for (let j = 0; j < n; j++) k[i * n + j] += data[from + rows[j]];
    }
  }
  return { x: pivotedCholesky(matrix(n, n, k)), dual: true };
}

function sideBySide(blocks: readonly Matrix[], rows: Int32Array): Matrix<Float64Array> {
  const width = blocks.reduce((sum, block) => sum + block.shape[1], 0);
  const out = new Float64Array(rows.length * width); // [rows, features]
  let left = 0;
  for (const { data, shape } of blocks) {
    const columns = shape[1];
    for (let i = 0; i < rows.length; i++) {
      const from = rows[i] * columns;
      out.set(data.subarray(from, from + columns), i * width + left);
    }
    left += columns;
  }
  return matrix(rows.length, width, out);
}

/** The weights of each block from a solution in its coordinates. Dual: W = −Zᵀ(p − y) / penalty at the optimum. */
export function weightsOfBlocks(
  { blocks, rows }: Design,
  dual: boolean,
  solution: { readonly outputs: number; readonly weights: Float64Array; readonly residuals: Float64Array },
  penalty: number,
): Float64Array[] {
  const { outputs, weights, residuals } = solution;
  const width = weights.length / outputs;
  let left = 0;
  return blocks.map(({ data, shape }) => {
    const columns = shape[1];
    const out = new Float64Array(outputs * columns); // [outputs, features]
    if (!dual) {
      for (let k = 0; k < outputs; k++) {
        out.set(weights.subarray(k * width + left, k * width + left + columns), k * columns);
      }
      left += columns;
      return out;
    }
    for (let i = 0; i < rows.length; i++) {
      const from = rows[i] * columns;
      for (let k = 0; k < outputs; k++) {
        const factor = -residuals[i * outputs + k] / penalty;
        for (let j = 0, to = k * columns; j < columns; j++, to++) out[to] += factor * data[from + j];
      }
    }
    return out;
  });
}

/** Scores [subjects, outputs] of every subject of the blocks. */
export function linearScores(
  blocks: readonly Matrix[],
  weights: readonly Float64Array[],
  intercepts: Float64Array,
): Float64Array {
  const outputs = intercepts.length;
  const n = blocks[0].shape[0];
  const scores = new Float64Array(n * outputs);
  for (let i = 0; i < n; i++) scores.set(intercepts, i * outputs);
  blocks.forEach(({ data, shape }, b) => {
    const [rows, columns] = shape;
    const w = weights[b];
    if (rows !== n || w.length !== columns * outputs) throw internal(`weights of block ${b}`);
    for (let i = 0; i < n; i++) {
      const from = i * columns;
      for (let k = 0; k < outputs; k++) {
        let sum = 0;
        for (let j = 0, at = k * columns; j < columns; j++, at++) sum += data[from + j] * w[at];
        scores[i * outputs + k] += sum;
      }
    }
  });
  return scores;
}
