import { emptyLike } from '../array/matrix.ts';
import { type Block, takeBlockRows } from '../describe/cohort.ts';
import { checkFeatures, observedValues } from './features.ts';
import { harmonizer, type Learned } from './harmonizer.ts';
import { checkSiteSize, rowsBySite, sitesOf } from './site-rows.ts';
import { isSpread, type MeanAndSd, meanAndSd } from './z-score-map.ts';

export interface StandardizeOptions {
  /** The scale to map onto; default: mean 0, sd 1. */
  readonly to?: MeanAndSd;
  /**
   * `site`: each site by its own mean and standard deviation, a site that was not in training by those of the subjects at
   * hand, without their labels (transductive: a value then depends on who else is looked at). Where sites differ in their
   * mix of classes this takes the difference between classes out with that between sites. Default: all subjects alike.
   */
  readonly within?: 'site';
}

/** y = x · factor + offset, feature by feature. */
interface Line {
  readonly factor: Float64Array; // [features]
  readonly offset: Float64Array; // [features]
}

interface State extends Learned {
  readonly names: string[];
  readonly factor: Float64Array; // [sites, features]; of one where sites count alike
  readonly offset: Float64Array; // [sites, features]
}

interface BySite extends State {
  readonly to: { readonly mean: number; readonly sd: number };
  readonly sites: string[];
}

/**
 * The z-score map of each feature from its training mean and standard deviation onto a common scale (mean 0, sd 1).
 * Learned from measured values only; filled holes are carried along. A constant feature becomes the common mean.
 *
 * @throws InputError with `within: site` where no sites are told, and at a site of one subject
 */
export const standardize = harmonizer({
  kind: 'standardize',
  version: 1,
  learn(block, { to = { mean: 0, sd: 1 }, within }: StandardizeOptions): State | BySite {
    const names = block.modality.features.map((feature) => feature.name);
    if (within === undefined) return { names, ...lineOf(block, to) };
    const rows = rowsBySite(block, sitesOf(block, step));
    for (const [site, own] of rows) checkSiteSize(site, own, step);
    const lines = [...rows.values()].map((own) => lineOf(takeBlockRows(block, own), to));
    const all = (of: keyof Line) => Float64Array.from(lines.flatMap((line) => [...line[of]])); // [sites, features]
    return { names, factor: all('factor'), offset: all('offset'), to: { ...to }, sites: [...rows.keys()] };
  },
  transform(block, state): Block {
    checkFeatures(block, state.names, 'standardize');
    const lines = isBySite(state) ? linesBySite(block, state) : undefined;
    const [rows, columns] = block.values.shape;
    const data = emptyLike(block.values.data, rows * columns); // [subjects, features]
    for (let i = 0, at = 0; i < rows; i++) {
      const { factor, offset } = lines?.[i] ?? state;
      for (let j = 0; j < columns; j++, at++) data[at] = block.values.data[at] * factor[j] + offset[j];
    }
    return { ...block, values: { shape: [rows, columns], data } };
  },
});

const step = 'standardize within site';

function lineOf(block: Block, to: MeanAndSd): Line {
  const columns = block.values.shape[1];
  const offset = new Float64Array(columns); // [features]
  const factor = new Float64Array(columns); // [features]
  for (let j = 0; j < columns; j++) {
    const { mean, sd } = meanAndSd(observedValues(block, j));
    factor[j] = isSpread({ mean, sd }) ? to.sd / sd : 0;
    offset[j] = to.mean - mean * factor[j];
  }
  return { factor, offset };
}

function isBySite(state: State | BySite): state is BySite {
  return 'sites' in state;
}

/** The line of each subject's site; who lacks the modality at a site that has no line becomes the common mean. */
function linesBySite(block: Block, { names, sites, factor, offset, to }: BySite): Line[] {
  const many = names.length;
  const own = (all: Float64Array, s: number) => all.subarray(s * many, (s + 1) * many);
  const known = new Map(sites.map((site, s) => [site, { factor: own(factor, s), offset: own(offset, s) }]));
  const told = sitesOf(block, step);
  for (const [site, rows] of rowsBySite(block, told)) {
    if (known.has(site)) continue;
    checkSiteSize(site, rows, step);
    known.set(site, lineOf(takeBlockRows(block, rows), to));
  }
  const common = { factor: new Float64Array(many), offset: new Float64Array(many).fill(to.mean) };
  return told.map((site) => known.get(site) ?? common);
}
