/** The two halves of ComBat: what is learned of the training sites, and how it is taken out of a block. */
import { emptyLike } from '../array/matrix.ts';
import type { Block } from '../describe/cohort.ts';
import { InputError } from '../errors.ts';
import { type BatchedBlock, checkSites, covariatesOf, trainingData } from './batched-block.ts';
import { effectOf, fitSites } from './combat-model.ts';
import { type Pooling, type SiteEffect, siteEffect } from './combat-prior.ts';
import { checkFeatures } from './features.ts';
import type { Learned } from './harmonizer.ts';
import { checkSiteSize, rowsBySite } from './site-rows.ts';

export const unseens = ['refuse', 'pass-through', 'pooled', 'own'] as const;
export type Unseen = (typeof unseens)[number];

export interface SiteAdjustment extends Learned {
  readonly names: string[];
  readonly sites: string[];
  readonly sizes: number[];
  readonly covariates: string[];
  readonly reference: number | null;
  readonly unseen: Unseen;
  readonly pooling: Pooling;
  readonly meanOnly: boolean;
  readonly mean: Float64Array; // [features]
  readonly slopes: Float64Array; // [covariates, features]
  readonly sd: Float64Array; // [features]; 0: the feature is carried unchanged
  readonly shift: Float64Array; // [sites, features], in units of sd
  readonly spread: Float64Array; // [sites, features], likewise
}

export interface AdjustmentOptions {
  readonly pooling: Pooling;
  readonly meanOnly: boolean;
  readonly reference: string | undefined;
  readonly unseen: Unseen;
}

/** Of training subjects only. @throws InputError where sites or covariates do not allow it */
export function learnAdjustment(batched: BatchedBlock, options: AdjustmentOptions): SiteAdjustment {
  const { pooling, meanOnly, reference, unseen } = options;
  const data = trainingData(batched);
  const { block, sites } = data;
  const ref = reference === undefined ? undefined : sites.indexOf(reference);
  checkSites(data, meanOnly, reference);
  const model = fitSites({ ...data, values: block.values, observed: block.observed }, ref);
  const features = block.modality.features.length;
  const scaled = scaledOf(model.sd);
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
  return {
    names: block.modality.features.map(({ name }) => name),
    sites,
    sizes: sites.map((_, s) => data.site.filter((own) => own === s).length),
    covariates: [...data.covariateNames],
    reference: ref ?? null,
    unseen,
    pooling,
    meanOnly,
    mean: model.mean,
    slopes: model.slopes,
    sd: model.sd,
    shift,
    spread,
  };
}

/** The block without what its sites add and multiply; who lacks the modality is carried along. */
export function adjusted(batched: BatchedBlock, state: SiteAdjustment): Block {
  const { names, sites, covariates, reference, mean, slopes, sd } = state;
  const { block, batch } = batched;
  const features = names.length;
  checkFeatures(block, names, 'comBat');
  const known = covariatesOf(batched, covariates);
  const { data } = block.values;
  const expected = (i: number, j: number) => mean[j] + effectOf(known.data, i, slopes, j, features);
  const out = emptyLike(data, data.length); // [subjects, features]
  out.set(data);
  for (const [name, rows] of rowsBySite(block, batch)) {
    const site = sites.indexOf(name);
    if (site >= 0 && site === reference) continue;
    const effect = site >= 0 ? effectOfSite(state, site) : effectUnseen(state, block, name, rows, expected);
    if (!effect) continue;
    for (const i of rows) {
      for (let j = 0; j < features; j++) {
        if (sd[j] === 0) continue;
        const usual = expected(i, j);
        const standardized = (data[i * features + j] - usual) / sd[j];
        out[i * features + j] = ((standardized - effect.shift[j]) / effect.spread[j]) * sd[j] + usual;
      }
    }
  }
  return { ...block, values: { shape: block.values.shape, data: out } };
}

/** What a site does to each feature, in units of its sd. */
interface Effect {
  readonly shift: Float64Array; // [features]
  readonly spread: Float64Array; // [features]
}

const rooted = ({ shift, variance }: SiteEffect): Effect => ({ shift, spread: variance.map(Math.sqrt) });

function scaledOf(sd: Float64Array): Int32Array {
  return Int32Array.from(sd.keys()).filter((j) => sd[j] > 0);
}

function effectOfSite({ shift, spread, names }: SiteAdjustment, site: number): Effect {
  const [from, to] = [site * names.length, (site + 1) * names.length];
  return { shift: shift.subarray(from, to), spread: spread.subarray(from, to) };
}

function effectUnseen(
  state: SiteAdjustment,
  block: Block,
  name: string,
  rows: Int32Array,
  expected: (i: number, j: number) => number,
): Effect | undefined {
  switch (state.unseen) {
    case 'pass-through':
      return undefined;
    case 'pooled':
      return averageEffect(state);
    case 'own':
      if (!state.meanOnly) checkSiteSize(name, rows, 'comBat: unseen: own');
      return ownEffect(state, block, rows, expected);
    case 'refuse':
      throw new InputError({
        where: `comBat: ${block.modality.name}`,
        what: `site "${name}" was not in training`,
        expected: `one of ${state.sites.join(', ')}, or the option unseen: pass-through, pooled or own`,
      });
  }
}

/** That of the training sites, weighted by their subjects. */
function averageEffect(state: SiteAdjustment): Effect {
  const { sites, sizes, names } = state;
  const total = sizes.reduce((a, b) => a + b, 0);
  const shift = new Float64Array(names.length); // [features]
  const variance = new Float64Array(names.length); // [features]
  sites.forEach((_, s) => {
    const effect = effectOfSite(state, s);
    for (let j = 0; j < names.length; j++) {
      shift[j] += (sizes[s] / total) * effect.shift[j];
      variance[j] += (sizes[s] / total) * effect.spread[j] ** 2;
    }
  });
  return rooted({ shift, variance });
}

/** That of the subjects at hand, told from their values alone, against what training says is usual. */
function ownEffect(
  { sd, names, pooling, meanOnly }: SiteAdjustment,
  { values, observed }: Block,
  rows: Int32Array,
  expected: (i: number, j: number) => number,
): Effect {
  const features = names.length;
  const counts = new Float64Array(features); // [features]
  const means = new Float64Array(features); // [features]
  const squares = new Float64Array(features); // [features]
  for (const i of rows) {
    for (let j = 0; j < features; j++) {
      if (sd[j] === 0 || !observed[i * features + j]) continue;
      const z = (values.data[i * features + j] - expected(i, j)) / sd[j];
      const before = z - means[j];
      counts[j]++;
      means[j] += before / counts[j];
      squares[j] += before * (z - means[j]); // Welford 1962
    }
  }
  return rooted(siteEffect({ counts, means, squares }, scaledOf(sd), pooling, meanOnly));
}
