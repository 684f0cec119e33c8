/** The tests of independence on the training subjects of one fold, from work that late fusion has done there anyway. */
import type { Cohort } from '../describe/cohort.ts';
import { asClasses, type Target } from '../describe/target.ts';
import type { Run } from '../estimator.ts';
import { chosenModalities, type FusionOptions, stepsFor, trainExpert } from '../fuse/modality-expert.ts';
import { presence } from '../fuse/prediction.ts';
import { prepareModality } from '../harmonize/prepare.ts';
import type { FoldIndependence } from './independence.ts';
import { evidenceComponents, evidenceDependence } from './independence-evidence.ts';
import { crossedStrata, expertDependence, logitScores } from './independence-experts.ts';

export interface FoldTests extends FoldIndependence {
  readonly names: readonly string[];
}

/**
 * Classes: given the class; values: given the value and its square. undefined for survival, which is not tested, and for
 * fewer than two experts.
 *
 * @param options those of the late fusion in question: its experts and preparations are what is tested
 */
export async function foldIndependence(
  x: Cohort,
  target: Target,
  options: FusionOptions,
  run: Run & { readonly inner: Int32Array },
): Promise<FoldTests | undefined> {
  if (target.kind === 'survival') return undefined;
  const { modalities, ...shared } = options;
  const able: string[] = [];
  const outOfFold = [];
  const components = [];
  for (const name of chosenModalities(x, modalities)) {
    const trained = await trainExpert(x, target, name, shared, run);
    if (!trained.expert) continue;
    const prepared = await prepareModality(x, name, stepsFor(shared, name), target, run);
    able.push(name);
    outOfFold.push(trained.outOfFold);
    components.push(evidenceComponents(prepared.values, prepared.present, run.seed));
  }
  if (able.length < 2) return undefined;
  const present = presence(x, able);
  const valued = target.kind === 'value';
  const labels = valued ? new Int32Array(x.subjects.length) : asClasses(target).labels;
  const covariates = valued ? [target.values, target.values.map((value) => value * value)] : [];
  return {
    names: able,
    experts: expertDependence({
      names: able,
      scores: valued ? outOfFold : outOfFold.map(logitScores),
      present,
      strata: crossedStrata(labels, run.inner),
      covariates,
    }),
    evidence: evidenceDependence({ names: able, components, present, strata: labels, covariates }, { seed: run.seed }),
  };
}
