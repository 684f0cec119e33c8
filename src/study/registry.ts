/** Kinds by name: how to build each from its spec, and how to open it from what was saved. */
import { InputError } from '../errors.ts';
import type { Fitted, Saved, Spec } from '../estimator.ts';
import { type EarlyOptions, early, openEarly } from '../fuse/early.ts';
import { type LateOptions, late, openLate } from '../fuse/late.ts';
import type { FittedFusion, Fusion } from '../fuse/prediction.ts';
import { type BestSingleOptions, bestSingle, openSingle, type SingleOptions, single } from '../fuse/single.ts';

interface Kind {
  readonly version: number;
  readonly build: (options: never) => Fusion;
  readonly open: (saved: Saved) => FittedFusion;
}

const fusions: { readonly [kind: string]: Kind } = {
  single: { version: 1, build: (options: SingleOptions) => single(options), open: openSingle },
  'best-single': { version: 1, build: (options: BestSingleOptions) => bestSingle(options), open: openSingle },
  early: { version: 1, build: (options: EarlyOptions) => early(options), open: openEarly },
  late: { version: 1, build: (options: LateOptions) => late(options), open: openLate },
};

export function buildFusion({ kind, version, options }: Spec): Fusion {
  return kindOf(kind, version).build(options as never);
}

export function openFusion(saved: Saved): FittedFusion & Fitted<never, unknown> {
  return kindOf(saved.kind, saved.version).open(saved);
}

function kindOf(kind: string, version: number): Kind {
  const found = fusions[kind];
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
