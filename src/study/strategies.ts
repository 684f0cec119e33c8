/** The strategies a study names, as specs: plain JSON that workers rebuild. */
import { InputError } from '../errors.ts';
import type { Spec } from '../estimator.ts';
import type { Strategy } from '../evaluate/fold.ts';
import type { Step } from '../harmonize/prepare.ts';
import { nearestNames } from '../read/nearest.ts';
import type { Metric } from '../score/metric.ts';
import { buildFusion } from './registry.ts';
import { defaultStrategies, type StrategyEntry, type StudyFile } from './schema.ts';

export interface StrategySpec {
  readonly name: string;
  readonly role: Strategy['role'];
  readonly spec: Spec;
}

/**
 * Every strategy of the study and the best single modality to compare with, in the order: single modalities, the best of
 * them, fusions as listed.
 *
 * @throws InputError where a strategy names a modality that the study lacks, or two have one name
 */
export function strategiesOf(study: StudyFile, modalities: readonly string[], metric: Metric): StrategySpec[] {
  if (modalities.includes('best')) {
    const expected = 'another name: single:best is the best single modality';
    throw new InputError({ where: 'modalities: best', what: 'a reserved name', expected });
  }
  const shared = sharedOptions(study);
  const found = (study.strategies ?? defaultStrategies).flatMap((entry) => specsOf(entry, modalities, shared));
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
    const { modality, modalities: several } = spec.options as { modality?: string; modalities?: readonly string[] };
    checkModalities(name, [...(several ?? []), ...(modality === undefined ? [] : [modality])], modalities);
  }
  return all;
}

export function buildStrategies(specs: readonly StrategySpec[]): Strategy[] {
  return specs.map(({ name, role, spec }) => ({ name, role, fusion: buildFusion(spec) }));
}

function specsOf(entry: StrategyEntry, modalities: readonly string[], shared: Spec['options']): StrategySpec[] {
  if (entry === 'single:best') return [];
  if (entry === 'single')
    return modalities.flatMap((modality) => specsOf({ kind: 'single', modality }, modalities, shared));
  if (typeof entry === 'string') {
    const [kind, combine] = entry.split(':');
    return specsOf(kind === 'late' ? ({ kind, combine } as StrategyEntry) : { kind: 'early' }, modalities, shared);
  }
  const { kind, name, ...options } = entry;
  const own = {
    single: () => (entry as { modality: string }).modality,
    early: () => 'logistic',
    late: () => (entry as { combine?: string }).combine ?? 'mean',
  };
  const family = `${kind}:`;
  const called = name === undefined ? `${family}${own[kind]()}` : name.startsWith(family) ? name : `${family}${name}`;
  const merged = { ...shared, ...options } as Spec['options'];
  return [{ name: called, role: kind === 'single' ? 'single' : 'fusion', spec: { kind, version: 1, options: merged } }];
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
    ...(study.logistic && { logistic: study.logistic }),
  } as Spec['options'];
}
