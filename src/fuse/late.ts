/**
 * Late fusion: an expert per modality, and a combiner of their probabilities. Works with any modality missing, in training
 * and at test: whoever has at least one is predicted from those present.
 */
import { type Matrix, matrix } from '../array/matrix.ts';
import type { Cohort } from '../describe/cohort.ts';
import type { Target } from '../describe/target.ts';
import { InputError, internal } from '../errors.ts';
import { type ApplyOptions, checkStopped, type JsonObject, nest, type Run, type Saved, unnest } from '../estimator.ts';
import { crossFitLogistic, type FittedLogistic, openLogistic } from '../expert/logistic.ts';
import { withContributions } from './contributions.ts';
import {
  chosenModalities,
  type FusionOptions,
  type ModalityExpert,
  openExpert,
  type TrainedExpert,
  trainExpert,
} from './modality-expert.ts';
import { classPrediction, classPrior, type FittedFusion, type Fusion, type Notes, presence } from './prediction.ts';
import { penalties } from './single.ts';

export const combiners = ['mean', 'weighted', 'stacked'] as const;
export type Combiner = (typeof combiners)[number];

export interface LateOptions extends FusionOptions {
  /**
   * `mean`: the plain average of the probabilities of the experts present. `weighted`: the average weighted by what each
   * expert explains out of fold (1 − its log loss over that of the class shares; none below 0). `stacked`: a logistic
   * model on the experts' out-of-fold logits and presence indicators (Wolpert 1992).
   */
  readonly combine?: Combiner;
}

export function late(options: LateOptions = {}): Fusion {
  const { combine = 'mean', modalities, ...shared } = options;
  if (!combiners.includes(combine)) {
    throw new InputError({
      where: 'late: combine',
      what: 'unknown combiner',
      expected: `one of ${combiners.join(', ')}`,
      got: combine,
    });
  }
  return {
    spec: { kind: 'late', version: 1, options: options as unknown as JsonObject },
    async fit(x, target, run) {
      const names = chosenModalities(x, modalities);
      const trained: TrainedExpert[] = [];
      for (const name of names) {
        checkStopped(run, `late: ${name}`);
        trained.push(await trainExpert(x, target, name, shared, run));
      }
      const prior = classPrior(target);
      const combiner = await trainCombiner(combine, trained, target, prior, run);
      const experts = trained.map(({ expert }) => expert);
      const weights = combiner.weights?.map((weight, m) => [`weight of ${names[m]}`, weight] as const) ?? [];
      const notes: Notes = {
        remarks: trained.flatMap(({ warnings }) => warnings),
        figures: { ...penalties(experts), ...Object.fromEntries(weights) },
      };
      return fittedLate(
        { modalities: names, classes: target.classes, prior, combine, notes, weights: combiner.weights },
        experts,
        combiner.stacker,
      );
    },
  };
}

async function trainCombiner(
  combine: Combiner,
  trained: readonly TrainedExpert[],
  target: Target,
  prior: Float64Array,
  run: Run,
): Promise<{ readonly weights?: number[]; readonly stacker?: FittedLogistic }> {
  if (combine === 'mean') return {};
  if (combine === 'weighted') return { weights: skillWeights(trained, target, prior) };
  const names = trained.length;
  const n = target.labels.length;
  const present = new Uint8Array(n * names); // [subjects, modalities]
  trained.forEach((expert, m) => {
    for (let i = 0; i < n; i++) present[i * names + m] = expert.expert ? expert.present[i] : 0;
  });
  const inputs = stackerInputs(
    trained.map(({ outOfFold }) => outOfFold),
    present,
    target.classes.length,
  );
  const rows = Int32Array.from(target.labels, (_, i) => i).filter((i) =>
    present.subarray(i * names, (i + 1) * names).includes(1),
  );
  if (rows.length === 0) return {};
  const { fitted } = await crossFitLogistic({ blocks: [inputs], rows }, target.labels, target.classes.length, {}, run);
  return { stacker: fitted };
}

/** Share of the prior's log loss that each expert explains out of fold, on the training subjects who have its modality. */
function skillWeights(trained: readonly TrainedExpert[], { labels, classes }: Target, prior: Float64Array): number[] {
  const skills = trained.map(({ expert, outOfFold, present }) => {
    if (!expert) return 0;
    let loss = 0;
    let reference = 0;
    for (let i = 0; i < labels.length; i++) {
      if (!present[i]) continue;
      loss -= Math.log(Math.max(outOfFold.data[i * classes.length + labels[i]], 1e-15));
      reference -= Math.log(prior[labels[i]]);
    }
    return Math.max(0, 1 - loss / reference);
  });
  const total = skills.reduce((a, b) => a + b, 0);
  return skills.map((skill, m) => (total > 0 ? skill / total : trained[m].expert ? 1 / trained.length : 0));
}

const largestLogit = 8;

/**
 * What the stacker sees: for each modality its logits (two classes: one; more: one a class, centred), 0 where it is
 * missing, and whether it is there. [subjects, modalities x (logits + 1)]
 */
