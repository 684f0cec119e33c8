/** A study file in, one fitted model out: what a comparison tried on folds, fitted once on everybody. */
import { basename, dirname, resolve } from 'node:path';
import { deriveSeed } from '../array/random.ts';
import { countsOf, strataOf, subjectsOf, type Target } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import { defaultMetric } from '../evaluate/compare.ts';
import type { Warning } from '../evaluate/comparison.ts';
import { combinersOf } from '../fuse/combine/combiners.ts';
import { variantNames } from '../fuse/intermediate/variants/variants.ts';
import { nearestNames } from '../read/table/nearest.ts';
import { stratifiedFolds } from '../split/folds.ts';
import { packageVersion } from './environment.node.ts';
import { type Files, filePaths } from './files.node.ts';
import { imageSource } from './images/image-source.ts';
import { namingOddScans } from './images/odd-scans.ts';
import { isPattern, keptPattern } from './images/pattern.node.ts';
import { inStudy } from './in-study.node.ts';
import { type LoadedStudy, loadStudy } from './load.node.ts';
import type { ModelDescription, ModelFile, ModelModality, ModelTarget, TableSource } from './model-file.ts';
import { buildFusion } from './registry.ts';
import type { ModalityEntry, StudyFile, TableEntry } from './schema.ts';
import { siteSteps } from './site.ts';
import { type StrategySpec, strategiesOf } from './strategies.ts';
import { tellingNames } from './telling-names.ts';

export interface FitStudyOptions {
  /** By its name in the comparison: `late:mean`, `single:rna`, `single:best`, or one that the study names. */
  readonly strategy: string;
  /** Instead of the study's own seed. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** Told what was loaded, before the long work. */
  readonly loaded?: (study: LoadedStudy) => void;
}

export interface FittedStudy {
  readonly model: ModelFile;
  readonly warnings: readonly Warning[];
}

/**
 * Fits one strategy on all subjects who have a target. What it chooses (penalties, weights, the best modality) it chooses
 * on inner folds of them, as many as the study's protocol says. How well such a model does on new subjects is for
 * `compareStudy` to say: no figure of this fit tells it.
 *
 * @throws InputError where the study or its data cannot be used, or no strategy has that name
 * @throws CancelledError where `signal` was aborted
 */
export async function fitStudy(path: string, options: FitStudyOptions): Promise<FittedStudy> {
  const { loaded, known } = await inStudy(path, async () => {
    const read = await loadStudy(path, process.env, options.seed);
    options.loaded?.(read);
    checkLearnable(read.target);
    return { loaded: read, known: knownStrategies(read) };
  });
  const chosen = strategyNamed(options.strategy, known); // asked for by the caller, not by the study
  return inStudy(path, () => fittedBy(chosen, loaded, path, options));
}

async function fittedBy(
  chosen: StrategySpec,
  loaded: LoadedStudy,
  path: string,
  options: FitStudyOptions,
): Promise<FittedStudy> {
  const { study, cohort, target, name, warnings } = loaded;
  const seed = options.seed ?? study.seed ?? 0;
  const fitted = await namingOddScans(warnings, () =>
    buildFusion(chosen.spec).fit(cohort, target, {
      seed: deriveSeed(seed, 'fit'),
      inner: innerFolds(loaded, seed),
      stopped: () => options.signal?.aborted ?? false,
    }),
  );
  const used = cohort.blocks.filter(({ modality }) => fitted.modalities.includes(modality.name));
  const { classes, classCounts } = countsOf(target);
  const description = {
    consilience: packageVersion(),
    study: name,
    strategy: { name: chosen.name, spec: chosen.spec },
    seed,
    modalities: used.map(
      ({ modality, values }): ModelModality => ({
        modality,
        numbers: values.data instanceof Float32Array ? 'float32' : 'float64',
        table: sourceOf(entryOf(study.modalities[modality.name]), `modalities.${modality.name}`, path),
      }),
    ),
    ...siteOf(study, fitted.modalities, path),
    target: told(target),
    training: {
      subjects: cohort.subjects.length,
      counts: Object.fromEntries(classes.map((one, k) => [one, classCounts[k]])),
      modalities: Object.fromEntries(
        used.map(({ modality, present }) => [modality.name, present.reduce((sum, there) => sum + there, 0)]),
      ),
    },
    notes: fitted.notes,
  };
  return { model: { description, saved: fitted.save() }, warnings: [...warnings, ...tellingNames(cohort)] };
}

/** Those that the study names, and those that it could have named without options. */
interface KnownStrategies {
  readonly named: readonly StrategySpec[];
  readonly able: readonly StrategySpec[];
}

