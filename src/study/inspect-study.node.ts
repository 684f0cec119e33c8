/** A study file in, an inspection of its data out. */
import { inspectCohort } from '../inspect/inspect.ts';
import type { Inspection } from '../inspect/inspection.ts';
import { inStudy } from './in-study.node.ts';
import { type LoadedStudy, loadStudy } from './load.node.ts';
import { tellingNames } from './telling-names.ts';

export interface InspectStudyOptions {
  /** Instead of the study's own seed. */
  readonly seed?: number;
  /** Told what was loaded, before the work. */
  readonly loaded?: (study: LoadedStudy) => void;
}

/**
 * Reads the study and looks at its modalities, its gaps and its target. Nothing is learned or compared.
 *
 * @throws InputError where the study or its data cannot be used
 */
export function inspectStudy(path: string, options: InspectStudyOptions = {}): Promise<Inspection> {
  return inStudy(path, () => inspected(path, options));
}

async function inspected(path: string, options: InspectStudyOptions): Promise<Inspection> {
  const loaded = await loadStudy(path, process.env, options.seed);
  options.loaded?.(loaded);
  const { study, name, cohort, target, groups, warnings } = loaded;
  return inspectCohort(cohort, target, {
    name,
    title: study.title ?? name,
    ...(groups && { groups }),
    seed: options.seed ?? study.seed ?? 0,
    noticed: [...warnings, ...tellingNames(cohort)],
  });
}
