/** Inputs that by their names were known only with the outcome, or tell where a subject was measured. */
import type { Cohort } from '../describe/cohort.ts';
import type { Warning } from '../evaluate/comparison.ts';
import { namesOrigin, suspicionByName } from './draft/suspects.ts';

const ofARecord = 20; // columns: wider tables of one scale are assays, whose columns are named after genes

/** A warning of each such column: of clinical records any, of assays those that name a site, as no gene does. */
export function tellingNames({ blocks }: Cohort): Warning[] {
  return blocks.flatMap(({ modality: { name, features } }) => {
    const isAssay = features.length >= ofARecord && new Set(features.map(({ scale }) => scale)).size === 1;
    return features.flatMap((feature) => {
      const reason = suspicionByName(feature.name);
      if (reason === undefined || (isAssay && !namesOrigin(feature.name))) return [];
      const unless = namesOrigin(feature.name) ? '' : ' unless it was known before the outcome';
      const message = `${name}: ${feature.name} is by its name ${reason}; exclude it${unless}`;
      return [{ code: 'telling-name', message }];
    });
  });
}
