/** Values: ridge experts, whose opinions are values in the unit of the target. */
import { type Matrix, matrix } from '../../array/matrix.ts';
import type { ValueTarget } from '../../describe/target.ts';
import type { Json, JsonObject, Saved } from '../../estimator.ts';
import {
  type ConformalValues,
  type ConformalValuesState,
  conformalValues,
  openConformalValues,
} from '../../expert/conformal-values.ts';
import { crossFitRidge, type FittedRidge, openRidge } from '../../expert/ridge.ts';
import { rootMeanSquaredError, rSquared } from '../../score/regression.ts';
import type { ValuePrediction } from '../prediction.ts';
import { basisOf, onlyForClasses, patternsIn } from './basis.ts';
import type { Model, Readout, Task } from './task.ts';

const fewest = 3; // subjects with a modality, below which two inner folds leave nothing to fit

export function valueTask({ values }: ValueTarget): Task {
  const prior = Float64Array.of(meanOf(values));
  return {
    width: 1,
    prior,
    async crossFit(design, { ridge = {} }, run) {
      const { rows } = design;
      if (rows.length < fewest) {
        const outOfFold = matrix(rows.length, 1, new Float64Array(rows.length).fill(prior[0]));
        return { model: undefined, outOfFold, warnings: [`ridge: fewer than ${fewest} subjects in training`] };
      }
      const { fitted, outOfFold, warnings } = await crossFitRidge(design, values, ridge, run);
      return { model: valueModel(fitted), outOfFold: matrix(rows.length, 1, outOfFold), warnings };
    },
    skill({ data }, rows) {
      return rSquared(
        Float64Array.from(rows, (row) => values[row]),
        Float64Array.from(rows, (row) => data[row]),
      );
    },
    readout({ outOfFold, rows, patterns }, { recalibrate = false } = {}) {
      if (recalibrate) throw onlyForClasses('value');
      const truth = Float64Array.from(rows, (row) => values[row]);
      const said = Float64Array.from(rows, (row) => outOfFold.data[row]);
      const error = rootMeanSquaredError(truth, said) ?? 0;
      const mean = prior[0];
      const same = values.map(() => mean);
      return valueReadout({
        mean,
        error,
        intervals: conformalValues(truth, said, { pattern: patterns }),
        priorError: rootMeanSquaredError(values, same) ?? 0,
        priorIntervals: conformalValues(values, same),
      });
    },
  };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function valueModel(fitted: FittedRidge): Model {
  return {
    penalty: fitted.penalty,
    l1Ratio: fitted.l1Ratio,
    async apply(blocks): Promise<Matrix<Float64Array>> {
      return matrix(blocks[0].shape[0], 1, await fitted.apply(blocks));
    },
    save: fitted.save,
  };
}

export function openRidgeModel(saved: Saved): Model {
  return valueModel(openRidge(saved));
}

interface Learned {
  readonly mean: number;
  /** Root mean squared error out of fold. */
  readonly error: number;
  readonly intervals: ConformalValues;
  /** The same of the mean alone, for subjects of whom nothing is known. */
  readonly priorError: number;
  readonly priorIntervals: ConformalValues;
}

function valueReadout({ mean, error, intervals, priorError, priorIntervals }: Learned): Readout {
  const prior = Float64Array.of(mean);
  return {
    kind: 'value',
    prior,
    read(x, said): ValuePrediction {
      const { basis, opinions: value } = basisOf(x, said, prior);
      const { low, high } = intervals.apply(value, patternsIn(value.length, basis.present, said.modalities));
      const unknown = priorIntervals.apply(value);
      basis.fromPrior.forEach((prior, i) => {
        if (!prior) return;
        low[i] = unknown.low[i];
        high[i] = unknown.high[i];
      });
      const uncertainty = Float64Array.from(basis.fromPrior, (prior) => (prior ? priorError : error));
      return { kind: 'value', value, low, high, uncertainty, ...basis };
    },
    save: () => ({
      kind: 'value',
      version: 1,
      state: {
        mean,
        error,
        intervals: intervals.state as unknown as Json,
        priorError,
        priorIntervals: priorIntervals.state as unknown as Json,
      },
      blobs: {},
    }),
  };
}

export function openValueReadout(state: JsonObject): Readout {
  const { intervals, priorIntervals, ...rest } = state as unknown as {
    readonly mean: number;
    readonly error: number;
    readonly priorError: number;
    readonly intervals: ConformalValuesState;
    readonly priorIntervals: ConformalValuesState;
  };
  const opened = { intervals: openConformalValues(intervals), priorIntervals: openConformalValues(priorIntervals) };
  return valueReadout({ ...rest, ...opened });
}
