/** One modality, one expert: the single models that stand alone, and that late fusion combines. */
import { type Matrix, matrix } from '../array/matrix.ts';
import { blockOf, type Cohort, takeBlockRows } from '../describe/cohort.ts';
import type { Target } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import { type JsonObject, nest, type Run, type Saved, unnest } from '../estimator.ts';
import { crossFitLogistic, type FittedLogistic, type LogisticOptions, openLogistic } from '../expert/logistic.ts';
import type { FittedHarmonizer } from '../harmonize/harmonizer.ts';
import { openPreparation, prepareModality, type Step } from '../harmonize/prepare.ts';
import { remember } from '../remember.ts';
import { classPrior, type Notes } from './prediction.ts';

/** What early and late fusion, and single modalities, have in common. */
export interface FusionOptions {
  /** Modalities to use; all of the cohort by default. */
  readonly modalities?: readonly string[];
  /** Steps of preparation by modality, where the default ones do not fit. */
  readonly prepare?: { readonly [modality: string]: readonly Step[] };
  readonly logistic?: LogisticOptions;
}

/** The steps a study gives this modality; a plain look-up would find `constructor` in any object. */
export function stepsFor({ prepare = {} }: FusionOptions, modality: string): readonly Step[] | undefined {
  return Object.hasOwn(prepare, modality) ? prepare[modality] : undefined;
}

export interface ModalityExpert {
  readonly name: string;
  /** Probabilities [subjects, classes]; rows of subjects without the modality mean nothing (see `present` there). */
  apply(x: Cohort): Promise<Matrix<Float64Array>>;
  save(): Saved;
  readonly penalty: number | null;
}

export interface TrainedExpert {
  /** undefined: nobody in training has this modality. */
  readonly expert: ModalityExpert | undefined;
  /** Out-of-fold probabilities of the training subjects; the prior where the modality is missing. */
  readonly outOfFold: Matrix<Float64Array>; // [subjects, classes]
  readonly present: Uint8Array; // [subjects]
  readonly warnings: readonly string[];
}

/** Fits the expert of one modality on the training subjects who have it; shared by all strategies of a fold. */
export function trainExpert(
  x: Cohort,
  target: Target,
  name: string,
  options: FusionOptions,
  run: Run,
): Promise<TrainedExpert> {
  const steps = stepsFor(options, name);
  const key = `expert ${name} ${JSON.stringify([steps ?? null, options.logistic ?? null, run.seed])}`;
  return remember([x, target, run.inner], key, run, async (inner) => {
    const classes = target.classes.length;
    const prior = classPrior(target);
    const { present } = blockOf(x, name);
    const rows = rowsOf(present);
    const outOfFold = new Float64Array(x.subjects.length * classes); // [subjects, classes]
    for (let i = 0; i < x.subjects.length; i++) outOfFold.set(prior, i * classes);
    const nobody = { expert: undefined, outOfFold: matrix(x.subjects.length, classes, outOfFold), present };
    if (rows.length === 0) return { ...nobody, warnings: [`${name}: no training subject has it`] };

    const prepared = await prepareModality(x, name, steps, target, inner);
    if (prepared.values.shape[1] === 0) return { ...nobody, warnings: [`${name}: no feature varies in training`] };
    const design = { blocks: [prepared.values], rows };
    const crossed = await crossFitLogistic(design, target.labels, classes, options.logistic ?? {}, inner);
    rows.forEach((row, i) => {
      outOfFold.set(crossed.outOfFold.data.subarray(i * classes, (i + 1) * classes), row * classes);
    });
    return {
      ...nobody,
      expert: modalityExpert(name, prepared.fitted, crossed.fitted, classes),
      warnings: crossed.warnings.map((warning) => `${name}: ${warning}`),
    };
  });
}

export function rowsOf(present: Uint8Array): Int32Array {
  const rows: number[] = [];
  present.forEach((there, row) => there && rows.push(row));
  return Int32Array.from(rows);
}

function modalityExpert(
  name: string,
  prepare: FittedHarmonizer,
  model: FittedLogistic,
  classes: number,
): ModalityExpert {
  return {
    name,
    penalty: model.penalty,
    async apply(x) {
      const block = blockOf(x, name);
      const rows = rowsOf(block.present);
      const out = new Float64Array(x.subjects.length * classes); // [subjects, classes]
      if (rows.length > 0) {
        const ready = await prepare.apply(rows.length === x.subjects.length ? block : takeBlockRows(block, rows));
        const probability = await model.apply([ready.values]);
        rows.forEach((row, i) => {
          out.set(probability.data.subarray(i * classes, (i + 1) * classes), row * classes);
        });
      }
      return matrix(x.subjects.length, classes, out);
    },
    save() {
      const blobs: Record<string, Uint8Array> = {};
      const parts = { prepare: nest(prepare.save(), 'prepare', blobs), model: nest(model.save(), 'model', blobs) };
      return { kind: 'modality-expert', version: 1, state: { name, classes, ...parts }, blobs };
    },
  };
}

export function openExpert({ state, blobs }: Saved): ModalityExpert {
  const { name, classes, prepare, model } = state as unknown as {
    name: string;
    classes: number;
    prepare: JsonObject;
    model: JsonObject;
  };
  const opened = openPreparation(unnest(prepare, 'prepare', blobs));
  return modalityExpert(name, opened, openLogistic(unnest(model, 'model', blobs)), classes);
}

/** The penalty of each expert that has one, as figures of a fit. */
export function penalties(experts: readonly (ModalityExpert | undefined)[]): Notes['figures'] {
  const found = experts.flatMap((expert) =>
    expert && expert.penalty !== null ? [[`penalty of ${expert.name}`, expert.penalty] as const] : [],
  );
  return Object.fromEntries(found);
}

/** The modalities a strategy uses on this cohort; a name the cohort lacks is refused. */
export function chosenModalities(x: Cohort, wanted: readonly string[] | undefined): string[] {
  const all = x.blocks.map(({ modality }) => modality.name);
  if (!wanted) return all;
  for (const name of wanted) blockOf(x, name);
  if (wanted.length === 0)
    throw new InputError({ where: 'modalities', what: 'none named', expected: `some of ${all.join(', ')}` });
  const twice = wanted.find((name, m) => wanted.indexOf(name) < m);
  if (twice !== undefined) throw new InputError({ where: 'modalities', what: `"${twice}" is named twice` });
  return [...wanted];
}
