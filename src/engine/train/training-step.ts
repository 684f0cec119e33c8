/** A training step as one ONNX graph: forward, backward, clipping by the global norm, the optimizer's update. */
import { InputError } from '../../errors.ts';
import type { Program } from '../compile/compile.ts';
import { emit, type Slot } from '../compile/emit.ts';
import { share } from '../compile/share.ts';
import { formatShape, sameShape } from '../dim.ts';
import { gradient } from '../gradient/gradient.ts';
import { add, div, minimum, mul, sqrt, square } from '../ops/arithmetic.ts';
import { concat, reshape, slice } from '../ops/layout.ts';
import { sum } from '../ops/reduction.ts';
import { input, type Tensor } from '../tensor.ts';
import { inOrder } from '../walk.ts';
import type { Optimizer } from './optimizer.ts';
import { namedOf, type Pack, packs, type StateArray } from './state.ts';

export interface TrainingStepOptions {
  /** A scalar, the mean over the batch as a rule. */
  readonly loss: Tensor;
  readonly optimizer: Optimizer;
  /** Parameters to learn; default all that the loss depends on. Others stay as they are. */
  readonly parameters?: readonly Tensor[];
  /** Gradients are scaled down to this norm over all parameters together. Default: not. */
  readonly clipNorm?: number;
  /** What buffers become after the step. */
  readonly updates?: readonly (readonly [buffer: Tensor, value: Tensor])[];
  /** Whether weight decay applies to a parameter. Default: to all. */
  readonly decays?: (name: string, shape: readonly number[]) => boolean;
  /** Other tensors to hand out at each step, by name. */
  readonly outputs?: Readonly<Record<string, Tensor>>;
  /**
   * Gradients of several batches are summed before the optimizer uses their weighted mean. Adds inputs that say how much a
   * batch weighs and whether it is the last. Default false.
   */
  readonly accumulate?: boolean;
}

export interface TrainingProgram extends Program {
  readonly state: readonly StateArray[];
  readonly optimizer: Optimizer;
  readonly accumulates: boolean;
  /** Parameters and buffers as tensors, for their first values. */
  readonly tensors: readonly Tensor[];
}

/** Names that the step itself uses. */
const lossName = 'loss';
const normName = 'gradientNorm';
export const nextOf = (name: string) => `next/${name}`;

export function compileTrainingStep(options: TrainingStepOptions): TrainingProgram {
  const { loss, optimizer, clipNorm, updates = [], decays = () => true, outputs = {}, accumulate = false } = options;
  const all = named(inOrder([loss, ...Object.values(outputs), ...updates.flat()]));
  const learned = options.parameters ?? all.filter(({ source }) => source.kind === 'parameter');
  check(options, learned, all);
  const rest = all.filter((tensor) => !learned.includes(tensor));
  const learnedPacks = packs('parameters', learned, (tensor) => decays(namedOf(tensor).name, tensor.shape.map(Number)));
  const replaced = new Map(updates);
  const restPacks = packs('buffers', rest, (tensor) => replaced.has(tensor));

  const state: StateArray[] = [];
  const results = new Map<string, Tensor>([[lossName, loss]]);
  const replacements = new Map<Tensor, Tensor>();
  const keep = (name: string, { length, holds }: Pack, kind: StateArray['kind'], next?: Next) => {
    const now = input(name, [length]);
    state.push({ name, length, kind, changes: next !== undefined, holds });
    if (next) results.set(nextOf(name), next(now));
    return now;
  };

  const gradients = new Map(gradient(loss, learned).map((d, at) => [learned[at], d]));
  const scalarNames = Object.keys(optimizer.scalars(1, 1));
  const scalars = Object.fromEntries(scalarNames.map((name) => [name, input(`optimizer/${name}`, [])]));
  const own = learnedPacks.map((pack) => packed(pack, (tensor) => gradients.get(tensor)!));
  const used = accumulate ? accumulated(learnedPacks, own, keep) : own;
  const norm = sqrt(used.map((d) => sum(square(d))).reduce(add));
  results.set(normName, norm);
  // The small number keeps a zero norm from dividing, as in PyTorch.
  const scale = clipNorm === undefined ? undefined : minimum(div(clipNorm, add(norm, 1e-6)), 1);

  for (const [at, pack] of learnedPacks.entries()) {
    const weight = input(pack.name, [pack.length]);
    const momentNames = optimizer.moments.map((moment) => `${pack.name}/${moment}`);
    const moments = Object.fromEntries(optimizer.moments.map((key, i) => [key, input(momentNames[i], [pack.length])]));
    const d = scale ? mul(used[at], scale) : used[at];
    const updated = optimizer.update({ weight, gradient: d, moments, scalars, decays: pack.fate });
    const chosen = (next: Tensor, now: Tensor) => (accumulate ? lastOnly(next, now) : next);
    const now = keep(pack.name, pack, 'weight', (own) => chosen(updated.weight, own));
    for (const key of optimizer.moments) {
      keep(`${pack.name}/${key}`, pack, 'moment', (own) => chosen(updated.moments[key], own));
    }
    unpack(pack, now, replacements);
  }
  for (const pack of restPacks) {
    const next = () => packed(pack, (tensor) => replaced.get(tensor)!);
    const now = keep(pack.name, pack, 'buffer', pack.fate ? next : undefined);
    unpack(pack, now, replacements);
  }
  for (const [name, tensor] of Object.entries(outputs)) results.set(name, tensor);

  const names = [...results.keys()];
  const shared = share([...results.values()], replacements);
  const emitted = emit(names.map((name, at) => [name, shared[at]]));
  const stateNames = new Set(state.map(({ name }) => name));
  const slots: Slot[] = names.map((name, at) => ({ name, shape: shared[at].shape, dtype: shared[at].dtype }));
  return {
    ...emitted,
    inputs: emitted.inputs.filter(({ name }) => !stateNames.has(name) && !name.startsWith('optimizer/')),
    outputs: slots,
    state: state.filter(({ name }) => emitted.inputs.some((slot) => slot.name === name)),
    optimizer,
    accumulates: accumulate,
    tensors: [...learned, ...rest],
  };
}

