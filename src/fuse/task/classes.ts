/** Classes: logistic experts, whose opinions are probabilities. */
import { matrix } from '../../array/matrix.ts';
import { type ClassTarget, classCounts } from '../../describe/target.ts';
import type { JsonObject, Saved } from '../../estimator.ts';
import { crossFitLogistic, openLogistic } from '../../expert/logistic.ts';
import type { ClassPrediction } from '../prediction.ts';
import { basisOf, normalizedEntropy } from './basis.ts';
import type { Model, Readout, Task } from './task.ts';

export function classTask(target: ClassTarget): Task {
  const { classes, labels } = target;
  const prior = classPrior(target);
  return {
    width: classes.length,
    prior,
    async crossFit(design, { logistic = {} }, run) {
      const { fitted, ...rest } = await crossFitLogistic(design, labels, classes.length, logistic, run);
      return { model: fitted, ...rest };
    },
    skill({ data, shape }, rows) {
      let loss = 0;
      let reference = 0;
      for (const i of rows) {
        loss -= Math.log(Math.max(data[i * shape[1] + labels[i]], 1e-15));
        reference -= Math.log(prior[labels[i]]);
      }
      return reference > 0 ? 1 - loss / reference : undefined;
    },
    readout: () => classReadout(classes, prior),
  };
}

/** Class shares of the training subjects, with a pseudo-subject spread over all classes so that none is impossible. */
export function classPrior(target: ClassTarget): Float64Array {
  const classes = target.classes.length;
  return Float64Array.from(classCounts(target), (count) => (count + 1 / classes) / (target.labels.length + 1));
}

export function openLogisticModel(saved: Saved): Model {
  return openLogistic(saved);
}

function classReadout(classes: readonly string[], prior: Float64Array): Readout {
  return {
    kind: 'classes',
    prior,
    read(x, said): ClassPrediction {
      const { basis, opinions } = basisOf(x, said, prior);
      const uncertainty = Float64Array.from(x.subjects, (_, i) =>
        normalizedEntropy(opinions.subarray(i * classes.length, (i + 1) * classes.length)),
      );
      const probability = matrix(x.subjects.length, classes.length, opinions);
      return { kind: 'classes', classes, probability, uncertainty, ...basis };
    },
    save: () => ({ kind: 'classes', version: 1, state: { classes, prior: [...prior] }, blobs: {} }),
  };
}

export function openClassReadout(state: JsonObject): Readout {
  const { classes, prior } = state as unknown as { readonly classes: string[]; readonly prior: number[] };
  return classReadout(classes, Float64Array.from(prior));
}
