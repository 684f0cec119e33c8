/** Kinds by name: how to build each from its spec, and how to open it from what was saved. */
import type { z } from 'zod';
import { InputError } from '../errors.ts';
import type { Fitted, Saved, Spec } from '../estimator.ts';
import { type BlendOptions, blend, openBlend } from '../fuse/blend.ts';
import { type EarlyOptions, early, openEarly } from '../fuse/early.ts';
import { intermediate, openIntermediate } from '../fuse/intermediate/intermediate.ts';
import type { IntermediateOptions } from '../fuse/intermediate/options.ts';
import { type LateOptions, late, openLate } from '../fuse/late.ts';
import type { FittedFusion, Fusion } from '../fuse/prediction.ts';
import { type BestSingleOptions, bestSingle, openSingle, type SingleOptions, single } from '../fuse/single.ts';
import {
  bestSingleOptions,
  blendOptions,
  earlyOptions,
  intermediateOptions,
  lateOptions,
  singleOptions,
} from './options.ts';

interface Kind<Options extends z.ZodType = z.ZodType> {
  readonly version: number;
  readonly build: (options: never) => Fusion;
  readonly open: (saved: Saved) => FittedFusion;
  /** What a study may say of it; checked by name, published in the JSON Schema. */
  readonly options: Options;
}

const kind = <Options extends z.ZodType>(one: Kind<Options>) => one;

export const fusions = {
  single: kind({
    version: 1,
    build: (options: SingleOptions) => single(options),
    open: openSingle,
    options: singleOptions,
  }),
  'best-single': kind({
    version: 1,
    build: (options: BestSingleOptions) => bestSingle(options),
    open: openSingle,
    options: bestSingleOptions,
  }),
  early: kind({ version: 1, build: (options: EarlyOptions) => early(options), open: openEarly, options: earlyOptions }),
  intermediate: kind({
    version: 1,
    build: (options: IntermediateOptions) => intermediate(options),
    open: openIntermediate,
    options: intermediateOptions,
  }),
  late: kind({ version: 1, build: (options: LateOptions) => late(options), open: openLate, options: lateOptions }),
  blend: kind({ version: 1, build: (options: BlendOptions) => blend(options), open: openBlend, options: blendOptions }),
};

export function buildFusion({ kind, version, options }: Spec): Fusion {
  return kindOf(kind, version).build(options as never);
}

export function openFusion(saved: Saved): FittedFusion & Fitted<never, unknown> {
  return kindOf(saved.kind, saved.version).open(saved);
}

function kindOf(kind: string, version: number): Kind {
  const found = Object.hasOwn(fusions, kind) ? (fusions as { readonly [kind: string]: Kind })[kind] : undefined;
  if (!found) {
    throw new InputError({
      where: 'registry',
      what: `unknown kind "${kind}"`,
      expected: `one of ${Object.keys(fusions).join(', ')}`,
    });
  }
  if (version > found.version) {
    throw new InputError({
      where: `registry: ${kind}`,
      what: 'from a newer consilience',
      expected: `version ${found.version} at most`,
      got: String(version),
    });
  }
  return found;
}
