/**
 * Intermediate fusion: modalities become tokens that come together inside a network (see `variants/`), and one opinion is
 * learned from all of it at once. It can learn what no modality tells alone; works with any of them missing.
 */
import { zeros } from '../../array/matrix.ts';
import type { Block, Cohort } from '../../describe/cohort.ts';
import type { Target } from '../../describe/target.ts';
import type { Runtime } from '../../engine/session/runtime.ts';
import { checkStopped, type JsonObject, type Run } from '../../estimator.ts';
import type { FittedHarmonizer } from '../../harmonize/harmonizer.ts';
import { prepareModality } from '../../harmonize/prepare.ts';
import { remember } from '../../remember.ts';
import { crossFitted } from '../cross-fitted.ts';
import { chosenModalities, stepsFor } from '../modality-expert.ts';
import { type CrossFittedFusion, type Fusion, type Notes, presence } from '../prediction.ts';
import { heardOf } from '../task/basis.ts';
import { taskOf } from '../task/tasks.ts';
import { type Apart, encodersApart } from './apart.ts';
import { type CrossFit, crossFit } from './cross-fit.ts';
import { preparedBlocks, rowsWithAny } from './design.ts';
import type { Ensemble } from './ensemble.ts';
import { type FinalFit, finalFit } from './final-fit.ts';
import { fittedIntermediate } from './fitted.ts';
import { partsOf, problemOf, type Ready } from './inner.ts';
import { type IntermediateOptions, type NetworkOptions, networkOptions } from './options.ts';
import { defaultRuntime, type Running } from './runtime.ts';
import { candidates } from './search.ts';
import { SharedTrainer } from './shared-trainer.ts';
import { byId, inOrder } from './sorted.ts';

export { openIntermediate } from './fitted.ts';

const fewest = 4; // subjects, below which inner folds leave next to nothing to learn from

/** @throws InputError for an unknown option, and a number out of its range */
export function intermediate(options: IntermediateOptions = {}, running: Running = {}): Fusion {
  const { runtime = defaultRuntime, encoders = 'joint' } = running;
  const own = networkOptions(options);
  const fitBoth = async (given: Cohort, truth: Target, circumstances: Run): Promise<CrossFittedFusion> => {
    const { x, target, inner, order } = await remember(
      [given, truth, circumstances.inner],
      'sorted by id',
      circumstances,
      async () => byId(given, truth, circumstances.inner),
    );
    const run = inner ? { ...circumstances, inner } : circumstances;
    return inOrder(await crossFitSorted({ x, target, run }, options, own, { runtime, encoders }), order);
  };
  return {
    spec: { kind: 'intermediate', version: 1, options: options as unknown as JsonObject },
    crossFit: fitBoth,
    fit: async (x, target, run) => (await fitBoth(x, target, run)).fitted,
  };
}

async function crossFitSorted(
  { x, target, run }: { readonly x: Cohort; readonly target: Target; readonly run: Run },
  options: IntermediateOptions,
  own: NetworkOptions,
  running: Required<Running>,
): Promise<CrossFittedFusion> {
  const { runtime } = running;
  const parts: { name: string; fitted: FittedHarmonizer }[] = [];
  for (const name of chosenModalities(x, options.modalities)) {
    checkStopped(run, `intermediate: ${name}`);
    const { fitted, values, present } = await prepareModality(x, name, stepsFor(options, name), target, run);
    if (present.includes(1) && values.shape[1] > 0) parts.push({ name, fitted });
  }
  const modalities = parts.map(({ name }) => name);
  const preparations = parts.map(({ fitted }) => fitted);
  const task = taskOf(target);
  const rows = rowsWithAny({ present: presence(x, modalities), modalities: modalities.length });
  const remark = parts.length === 0 ? 'no modality has a feature that varies' : nothingToLearn(target, rows);
  if (remark !== undefined) {
    const opinions = zeros(x.subjects.length, task.width);
    const readout = task.readout(heardOf(x, [], opinions));
    const notes: Notes = { remarks: [remark], figures: {} };
    const fitted = fittedIntermediate({ modalities, notes }, preparations, undefined, readout, runtime);
    return crossFitted(fitted, readout, x, { modalities: [], opinions });
  }
  const { trained, outOfFold, notes } = await learned(
    x,
    target,
    { modalities, preparations, rows, options },
    own,
    running,
    run,
  );
  const readout = task.readout(heardOf(x, modalities, outOfFold), options);
  const fitted = fittedIntermediate({ modalities, notes }, preparations, trained, readout, runtime);
  return crossFitted(fitted, readout, x, { modalities, opinions: outOfFold });
}

