/** The strategies a study names, as specs: plain JSON that workers rebuild. */
import type { TargetKind } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import type { Spec } from '../estimator.ts';
import type { Strategy } from '../evaluate/fold.ts';
import { blendMembers } from '../fuse/blend-members.ts';
import { type Combiner, combinersOf } from '../fuse/combine/combiners.ts';
import { expertOf } from '../fuse/task/task.ts';
import { readsTarget, type Step } from '../harmonize/prepare.ts';
import { nearestNames } from '../read/table/nearest.ts';
import type { Metric } from '../score/metric.ts';
import { buildFusion } from './registry.ts';
import type { StrategyEntry, StudyFile } from './schema.ts';

export interface StrategySpec {
  readonly name: string;
  readonly role: Strategy['role'];
  readonly spec: Spec;
}

/** What is compared where a study does not say. */
const defaultStrategies = ['single', 'early', 'late:mean', 'late:weighted', 'late:stacked'] as const;

/**
 * Every strategy of the study and the best single modality to compare with, in the order: single modalities, the best of
 * them, fusions as listed.
 *
 * @throws InputError where a strategy names a modality that the study lacks, two have one name, or something does not fit
 * the kind of target
 */
export function strategiesOf(
  study: StudyFile,
  modalities: readonly string[],
  metric: Metric,
  kind: TargetKind = 'classes',
): StrategySpec[] {
  if (modalities.includes('best')) {
    const expected = 'another name: single:best is the best single modality';
    throw new InputError({ where: 'modalities: best', what: 'a reserved name', expected });
  }
  refuseStray(study, kind);
  const shared = sharedOptions(study);
  const found = (study.strategies ?? defaultStrategies).flatMap((entry) => specsOf(entry, modalities, shared, kind));
  const best: StrategySpec = {
    name: 'single:best',
    role: 'best-single',
    spec: { kind: 'best-single', version: 1, options: { ...shared, metric } },
  };
  const singles = found.filter(({ role }) => role === 'single');
  const fused = found.filter(({ role }) => role === 'fusion');
  const all = [...singles, best, ...fused];
  const twice = all.find(({ name }, i) => all.findIndex((other) => other.name === name) < i);
  if (twice) {
    throw new InputError({
      where: 'strategies',
      what: `two strategies named "${twice.name}"`,
      expected: 'a name for one of them',
    });
  }
  for (const { name, spec } of all) {
    for (const [whose, part] of [[name, spec] as const, ...membersOf(name, spec)]) {
      checkKind(whose, part, kind);
      const { modality, modalities: several } = part.options as { modality?: string; modalities?: readonly string[] };
      checkModalities(whose, [...(several ?? []), ...(modality === undefined ? [] : [modality])], modalities);
    }
  }
  return all;
}

/** The members of a blend that have options of their own. */
function membersOf(name: string, { kind, options }: Spec): (readonly [string, Spec])[] {
  if (kind !== 'blend') return [];
  const { prepare = {} } = options;
  return blendMembers.flatMap((member) => {
    const own = options[member] as Spec['options'] | undefined;
    return own ? [[`${name}: ${member}`, { kind: member, version: 1, options: { prepare, ...own } }] as const] : [];
  });
}

export function buildStrategies(specs: readonly StrategySpec[]): Strategy[] {
  return specs.map(({ name, role, spec }) => ({ name, role, fusion: buildFusion(spec) }));
}

