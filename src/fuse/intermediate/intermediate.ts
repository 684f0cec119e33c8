/**
 * Intermediate fusion: modalities become tokens, tokens of each query those of the others (see `network.ts`), and one
 * opinion is learned from all of it at once. It can learn what no modality tells alone; works with any of them missing.
 */
import { zeros } from '../../array/matrix.ts';
import { type Block, blockOf, type Cohort, takeBlockRows, takeSubjects } from '../../describe/cohort.ts';
import { strataOf, type Target, takeTarget } from '../../describe/target.ts';
import { checkStopped, type JsonObject, nest, type Run, type Saved, unnest } from '../../estimator.ts';
import { innerParts } from '../../expert/blocks.ts';
import { innerFolds } from '../../expert/inner-folds.ts';
import type { FittedHarmonizer } from '../../harmonize/harmonizer.ts';
import { openPreparation, preparation, prepareModality, readsTarget } from '../../harmonize/prepare.ts';
import { explainable } from '../contributions.ts';
import { chosenModalities, stepsFor } from '../modality-expert.ts';
import type { FittedFusion, Fusion, Notes } from '../prediction.ts';
import { heardOf } from '../task/basis.ts';
import type { Readout } from '../task/task.ts';
import { openReadout, taskOf } from '../task/tasks.ts';
import { type CrossFit, crossFit, type Part } from './cross-fit.ts';
import { designOf, encodersOf, preparedBlocks, rowsWithAny } from './design.ts';
import { type Ensemble, openEnsemble } from './ensemble.ts';
import { finalFit } from './final-fit.ts';
import { objectiveOf } from './objective.ts';
import { type IntermediateOptions, type NetworkOptions, networkOptions } from './options.ts';
import { type LearningProblem, learningProblem } from './problem.ts';
import { defaultRuntime, type Running, type RuntimeSource } from './runtime.ts';
import { SharedTrainer } from './shared-trainer.ts';

const fewest = 4; // subjects, below which inner folds leave next to nothing to learn from

/** @throws InputError for an unknown option, and a number out of its range */
export function intermediate(options: IntermediateOptions = {}, { runtime = defaultRuntime }: Running = {}): Fusion {
  const own = networkOptions(options);
  return {
    spec: { kind: 'intermediate', version: 1, options: options as unknown as JsonObject },
    async fit(given, truth, circumstances) {
      const { x, target, run } = byId(given, truth, circumstances);
      const parts: { name: string; fitted: FittedHarmonizer }[] = [];
      for (const name of chosenModalities(x, options.modalities)) {
        checkStopped(run, `intermediate: ${name}`);
        const { fitted, values, present } = await prepareModality(x, name, stepsFor(options, name), target, run);
        if (present.includes(1) && values.shape[1] > 0) parts.push({ name, fitted });
      }
      const modalities = parts.map(({ name }) => name);
      const preparations = parts.map(({ fitted }) => fitted);
      const task = taskOf(target);
      const blocks = await preparedBlocks(x, modalities, preparations);
      const problem = parts.length > 0 ? problemOf(x, target, modalities, blocks, own) : undefined;
      const rows = problem ? rowsWithAny(problem.design) : new Int32Array(0);
      const remark = nothingToLearn(target, rows);
      if (!problem || remark !== undefined) {
        const notes = { remarks: [remark ?? 'no modality has a feature that varies'], figures: {} };
        const readout = task.readout(heardOf(x, [], zeros(x.subjects.length, task.width)));
        return fittedIntermediate({ modalities, notes }, preparations, undefined, readout, runtime);
      }
      const loaded = await runtime();
      const folds = await partsOf(x, target, { modalities, preparations, problem, rows, options, own }, run);
      const shared = await SharedTrainer.open(problem, loaded);
      try {
        const chosen = await crossFit(folds, x.subjects.length, shared, loaded, run);
        const { trained, outOfFold } = await finalFit(shared, rows, chosen, run);
        const readout = task.readout(heardOf(x, modalities, outOfFold), options);
        return fittedIntermediate(
          { modalities, notes: notesOf(chosen, trained, own) },
          preparations,
          trained,
          readout,
          runtime,
        );
      } finally {
        await shared.close();
      }
    },
  };
}

function notesOf({ epochs, loss }: CrossFit, { parameters }: Ensemble, own: NetworkOptions): Notes {
  return {
    remarks: epochs === own.epochs ? ['the loss over inner folds still fell at the last epoch'] : [],
    figures: { epochs, parameters, 'loss over inner folds': loss },
  };
}

