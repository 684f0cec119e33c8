/**
 * Late fusion: an expert per modality, and a combiner of their probabilities. Works with any modality missing, in training
 * and at test: whoever has at least one is predicted from those present.
 */
import { type Matrix, zeros } from '../array/matrix.ts';
import type { Cohort } from '../describe/cohort.ts';
import { InputError } from '../errors.ts';
import { checkStopped, type Json, type JsonObject, nest, type Saved, unnest } from '../estimator.ts';
import type { FittedCombiner, Opinions } from './combine/combiner.ts';
import { type Combiner, combinerKinds, combiners } from './combine/combiners.ts';
import { explainable } from './contributions.ts';
import {
  chosenModalities,
  type FusionOptions,
  type ModalityExpert,
  openExpert,
  penalties,
  type TrainedExpert,
  trainExpert,
} from './modality-expert.ts';
import { classPrediction, classPrior, type FittedFusion, type Fusion, type Notes, presence } from './prediction.ts';

export interface LateOptions extends FusionOptions {
  /** How opinions become one (see `combine/`); learned from out-of-fold predictions where it learns. Default: `mean`. */
  readonly combine?: Combiner;
}

/** @throws InputError where the combiner is unknown */
export function late(options: LateOptions = {}): Fusion {
  const { combine = 'mean', modalities, ...shared } = options;
  checkCombiner(combine, 'late: combine');
  return {
    spec: { kind: 'late', version: 1, options: options as unknown as JsonObject },
    async fit(x, target, run) {
      const trained: TrainedExpert[] = [];
      for (const name of chosenModalities(x, modalities)) {
        checkStopped(run, `late: ${name}`);
        trained.push(await trainExpert(x, target, name, shared, run));
      }
      const able = trained.filter((one): one is TrainedExpert & { expert: ModalityExpert } => one.expert !== undefined);
      const experts = able.map(({ expert }) => expert);
      const prior = classPrior(target);
      const remarks = trained.flatMap(({ warnings }) => warnings);
      const learned = { classes: target.classes, prior, combine };
      if (experts.length === 0) return fittedLate({ ...learned, notes: { remarks, figures: {} } }, [], undefined);

      const opinions: Opinions = {
        probabilities: able.map(({ outOfFold }) => outOfFold),
        present: presence(
          x,
          experts.map(({ name }) => name),
        ),
      };
      const combiner = await combinerKinds[combine].train({ opinions, target, prior, run });
      const { tell } = combiner;
      const told = tell ? experts.map(({ name }, m) => [`${tell.what} of ${name}`, tell.values[m]]) : [];
      const figures: Notes['figures'] = { ...penalties(experts), ...Object.fromEntries(told) };
      return fittedLate({ ...learned, notes: { remarks, figures } }, experts, combiner);
    },
  };
}

function checkCombiner(name: string, where: string): asserts name is Combiner {
  if ((combiners as readonly string[]).includes(name)) return;
  throw new InputError({ where, what: 'unknown combiner', expected: `one of ${combiners.join(', ')}`, got: name });
}

interface Learned {
  readonly classes: readonly string[];
  readonly prior: Float64Array;
  readonly combine: Combiner;
  readonly notes: Notes;
}

/** @param combiner undefined: nobody in training had any of the modalities, so there is no expert either */
function fittedLate(
  learned: Learned,
  experts: readonly ModalityExpert[],
  combiner: FittedCombiner | undefined,
): FittedFusion {
  const { classes, prior, notes } = learned;
  const modalities = experts.map(({ name }) => name);
  const combined = async (x: Cohort): Promise<Matrix<Float64Array>> => {
    if (!combiner) return zeros(x.subjects.length, classes.length);
    const probabilities = await Promise.all(experts.map((expert) => expert.apply(x)));
    return combiner.combine({ probabilities, present: presence(x, modalities) });
  };
  const predict = async (x: Cohort) =>
    classPrediction(x, { classes, modalities, probability: await combined(x), prior });
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
        experts: experts.map((expert, m) => nest(expert.save(), `expert ${m}`, blobs)),
        combiner: combiner
          ? nest({ kind: learned.combine, version: 1, ...savedCombiner(combiner) }, 'combiner', blobs)
          : null,
      };
      return { kind: 'late', version: 1, state, blobs };
    },
  };
}

/** A combiner's state may be a list; a saved part holds an object. */
function savedCombiner(combiner: FittedCombiner): Pick<Saved, 'state' | 'blobs'> {
  const { state, blobs } = combiner.save();
  return { state: { learned: state }, blobs };
}

export function openLate({ state, blobs }: Saved): FittedFusion {
  const { experts, combiner, prior, ...rest } = state as unknown as Omit<Learned, 'prior'> & {
    prior: number[];
    experts: JsonObject[];
    combiner: JsonObject | null;
  };
  checkCombiner(rest.combine, 'model: late');
  const shares = Float64Array.from(prior);
  const opened = experts.map((part, m) => openExpert(unnest(part, `expert ${m}`, blobs)));
  if (!combiner) return fittedLate({ ...rest, prior: shares }, opened, undefined);
  const saved = unnest(combiner, 'combiner', blobs);
  const { learned } = saved.state as { readonly learned: Json };
  return fittedLate({ ...rest, prior: shares }, opened, combinerKinds[rest.combine].open(learned, saved.blobs, shares));
}
