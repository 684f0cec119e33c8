/** The strategies a study names, as specs: plain JSON that workers rebuild. */
import type { Spec } from '../estimator.ts';
import type { Strategy } from '../evaluate/fold.ts';
import type { FusionOptions } from '../fuse/modality-expert.ts';
import type { Step } from '../harmonize/prepare.ts';
import type { Metric } from '../score/metric.ts';
import { buildFusion } from './registry.ts';
import { type StudyFile, strategyNames } from './schema.ts';

export interface StrategySpec {
  readonly name: string;
  readonly role: Strategy['role'];
  readonly spec: Spec;
}

export function strategiesOf(study: StudyFile, modalities: readonly string[], metric: Metric): StrategySpec[] {
  const wanted = new Set<string>(study.strategies ?? strategyNames);
  wanted.add('single:best');
  const options = shared(study);
  const spec = (kind: string, more: object = {}): Spec => ({
    kind,
    version: 1,
    options: { ...options, ...more } as Spec['options'],
  });
  const out: StrategySpec[] = [];
  if (wanted.has('single')) {
    for (const modality of modalities)
      out.push({ name: `single:${modality}`, role: 'single', spec: spec('single', { modality }) });
  }
  out.push({ name: 'single:best', role: 'best-single', spec: spec('best-single', { metric }) });
  if (wanted.has('early:logistic')) out.push({ name: 'early:logistic', role: 'fusion', spec: spec('early') });
  for (const combine of ['mean', 'weighted', 'stacked']) {
    if (wanted.has(`late:${combine}`))
      out.push({ name: `late:${combine}`, role: 'fusion', spec: spec('late', { combine }) });
  }
  return out;
}

export function buildStrategies(specs: readonly StrategySpec[]): Strategy[] {
  return specs.map(({ name, role, spec }) => ({ name, role, fusion: buildFusion(spec) }));
}

function shared(study: StudyFile): FusionOptions {
  const prepare: Record<string, Step[]> = {};
  for (const [name, entry] of Object.entries(study.modalities)) {
    if (typeof entry === 'string' || !entry.prepare) continue;
    prepare[name] = entry.prepare.map((step) => (typeof step === 'string' ? { kind: step } : (step as Step)));
  }
  return {
    ...(Object.keys(prepare).length > 0 && { prepare }),
    ...(study.logistic && { logistic: study.logistic as NonNullable<FusionOptions['logistic']> }),
  };
}