/** Subjects sorted by id, as cohorts are: batches are drawn by place, so that the order must not matter. */
function byId(x: Cohort, target: Target, run: Run): { readonly x: Cohort; readonly target: Target; readonly run: Run } {
  const { subjects } = x;
  const order = Int32Array.from(subjects.keys()).sort((a, b) => (subjects[a] < subjects[b] ? -1 : 1));
  if (order.every((row, i) => row === i)) return { x, target, run };
  const { inner } = run;
  return {
    x: takeSubjects(x, order),
    target: takeTarget(target, order),
    run: inner ? { ...run, inner: Int32Array.from(order, (row) => inner[row]) } : run,
  };
}

function nothingToLearn(target: Target, rows: Int32Array): string | undefined {
  if (rows.length < fewest) return `intermediate: fewer than ${fewest} subjects in training`;
  if (target.kind === 'classes' && new Set(rows.map((row) => target.labels[row])).size < 2)
    return 'intermediate: one class only in training';
  if (target.kind === 'survival' && !rows.some((row) => target.event[row] === 1))
    return 'intermediate: no event among those in training';
  return undefined;
}

function problemOf(
  x: Cohort,
  target: Target,
  modalities: readonly string[],
  blocks: readonly Block[],
  own: NetworkOptions,
  rows?: Int32Array,
): LearningProblem {
  const encoders = encodersOf(rows ? blocks.map((block) => takeBlockRows(block, rows)) : blocks, own);
  const design = designOf(x, modalities, blocks, encoders);
  return learningProblem(encoders, design, objectiveOf(target, rows ?? rowsWithAny(design)), own);
}

interface Ready {
  readonly modalities: readonly string[];
  readonly preparations: readonly FittedHarmonizer[];
  readonly problem: LearningProblem;
  readonly rows: Int32Array;
  readonly options: IntermediateOptions;
  readonly own: NetworkOptions;
}

/** The inner folds. What reads the target is prepared anew in each, on those trained (Ambroise and McLachlan 2002). */
async function partsOf(x: Cohort, target: Target, ready: Ready, run: Run): Promise<Part[]> {
  const { modalities, preparations, problem, rows, options, own } = ready;
  const anew = modalities.some((name) => readsTarget(stepsFor(options, name)));
  const parts: Part[] = [];
  for (const { train, validate } of innerParts(innerFolds({ rows }, strataOf(takeTarget(target, rows)), run))) {
    const [trained, held] = [train, validate].map((places) => places.map((place) => rows[place]));
    if (!anew) {
      parts.push({ problem, train: trained, held });
      continue;
    }
    const onTaught = await Promise.all(
      modalities.map((name, m) => {
        const steps = stepsFor(options, name);
        if (!readsTarget(steps)) return preparations[m];
        return preparation(steps).fit(takeBlockRows(blockOf(x, name), trained), takeTarget(target, trained), run);
      }),
    );
    const blocks = await preparedBlocks(x, modalities, onTaught);
    parts.push({ problem: problemOf(x, target, modalities, blocks, own, trained), train: trained, held });
  }
  return parts;
}

interface Learned {
  readonly modalities: readonly string[];
  readonly notes: Notes;
}

/** @param trained undefined: nothing could be learned */
function fittedIntermediate(
  { modalities, notes }: Learned,
  preparations: readonly FittedHarmonizer[],
  trained: Ensemble | undefined,
  readout: Readout,
  runtime: RuntimeSource,
): FittedFusion {
  const predict = async (x: Cohort) => {
    if (!trained) return readout.read(x, { modalities: [], opinions: zeros(x.subjects.length, readout.prior.length) });
    const blocks = await preparedBlocks(x, modalities, preparations);
    const design = designOf(x, modalities, blocks, trained.encoders);
    return readout.read(x, { modalities, opinions: await trained.apply(design, runtime), filled: design.filled });
  };
  return {
    modalities,
    notes,
    apply: explainable(modalities, readout.prior, predict),
    save() {
      const blobs: Record<string, Uint8Array> = {};
      const state = {
        modalities,
        notes: { ...notes },
        preparations: preparations.map((fitted, m) => nest(fitted.save(), `prepare ${m}`, blobs)),
        ensemble: trained ? nest(trained.save(), 'ensemble', blobs) : null,
        readout: nest(readout.save(), 'readout', blobs),
      };
      return { kind: 'intermediate', version: 1, state, blobs };
    },
  };
}

/** @throws InputError where a part of the model is missing, damaged or unknown */
export function openIntermediate({ state, blobs }: Saved, { runtime = defaultRuntime }: Running = {}): FittedFusion {
  const { preparations, ensemble, readout, ...learned } = state as unknown as Learned & {
    readonly preparations: readonly JsonObject[];
    readonly ensemble: JsonObject | null;
    readonly readout: JsonObject;
  };
  return fittedIntermediate(
    learned,
    preparations.map((part, m) => openPreparation(unnest(part, `prepare ${m}`, blobs))),
    ensemble ? openEnsemble(unnest(ensemble, 'ensemble', blobs)) : undefined,
    openReadout(unnest(readout, 'readout', blobs)),
    runtime,
  );
}
