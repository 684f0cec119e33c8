/**
 * Late fusion: an expert per modality, and a combiner of their opinions. Works with any modality missing, in training and at
 * test: whoever has at least one is predicted from those present.
 */
import { type Matrix, zeros } from '../array/matrix.ts';
import type { Cohort } from '../describe/cohort.ts';
import type { Target, TargetKind } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import { checkStopped, type JsonObject, nest, type Run, type Saved, unnest } from '../estimator.ts';
import { type FittedCombiner, type Opinions, toldBy } from './combine/combiner.ts';
import {
  type Combiner,
  combinerKinds,
  combiners,
  combinersOf,
  openCombiner,
  saveCombiner,
} from './combine/combiners.ts';
import { explainable } from './contributions.ts';
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
import { type CrossFittedFusion, type FittedFusion, type Fusion, type Notes, presence } from './prediction.ts';
import { heardOf } from './task/basis.ts';
import type { Readout } from './task/task.ts';
import { openReadout, taskOf } from './task/tasks.ts';

export interface LateOptions extends FusionOptions {
  /** How opinions become one (see `combine/`); learned from out-of-fold predictions where it learns. Default: `mean`. */
  readonly combine?: Combiner;
}

/** @throws InputError where the combiner is unknown, or not defined for the kind of target */
export function late(options: LateOptions = {}): Fusion {
  const { combine = 'mean' } = options;
  checkCombiner(combine, 'late: combine');
  const crossFit = (x: Cohort, target: Target, run: Run) => crossFitLate(x, target, run, { ...options, combine });
  return {
    spec: { kind: 'late', version: 1, options: options as unknown as JsonObject },
    crossFit,
    fit: async (x, target, run) => (await crossFit(x, target, run)).fitted,
  };
}

async function crossFitLate(
  x: Cohort,
  target: Target,
  run: Run,
  { combine, modalities: wanted, ...shared }: LateOptions & { readonly combine: Combiner },
): Promise<CrossFittedFusion> {
  checkCombiner(combine, 'late: combine', target.kind);
  const trained: TrainedExpert[] = [];
  for (const name of chosenModalities(x, wanted)) {
    checkStopped(run, `late: ${name}`);
    trained.push(await trainExpert(x, target, name, shared, run));
  }
  const able = trained.filter((one): one is TrainedExpert & { expert: ModalityExpert } => one.expert !== undefined);
  const experts = able.map(({ expert }) => expert);
  const remarks = trained.flatMap(({ warnings }) => warnings);
  const task = taskOf(target);
  if (experts.length === 0) {
    const opinions = zeros(x.subjects.length, task.width);
    const readout = task.readout(heardOf(x, [], opinions));
    const fitted = fittedLate({ combine, notes: { remarks, figures: {} } }, [], undefined, readout);
    return crossFitted(fitted, readout, x, { modalities: [], opinions });
  }
  const modalities = experts.map(({ name }) => name);
  const opinions: Opinions = { said: able.map(({ outOfFold }) => outOfFold), present: presence(x, modalities) };
  const { combiner, outOfFold } = await combinerKinds[combine].train({ opinions, target, task, run });
  const figures: Notes['figures'] = { ...penalties(experts), ...toldBy(combiner, modalities) };
  const readout = task.readout(heardOf(x, modalities, outOfFold), shared);
  const fitted = fittedLate({ combine, notes: { remarks, figures } }, experts, combiner, readout);
  return crossFitted(fitted, readout, x, { modalities, opinions: outOfFold });
}

function checkCombiner(name: string, where: string, kind: TargetKind = 'classes'): asserts name is Combiner {
  const known = combinersOf(kind);
  if ((known as readonly string[]).includes(name)) return;
  const what = (combiners as readonly string[]).includes(name)
    ? 'a combiner that is defined for classes only'
    : 'unknown combiner';
  throw new InputError({ where, what, expected: `one of ${known.join(', ')}`, got: name });
}

interface Learned {
  readonly combine: Combiner;
  readonly notes: Notes;
}

/** @param combiner undefined: nobody in training had any of the modalities, so there is no expert either */
function fittedLate(
  learned: Learned,
  experts: readonly ModalityExpert[],
  combiner: FittedCombiner | undefined,
  readout: Readout,
): FittedFusion {
  const modalities = experts.map(({ name }) => name);
  const combined = async (x: Cohort): Promise<Matrix<Float64Array>> => {
    if (!combiner) return zeros(x.subjects.length, readout.prior.length);
    const said = await Promise.all(experts.map((expert) => expert.apply(x)));
    return combiner.combine({ said, present: presence(x, modalities) });
  };
  const predict = async (x: Cohort) => readout.read(x, { modalities, opinions: await combined(x) });
  return {
    modalities,
    notes: learned.notes,
    apply: explainable(modalities, readout.prior, predict),
    save() {
      const blobs: Record<string, Uint8Array> = {};
      const state = {
        ...learned,
        notes: { ...learned.notes },
        experts: experts.map((expert, m) => nest(expert.save(), `expert ${m}`, blobs)),
        combiner: combiner ? nest(saveCombiner(learned.combine, combiner), 'combiner', blobs) : null,
        readout: nest(readout.save(), 'readout', blobs),
      };
      return { kind: 'late', version: 1, state, blobs };
    },
  };
}

export function openLate({ state, blobs }: Saved): FittedFusion {
  const { experts, combiner, readout, ...rest } = state as unknown as Learned & {
    experts: JsonObject[];
    combiner: JsonObject | null;
    readout: JsonObject;
  };
  checkCombiner(rest.combine, 'model: late');
  const read = openReadout(unnest(readout, 'readout', blobs));
  const opened = experts.map((part, m) => openExpert(unnest(part, `expert ${m}`, blobs)));
  if (!combiner) return fittedLate(rest, opened, undefined, read);
  const combining = openCombiner(rest.combine, unnest(combiner, 'combiner', blobs), read.prior);
  return fittedLate(rest, opened, combining, read);
}
