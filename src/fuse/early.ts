/**
 * Early fusion: every modality in one design, one model. Who lacks a modality has it filled with what is usual in training,
 * an indicator telling the model so; the prediction says how much was filled in.
 */
import { type Matrix, matrix, zeros } from '../array/matrix.ts';
import { blockOf, type Cohort } from '../describe/cohort.ts';
import type { Target } from '../describe/target.ts';
import { checkStopped, type JsonObject, nest, type Run, type Saved, unnest } from '../estimator.ts';
import type { FittedHarmonizer } from '../harmonize/harmonizer.ts';
import { openPreparation, type Prepared, prepareModality, readsTarget } from '../harmonize/prepare.ts';
import { explainable } from './contributions.ts';
import { crossFitAnew } from './cross-fit-anew.ts';
import { crossFitted } from './cross-fitted.ts';
import { chosenModalities, type FusionOptions, refitted, stepsFor } from './modality-expert.ts';
import { type CrossFittedFusion, type FittedFusion, type Fusion, type Notes, presence } from './prediction.ts';
import { heardOf } from './task/basis.ts';
import type { Model, Readout } from './task/task.ts';
import { openModel, openReadout, taskOf } from './task/tasks.ts';

export type EarlyOptions = FusionOptions;

export function early(options: EarlyOptions = {}): Fusion {
  const crossFit = (x: Cohort, target: Target, run: Run) => crossFitEarly(x, target, run, options);
  return {
    spec: { kind: 'early', version: 1, options: options as unknown as JsonObject },
    crossFit,
    fit: async (x, target, run) => (await crossFit(x, target, run)).fitted,
  };
}

async function crossFitEarly(x: Cohort, target: Target, run: Run, options: EarlyOptions): Promise<CrossFittedFusion> {
  const named = chosenModalities(x, options.modalities);
  const parts: (Prepared & { readonly name: string })[] = [];
  for (const name of named) {
    checkStopped(run, `early: ${name}`);
    const prepared = await prepareModality(x, name, stepsFor(options, name), target, run);
    if (prepared.present.includes(1) && prepared.values.shape[1] > 0) parts.push({ ...prepared, name });
  }
  const modalities = parts.map(({ name }) => name);
  const there = presence(x, modalities);
  const shares = modalities.map((_, m) => share(there, m, modalities.length));
  const task = taskOf(target);
  const learned = {
    modalities,
    shares,
    widths: parts.map(({ values }) => values.shape[1]),
  };
  const rows = Int32Array.from(x.subjects, (_, i) => i);
  if (parts.length === 0) {
    const notes = { remarks: ['no modality has a feature that varies'], figures: {} };
    const opinions = zeros(rows.length, task.width);
    const readout = task.readout(heardOf(x, [], opinions));
    return crossFitted(fittedEarly({ ...learned, notes }, [], undefined, readout), readout, x, {
      modalities: [],
      opinions,
    });
  }

  const blocks = [...parts.map(({ values }) => values), presenceBlock(there, shares)];
  const crossFitModel = async () => {
    if (!modalities.some((name) => readsTarget(stepsFor(options, name)))) {
      return task.crossFit({ blocks, rows }, options, run);
    }
    const prepare = await refitted(x, modalities, options, target, run);
    const prepareOn = async (train: Int32Array) => [...(await prepare(train)), presenceBlock(there, shares)];
    return crossFitAnew(task, target, { blocks, rows, prepareOn }, options, run);
  };
  const { model, outOfFold, warnings } = await crossFitModel();
  const filled = modalities.flatMap((name, m) =>
    shares[m] < 1
      ? [[`training subjects with ${name} filled in`, Math.round((1 - shares[m]) * x.subjects.length)]]
      : [],
  );
  const penalty = model?.penalty ?? null;
  const notes: Notes = {
    remarks: warnings,
    figures: {
      ...(penalty !== null && { penalty }),
      ...(model && model.l1Ratio > 0 && { l1Ratio: model.l1Ratio }),
      ...Object.fromEntries(filled),
    },
  };
  const readout = task.readout(heardOf(x, modalities, outOfFold), options);
  const preparations = parts.map(({ fitted }) => fitted);
  const fitted = fittedEarly({ ...learned, notes }, preparations, model, readout);
  return crossFitted(fitted, readout, x, { modalities: model ? modalities : [], opinions: outOfFold });
}

function share(present: Uint8Array, m: number, many: number): number {
  let sum = 0;
  for (let at = m; at < present.length; at += many) sum += present[at];
  return sum / (present.length / many);
}

/** Standardized presence indicators of the modalities that have holes in training; 0 for the others. [subjects, modalities] */
function presenceBlock(present: Uint8Array, shares: readonly number[]): Matrix<Float64Array> {
  const many = shares.length;
  const sds = shares.map((p) => Math.sqrt(p * (1 - p)));
  const out = Float64Array.from(present, (there, at) => {
    const m = at % many;
    return sds[m] > 0 ? (there - shares[m]) / sds[m] : 0;
  });
  return matrix(present.length / many, many, out);
}

interface Learned {
  readonly modalities: readonly string[];
  /** Share of training subjects who have each modality. */
  readonly shares: readonly number[];
  /** Prepared features of each modality. */
  readonly widths: readonly number[];
  readonly notes: Notes;
}

function fittedEarly(
  learned: Learned,
  preparations: readonly FittedHarmonizer[],
  model: Model | undefined,
  readout: Readout,
): FittedFusion {
  const { modalities, shares, widths, notes } = learned;
  const predict = async (x: Cohort) => {
    const n = x.subjects.length;
    // Without a model nobody has been learned from, whatever is there.
    if (!model) return readout.read(x, { modalities: [], opinions: zeros(n, readout.prior.length) });
    const ready = await Promise.all(modalities.map((name, m) => preparations[m].apply(blockOf(x, name))));
    const blocks = [...ready.map(({ values }) => values), presenceBlock(presence(x, modalities), shares)];
    const filled = filledShare(
      ready.map(({ observed }) => observed),
      widths,
      n,
    );
    return readout.read(x, { modalities, opinions: await model.apply(blocks), filled });
  };
  return {
    modalities,
    notes,
    apply: explainable(modalities, readout.prior, predict),
    save() {
      const blobs: Record<string, Uint8Array> = {};
      const state = {
        ...learned,
        notes: { ...notes },
        preparations: preparations.map((fitted, m) => nest(fitted.save(), `prepare ${m}`, blobs)),
        model: model ? nest(model.save(), 'model', blobs) : null,
        readout: nest(readout.save(), 'readout', blobs),
      };
      return { kind: 'early', version: 1, state, blobs };
    },
  };
}

function filledShare(observed: readonly Uint8Array[], widths: readonly number[], n: number): Float64Array {
  const total = widths.reduce((a, b) => a + b, 0);
  return Float64Array.from({ length: n }, (_, i) => {
    let measured = 0;
    observed.forEach((mask, m) => {
      for (let at = i * widths[m]; at < (i + 1) * widths[m]; at++) measured += mask[at];
    });
    return 1 - measured / total;
  });
}

export function openEarly({ state, blobs }: Saved): FittedFusion {
  const { preparations, model, readout, ...learned } = state as unknown as Learned & {
    preparations: JsonObject[];
    model: JsonObject | null;
    readout: JsonObject;
  };
  return fittedEarly(
    learned,
    preparations.map((part, m) => openPreparation(unnest(part, `prepare ${m}`, blobs))),
    model ? openModel(unnest(model, 'model', blobs)) : undefined,
    openReadout(unnest(readout, 'readout', blobs)),
  );
}
