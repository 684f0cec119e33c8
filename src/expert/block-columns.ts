/**
 * The columns of a design where they stand, centred on the mean of its rows but never copied whole: a sparse model looks at
 * every column of wide data only to ask whether it is needed, and computes with the few that are.
 */
import type { Design } from './design.ts';

export interface Columns {
  readonly subjects: number;
  readonly features: number; // of all blocks
  readonly means: Float64Array; // [features]
  /** Sums over the design's rows of centred columns times residuals [subjects, outputs], written to [outputs, features]. */
  products(residuals: Float64Array, outputs: number, out: Float64Array): void;
  /** Centred columns of the features, ascending, over the design's rows: [chosen, subjects]. */
  gather(chosen: readonly number[]): Float64Array;
}

export function blockColumns(design: Design): Columns {
  const { blocks, rows } = design;
  const lefts: number[] = [];
  let features = 0;
  for (const { shape } of blocks) {
    lefts.push(features);
    features += shape[1];
  }
  const subjects = rows.length;
  const sums = new Float64Array(features);
  addProducts(design, lefts, new Float64Array(subjects).fill(1 / subjects), 1, sums);
  const means = sums;
  return {
    subjects,
    features,
    means,
    products(residuals, outputs, out) {
      out.fill(0);
      addProducts(design, lefts, residuals, outputs, out);
      for (let k = 0; k < outputs; k++) {
        let sum = 0;
        for (let at = k; at < residuals.length; at += outputs) sum += residuals[at];
        for (let j = 0; j < features; j++) out[k * features + j] -= sum * means[j];
      }
    },
    gather(chosen) {
      const out = new Float64Array(chosen.length * subjects); // [chosen, subjects]
      let b = 0;
      chosen.forEach((feature, a) => {
        while (b + 1 < blocks.length && feature >= lefts[b + 1]) b++;
        const { data, shape } = blocks[b];
        const mean = means[feature];
        for (let i = 0; i < subjects; i++) {
          out[a * subjects + i] = data[rows[i] * shape[1] + feature - lefts[b]] - mean;
        }
      });
      return out;
    },
  };
}

/** Adds Rᵀ Z to out [outputs, features], four subjects at a time. */
function addProducts(
  { blocks, rows }: Design,
  lefts: readonly number[],
  residuals: Float64Array,
  outputs: number,
  out: Float64Array,
): void {
  const features = out.length / outputs;
  const n = rows.length;
  blocks.forEach(({ data, shape }, b) => {
    const width = shape[1];
    for (let k = 0; k < outputs; k++) {
      const from = k * features + lefts[b];
      const end = from + width;
      let i = 0;
      for (; i + 3 < n; i += 4) {
        const first = residuals[i * outputs + k];
        const second = residuals[(i + 1) * outputs + k];
        const third = residuals[(i + 2) * outputs + k];
        const fourth = residuals[(i + 3) * outputs + k];
        let a = rows[i] * width;
        let c = rows[i + 1] * width;
        let d = rows[i + 2] * width;
        let e = rows[i + 3] * width;
        for (let j = from; j < end; j++) {
          out[j] += first * data[a++] + second * data[c++] + third * data[d++] + fourth * data[e++];
        }
      }
      for (; i < n; i++) {
        const value = residuals[i * outputs + k];
        let a = rows[i] * width;
        for (let j = from; j < end; j++) out[j] += value * data[a++];
      }
    }
  });
}
