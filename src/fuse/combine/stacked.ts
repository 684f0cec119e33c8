import { type Matrix, matrix, zeros } from '../../array/matrix.ts';
import type { Json, Saved } from '../../estimator.ts';
import type { Model } from '../task/task.ts';
import { openModel } from '../task/tasks.ts';
import type { CombinerKind, FittedCombiner, Opinions } from './combiner.ts';

/**
 * A model of the target's own kind (logistic, Cox, ridge) on the experts' out-of-fold opinions and presence indicators
 * (Wolpert 1992).
 */
export const stacked: CombinerKind = {
  async train({ opinions, task, run }) {
    const [n, width] = opinions.said[0].shape;
    const many = opinions.said.length;
    const heard = (i: number) => opinions.present.subarray(i * many, (i + 1) * many).includes(1);
    const rows = Int32Array.from({ length: n }, (_, i) => i).filter(heard);
    const outOfFold = zeros(n, width); // [subjects, width]
    if (rows.length === 0) return { combiner: fittedStacker(undefined, task.prior), outOfFold };
    const crossed = await task.crossFit({ blocks: [inputsOf(opinions, task.prior)], rows }, {}, run);
    rows.forEach((row, i) => {
      outOfFold.data.set(crossed.outOfFold.data.subarray(i * width, (i + 1) * width), row * width);
    });
    return { combiner: fittedStacker(crossed.model, task.prior), outOfFold };
  },
  open(state: Json, blobs, prior) {
    if (state === null) return fittedStacker(undefined, prior);
    return fittedStacker(openModel({ ...(state as unknown as Omit<Saved, 'blobs'>), blobs }), prior);
  },
};

function fittedStacker(model: Model | undefined, prior: Float64Array): FittedCombiner {
  return {
    tell: undefined,
    combine: async (opinions) => model?.apply([inputsOf(opinions, prior)]) ?? zeros(...opinions.said[0].shape),
    save() {
      if (!model) return { state: null, blobs: {} };
      const { blobs, ...state } = model.save();
      return { state: state as unknown as Json, blobs };
    },
  };
}

/**
 * For each modality its opinion (two classes: one logit; more: one a class, centred; else what it differs by from the
 * prior), 0 where it is missing, and whether it is there: [subjects, modalities x (numbers + 1)].
 */
function inputsOf({ said, present }: Opinions, prior: Float64Array): Matrix<Float64Array> {
  const [n, width] = said[0].shape;
  const many = said.length;
  const numbers = width === 2 ? 1 : width;
  const columns = many * (numbers + 1);
  const out = new Float64Array(n * columns);
  for (let i = 0; i < n; i++) {
    for (let m = 0; m < many; m++) {
      if (!present[i * many + m]) continue;
      const opinion = said[m].data.subarray(i * width, (i + 1) * width);
      const to = i * columns + m * (numbers + 1);
      if (width === 1) out[to] = opinion[0] - prior[0];
      else out.set(numbers === 1 ? logitsOf(opinion).subarray(1) : logitsOf(opinion), to);
      out[to + numbers] = 1;
    }
  }
  return matrix(n, columns, out);
}

const largestLogit = 8;

/** Logits against the first class of two, or against the mean of more; clipped, so that a sure expert does not rule all. */
function logitsOf(probability: Float64Array): Float64Array {
  const logs = probability.map((p) => Math.log(Math.max(p, 1e-12)));
  const origin = logs.length === 2 ? logs[0] : logs.reduce((a, b) => a + b, 0) / logs.length;
  return logs.map((log) => Math.max(-largestLogit, Math.min(largestLogit, log - origin)));
}
