/** What a network learns, by the kind of target: its loss as a graph, the same in float64 to judge by, and its opinions. */
import { type Matrix, matrix } from '../../array/matrix.ts';
import { type Target, takeTarget } from '../../describe/target.ts';
import { coxPartialLikelihood } from '../../engine/loss/survival.ts';
import { and, div, greater, maximum, mul, neg, square, sub, where } from '../../engine/ops/arithmetic.ts';
import { mergeAxes, oneHot } from '../../engine/ops/layout.ts';
import { logSoftmax, sum } from '../../engine/ops/reduction.ts';
import type { NamedValues } from '../../engine/session/runtime.ts';
import { input, type Tensor } from '../../engine/tensor.ts';
import { coxNegativeLogLikelihood } from '../../expert/cox-likelihood.ts';

/** How what a head says becomes an opinion; plain numbers, saved with the model. */
export type Telling =
  | { readonly kind: 'softmax' }
  /** A linear predictor less its mean over training subjects; `scaled` later. */
  | { readonly kind: 'risk' }
  | { readonly kind: 'value'; readonly mean: number; readonly sd: number };

export interface Judgement {
  readonly sum: number;
  readonly count: number;
}

export interface Objective {
  readonly outputs: number;
  readonly telling: Telling;
  /** The mean loss of what is said of the subjects for whom `counts` `[batch, 1]` is 1; 0 where there is none. */
  loss(said: Tensor, counts: Tensor): Tensor;
  /** The truth about some subjects, as fed. */
  feed(rows: Int32Array): NamedValues;
  /** The loss of what was said of some subjects, [rows, outputs]: a sum, and over how many (subjects, or events). */
  judge(said: Matrix<Float64Array>, rows: Int32Array): Judgement;
}

export function objectiveOf(target: Target, rows: Int32Array): Objective {
  switch (target.kind) {
    case 'classes':
      return ofClasses(target.labels, target.classes.length);
    case 'survival':
      return ofSurvival(target);
    case 'value':
      return ofValues(target.values, rows);
  }
}

/** The mean over those that count. */
const meanOver = (losses: Tensor, counts: Tensor) => div(sum(mul(losses, counts)), maximum(sum(counts), 1));

/** Softmax cross-entropy. */
function ofClasses(labels: Int32Array, classes: number): Objective {
  return {
    outputs: classes,
    telling: { kind: 'softmax' },
    loss(said, counts) {
      const truth = oneHot(input('label', ['batch'], 'int32'), classes);
      return meanOver(neg(sum(mul(logSoftmax(said), truth), 1, { keep: true })), counts);
    },
    feed: (rows) => ({ label: { shape: [rows.length], data: Int32Array.from(rows, (row) => labels[row]) } }),
    judge(said, rows) {
      const { data } = told({ kind: 'softmax' }, said);
      let sum = 0;
      rows.forEach((row, i) => {
        sum -= Math.log(Math.max(data[i * classes + labels[row]], 1e-15));
      });
      return { sum, count: rows.length };
    },
  };
}

/** The partial likelihood of Cox within a batch. */
function ofSurvival(target: Extract<Target, { kind: 'survival' }>): Objective {
  return {
    outputs: 1,
    telling: { kind: 'risk' },
    loss(said, counts) {
      const counted = greater(mergeAxes(counts, 0, 2), 0.5); // [batch]
      // Who does not count leaves before everyone's time, so is never at risk.
      const time = where(counted, input('time', ['batch']), -1);
      const event = and(input('event', ['batch'], 'bool'), counted);
      return coxPartialLikelihood(mergeAxes(said, 0, 2), time, event);
    },
    feed: (rows) => ({
      time: { shape: [rows.length], data: Float32Array.from(rows, (row) => target.timeDays[row]) },
      event: { shape: [rows.length], data: Uint8Array.from(rows, (row) => target.event[row]) },
    }),
    judge(said, rows) {
      const own = takeTarget(target, rows);
      const events = own.event.reduce((a, b) => a + b, 0);
      return { sum: events === 0 ? 0 : coxNegativeLogLikelihood(own, said.data), count: events };
    },
  };
}

/** Squared error in standard deviations of the training subjects. */
function ofValues(values: Float64Array, rows: Int32Array): Objective {
  const mean = rows.reduce((sum, row) => sum + values[row], 0) / rows.length;
  const variance = rows.reduce((sum, row) => sum + (values[row] - mean) ** 2, 0) / rows.length;
  const sd = variance > 0 ? Math.sqrt(variance) : 1;
  const scaled = (row: number) => (values[row] - mean) / sd;
  return {
    outputs: 1,
    telling: { kind: 'value', mean, sd },
    loss: (said, counts) => meanOver(square(sub(said, input('value', ['batch', 1]))), counts),
    feed: (rows) => ({ value: { shape: [rows.length, 1], data: Float32Array.from(rows, scaled) } }),
    judge: (said, rows) => ({
      sum: rows.reduce((loss, row, i) => loss + (said.data[i] - scaled(row)) ** 2, 0),
      count: rows.length,
    }),
  };
}

/** Opinions from what a head says: [subjects, outputs]. */
export function told(telling: Telling, { data, shape }: Matrix<Float64Array>): Matrix<Float64Array> {
  const [n, width] = shape;
  if (telling.kind === 'risk') return matrix(n, width, data.slice());
  if (telling.kind === 'value')
    return matrix(
      n,
      width,
      data.map((said) => telling.mean + telling.sd * said),
    );
  const out = new Float64Array(n * width); // [subjects, classes]
  for (let i = 0; i < n; i++) {
    const logits = data.subarray(i * width, (i + 1) * width);
    const top = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    let total = 0;
    for (let k = 0; k < width; k++) total += out[i * width + k] = Math.exp(logits[k] - top);
    for (let k = 0; k < width; k++) out[i * width + k] /= total;
  }
  return matrix(n, width, out);
}
