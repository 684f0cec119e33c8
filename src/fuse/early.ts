/**
 * Early fusion: every modality in one design, one model. Who lacks a modality has it filled with what is usual in training,
 * an indicator telling the model so; the prediction says how much was filled in.
 */
import { type Matrix, matrix } from '../array/matrix.ts';
import { blockOf, type Cohort } from '../describe/cohort.ts';
import { checkStopped, type JsonObject, nest, type Saved, unnest } from '../estimator.ts';
import { crossFitLogistic, type FittedLogistic, openLogistic } from '../expert/logistic.ts';
import type { FittedHarmonizer } from '../harmonize/harmonizer.ts';
import { openPreparation, type Prepared, prepareModality } from '../harmonize/prepare.ts';
import { explainable } from './contributions.ts';
import { chosenModalities, type FusionOptions, stepsFor } from './modality-expert.ts';
import { classPrediction, classPrior, type FittedFusion, type Fusion, type Notes, presence } from './prediction.ts';

export type EarlyOptions = FusionOptions;

export function early(options: EarlyOptions = {}): Fusion {
  return {
    spec: { kind: 'early', version: 1, options: options as unknown as JsonObject },
    async fit(x, target, run) {
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
      const prior = classPrior(target);
      const learned = {
        modalities,
        classes: target.classes,
        prior,
        shares,
        widths: parts.map(({ values }) => values.shape[1]),
      };
      if (parts.length === 0)
        return fittedEarly(
          { ...learned, notes: { remarks: ['no modality has a feature that varies'], figures: {} } },
          [],
          undefined,
        );

      const rows = Int32Array.from(x.subjects, (_, i) => i);
      const blocks = [...parts.map(({ values }) => values), presenceBlock(there, shares)];
      const crossed = await crossFitLogistic(
        { blocks, rows },
        target.labels,
        target.classes.length,
        options.logistic ?? {},
        run,
      );
      const filled = modalities.flatMap((name, m) =>
        shares[m] < 1
          ? [[`training subjects with ${name} filled in`, Math.round((1 - shares[m]) * x.subjects.length)]]
          : [],
      );
      const { penalty } = crossed.fitted;
      const notes: Notes = {
        remarks: crossed.warnings,
        figures: { ...(penalty !== null && { penalty }), ...Object.fromEntries(filled) },
      };
      return fittedEarly(
        { ...learned, notes },
        parts.map(({ fitted }) => fitted),
        crossed.fitted,
      );
    },
  };
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
  readonly classes: readonly string[];
  readonly prior: Float64Array;
  /** Share of training subjects who have each modality. */
  readonly shares: readonly number[];
  /** Prepared features of each modality. */
  readonly widths: readonly number[];
  readonly notes: Notes;
}

function fittedEarly(
  learned: Learned,
  preparations: readonly FittedHarmonizer[],
  model: FittedLogistic | undefined,
): FittedFusion {
  const { modalities, classes, prior, shares, widths, notes } = learned;
  const predict = async (x: Cohort) => {
    const n = x.subjects.length;
    if (!model) {
      return classPrediction(x, {
        classes,
        modalities,
        prior,
        probability: matrix(n, classes.length, new Float64Array(n * classes.length)),
      });
    }
    const ready = await Promise.all(modalities.map((name, m) => preparations[m].apply(blockOf(x, name))));
    const blocks = [...ready.map(({ values }) => values), presenceBlock(presence(x, modalities), shares)];
    const filled = filledShare(
      ready.map(({ observed }) => observed),
      widths,
      n,
    );
    return classPrediction(x, { classes, modalities, prior, probability: await model.apply(blocks), filled });
  };
  return {
    modalities,
    notes,
    apply: explainable(modalities, prior, predict),
    save() {
      const blobs: Record<string, Uint8Array> = {};
      const state = {
        ...learned,
        notes: { ...notes },
        prior: [...prior],
        preparations: preparations.map((fitted, m) => nest(fitted.save(), `prepare ${m}`, blobs)),
        model: model ? nest(model.save(), 'model', blobs) : null,
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
  const { preparations, model, prior, ...rest } = state as unknown as Omit<Learned, 'prior'> & {
    prior: number[];
    preparations: JsonObject[];
    model: JsonObject | null;
  };
  return fittedEarly(
    { ...rest, prior: Float64Array.from(prior) },
    preparations.map((part, m) => openPreparation(unnest(part, `prepare ${m}`, blobs))),
    model ? openLogistic(unnest(model, 'model', blobs)) : undefined,
  );
}
