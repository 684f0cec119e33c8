/** Values: ridge experts, whose opinions are values in the unit of the target. */
import { type Matrix, matrix } from '../../array/matrix.ts';
import type { ValueTarget } from '../../describe/target.ts';
import type { JsonObject, Saved } from '../../estimator.ts';
import { crossFitRidge, type FittedRidge, openRidge } from '../../expert/ridge.ts';
import { rSquared } from '../../score/regression.ts';
import type { ValuePrediction } from '../prediction.ts';
import { basisOf } from './basis.ts';
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
      const { fitted, outOfFold } = await crossFitRidge(design, values, ridge, run);
      return { model: valueModel(fitted), outOfFold: matrix(rows.length, 1, outOfFold), warnings: [] };
    },
    skill({ data }, rows) {
      return rSquared(
        Float64Array.from(rows, (row) => values[row]),
        Float64Array.from(rows, (row) => data[row]),
      );
    },
    readout: ({ data }, rows) =>
      valueReadout(
        prior[0],
        errorOf(rows, (row) => data[row] - values[row]),
      ),
  };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** Root of the mean squared error. */
function errorOf(rows: Int32Array, error: (row: number) => number): number {
  return Math.sqrt(rows.reduce((sum, row) => sum + error(row) ** 2, 0) / Math.max(1, rows.length));
}

function valueModel(fitted: FittedRidge): Model {
  return {
    penalty: fitted.penalty,
    async apply(blocks): Promise<Matrix<Float64Array>> {
      return matrix(blocks[0].shape[0], 1, await fitted.apply(blocks));
    },
    save: fitted.save,
  };
}

export function openRidgeModel(saved: Saved): Model {
  return valueModel(openRidge(saved));
}

function valueReadout(mean: number, error: number): Readout {
  const prior = Float64Array.of(mean);
  return {
    kind: 'value',
    prior,
    read(x, said): ValuePrediction {
      const { basis, opinions } = basisOf(x, said, prior);
      return { kind: 'value', value: opinions, uncertainty: opinions.map(() => error), ...basis };
    },
    save: () => ({ kind: 'value', version: 1, state: { mean, error }, blobs: {} }),
  };
}

export function openValueReadout(state: JsonObject): Readout {
  const { mean, error } = state as unknown as { readonly mean: number; readonly error: number };
  return valueReadout(mean, error);
}
