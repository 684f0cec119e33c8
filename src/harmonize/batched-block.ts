/** What ComBat is handed, and its checks. */
import { type Matrix, zeros } from '../array/matrix.ts';
import type { Block } from '../describe/cohort.ts';
import { InputError } from '../errors.ts';

/** A block whose subjects were measured at several sites (batches, scanners). */
export interface BatchedBlock {
  readonly block: Block;
  /** The site of each subject. */
  readonly batch: readonly string[]; // [subjects]
  /** What is known of each subject and is to be kept: age, sex. Never the target: its signal would be let into the data. */
  readonly covariates?: { readonly names: readonly string[]; readonly values: Matrix<Float64Array> }; // [subjects, covariates]
}

/** The subjects who have the modality, with sites as numbers in alphabetical order. */
export function trainingData(batched: BatchedBlock) {
  const { block, batch, covariates } = batched;
  const covariateNames = covariates?.names ?? [];
  const known = covariatesOf(batched, covariateNames);
  const rows = Int32Array.from(batch.keys()).filter((i) => block.present[i] === 1);
  const sites = [...new Set(Array.from(rows, (i) => batch[i]))].sort();
  const columns = block.values.shape[1];
  const taken = zeros(rows.length, columns); // [subjects, features]
  const observed = new Uint8Array(rows.length * columns); // [subjects, features]
  const covariateRows = zeros(rows.length, covariateNames.length); // [subjects, covariates]
  rows.forEach((from, i) => {
    taken.data.set(block.values.data.subarray(from * columns, (from + 1) * columns), i * columns);
    observed.set(block.observed.subarray(from * columns, (from + 1) * columns), i * columns);
    const width = covariateNames.length;
    covariateRows.data.set(known.data.subarray(from * width, (from + 1) * width), i * width);
  });
  const site = Int32Array.from(rows, (i) => sites.indexOf(batch[i]));
  return { block: { ...block, values: taken, observed }, site, sites, covariates: covariateRows, covariateNames };
}

export function checkSites(
  { sites, site }: { readonly sites: readonly string[]; readonly site: Int32Array },
  meanOnly: boolean,
  reference: string | undefined,
): void {
  if (sites.length < 2) {
    const got = sites.length === 0 ? 'no subjects' : `only "${sites[0]}"`;
    throw new InputError({ where: 'comBat', what: 'nothing to harmonize', expected: 'two or more sites', got });
  }
  if (reference !== undefined && !sites.includes(reference)) {
    throw new InputError({
      where: 'comBat: reference',
      what: 'no training subject is of that site',
      expected: `one of ${sites.join(', ')}`,
      got: reference,
    });
  }
  const lone = sites.find((_, s) => site.filter((own) => own === s).length < 2);
  if (lone !== undefined && !meanOnly) {
    throw new InputError({
      where: `comBat: site ${lone}`,
      what: 'its spread cannot be told',
      expected: 'two or more training subjects a site, or the option meanOnly',
      got: '1',
    });
  }
}

export function covariatesOf(
  { block, batch, covariates }: BatchedBlock,
  names: readonly string[],
): Matrix<Float64Array> {
  const rows = block.values.shape[0];
  if (batch.length !== rows) {
    throw new InputError({
      where: 'comBat: batch',
      what: 'not a site a subject',
      expected: `${rows}`,
      got: `${batch.length}`,
    });
  }
  const given = covariates?.names ?? [];
  if (given.join('\n') !== names.join('\n')) {
    throw new InputError({
      where: 'comBat: covariates',
      what: 'not those that were fitted',
      expected: names.join(', ') || 'none',
      got: given.join(', ') || 'none',
    });
  }
  const values = covariates?.values ?? zeros(rows, 0);
  const wrong = values.shape[0] !== rows || values.shape[1] !== names.length;
  if (
    wrong ||
    values.data.some((value, at) => !Number.isFinite(value) && block.present[Math.floor(at / names.length)])
  ) {
    throw new InputError({
      where: 'comBat: covariates',
      what: wrong ? 'values do not fit' : 'a value is missing',
      expected: `finite numbers [${rows} subjects, ${names.length} covariates]`,
      got: wrong ? `[${values.shape.join(', ')}]` : 'NaN or an infinity',
    });
  }
  return values;
}
