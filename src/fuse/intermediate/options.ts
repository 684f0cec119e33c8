import { InputError } from '../../errors.ts';
import type { Step } from '../../harmonize/prepare.ts';
import type { ReadoutOptions } from '../task/task.ts';
import { type VariantName, variantNames } from './variants/variants.ts';

export interface IntermediateOptions extends ReadoutOptions {
  /** Modalities to use; all of the cohort by default. */
  readonly modalities?: readonly string[];
  /** Steps of preparation by modality, where the default ones do not fit. */
  readonly prepare?: { readonly [modality: string]: readonly Step[] };
  /** How modalities come together (see `variants/`). Default `attention`. */
  readonly variant?: VariantName;
  /** Numbers in a token. Default 32. */
  readonly width?: number;
  /** Attention heads, each of width / heads. Default 4. */
  readonly heads?: number;
  /** Rounds in which modalities query each other. Default 1. */
  readonly layers?: number;
  /** Tokens of a modality of more than 16 measured features; of fewer each has its own, of gene sets each set. Default 4. */
  readonly tokens?: number;
  /** The most patches of an image, each a token (see `encode/image.ts`). Default 64. */
  readonly patches?: number;
  /**
   * Bins of the piecewise-linear code of numbers that have a token of their own, for effects that bend. Default 0: as they
   * are.
   */
  readonly bins?: number;
  /**
   * Whether a modality of counts out of which preparation took depth has a token that tells it (see
   * `encode/library-size.ts`). Default false: what preparation took out does not come back unasked.
   */
  readonly librarySize?: boolean;
  /** Share of a token's numbers, and of hidden ones, dropped in training. Default 0.3. */
  readonly dropout?: number;
  /** Share of prepared values set to 0 in training, of those that have no token of their own. Default 0.2. */
  readonly inputDropout?: number;
  /** Share of modalities hidden from a training subject, one always being left. Default 0.2. */
  readonly modalityDropout?: number;
  /** Weight of the loss of the heads that see one modality each. Default 0.3. */
  readonly auxiliary?: number;
  /**
   * Weight of a loss by which the encoded tokens of a modality of counts have to tell its counts (see
   * `reconstruction.ts`). Default 0: none. Refused where no modality is of counts.
   */
  readonly reconstruction?: number;
  /** Of AdamW. Default 0.002. */
  readonly learningRate?: number;
  /** Of AdamW, for matrices; strong, since subjects are few. Default 3. */
  readonly weightDecay?: number;
  /** Subjects of a step. Default 64. */
  readonly batchSize?: number;
  /** The most epochs; how many it takes is chosen on inner folds. Default 200. */
  readonly epochs?: number;
  /** Epochs without a smaller loss over the inner folds after which the search ends; an interplay is found late. Default 30. */
  readonly patience?: number;
  /**
   * Configurations tried on inner folds, the given one and others that vary in what `search.ts` lists, of
   * those that are not named. Default 1: no search.
   */
  readonly trials?: number;
  /** Networks from different seeds whose opinions are averaged. Default 3. */
  readonly members?: number;
}

export type NetworkOptions = Required<Omit<IntermediateOptions, 'modalities' | 'prepare' | 'recalibrate'>>;

const defaults: NetworkOptions = {
  variant: 'attention',
  width: 32,
  heads: 4,
  layers: 1,
  tokens: 4,
  patches: 64,
  bins: 0,
  librarySize: false,
  dropout: 0.3,
  inputDropout: 0.2,
  modalityDropout: 0.2,
  auxiliary: 0.3,
  reconstruction: 0,
  learningRate: 0.002,
  weightDecay: 3,
  batchSize: 64,
  epochs: 200,
  patience: 30,
  trials: 1,
  members: 3,
};

const wholes = [
  'width',
  'heads',
  'layers',
  'tokens',
  'patches',
  'batchSize',
  'epochs',
  'patience',
  'trials',
  'members',
] as const;
/** Beyond these a network takes all memory, or hours to build. */
const mostOf = { width: 4096, layers: 16, tokens: 1024, patches: 4096, bins: 64, members: 1000 } as const;
const shares = ['dropout', 'inputDropout', 'modalityDropout'] as const;
const others = ['modalities', 'prepare', 'recalibrate'];

/** The options of the network with their defaults. @throws InputError for an unknown option, and a number out of its range */
export function networkOptions(options: IntermediateOptions): NetworkOptions {
  const { variant = defaults.variant, librarySize = defaults.librarySize, ...numbers } = options;
  if (!variantNames.includes(variant)) {
    refuse('variant', 'unknown variant', `one of ${variantNames.join(', ')}`, String(variant));
  }
  if (typeof librarySize !== 'boolean') {
    refuse('librarySize', 'neither true nor false', 'true or false', String(librarySize));
  }
  const { variant: _, librarySize: __, ...plain } = defaults;
  const own: Record<string, number> = { ...plain };
  for (const [name, value] of Object.entries(numbers)) {
    if (others.includes(name) || value === undefined) continue;
    if (!Object.hasOwn(defaults, name)) {
      refuse(name, 'unknown option', `one of ${[...others, ...Object.keys(defaults)].join(', ')}`, name);
    }
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      refuse(name, 'not a number', 'a finite number', typeof value === 'number' ? `${value}` : JSON.stringify(value));
    }
    own[name] = value as number;
  }
  for (const name of wholes) {
    if (!Number.isInteger(own[name]) || own[name] < 1) {
      refuse(name, 'not a count', 'a positive whole number', String(own[name]));
    }
  }
  if (!Number.isInteger(own.bins) || own.bins < 0 || own.bins === 1) {
    refuse('bins', 'not a count of bins', '0, or 2 and more', String(own.bins));
  }
  for (const [name, most] of Object.entries(mostOf)) {
    if (own[name] > most) refuse(name, 'too many', `${most} at most`, String(own[name]));
  }
  for (const name of shares) {
    if (own[name] < 0 || own[name] >= 1) refuse(name, 'out of range', '0 <= ... < 1', String(own[name]));
  }
  for (const name of ['auxiliary', 'reconstruction', 'weightDecay'] as const) {
    if (own[name] < 0) refuse(name, 'out of range', 'at least 0', String(own[name]));
  }
  if (own.learningRate <= 0) refuse('learningRate', 'out of range', 'above 0', String(own.learningRate));
  if (own.learningRate * own.weightDecay >= 1) {
    refuse(
      'weightDecay',
      'with this learning rate no weight would be left',
      `below ${1 / own.learningRate}`,
      String(own.weightDecay),
    );
  }
  if (hasHeads(variant) && own.width % own.heads !== 0)
    refuse('heads', `${own.heads} heads of width ${own.width}`, 'a divisor', `${own.heads}`);
  return { ...own, variant, librarySize } as unknown as NetworkOptions;
}

/** Whether the variant attends, and so has heads and layers. */
export const hasHeads = (variant: VariantName) => variant === 'attention' || variant === 'bottleneck';

function refuse(name: string, what: string, expected: string, got: string): never {
  throw new InputError({ where: `intermediate: ${name}`, what, expected, got });
}
