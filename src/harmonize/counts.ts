/** What the transforms of counts share: which features they are of, and how a subject's are rewritten together. */
import { emptyLike } from '../array/matrix.ts';
import type { Block } from '../describe/cohort.ts';
import type { Feature, NoiseModel } from '../describe/modality.ts';
import { InputError } from '../errors.ts';
import { checkFeatures } from './features.ts';

export interface EmptyOptions {
  /**
   * A subject of whom nothing was counted, so that no depth can be told: its counts become `missing` (default), for a later
   * step to fill in, or it is refused (`refuse`).
   */
  readonly empty?: 'missing' | 'refuse';
}

/** The counts of one subject. Each array is of the chosen features, and overwritten for the next subject. */
export interface SubjectCounts {
  readonly counts: Float64Array; // [chosen]
  readonly observed: Uint8Array; // [chosen]
  /** Of the measured ones. */
  readonly total: number;
}

/** Noise of counting: where it is stated, fractions are expected counts. */
const ofCounting: ReadonlySet<NoiseModel> = new Set(['poisson', 'negative-binomial']);

/** The features of the count scale and, where the noise is stated as that of counts, of the ratio scale (expected counts). */
export function countFeatures({ modality: { features, noise } }: Pick<Block, 'modality'>): number[] {
  return features.flatMap(({ scale }, j) =>
    scale === 'count' || (scale === 'ratio' && ofCounting.has(noise)) ? [j] : [],
  );
}

/** Calls `see` with the counts of each subject who has the modality. A negative measured count is refused. */
export function eachSubject(
  block: Block,
  chosen: readonly number[],
  where: string,
  see: (subject: SubjectCounts, row: number) => void,
): void {
  const [rows, columns] = block.values.shape;
  const counts = new Float64Array(chosen.length); // [chosen]
  const observed = new Uint8Array(chosen.length); // [chosen]
  for (let i = 0; i < rows; i++) {
    if (!block.present[i]) continue;
    let total = 0;
    for (let k = 0; k < chosen.length; k++) {
      const at = i * columns + chosen[k];
      counts[k] = block.values.data[at];
      observed[k] = block.observed[at];
      if (!observed[k]) continue;
      if (counts[k] < 0) refuseNegative(block, chosen[k], where, counts[k]);
      total += counts[k];
    }
    see({ counts, observed, total }, i);
  }
}

/**
 * Rewrites the chosen features, subject by subject: they are counts no more, nor is their noise. `rewrite` fills `out` [chosen], also at filled holes, which are carried
 * along; where it returns false nothing can be said of the subject (see `EmptyOptions`).
 */
export function rewritten(
  block: Block,
  plan: {
    readonly where: string;
    readonly names: readonly string[];
    readonly chosen: readonly number[];
    readonly empty: 'missing' | 'refuse';
    readonly feature: (feature: Feature) => Feature;
  },
  rewrite: (subject: SubjectCounts, out: Float64Array) => boolean,
): Block {
  const { where, names, chosen, empty } = plan;
  checkFeatures(block, names, where);
  if (chosen.length === 0) return block;
  const columns = names.length;
  const data = emptyLike(block.values.data, block.values.data.length); // [subjects, features]
  data.set(block.values.data);
  const mask = block.observed.slice(); // [subjects, features]
  const out = new Float64Array(chosen.length); // [chosen]
  eachSubject(block, chosen, where, (subject, i) => {
    const said = rewrite(subject, out);
    if (!said && empty === 'refuse' && subject.observed.includes(1)) refuseEmpty(block, i, where);
    chosen.forEach((j, k) => {
      data[i * columns + j] = said ? out[k] : 0;
      if (!said) mask[i * columns + j] = 0;
    });
  });
  const { noise } = block.modality;
  const features = block.modality.features.slice();
  for (const j of chosen) features[j] = plan.feature(features[j]);
  return {
    ...block,
    modality: { ...block.modality, features, noise: ofCounting.has(noise) ? 'unknown' : noise },
    values: { shape: block.values.shape, data },
    observed: mask,
  };
}

/** A feature on another scale than it was: its unit is another, or none. */
export function rescaled({ name, source }: Feature, scale: 'ratio' | 'interval', unit?: string): Feature {
  return { name, scale, ...(unit !== undefined && { unit }), ...(source !== undefined && { source }) };
}

function refuseNegative(block: Block, j: number, where: string, value: number): never {
  throw new InputError({
    where: `${where}: ${block.modality.name}: ${block.modality.features[j].name}`,
    what: 'a negative count',
    got: String(value),
  });
}

function refuseEmpty(block: Block, row: number, where: string): never {
  throw new InputError({
    where: `${where}: ${block.modality.name}`,
    what: `nothing was counted of subject ${row + 1} of ${block.present.length}`,
    expected: 'a positive count, or the option empty: missing',
  });
}