function knownStrategies({ study, cohort, target }: LoadedStudy): KnownStrategies {
  const modalities = cohort.blocks.map(({ modality }) => modality.name);
  const metric = study.protocol?.metric ?? defaultMetric(target);
  const late = combinersOf(target.kind).map((combine) => `late:${combine}`);
  const plain = ['single', 'early', ...late, ...variantNames.map((variant) => `intermediate:${variant}`), 'blend'];
  const able = strategiesOf(
    { ...study, strategies: plain as StudyFile['strategies'] },
    modalities,
    metric,
    target.kind,
  );
  return { named: strategiesOf(study, modalities, metric, target.kind), able };
}

function strategyNamed(wanted: string, { named, able }: KnownStrategies): StrategySpec {
  const specs = [...named, ...able];
  const family = ['early', 'intermediate', 'blend'].includes(wanted) ? wanted : undefined;
  const own = named.filter(({ spec }) => spec.kind === family);
  if (own.length > 1 && !named.some(({ name }) => name === wanted)) {
    const expected = own.map(({ name }) => name).join(', ');
    throw new InputError({
      where: 'strategy',
      what: `the study names several of ${wanted}`,
      expected: `one of ${expected}`,
    });
  }
  // A family's name means the one that the study names, else the family's default.
  const found = specs.find(({ name }) => name === wanted) ?? own[0] ?? able.find(({ spec }) => spec.kind === family);
  if (found) return found;
  const names = [...new Set(specs.map(({ name }) => name))];
  const [near] = nearestNames(wanted, names, 1);
  throw new InputError({
    where: 'strategy',
    what: `unknown strategy "${wanted}", did you mean "${near}"?`,
    expected: `one of ${names.join(', ')}`,
  });
}

function checkLearnable(target: Target): void {
  const where = `target ${target.name}`;
  if (target.kind === 'value') {
    if (new Set(target.values).size > 1) return;
    throw new InputError({ where, what: 'one value only, nothing to tell apart', expected: 'values that differ' });
  }
  const { classes, classCounts } = countsOf(target);
  const met = classes.filter((_, k) => classCounts[k] > 0);
  if (target.kind === 'survival' ? met.includes('event') : met.length > 1) return;
  const expected = target.kind === 'survival' ? 'at least one event' : 'at least two classes among the subjects';
  const what = target.kind === 'survival' ? 'no event was seen' : 'one class only, nothing to tell apart';
  throw new InputError({ where, what, expected, got: met.join(', ') || 'no subject' });
}

/** As in the folds of a comparison: stratified, groups kept together. */
function innerFolds({ study, target, groups }: LoadedStudy, seed: number): Int32Array {
  const homes = groups && new Set(groups).size > 1 ? groups : undefined;
  const most = homes ? new Set(homes).size : subjectsOf(target);
  const folds = Math.min(study.protocol?.inner ?? 5, most);
  return stratifiedFolds(strataOf(target), { folds, seed: deriveSeed(seed, 'fit'), ...(homes && { groups: homes }) });
}

type Entry = { readonly file: Files } & Partial<TableEntry & Pick<ModalityEntry, 'images'>>;

function entryOf(given: string | Entry): Entry {
  return typeof given === 'string' ? { file: given } : given;
}

/** Where new subjects' sites are looked for; only where a step of these modalities asks for them. */
function siteOf(study: StudyFile, modalities: readonly string[], path: string): Pick<ModelDescription, 'site'> {
  const { site } = study;
  if (site === undefined || !siteSteps(study).some(({ modality }) => modalities.includes(modality))) return {};
  const [entry, column] = typeof site === 'string' ? [entryOf(study.target), site] : [site, site.column];
  return { site: { column, table: sourceOf(entry, 'site', path) } };
}

function sourceOf(entry: Entry, where: string, path: string): TableSource {
  const place = { folder: dirname(resolve(path)), file: basename(path), environment: process.env };
  const { key, separator, encoding, orientation, missing, images } = entry;
  return {
    files: filePaths(entry.file, place, where).map((file) =>
      images !== undefined && isPattern(file) ? keptPattern(file, place.folder) : basename(file),
    ),
    ...(key !== undefined && { key }),
    ...(separator !== undefined && { separator }),
    ...(encoding !== undefined && { encoding }),
    ...(orientation !== undefined && { orientation }),
    ...(missing !== undefined && { missing }),
    ...(images !== undefined && { images: imageSource(images) }),
  };
}

function told(target: Target): ModelTarget {
  const { kind, name } = target;
  if (kind === 'classes') return { kind, name, classes: target.classes };
  if (kind === 'value') return { kind, name, ...(target.unit !== undefined && { unit: target.unit }) };
  return { kind, name };
}
