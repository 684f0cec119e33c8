/** One modality, one expert: the single models that stand alone, and that late fusion combines. */
import { type Matrix, matrix } from '../array/matrix.ts';
import { blockOf, type Cohort, takeBlockRows } from '../describe/cohort.ts';
import type { Target } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import { type JsonObject, nest, type Run, type Saved, unnest } from '../estimator.ts';
import type { FittedHarmonizer } from '../harmonize/harmonizer.ts';
import { openPreparation, prepareAnew, prepareModality, readsTarget, type Step } from '../harmonize/prepare.ts';
import { remember } from '../remember.ts';
import { crossFitAnew } from './cross-fit-anew.ts';
import type { Notes } from './prediction.ts';
import { type ExpertOptions, expertOf, type Model, type ReadoutOptions } from './task/task.ts';
import { openModel, taskOf } from './task/tasks.ts';

/** What early and late fusion, and single modalities, have in common. */
export interface FusionOptions extends ExpertOptions, ReadoutOptions {
  /** Modalities to use; all of the cohort by default. */
  readonly modalities?: readonly string[];
  /** Steps of preparation by modality, where the default ones do not fit. */
  readonly prepare?: { readonly [modality: string]: readonly Step[] };
}

/** The steps a study gives this modality; a plain look-up would find `constructor` in any object. */
export function stepsFor({ prepare = {} }: FusionOptions, modality: string): readonly Step[] | undefined {
  return Object.hasOwn(prepare, modality) ? prepare[modality] : undefined;
}

export interface ModalityExpert {
  readonly name: string;
  /** Opinions [subjects, width of the task]; rows of subjects without the modality mean nothing (see `present` there). */
  apply(x: Cohort): Promise<Matrix<Float64Array>>;
  save(): Saved;
  readonly penalty: number | null;
  readonly l1Ratio: number;
}

export interface TrainedExpert {
  /** undefined: nobody in training has this modality. */
  readonly expert: ModalityExpert | undefined;
  /** Out-of-fold opinions on the training subjects; the prior where the modality is missing. */
  readonly outOfFold: Matrix<Float64Array>; // [subjects, width]
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
  const key = `expert ${name} ${JSON.stringify([steps ?? null, options[expertOf[target.kind]] ?? null, run.seed])}`;
  return remember([x, target, run.inner], key, run, async (inner) => {
    const task = taskOf(target);
    const { width, prior } = task;
    const { present } = blockOf(x, name);
    const rows = rowsOf(present);
    const outOfFold = new Float64Array(x.subjects.length * width); // [subjects, width]
    for (let i = 0; i < x.subjects.length; i++) outOfFold.set(prior, i * width);
    const nobody = { expert: undefined, outOfFold: matrix(x.subjects.length, width, outOfFold), present };
    if (rows.length === 0) return { ...nobody, warnings: [`${name}: no training subject has it`] };

    const prepared = await prepareModality(x, name, steps, target, inner);
    if (prepared.values.shape[1] === 0) return { ...nobody, warnings: [`${name}: no feature varies in training`] };
    const blocks = [prepared.values];
    const crossed = readsTarget(steps)
      ? await crossFitAnew(
          task,
          target,
          { blocks, rows, prepareOn: await refitted(x, [name], options, target, inner) },
          options,
          inner,
        )
      : await task.crossFit({ blocks, rows }, options, inner);
    const warnings = crossed.warnings.map((warning) => `${name}: ${warning}`);
    if (!crossed.model) return { ...nobody, warnings };
    rows.forEach((row, i) => {
      outOfFold.set(crossed.outOfFold.data.subarray(i * width, (i + 1) * width), row * width);
    });
    return { ...nobody, expert: modalityExpert(name, prepared.fitted, crossed.model, width), warnings };
  });
}

/** Prepares the modalities side by side, what reads the target fitted on the subjects asked for. */
export async function refitted(
  x: Cohort,
  names: readonly string[],
  options: FusionOptions,
  target: Target,
  run: Run,
): Promise<(train: Int32Array) => Promise<Matrix[]>> {
  const each = await Promise.all(
    names.map((name) => prepareAnew(blockOf(x, name), stepsFor(options, name), target, run)),
  );
  return (train) => Promise.all(each.map((prepare) => prepare(train)));
}

export function rowsOf(present: Uint8Array): Int32Array {
  const rows: number[] = [];
  present.forEach((there, row) => there && rows.push(row));
  return Int32Array.from(rows);
}

function modalityExpert(name: string, prepare: FittedHarmonizer, model: Model, width: number): ModalityExpert {
  return {
    name,
    penalty: model.penalty,
    l1Ratio: model.l1Ratio,
    async apply(x) {
      const block = blockOf(x, name);
      const rows = rowsOf(block.present);
      const out = new Float64Array(x.subjects.length * width); // [subjects, width]
      if (rows.length > 0) {
        const ready = await prepare.apply(rows.length === x.subjects.length ? block : takeBlockRows(block, rows));
        const { data } = await model.apply([ready.values]);
        rows.forEach((row, i) => {
          out.set(data.subarray(i * width, (i + 1) * width), row * width);
        });
      }
      return matrix(x.subjects.length, width, out);
    },
    save() {
      const blobs: Record<string, Uint8Array> = {};
      const parts = { prepare: nest(prepare.save(), 'prepare', blobs), model: nest(model.save(), 'model', blobs) };
      return { kind: 'modality-expert', version: 1, state: { name, width, ...parts }, blobs };
    },
  };
}

export function openExpert({ state, blobs }: Saved): ModalityExpert {
  const { name, width, prepare, model } = state as unknown as {
    name: string;
    width: number;
    prepare: JsonObject;
    model: JsonObject;
  };
  const opened = openPreparation(unnest(prepare, 'prepare', blobs));
  return modalityExpert(name, opened, openModel(unnest(model, 'model', blobs)), width);
}

/** The penalty of each expert that has one, and its elastic-net ratio where it is no ridge, as figures of a fit. */
export function penalties(experts: readonly (ModalityExpert | undefined)[]): Notes['figures'] {
  const found = experts.flatMap((expert) =>
    expert && expert.penalty !== null
      ? [
          [`penalty of ${expert.name}`, expert.penalty] as const,
          ...(expert.l1Ratio > 0 ? [[`l1Ratio of ${expert.name}`, expert.l1Ratio] as const] : []),
        ]
      : [],
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