function stackerInputs(
  probabilities: readonly Matrix<Float64Array>[],
  present: Uint8Array,
  classes: number,
): Matrix<Float64Array> {
  const n = probabilities[0].shape[0];
  const outputs = classes === 2 ? 1 : classes;
  const width = probabilities.length * (outputs + 1);
  const out = new Float64Array(n * width);
  const logs = new Float64Array(classes);
  for (let i = 0; i < n; i++) {
    probabilities.forEach(({ data }, m) => {
      if (!present[i * probabilities.length + m]) return;
      let to = i * width + m * (outputs + 1);
      for (let k = 0; k < classes; k++) logs[k] = Math.log(Math.max(data[i * classes + k], 1e-12));
      if (outputs === 1) out[to++] = clip(logs[1] - logs[0]);
      else {
        const mean = logs.reduce((a, b) => a + b, 0) / classes;
        for (let k = 0; k < classes; k++) out[to++] = clip(logs[k] - mean);
      }
      out[to] = 1;
    });
  }
  return matrix(n, width, out);
}

function clip(logit: number): number {
  return Math.max(-largestLogit, Math.min(largestLogit, logit));
}

interface Learned {
  readonly modalities: readonly string[];
  readonly classes: readonly string[];
  readonly prior: Float64Array;
  readonly combine: Combiner;
  readonly notes: Notes;
  readonly weights?: readonly number[] | undefined;
}

function fittedLate(
  learned: Learned,
  experts: readonly (ModalityExpert | undefined)[],
  stacker?: FittedLogistic,
): FittedFusion {
  const { modalities, classes, prior, weights, notes } = learned;
  const usable = modalities.filter((_, m) => experts[m] !== undefined);
  const combined = async (x: Cohort) => {
    const present = presence(x, modalities);
    experts.forEach((expert, m) => {
      if (!expert) for (let i = 0; i < x.subjects.length; i++) present[i * modalities.length + m] = 0;
    });
    const probabilities = await Promise.all(
      experts.map(
        (expert) =>
          expert?.apply(x) ??
          matrix(x.subjects.length, classes.length, new Float64Array(x.subjects.length * classes.length)),
      ),
    );
    if (learned.combine !== 'stacked') return average(probabilities, present, weights);
    if (!stacker)
      return matrix(x.subjects.length, classes.length, new Float64Array(x.subjects.length * classes.length));
    return stacker.apply([stackerInputs(probabilities, present, classes.length)]);
  };
  const predict = async (x: Cohort) =>
    classPrediction(x, { classes, modalities: usable, probability: await combined(x), prior });
  return {
    modalities,
    notes,
    apply: async (x: Cohort, options?: ApplyOptions) =>
      options?.explain ? withContributions(x, usable, prior, predict) : predict(x),
    save() {
      const blobs: Record<string, Uint8Array> = {};
      const parts = experts.map((expert, m) => (expert ? nest(expert.save(), `expert ${m}`, blobs) : null));
      const state = {
        ...learned,
        notes: { ...notes },
        prior: [...prior],
        weights: weights ?? null,
        experts: parts,
        stacker: stacker ? nest(stacker.save(), 'stacker', blobs) : null,
      };
      return { kind: 'late', version: 1, state, blobs };
    },
  };
}

/** The weighted average over the modalities present; weights that leave nothing count all alike. */
function average(
  probabilities: readonly Matrix<Float64Array>[],
  present: Uint8Array,
  weights: readonly number[] | undefined,
): Matrix<Float64Array> {
  const [n, classes] = probabilities[0].shape;
  const many = probabilities.length;
  const out = new Float64Array(n * classes); // [subjects, classes]
  for (let i = 0; i < n; i++) {
    const there = present.subarray(i * many, (i + 1) * many);
    let total = 0;
    if (weights) for (let m = 0; m < many; m++) total += there[m] * weights[m];
    const alike = total === 0;
    if (alike) for (const one of there) total += one;
    if (total === 0) continue;
    for (let m = 0; m < many; m++) {
      if (!there[m]) continue;
      const share = (alike ? 1 : (weights?.[m] ?? 1)) / total;
      for (let k = 0; k < classes; k++) out[i * classes + k] += share * probabilities[m].data[i * classes + k];
    }
  }
  return matrix(n, classes, out);
}

export function openLate({ state, blobs }: Saved): FittedFusion {
  const { experts, stacker, prior, weights, ...rest } = state as unknown as Omit<Learned, 'prior'> & {
    prior: number[];
    experts: (JsonObject | null)[];
    stacker: JsonObject | null;
  };
  if (!combiners.includes(rest.combine)) throw internal(`saved combiner ${rest.combine}`);
  return fittedLate(
    { ...rest, prior: Float64Array.from(prior), weights: weights ?? undefined },
    experts.map((part, m) => (part ? openExpert(unnest(part, `expert ${m}`, blobs)) : undefined)),
    stacker ? openLogistic(unnest(stacker, 'stacker', blobs)) : undefined,
  );
}
