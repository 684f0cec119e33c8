/**
 * A blend: early, late and intermediate fusion, and a combiner that learns from what each of them says out of fold (Wolpert
 * 1992; van der Laan, Polley and Hubbard 2007, "Super learner"). It need not know beforehand which of them suits the data.
 */
import { type Matrix, matrix, zeros } from '../array/matrix.ts';
import type { Cohort } from '../describe/cohort.ts';
import type { Target } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import { checkStopped, type JsonObject, nest, type Run, type Saved, unnest } from '../estimator.ts';
import { type BlendMemberOptions, blendMembers, membersOf, openMember } from './blend-members.ts';
import { type FittedCombiner, type Opinions, toldBy } from './combine/combiner.ts';
import { combinerKinds, openCombiner, saveCombiner } from './combine/combiners.ts';
import { explainable } from './contributions.ts';
import { crossFitted } from './cross-fitted.ts';
import { defaultRuntime, type Running } from './intermediate/runtime.ts';
import { type CrossFittedFusion, type FittedFusion, type Fusion, type Notes, opinionIn } from './prediction.ts';
import { heardOf } from './task/basis.ts';
import type { Readout } from './task/task.ts';
import { openReadout, taskOf } from './task/tasks.ts';

export const blendCombiners = ['convex', 'stacked', 'mean'] as const;
export type BlendCombiner = (typeof blendCombiners)[number];

/** `recalibrate` is for what the blend itself says. */
export interface BlendOptions extends BlendMemberOptions {
  /** How the members' opinions become one (see `combine/`). Default: `convex`. */
  readonly combine?: BlendCombiner;
}

/** @throws InputError for an unknown combiner or member, and for options that a member refuses */
export function blend(options: BlendOptions = {}, { runtime = defaultRuntime }: Running = {}): Fusion {
  const { combine = 'convex' } = options;
  for (const name of Object.keys(options)) checkOption(name);
  checkCombiner(combine, 'blend: combine');
  membersOf(options, 'classes', { runtime }); // refuses what they refuse
  const crossFit = async (x: Cohort, target: Target, run: Run): Promise<CrossFittedFusion> => {
    const crossed: Named<CrossFittedFusion>[] = [];
    for (const { name, fusion } of membersOf(options, target.kind, { runtime })) {
      checkStopped(run, `blend: ${name}`);
      crossed.push({ name, one: await fusion.crossFit(x, target, run) });
    }
    return combined(crossed, x, target, run, { ...options, combine });
  };
  return {
    spec: { kind: 'blend', version: 1, options: options as unknown as JsonObject },
    crossFit,
    fit: async (x, target, run) => (await crossFit(x, target, run)).fitted,
  };
}

const known = [
  'combine',
  'members',
  'modalities',
  'prepare',
  'recalibrate',
  'logistic',
  'cox',
  'ridge',
  ...blendMembers,
];

function checkOption(name: string): void {
  if (known.includes(name)) return;
  throw new InputError({
    where: `blend: ${name}`,
    what: 'unknown option',
    expected: `one of ${known.join(', ')}; options of a member under its name`,
    got: name,
  });
}

function checkCombiner(name: string, where: string): asserts name is BlendCombiner {
  if ((blendCombiners as readonly string[]).includes(name)) return;
  throw new InputError({ where, what: 'unknown combiner', expected: `one of ${blendCombiners.join(', ')}`, got: name });
}

interface Named<T> {
  readonly name: string;
  readonly one: T;
}

async function combined(
  crossed: readonly Named<CrossFittedFusion>[],
  x: Cohort,
  target: Target,
  run: Run,
  options: BlendOptions & { readonly combine: BlendCombiner },
): Promise<CrossFittedFusion> {
  const { combine } = options;
  const task = taskOf(target);
  const remarks = crossed.flatMap(({ name, one }) => one.fitted.notes.remarks.map((remark) => by(name, remark)));
  const able = crossed.filter(({ one }) => one.heard.includes(1));
  const members = able.map(({ name, one }) => ({ name, one: one.fitted }));
  const modalities = modalitiesOf(members);
  if (able.length === 0) {
    const opinions = zeros(x.subjects.length, task.width);
    const readout = task.readout(heardOf(x, [], opinions));
    const fitted = fittedBlend({ combine, scales: [], notes: { remarks, figures: {} } }, [], undefined, readout);
    return crossFitted(fitted, readout, x, { modalities, opinions });
  }
  const told = able.map(({ one }) => ({ opinion: one.outOfFold, heard: one.heard }));
  const scales = told.map((one) => (target.kind === 'survival' ? spread(one) : 1));
  const opinions = opinionsOf(told, scales);
  const { combiner, outOfFold } = await combinerKinds[combine].train({ opinions, target, task, run });
  const names = members.map(({ name }) => name);
  const notes = { remarks, figures: toldBy(combiner, names) };
  const readout = task.readout(heardOf(x, modalities, outOfFold), options);
  const fitted = fittedBlend({ combine, scales, notes }, members, combiner, readout);
  return crossFitted(fitted, readout, x, { modalities, opinions: outOfFold });
}

