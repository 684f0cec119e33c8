/** One modality alone: the comparison every fusion owes. */
import { type Matrix, takeRows } from '../array/matrix.ts';
import type { Cohort } from '../describe/cohort.ts';
import { type Target, takeTarget } from '../describe/target.ts';
import { type JsonObject, nest, type Run, type Saved, unnest } from '../estimator.ts';
import { higherIsBetter, type Metric } from '../score/metric.ts';
import { scoreClasses } from '../score/score.ts';
import {
  chosenModalities,
  type FusionOptions,
  type ModalityExpert,
  openExpert,
  penalties,
  trainExpert,
} from './modality-expert.ts';
import { classPrediction, classPrior, type FittedFusion, type Fusion, type Notes } from './prediction.ts';

export interface SingleOptions extends FusionOptions {
  readonly modality: string;
}

/** The expert of one modality. Who lacks it is predicted by the class shares of the training subjects. */
export function single(options: SingleOptions): Fusion {
  const { modality, ...shared } = options;
  return {
    spec: { kind: 'single', version: 1, options: options as unknown as JsonObject },
    async fit(x, target, run) {
      const trained = await trainExpert(x, target, modality, shared, run);
      return fittedSingle(modality, target.classes, classPrior(target), trained.expert, {
        remarks: trained.warnings,
        figures: penalties([trained.expert]),
      });
    },
  };
}

export interface BestSingleOptions extends FusionOptions {
  /** What "best" means, measured out of fold on the training subjects. */
  readonly metric?: Metric;
}

/** The single modality that does best on inner folds: chosen without a look at test subjects. */
export function bestSingle(options: BestSingleOptions = {}): Fusion {
  const { metric = 'logLoss', modalities, ...shared } = options;
  return {
    spec: { kind: 'best-single', version: 1, options: options as unknown as JsonObject },
    async fit(x, target, run) {
      const names = chosenModalities(x, modalities);
      let best: { name: string; value: number; expert: ModalityExpert } | undefined;
      for (const name of names) {
        const { outOfFold, expert } = await trainExpert(x, target, name, shared, run);
        if (!expert) continue;
        const value = innerScore(outOfFold, target, run, metric);
        const better = best === undefined || (higherIsBetter[metric] ? value > best.value : value < best.value);
        if (better) best = { name, value, expert };
      }
      const name = best?.name ?? names[0];
      return fittedSingle(name, target.classes, classPrior(target), best?.expert, {
        remarks: [`chose ${name}`],
        figures: {},
      });
    },
  };
}

/** The metric averaged over inner folds (scores of models from different folds are never pooled). */
function innerScore(outOfFold: Matrix<Float64Array>, target: Target, run: Run, metric: Metric): number {
  const folds = run.inner ?? new Int32Array(target.labels.length);
  const values: number[] = [];
  for (const fold of new Set(folds)) {
    const rows: number[] = [];
    folds.forEach((f, row) => f === fold && rows.push(row));
    const value = scoreClasses(takeRows(outOfFold, rows), takeTarget(target, rows).labels)[metric];
    if (value !== undefined) values.push(value);
  }
  if (values.length === 0) return higherIsBetter[metric] ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function fittedSingle(
  modality: string,
  classes: readonly string[],
  prior: Float64Array,
  expert: ModalityExpert | undefined,
  notes: Notes,
): FittedFusion {
  return {
    modalities: [modality],
    notes,
    async apply(x: Cohort) {
      const nothing = {
        shape: [x.subjects.length, classes.length],
        data: new Float64Array(x.subjects.length * classes.length),
      } as const;
      const probability = expert ? await expert.apply(x) : nothing;
      return classPrediction(x, { classes, modalities: expert ? [modality] : [], probability, prior });
    },
    save() {
      const blobs: Record<string, Uint8Array> = {};
      const held = expert ? nest(expert.save(), 'expert', blobs) : null;
      return {
        kind: 'single',
        version: 1,
        state: { modality, classes, prior: [...prior], notes: { ...notes }, expert: held },
        blobs,
      };
    },
  };
}

/** Opens a saved single modality, also one that was chosen as the best. */
export function openSingle({ state, blobs }: Saved): FittedFusion {
  const { modality, classes, prior, notes, expert } = state as unknown as {
    modality: string;
    classes: string[];
    prior: number[];
    notes: Notes;
    expert: JsonObject | null;
  };
  const opened = expert ? openExpert(unnest(expert, 'expert', blobs)) : undefined;
  return fittedSingle(modality, classes, Float64Array.from(prior), opened, notes);
}
