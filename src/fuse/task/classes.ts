/** Classes: logistic experts, whose opinions are probabilities. */
import { type Matrix, matrix, takeRows } from '../../array/matrix.ts';
import { type ClassTarget, classCounts } from '../../describe/target.ts';
import type { Json, JsonObject, Saved } from '../../estimator.ts';
import {
  type ConformalClasses,
  type ConformalClassesState,
  conformalClasses,
  openConformalClasses,
} from '../../expert/conformal-classes.ts';
import { crossFitLogistic, openLogistic } from '../../expert/logistic.ts';
import {
  openRecalibrated,
  type Recalibrated,
  type RecalibrationState,
  recalibrated,
} from '../../expert/recalibration.ts';
import type { ClassPrediction } from '../prediction.ts';
import { basisOf, normalizedEntropy, patternsIn } from './basis.ts';
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
    readout({ outOfFold, rows, patterns }, { recalibrate = false } = {}) {
      const own = Int32Array.from(rows, (row) => labels[row]);
      const said = takeRows(outOfFold, rows);
      const recalibration = recalibrate ? recalibrated(said, own) : undefined;
      const sets = conformalClasses(recalibration?.apply(said) ?? said, own, { pattern: patterns });
      const priorSets = conformalClasses(repeated(prior, labels.length), labels);
      return classReadout({ classes, prior, sets, priorSets, recalibration });
    },
  };
}

/** The same opinion on so many subjects. */
function repeated(opinion: Float64Array, subjects: number): Matrix<Float64Array> {
  const out = new Float64Array(subjects * opinion.length);
  for (let i = 0; i < subjects; i++) out.set(opinion, i * opinion.length);
  return matrix(subjects, opinion.length, out);
}

/** Class shares of the training subjects, with a pseudo-subject spread over all classes so that none is impossible. */
export function classPrior(target: ClassTarget): Float64Array {
  const classes = target.classes.length;
  return Float64Array.from(classCounts(target), (count) => (count + 1 / classes) / (target.labels.length + 1));
}

export function openLogisticModel(saved: Saved): Model {
  return openLogistic(saved);
}

interface Learned {
  readonly classes: readonly string[];
  readonly prior: Float64Array; // [classes]
  readonly sets: ConformalClasses;
  /** For subjects of whom nothing is known: what the class shares alone get wrong. */
  readonly priorSets: ConformalClasses;
  readonly recalibration: Recalibrated | undefined;
}

function classReadout({ classes, prior, sets, priorSets, recalibration }: Learned): Readout {
  const many = classes.length;
  return {
    kind: 'classes',
    prior,
    read(x, said): ClassPrediction {
      const opinions = recalibration?.apply(said.opinions) ?? said.opinions;
      const { basis, opinions: data } = basisOf(x, { ...said, opinions }, prior);
      const n = x.subjects.length;
      const probability = matrix(n, many, data);
      const held = sets.apply(probability, patternsIn(n, basis.present, said.modalities)); // [subjects, classes]
      const unknown = priorSets.apply(probability);
      basis.fromPrior.forEach((prior, i) => {
        if (prior) held.set(unknown.subarray(i * many, (i + 1) * many), i * many);
      });
      return {
        kind: 'classes',
        classes,
        probability,
        uncertainty: Float64Array.from(x.subjects, (_, i) =>
          normalizedEntropy(data.subarray(i * many, (i + 1) * many)),
        ),
        sets: held,
        ...basis,
      };
    },
    save: () => ({
      kind: 'classes',
      version: 1,
      state: {
        classes,
        prior: [...prior],
        sets: sets.state as unknown as Json,
        priorSets: priorSets.state as unknown as Json,
        recalibration: (recalibration?.state ?? null) as unknown as Json,
      },
      blobs: {},
    }),
  };
}

export function openClassReadout(state: JsonObject): Readout {
  const { classes, prior, sets, priorSets, recalibration } = state as unknown as {
    readonly classes: string[];
    readonly prior: number[];
    readonly sets: ConformalClassesState;
    readonly priorSets: ConformalClassesState;
    readonly recalibration: RecalibrationState | null;
  };
  return classReadout({
    classes,
    prior: Float64Array.from(prior),
    sets: openConformalClasses(sets),
    priorSets: openConformalClasses(priorSets),
    recalibration: recalibration ? openRecalibrated(recalibration) : undefined,
  });
}