function specsOf(
  entry: StrategyEntry,
  modalities: readonly string[],
  shared: Spec['options'],
  target: TargetKind,
): StrategySpec[] {
  if (entry === 'single:best') return [];
  if (entry === 'single')
    return modalities.flatMap((modality) => specsOf({ kind: 'single', modality }, modalities, shared, target));
  if (typeof entry === 'string') {
    const [kind, way] = entry.split(':');
    if (kind === 'early' && way !== undefined && way !== expertOf[target]) {
      const expected = `early:${expertOf[target]} (or early, which is what fits)`;
      throw new InputError({ where: `strategies: ${entry}`, what: `not for a target of kind ${target}`, expected });
    }
    const option = way === undefined ? {} : { [kind === 'late' ? 'combine' : 'variant']: way };
    const spelled = (kind === 'early' ? { kind } : { kind, ...option }) as StrategyEntry;
    return specsOf(spelled, modalities, shared, target);
  }
  const { kind, name, ...options } = entry;
  const own = {
    single: () => (entry as { modality: string }).modality,
    early: () => expertOf[target],
    intermediate: () => (entry as { variant?: string }).variant ?? 'attention',
    late: () => (entry as { combine?: string }).combine ?? 'mean',
    blend: () => (entry as { combine?: string }).combine ?? 'convex',
  };
  const family = `${kind}:`;
  const called = name === undefined ? `${family}${own[kind]()}` : name.startsWith(family) ? name : `${family}${name}`;
  // A network has no expert of its own, so that the study's options of experts are not for it.
  const { logistic, cox, ridge, ...bare } = shared;
  const merged = { ...(kind === 'intermediate' ? bare : shared), ...options } as Spec['options'];
  return [{ name: called, role: kind === 'single' ? 'single' : 'fusion', spec: { kind, version: 1, options: merged } }];
}

/** @throws InputError on options of models of another kind of target, of one strategy or said once for all (no `strategy`) */
function refuseStray(options: object, target: TargetKind, strategy?: string): void {
  const stray = Object.values(expertOf).find((expert) => expert !== expertOf[target] && expert in options);
  if (stray === undefined) return;
  const what = `options of ${stray} models mean nothing to a target of kind ${target}`;
  const where = strategy === undefined ? stray : `strategies: ${strategy}`;
  throw new InputError({ where, what, expected: expertOf[target], got: stray });
}

/** Options and combiners that mean nothing to the kind of target are refused. */
function checkKind(name: string, { kind, options }: Spec, target: TargetKind): void {
  refuseStray(options, target, name);
  if (target !== 'classes' && (options as { recalibrate?: boolean }).recalibrate) {
    const what = `means nothing to a target of kind ${target}`;
    throw new InputError({ where: `strategies: ${name}: recalibrate`, what, expected: 'a target of classes with it' });
  }
  const { prepare = {} } = options as { prepare?: { readonly [modality: string]: readonly Step[] } };
  const { l1Ratio = 0 } = (options[expertOf[target]] ?? {}) as { l1Ratio?: number | readonly number[] };
  if (Object.values(prepare).some(readsTarget) && [l1Ratio].flat().some((ratio) => ratio > 0)) {
    throw new InputError({
      where: `strategies: ${name}: l1Ratio`,
      what: 'beside univariate-selection',
      expected: 'one way to select features',
    });
  }
  const combine = kind === 'late' ? (options as { combine?: Combiner }).combine : undefined;
  const known = combinersOf(target);
  if (combine === undefined || known.includes(combine)) return;
  const what = 'a combiner that is defined for classes only';
  throw new InputError({ where: `strategies: ${name}`, what, expected: `one of ${known.join(', ')}`, got: combine });
}

function checkModalities(name: string, used: readonly string[], known: readonly string[]): void {
  const unknown = used.find((modality) => !known.includes(modality));
  if (unknown === undefined) return;
  const [near] = nearestNames(unknown, known, 1);
  throw new InputError({
    where: `strategies: ${name}`,
    what: `unknown modality "${unknown}"${near === undefined ? '' : `, did you mean "${near}"?`}`,
    expected: `one of ${known.join(', ')}`,
  });
}

/** What the study says once for all strategies. */
function sharedOptions(study: StudyFile): Spec['options'] {
  const prepare: Record<string, Step[]> = {};
  for (const [name, entry] of Object.entries(study.modalities)) {
    if (typeof entry === 'string' || !entry.prepare) continue;
    prepare[name] = entry.prepare.map((step) => (typeof step === 'string' ? { kind: step } : (step as Step)));
  }
  return {
    ...(Object.keys(prepare).length > 0 && { prepare }),
    ...Object.fromEntries(
      Object.values(expertOf).flatMap((expert) => (study[expert] ? [[expert, study[expert]]] : [])),
    ),
  } as Spec['options'];
}