function by(name: string, remark: string): string {
  return remark.startsWith(`${name}: `) ? remark : `${name}: ${remark}`;
}

/** Those that any member uses, in the order they come. */
function modalitiesOf(members: readonly Named<FittedFusion>[]): string[] {
  return [...new Set(members.flatMap(({ one }) => one.modalities))];
}

/** What a member says, of training subjects out of fold or of others, and whom it heard of: [subjects, width], [subjects]. */
interface Told {
  readonly opinion: Matrix<Float64Array>;
  readonly heard: Uint8Array;
}

/** Standard deviation of the risks of those heard, in which risks of unlike strength are combined; 1 where there is none. */
function spread({ opinion, heard }: Told): number {
  const risks = opinion.data.filter((_, i) => heard[i] === 1);
  const mean = risks.reduce((sum, risk) => sum + risk, 0) / risks.length;
  const sd = Math.sqrt(risks.reduce((sum, risk) => sum + (risk - mean) ** 2, 0) / risks.length);
  return sd > 1e-12 ? sd : 1;
}

function opinionsOf(told: readonly Told[], scales: readonly number[]): Opinions {
  const many = told.length;
  const present = new Uint8Array(told[0].heard.length * many); // [subjects, members]
  const said = told.map(({ opinion: { data, shape }, heard }, m) => {
    for (let i = 0; i < heard.length; i++) present[i * many + m] = heard[i];
    return matrix(
      ...shape,
      data.map((value) => value / scales[m]),
    );
  });
  return { said, present };
}

interface Learned {
  readonly combine: BlendCombiner;
  /** What the members' opinions are divided by. */
  readonly scales: readonly number[];
  readonly notes: Notes;
}

/** @param combiner undefined: no member could learn anything, so that there is none */
function fittedBlend(
  learned: Learned,
  members: readonly Named<FittedFusion>[],
  combiner: FittedCombiner | undefined,
  readout: Readout,
): FittedFusion {
  const modalities = modalitiesOf(members);
  const predict = async (x: Cohort) => {
    const n = x.subjects.length;
    if (!combiner) return readout.read(x, { modalities: [], opinions: zeros(n, readout.prior.length) });
    const predictions = await Promise.all(members.map(({ one }) => one.apply(x)));
    const told = predictions.map((one) => ({
      opinion: opinionIn(one),
      heard: one.fromPrior.map((prior) => 1 - prior),
    }));
    // Late fusion does not count the holes inside a modality: the member who filled in most tells of all.
    const filled = Float64Array.from({ length: n }, (_, i) => Math.max(...predictions.map((one) => one.filled[i])));
    const opinions = await combiner.combine(opinionsOf(told, learned.scales));
    return readout.read(x, { modalities, opinions, filled });
  };
  return {
    modalities,
    notes: learned.notes,
    apply: explainable(modalities, readout.prior, predict),
    save() {
      const blobs: Record<string, Uint8Array> = {};
      const state = {
        ...learned,
        notes: { ...learned.notes },
        members: members.map(({ one }, m) => nest(one.save(), `member ${m}`, blobs)),
        combiner: combiner ? nest(saveCombiner(learned.combine, combiner), 'combiner', blobs) : null,
        readout: nest(readout.save(), 'readout', blobs),
      };
      return { kind: 'blend', version: 1, state, blobs };
    },
  };
}

/** @throws InputError where a part of the model is missing, damaged or unknown */
export function openBlend({ state, blobs }: Saved, { runtime = defaultRuntime }: Running = {}): FittedFusion {
  const { members, combiner, readout, ...learned } = state as unknown as Learned & {
    readonly members: readonly JsonObject[];
    readonly combiner: JsonObject | null;
    readonly readout: JsonObject;
  };
  checkCombiner(learned.combine, 'model: blend');
  const read = openReadout(unnest(readout, 'readout', blobs));
  const opened = members.map((part, m) => {
    const saved = unnest(part, `member ${m}`, blobs);
    return { name: saved.kind, one: openMember(saved, { runtime }) };
  });
  if (!combiner) return fittedBlend(learned, opened, undefined, read);
  const combining = openCombiner(learned.combine, unnest(combiner, 'combiner', blobs), read.prior);
  return fittedBlend(learned, opened, combining, read);
}
