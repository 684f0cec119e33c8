/** The sites of a block, for the steps that ask for them. */
import type { Block } from '../describe/cohort.ts';
import { InputError } from '../errors.ts';

/** @throws InputError where nobody told the sites of the subjects */
export function sitesOf({ modality, sites }: Block, step: string): readonly string[] {
  if (sites) return sites;
  throw new InputError({
    where: `${step}: ${modality.name}`,
    what: 'the step adjusts for sites, and no site of the subjects is told',
    expected:
      'a site for every subject: the key "site" of a study, site=FILE where a model predicts, or the sites of cohort()',
  });
}

/** Rows of each site in alphabetical order, of the subjects who have the modality. */
export function rowsBySite({ present }: Block, sites: readonly string[]): Map<string, Int32Array> {
  const rows = new Map<string, number[]>();
  for (const site of [...new Set(sites)].sort()) rows.set(site, []);
  sites.forEach((site, row) => present[row] === 1 && rows.get(site)?.push(row));
  return new Map([...rows].flatMap(([site, own]) => (own.length > 0 ? [[site, Int32Array.from(own)]] : [])));
}

/** @throws InputError at a site of a single subject, whose mean and spread cannot be told apart from the subject */
export function checkSiteSize(site: string, rows: ArrayLike<number>, step: string): void {
  if (rows.length > 1) return;
  throw new InputError({
    where: `${step}: site ${site}`,
    what: 'its spread cannot be told',
    expected: 'two or more subjects of the site who have the modality',
    got: String(rows.length),
  });
}
