import { type Matrix, matrix, zeros } from '../../array/matrix.ts';
import type { Json, JsonObject } from '../../estimator.ts';
import { crossFitLogistic, type FittedLogistic, openLogistic } from '../../expert/logistic.ts';
import type { CombinerKind, FittedCombiner, Opinions } from './combiner.ts';

/** A logistic model on the experts' out-of-fold logits and presence indicators (Wolpert 1992). */
export const stacked: CombinerKind = {
  async train({ opinions, target, run }) {
    const many = opinions.probabilities.length;
    const heard = (i: number) => opinions.present.subarray(i * many, (i + 1) * many).includes(1);
    const rows = Int32Array.from(target.labels.keys()).filter(heard);
    if (rows.length === 0) return fittedStacker(undefined);
    const design = { blocks: [inputsOf(opinions)], rows };
    return fittedStacker((await crossFitLogistic(design, target.labels, target.classes.length, {}, run)).fitted);
  },
  open(state: Json, blobs) {
    if (state === null) return fittedStacker(undefined);
    return fittedStacker(openLogistic({ kind: 'logistic', version: 1, state: state as JsonObject, blobs }));
  },
};

function fittedStacker(model: FittedLogistic | undefined): FittedCombiner {
  return {
    tell: undefined,
    combine: async (opinions) => model?.apply([inputsOf(opinions)]) ?? zeros(...opinions.probabilities[0].shape),
    save: () => model?.save() ?? { state: null, blobs: {} },
  };
}

const largestLogit = 8;

/**
 * For each modality its logits (two classes: one; more: one a class, centred), 0 where it is missing, and whether it is
 * there: [subjects, modalities x (logits + 1)].
 */
function inputsOf({ probabilities, present }: Opinions): Matrix<Float64Array> {
  const [n, classes] = probabilities[0].shape;
  const many = probabilities.length;
  const outputs = classes === 2 ? 1 : classes;
  const width = many * (outputs + 1);
  const out = new Float64Array(n * width);
  for (let i = 0; i < n; i++) {
    for (let m = 0; m < many; m++) {
      if (!present[i * many + m]) continue;
      const row = probabilities[m].data.subarray(i * classes, (i + 1) * classes);
      const logits = logitsOf(row);
      const to = i * width + m * (outputs + 1);
      out.set(outputs === 1 ? logits.subarray(1) : logits, to);
      out[to + outputs] = 1;
    }
  }
  return matrix(n, width, out);
}

/** Logits against the first class of two, or against the mean of more; clipped, so that a sure expert does not rule all. */
function logitsOf(probability: Float64Array): Float64Array {
  const logs = probability.map((p) => Math.log(Math.max(p, 1e-12)));
  const origin = logs.length === 2 ? logs[0] : logs.reduce((a, b) => a + b, 0) / logs.length;
  return logs.map((log) => Math.max(-largestLogit, Math.min(largestLogit, log - origin)));
}