function named(order: readonly Tensor[]): Tensor[] {
  return order.filter(({ source }) => source.kind === 'parameter' || source.kind === 'buffer');
}

/** The parts of a pack in one array. */
function packed({ tensors, length }: Pack, value: (tensor: Tensor) => Tensor): Tensor {
  const parts = tensors.map((tensor) => {
    const given = value(tensor);
    return reshape(given, [tensor.shape.reduce<number>((a, b) => a * Number(b), 1)]);
  });
  return parts.length === 1 ? reshape(parts[0], [length]) : concat(parts, 0);
}

function unpack({ tensors, holds }: Pack, array: Tensor, replacements: Map<Tensor, Tensor>): void {
  for (const [at, tensor] of tensors.entries()) {
    const { offset, shape } = holds[at];
    const end = offset + shape.reduce((a, b) => a * b, 1);
    replacements.set(tensor, reshape(slice(array, 0, offset, end), shape));
  }
}

/** 1 at the last batch of several, else 0. */
const last = input('optimizer/last', []);
const lastOnly = (next: Tensor, now: Tensor) => add(now, mul(last, add(next, mul(now, -1))));

type Next = (now: Tensor) => Tensor;
type Keep = (name: string, pack: Pack, kind: StateArray['kind'], next?: Next) => Tensor;

/** Gradients with those of the batches before; after the last, the sum starts anew. */
function accumulated(all: readonly Pack[], gradients: readonly Tensor[], keep: Keep): Tensor[] {
  const share = input('optimizer/share', []);
  return all.map((pack, at) => {
    const name = `${pack.name}/accumulated`;
    const sum = add(input(name, [pack.length]), mul(gradients[at], share));
    keep(name, pack, 'accumulated', () => mul(sum, add(mul(last, -1), 1)));
    return sum;
  });
}

function check(options: TrainingStepOptions, learned: readonly Tensor[], all: readonly Tensor[]): void {
  const where = 'compileTrainingStep';
  if (learned.length === 0) throw new InputError({ where, what: 'no parameters to learn' });
  for (const tensor of learned) {
    const { source } = tensor;
    if (source.kind !== 'parameter')
      throw new InputError({ where, what: `a ${source.kind} is not learned`, expected: 'parameters' });
    if (!all.includes(tensor)) throw new InputError({ where, what: `the loss does not depend on ${source.name}` });
  }
  const seen = new Set<string>();
  for (const tensor of all) {
    const { name } = namedOf(tensor);
    if (seen.has(name)) throw new InputError({ where, what: `two parameters of the name ${name}` });
    seen.add(name);
  }
  for (const [buffer, value] of options.updates ?? []) {
    if (buffer.source.kind === 'buffer' && sameShape(buffer.shape, value.shape)) continue;
    const got = `${buffer.source.kind} ${formatShape(buffer.shape)} and ${formatShape(value.shape)}`;
    throw new InputError({ where, what: 'update', expected: 'a buffer and its new value, of one shape', got });
  }
  const { clipNorm } = options;
  if (clipNorm !== undefined && !(clipNorm > 0)) {
    throw new InputError({ where, what: 'clipNorm', expected: 'a positive number', got: `${clipNorm}` });
  }
  const taken = Object.keys(options.outputs ?? {}).find((name) => name === lossName || name === normName);
  if (taken) throw new InputError({ where, what: `output "${taken}"`, expected: 'another name' });
}
