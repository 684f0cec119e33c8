/** The fusions that a blend is made of: built from its options, and opened again by name. */
import type { TargetKind } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import type { Saved } from '../estimator.ts';
import { type EarlyOptions, early, openEarly } from './early.ts';
import { intermediate, openIntermediate } from './intermediate/intermediate.ts';
import type { IntermediateOptions } from './intermediate/options.ts';
import type { Running } from './intermediate/runtime.ts';
import { type LateOptions, late, openLate } from './late.ts';
import type { FusionOptions } from './modality-expert.ts';
import type { CrossFittedFusion, FittedFusion, Fusion } from './prediction.ts';

export const blendMembers = ['early', 'late', 'intermediate'] as const;
export type BlendMember = (typeof blendMembers)[number];

export interface BlendMemberOptions extends FusionOptions {
  /** The fusions to blend. Default: all three. */
  readonly members?: readonly BlendMember[];
  /** Options of single members, over those said once for all. Of classes they recalibrate where these do not forbid it. */
  readonly early?: EarlyOptions;
  readonly late?: LateOptions;
  readonly intermediate?: IntermediateOptions;
}

/** A fusion that says what it makes of its training subjects out of fold. */
export type CrossFitting = Fusion & { crossFit(...given: Parameters<Fusion['fit']>): Promise<CrossFittedFusion> };

/**
 * A mean of experts is too cautious and a network too sure of itself: weights are to go by what members know, so that each
 * first tells its class probabilities anew (see `recalibrated`).
 *
 * @throws InputError where none is named, one twice or unknown, and for options of one that is not blended
 */
export function membersOf(
  options: BlendMemberOptions,
  kind: TargetKind,
  running: Running,
): { readonly name: BlendMember; readonly fusion: CrossFitting }[] {
  const { members = blendMembers, modalities, prepare, logistic, cox, ridge } = options;
  checkMembers(members, options);
  const data = {
    ...(kind === 'classes' && { recalibrate: true }),
    ...(modalities && { modalities }),
    ...(prepare && { prepare }),
  };
  const experts = { ...data, ...(logistic && { logistic }), ...(cox && { cox }), ...(ridge && { ridge }) };
  const build: { readonly [M in BlendMember]: () => Fusion } = {
    early: () => early({ ...experts, ...options.early }),
    late: () => late({ ...experts, ...options.late }),
    intermediate: () => intermediate({ ...data, ...options.intermediate }, running),
  };
  return members.map((name) => ({ name, fusion: build[name]() as CrossFitting }));
}

function checkMembers(members: readonly string[], options: BlendMemberOptions): void {
  const where = 'blend: members';
  const expected = `some of ${blendMembers.join(', ')}`;
  if (members.length === 0) throw new InputError({ where, what: 'none named', expected });
  const unknown = members.find((name) => !(blendMembers as readonly string[]).includes(name));
  if (unknown !== undefined) throw new InputError({ where, what: 'unknown member', expected, got: unknown });
  const twice = members.find((name, m) => members.indexOf(name) < m);
  if (twice !== undefined) throw new InputError({ where, what: `"${twice}" is named twice`, expected });
  const stray = blendMembers.find((name) => options[name] && !members.includes(name));
  if (stray === undefined) return;
  const known = `options of ${members.join(', ')}`;
  throw new InputError({ where: `blend: ${stray}`, what: 'options of a fusion that is not blended', expected: known });
}

/** @throws InputError for a kind that no member has, and where a part is damaged */
export function openMember(saved: Saved, running: Running): FittedFusion {
  switch (saved.kind) {
    case 'early':
      return openEarly(saved);
    case 'late':
      return openLate(saved);
    case 'intermediate':
      return openIntermediate(saved, running);
    default: {
      const expected = `one of ${blendMembers.join(', ')}`;
      throw new InputError({ where: 'model: blend', what: 'unknown member', expected, got: saved.kind });
    }
  }
}
