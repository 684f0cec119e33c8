/** Calibration and ROC curves over folds. */
import type { Target } from '../describe/target.ts';
import { calibrationCurve } from '../score/calibration.ts';
import { rocAt, rocCurve } from '../score/roc.ts';
import type { StrategyResult } from './comparison.ts';
import { eventProbability, type FoldPart } from './estimates.ts';

/**
 * Two classes: probability of the event; more: probability of the predicted class against whether it is right. Counts are
 * added over folds: unlike a score, a probability claims the same in every fold.
 */
export function calibrationOf(parts: readonly FoldPart[], { classes }: Target): StrategyResult['calibration'] {
  const said: number[] = [];
  const happened: number[] = [];
  for (const { probability, labels } of parts) {
    const [n, many] = probability.shape;
    for (let i = 0; i < n; i++) {
      const row = probability.data.subarray(i * many, (i + 1) * many);
      const top = classes.length === 2 ? 1 : row.indexOf(row.reduce((a, b) => Math.max(a, b)));
      said.push(row[top]);
      happened.push(labels[i] === top ? 1 : 0);
    }
  }
  return calibrationCurve(said, happened);
}

const gridSteps = 50;

/** Two classes only: true positive rates averaged over folds at fixed false positive rates. */
export function rocOf(parts: readonly FoldPart[], { classes }: Target): StrategyResult['roc'] {
  if (classes.length !== 2) return [];
  const grid = Float64Array.from({ length: gridSteps + 1 }, (_, i) => i / gridSteps);
  const sums = new Float64Array(grid.length);
  let curves = 0;
  for (const { probability, labels } of parts) {
    const curve = rocCurve(eventProbability(probability), labels);
    if (!curve) continue;
    rocAt(curve, grid).forEach((rate, i) => {
      sums[i] += rate;
    });
    curves++;
  }
  if (curves === 0) return [];
  return Array.from(grid, (falsePositiveRate, i) => ({ falsePositiveRate, truePositiveRate: sums[i] / curves }));
}
