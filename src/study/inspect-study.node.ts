/** A study file in, an inspection of its data out. */
import type { Cohort } from '../describe/cohort.ts';
import { inspectCohort } from '../inspect/inspect.ts';
import type { Inspection, Note } from '../inspect/inspection.ts';
import { suspicionByName } from './draft/suspects.ts';
import { type LoadedStudy, loadStudy } from './load.node.ts';

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
export async function inspectStudy(path: string, options: InspectStudyOptions = {}): Promise<Inspection> {
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

const ofARecord = 20; // columns: wider tables of one scale are assays, whose columns are named after genes

/** Columns of clinical records that by their names were known only after the outcome, or with it. */
function tellingNames({ blocks }: Cohort): Note[] {
  return blocks.flatMap(({ modality: { name, features } }) => {
    if (features.length >= ofARecord && new Set(features.map(({ scale }) => scale)).size === 1) return [];
    return features.flatMap((feature) => {
      const reason = suspicionByName(feature.name);
      if (reason === undefined) return [];
      const message = `${name}: ${feature.name} is by its name ${reason}; exclude it unless it was known before the outcome`;
      return [{ code: 'telling-name', message }];
    });
  });
}
