import { emptyLike, type Matrix, zeros } from '../array/matrix.ts';
import type { Block } from '../describe/cohort.ts';
import { InputError } from '../errors.ts';
import type { Estimator, Fitted, JsonObject, Saved } from '../estimator.ts';
import { effectOf, fitSites } from './combat-model.ts';
import { type Pooling, siteEffect } from './combat-prior.ts';
import { checkFeatures } from './features.ts';
import { assembled, dismantled, type Learned } from './harmonizer.ts';

/** A block whose subjects were measured at several sites (batches, scanners). */
export interface BatchedBlock {
  readonly block: Block;
  /** The site of each subject. */
  readonly batch: readonly string[]; // [subjects]
  /** What is known of each subject and is to be kept: age, sex. Never the target: its signal would be let into the data. */
  readonly covariates?: { readonly names: readonly string[]; readonly values: Matrix<Float64Array> }; // [subjects, covariates]
}

export interface ComBatOptions {
  /**
   * How a site's effects on single features are drawn towards its effects on all: `parametric` (default) by a normal and an
   * inverse gamma prior, `nonparametric` by the other features' estimates (quadratic in features), `none` not at all.
   */
  readonly pooling?: Pooling;
  /** Removes shifts only and leaves each site its spread; a site may then have a single subject. */
  readonly meanOnly?: boolean;
  /** The site that all others are brought to, itself unchanged; without it, the average of all subjects. */
  readonly reference?: string;
  /**
   * A subject of a site that was not in training: `refuse` (default), `pass-through` as it is, or `pooled`: corrected by the
   * average effect of the training sites (weighted by subjects), which without a reference is next to nothing.
   */
  readonly unseen?: 'refuse' | 'pass-through' | 'pooled';
}

export type FittedComBat = Fitted<BatchedBlock, Block>;

/**
 * ComBat: takes out of each feature what the site adds to it and multiplies it by, keeping what covariates explain
 * (Johnson, Li and Rabinovic 2007, Biostatistics 8:118; Fortin et al. 2017, NeuroImage 161:149). Learned from training
 * subjects; a new subject of a known site is corrected by what was learned. Missing values teach nothing and are carried
 * along, as are features in which no residual is left.
 *
 * @throws InputError at a single site, at a site of one subject (unless `meanOnly`), where a covariate cannot be told from
 * the sites, and at a site not met in training (see `unseen`).
 */
export function comBat(options: ComBatOptions = {}): Estimator<BatchedBlock, unknown, Block, FittedComBat> {
  const { pooling = 'parametric', meanOnly = false, reference, unseen = 'refuse' } = options;
  return {
    spec: { kind: 'combat', version: 1, options: { ...options } as JsonObject },
    async fit(batched) {
      const data = trainingData(batched);
      const { block, sites } = data;
      const ref = reference === undefined ? undefined : sites.indexOf(reference);
      checkSites(data, meanOnly, reference);
      const model = fitSites({ ...data, values: block.values, observed: block.observed }, ref);
      const features = block.modality.features.length;
      const scaled = Int32Array.from(model.sd.keys()).filter((j) => model.sd[j] > 0);
      const shift = new Float64Array(sites.length * features); // [sites, features]
      const spread = new Float64Array(sites.length * features).fill(1); // [sites, features]
      for (let s = 0; s < sites.length; s++) {
        if (s === ref) continue;
        const own = (all: Float64Array) => all.subarray(s * features, (s + 1) * features);
        const summary = { counts: own(model.counts), means: own(model.means), squares: own(model.squares) };
        const effect = siteEffect(summary, scaled, pooling, meanOnly);
        shift.set(effect.shift, s * features);
        spread.set(effect.variance.map(Math.sqrt), s * features);
      }
      return fittedComBat({
        names: block.modality.features.map(({ name }) => name),
        sites,
        sizes: sites.map((_, s) => data.site.filter((own) => own === s).length),
        covariates: [...data.covariateNames],
        reference: ref ?? null,
        unseen,
        mean: model.mean,
        slopes: model.slopes,
        sd: model.sd,
        shift,
        spread,
      });
    },
  };
}

comBat.open = (saved: Saved): FittedComBat => fittedComBat(assembled(saved) as State);

interface State extends Learned {
  readonly names: string[];
  readonly sites: string[];
  readonly sizes: number[];
  readonly covariates: string[];
  readonly reference: number | null;
  readonly unseen: 'refuse' | 'pass-through' | 'pooled';
  readonly mean: Float64Array; // [features]
  readonly slopes: Float64Array; // [covariates, features]
  readonly sd: Float64Array; // [features]
  readonly shift: Float64Array; // [sites, features], in units of sd
  readonly spread: Float64Array; // [sites, features], likewise
}

function fittedComBat(state: State): FittedComBat {
  const { names, sites, covariates, reference, mean, slopes, sd } = state;
  const features = names.length;
  return {
    async apply(batched) {
      const { block, batch } = batched;
      checkFeatures(block, names, 'comBat');
      const known = covariatesOf(batched, covariates);
      const { data } = block.values;
      const out = emptyLike(data, data.length); // [subjects, features]
      out.set(data);
      batch.forEach((name, i) => {
        if (!block.present[i]) return;
        const site = sites.indexOf(name);
        if (site >= 0 && site === reference) return;
        const effect = site >= 0 ? own(state, site) : unseenEffect(state, block, name);
        if (!effect) return;
        for (let j = 0; j < features; j++) {
          if (sd[j] === 0) continue;
          const expected = mean[j] + effectOf(known.data, i, slopes, j, features);
          const standardized = (data[i * features + j] - expected) / sd[j];
          out[i * features + j] = ((standardized - effect.shift[j]) / effect.spread[j]) * sd[j] + expected;
        }
      });
      return { ...block, values: { shape: block.values.shape, data: out } };
    },
    save: () => ({ kind: 'combat', version: 1, ...dismantled(state) }),
  };
}

function own({ shift, spread, names }: State, site: number) {
  const [from, to] = [site * names.length, (site + 1) * names.length];
  return { shift: shift.subarray(from, to), spread: spread.subarray(from, to) };
}

function unseenEffect(state: State, block: Block, name: string) {
  const { unseen, sites, sizes, names } = state;
  if (unseen === 'pass-through') return undefined;
  if (unseen === 'refuse') {
    throw new InputError({
      where: `comBat: ${block.modality.name}`,
      what: `site "${name}" was not in training`,
      expected: `one of ${sites.join(', ')}, or the option unseen: pass-through or pooled`,
    });
  }
  const total = sizes.reduce((a, b) => a + b, 0);
  const shift = new Float64Array(names.length); // [features]
  const variance = new Float64Array(names.length); // [features]
  sites.forEach((_, s) => {
    const effect = own(state, s);
    for (let j = 0; j < names.length; j++) {
      shift[j] += (sizes[s] / total) * effect.shift[j];
      variance[j] += (sizes[s] / total) * effect.spread[j] ** 2;
    }
  });
  return { shift, spread: variance.map(Math.sqrt) };
}

/** The subjects who have the modality, with sites as numbers in alphabetical order. */
function trainingData(batched: BatchedBlock) {
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

function checkSites(
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

function covariatesOf({ block, batch, covariates }: BatchedBlock, names: readonly string[]): Matrix<Float64Array> {
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
