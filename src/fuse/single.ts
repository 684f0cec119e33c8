/** One modality alone: the comparison every fusion owes. */
import { takeRows, zeros } from '../array/matrix.ts';
import type { Cohort } from '../describe/cohort.ts';
import { type Target, takeTarget } from '../describe/target.ts';
import { truthOf } from '../describe/truth.ts';
import { type JsonObject, nest, type Run, type Saved, unnest } from '../estimator.ts';
import { higherIsBetter, type Metric } from '../score/metric.ts';
import { scoreMetric } from '../score/score.ts';
import { crossFitted } from './cross-fitted.ts';
import {
  chosenModalities,
  type FusionOptions,
  type ModalityExpert,
  openExpert,
  penalties,
  type TrainedExpert,
  trainExpert,
} from './modality-expert.ts';
import type { CrossFittedFusion, FittedFusion, Fusion, Notes } from './prediction.ts';
import { heardOf } from './task/basis.ts';
import type { Readout } from './task/task.ts';
import { openReadout, taskOf } from './task/tasks.ts';

export interface SingleOptions extends FusionOptions {
  readonly modality: string;
}

/** The expert of one modality. Who lacks it is predicted by what is usual among the training subjects. */
export function single(options: SingleOptions): Fusion {
  const { modality, ...shared } = options;
  const crossFit = async (x: Cohort, target: Target, run: Run) => {
    const trained = await trainExpert(x, target, modality, shared, run);
    const notes = { remarks: trained.warnings, figures: penalties([trained.expert]) };
    return crossFittedSingle(x, target, modality, trained, { options: shared, notes });
  };
  return {
    spec: { kind: 'single', version: 1, options: options as unknown as JsonObject },
    crossFit,
    fit: async (x, target, run) => (await crossFit(x, target, run)).fitted,
  };
}

export interface BestSingleOptions extends FusionOptions {
  /** What "best" means, measured out of fold on the training subjects. Default: by the kind of target, see `skill`. */
  readonly metric?: Metric;
}

/** The single modality that does best on inner folds: chosen without a look at test subjects. */
export function bestSingle(options: BestSingleOptions = {}): Fusion {
  const { metric, modalities, ...shared } = options;
  const crossFit = async (x: Cohort, target: Target, run: Run) => {
    const names = chosenModalities(x, modalities);
    let best: { name: string; value: number; trained: TrainedExpert } | undefined;
    for (const name of names) {
      const trained = await trainExpert(x, target, name, shared, run);
      if (!trained.expert) continue;
      const value = innerScore(trained, target, run, metric);
      if (best === undefined || value > best.value) best = { name, value, trained };
    }
    const name = best?.name ?? names[0];
    const trained = best?.trained ?? (await trainExpert(x, target, name, shared, run));
    const by = metric === 'integratedBrier' ? " (by Somers' D: survival probabilities are not told out of fold)" : '';
    const notes = { remarks: [`chose ${name}${by}`], figures: {} };
    return crossFittedSingle(x, target, name, trained, { options: shared, notes });
  };
  return {
    spec: { kind: 'best-single', version: 1, options: options as unknown as JsonObject },
    crossFit,
    fit: async (x, target, run) => (await crossFit(x, target, run)).fitted,
  };
}

function crossFittedSingle(
  x: Cohort,
  target: Target,
  modality: string,
  { expert, outOfFold }: TrainedExpert,
  { options, notes }: { readonly options: FusionOptions; readonly notes: Notes },
): CrossFittedFusion {
  const readout = taskOf(target).readout(heardOf(x, [modality], outOfFold), options);
  const modalities = expert ? [modality] : [];
  return crossFitted(fittedSingle(modality, expert, readout, notes), readout, x, { modalities, opinions: outOfFold });
}

/**
 * The metric averaged over inner folds (scores of models from different folds are never pooled), turned so that higher is
 * better. Where it is defined in none of them, the skill stands in.
 */
function innerScore(trained: TrainedExpert, target: Target, run: Run, metric: Metric | undefined): number {
  const { outOfFold } = trained;
  const folds = run.inner ?? new Int32Array(outOfFold.shape[0]);
  const values: number[] = [];
  for (const fold of new Set(folds)) {
    const rows = Int32Array.from(folds.keys()).filter((row) => folds[row] === fold);
    const value = metric
      ? scoreMetric(metric, takeRows(outOfFold, rows), truthOf(takeTarget(target, rows), target))
      : taskOf(target).skill(outOfFold, rows);
    if (value !== undefined) values.push(value);
  }
  if (values.length === 0) return metric ? innerScore(trained, target, run, undefined) : Number.NEGATIVE_INFINITY;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return metric && !higherIsBetter[metric] ? -mean : mean;
}

function fittedSingle(
  modality: string,
  expert: ModalityExpert | undefined,
  readout: Readout,
  notes: Notes,
): FittedFusion {
  return {
    modalities: [modality],
    notes,
    async apply(x: Cohort) {
      const opinions = expert ? await expert.apply(x) : zeros(x.subjects.length, readout.prior.length);
      return readout.read(x, { modalities: expert ? [modality] : [], opinions });
    },
    save() {
      const blobs: Record<string, Uint8Array> = {};
      const state = {
        modality,
        notes: { ...notes },
        expert: expert ? nest(expert.save(), 'expert', blobs) : null,
        readout: nest(readout.save(), 'readout', blobs),
      };
      return { kind: 'single', version: 1, state, blobs };
    },
  };
}

/** Opens a saved single modality, also one that was chosen as the best. */
export function openSingle({ state, blobs }: Saved): FittedFusion {
  const { modality, notes, expert, readout } = state as unknown as {
    modality: string;
    notes: Notes;
    expert: JsonObject | null;
    readout: JsonObject;
  };
  const opened = expert ? openExpert(unnest(expert, 'expert', blobs)) : undefined;
  return fittedSingle(modality, opened, openReadout(unnest(readout, 'readout', blobs)), notes);
}