interface LearnedNetworks extends FinalFit {
  readonly notes: Notes;
}

/** The networks, learned once for all strategies of a fold that ask for the same ones, as a blend and its member do. */
function learned(
  x: Cohort,
  target: Target,
  ready: Ready,
  own: NetworkOptions,
  { runtime, encoders }: Required<Running>,
  run: Run,
): Promise<LearnedNetworks> {
  const { modalities, options } = ready;
  const tried = candidates(own, options, run.seed);
  const steps = modalities.map((name) => stepsFor(options, name) ?? null);
  const key = `networks ${JSON.stringify([modalities, steps, tried, run.seed, encoders])}`;
  return remember([x, target, run.inner, runtime], key, run, async (inner) => {
    const best = await searched(x, target, ready, tried, { runtime: await runtime(), encoders }, inner);
    try {
      const final = await finalFit(best.shared, ready.rows, best.chosen, inner, best.apart?.startOf);
      return { ...final, notes: notesOf(best, final.trained) };
    } finally {
      await close(best);
    }
  });
}

interface Best {
  readonly shared: SharedTrainer;
  /** Only of encoders that learned apart. */
  readonly apart: Apart | undefined;
  readonly chosen: CrossFit;
  readonly tried: number;
}

async function close({ shared, apart }: Pick<Best, 'shared' | 'apart'>): Promise<void> {
  await shared.close();
  await apart?.[Symbol.asyncDispose]();
}

async function opened(
  x: Cohort,
  target: Target,
  ready: Ready & { readonly blocks: readonly Block[] },
  own: NetworkOptions,
  { runtime, encoders }: { readonly runtime: Runtime; readonly encoders: 'joint' | 'frozen' },
  run: Run,
): Promise<Pick<Best, 'shared' | 'apart'>> {
  const frozen = encoders === 'frozen';
  const apart = frozen ? await encodersApart(x, target, ready, own, runtime, run) : undefined;
  try {
    const problem = problemOf(x, target, ready.modalities, ready.blocks, own, { frozen });
    return { shared: await SharedTrainer.open(problem, runtime), apart };
  } catch (error) {
    await apart?.[Symbol.asyncDispose]();
    throw error;
  }
}

/** The network with the smallest loss over the inner folds; its trainer stays open. */
async function searched(
  x: Cohort,
  target: Target,
  ready: Ready,
  tried: readonly NetworkOptions[],
  { runtime, encoders }: { readonly runtime: Runtime; readonly encoders: 'joint' | 'frozen' },
  run: Run,
): Promise<Best> {
  const blocks = await preparedBlocks(x, ready.modalities, ready.preparations);
  let best: Best | undefined;
  try {
    for (const own of tried) {
      const { shared, apart } = await opened(x, target, { ...ready, blocks }, own, { runtime, encoders }, run);
      let kept = false;
      try {
        const folds = await partsOf(x, target, { ...ready, problem: shared.problem }, run);
        const chosen = await crossFit(folds, x.subjects.length, shared, runtime, run, apart?.startOf);
        if (best && chosen.loss >= best.chosen.loss) continue;
        if (best) await close(best);
        best = { shared, apart, chosen, tried: tried.length };
        kept = true;
      } finally {
        if (!kept) await close({ shared, apart });
      }
    }
  } catch (error) {
    if (best) await close(best);
    throw error;
  }
  return best as Best;
}

function notesOf({ chosen, shared, tried }: Best, { parameters }: Ensemble): Notes {
  const { epochs, loss } = chosen;
  const { width, layers, dropout, learningRate, weightDecay, epochs: most } = shared.problem.options;
  return {
    remarks: epochs === most ? ['the loss over inner folds still fell at the last epoch'] : [],
    figures: {
      epochs,
      parameters,
      'loss over inner folds': loss,
      ...(tried > 1 && { width, layers, dropout, 'learning rate': learningRate, 'weight decay': weightDecay }),
    },
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
