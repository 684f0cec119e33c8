import { emptyLike } from '../array/matrix.ts';
import type { Block } from '../describe/cohort.ts';
import { InputError } from '../errors.ts';
import type { Estimator, Fitted, JsonObject, Saved } from '../estimator.ts';
import { type BatchedBlock, checkSites, covariatesOf, trainingData } from './batched-block.ts';
import { effectOf, fitSites } from './combat-model.ts';
import { type Pooling, poolings, siteEffect } from './combat-prior.ts';
import { checkFeatures } from './features.ts';
import { assembled, dismantled, type Learned } from './harmonizer.ts';

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
  readonly unseen?: Unseen;
}

const unseens = ['refuse', 'pass-through', 'pooled'] as const;
type Unseen = (typeof unseens)[number];

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
  const { pooling = 'parametric', meanOnly = false, reference, unseen = 'refuse', ...unknown } = options;
  checkOptions({ pooling, unseen, unknown });
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
  readonly unseen: Unseen;
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

function checkOptions({ pooling, unseen, unknown }: { pooling: Pooling; unseen: Unseen; unknown: object }): void {
  const [odd] = Object.keys(unknown);
  if (odd !== undefined) {
    const expected = 'pooling, meanOnly, reference or unseen';
    throw new InputError({ where: 'comBat', what: 'unknown option', expected, got: odd });
  }
  for (const [name, got, known] of [['pooling', pooling, poolings] as const, ['unseen', unseen, unseens] as const]) {
    if (!(known as readonly string[]).includes(got)) {
      throw new InputError({ where: `comBat: ${name}`, what: 'unknown', expected: `one of ${known.join(', ')}`, got });
    }
  }
}
