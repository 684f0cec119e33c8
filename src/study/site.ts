/** Sites of a study: who asks for them, and whether adjusting for them takes the target with it. */
import { deriveSeed, random } from '../array/random.ts';
import type { Block } from '../describe/cohort.ts';
import { asClasses, type Target } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import type { Warning } from '../evaluate/comparison.ts';
import type { Protocol } from '../evaluate/protocol.ts';
import { association } from '../inspect/contingency.ts';
import { pValue, share } from '../score/written.ts';
import type { StudyFile } from './schema.ts';

const level = 0.05;

interface SiteStep {
  readonly modality: string;
  readonly step: 'combat' | 'standardize within site';
}

/** The steps of preparation that adjust for sites. */
export function siteSteps({ modalities }: Pick<StudyFile, 'modalities'>): SiteStep[] {
  return Object.entries(modalities).flatMap(([modality, entry]) => {
    const steps = typeof entry === 'string' ? [] : (entry.prepare ?? []);
    return steps.flatMap((one): SiteStep[] => {
      const { kind, options } = typeof one === 'string' ? { kind: one, options: undefined } : one;
      if (kind === 'combat') return [{ modality, step: 'combat' }];
      const within = kind === 'standardize' && options !== undefined && 'within' in options && options.within;
      return within ? [{ modality, step: 'standardize within site' }] : [];
    });
  });
}

/** @throws InputError where a step or `subsample` asks for sites and there is none, or one only */
export function checkSites(study: StudyFile, sites: readonly string[] | undefined, file: string): void {
  const [first] = siteSteps(study);
  const asks = study.subsample !== undefined ? 'subsample' : first && `modalities.${first.modality}.prepare`;
  if (asks === undefined) return;
  const what = study.subsample !== undefined ? `"${study.subsample}"` : first.step;
  if (!sites) {
    throw new InputError({
      where: `${file}: ${asks}`,
      what: `${what} asks for sites, and the study tells none`,
      expected: 'the key "site": a column of the target file, or { file, column }',
    });
  }
  const met = [...new Set(sites)];
  if (met.length > 1) return;
  throw new InputError({
    where: `${file}: site`,
    what: `one site only, so that ${what} has nothing to adjust`,
    expected: 'two or more sites',
    got: `only ${JSON.stringify(met[0] ?? '')}`,
  });
}

/**
 * Combat compares sites, so that it needs two of them among the subjects that are trained on.
 *
 * @throws InputError where leaving one group out leaves a single site
 */
export function checkSitesOfFolds(
  study: Pick<StudyFile, 'modalities'>,
  protocol: Protocol['kind'],
  groups: readonly string[] | undefined,
  sites: readonly string[] | undefined,
): void {
  const asks = siteSteps(study).find(({ step }) => step === 'combat');
  if (protocol !== 'leave-one-group-out' || !asks || !groups || !sites) return;
  const all = [...new Set(groups)].sort();
  for (const group of all.length > 1 ? all : []) {
    const [site, ...others] = new Set(sites.filter((_, i) => groups[i] !== group));
    if (others.length > 0) continue;
    throw new InputError({
      where: `modalities.${asks.modality}.prepare`,
      what: `the fold that tests the group ${JSON.stringify(group)} leaves one site only to train on, so that combat has nothing to adjust`,
      expected: 'two or more sites in every training part (three sites, or another protocol)',
      got: `only ${JSON.stringify(site)}`,
    });
  }
}

/**
 * Warns of each step that adjusts for sites where these go with the target: sites then differ in their mix of classes, and
 * what is taken out as the site's is in part the classes'. Tested among subjects who have the modality; survival is looked
 * at as event or censored, values as above their median or not.
 */
export function confounded(
  study: Pick<StudyFile, 'modalities'>,
  blocks: readonly Block[],
  sites: readonly string[],
  target: Target,
  seed: number,
): Warning[] {
  const { labels } = asClasses(target);
  const names = [...new Set(sites)].sort();
  return siteSteps(study).flatMap(({ modality, step }): Warning[] => {
    const present = blocks.find((block) => block.modality.name === modality)?.present;
    const rows = [...sites.keys()].filter((i) => present?.[i] === 1);
    const tested = association(
      rows.map((i) => names.indexOf(sites[i])),
      rows.map((i) => labels[i]),
      random(deriveSeed(seed, 'site', modality)),
    );
    if (!tested || tested.p >= level) return [];
    const { cramersV, p } = tested;
    const figures = `Cramér's V ${share(cramersV, 2)}, p ${p < 0.001 ? '' : '= '}${pValue(p)}`;
    const message = `${modality}: ${step} adjusts for sites that differ in ${target.name} (${figures}): sites differ in their mix of classes, so that bringing them to one centre takes class signal out and shifts classes against each other; look at the same study without the step, and under subsample: balanced`;
    return [{ code: 'site-step-confounded', message }];
  });
}
