/**
 * Breaks one modality of a cohort, as at test: noise, absence, rows that belong to somebody else. Each function returns
 * another cohort of the same subjects; the other modalities, and what the broken one is (features, sites), stay as they
 * are. (Time skew needs a world in which time passes: `simulateMonitored`.)
 */
import { emptyLike } from '../array/matrix.ts';
import { deriveSeed, permutation, type Random, random } from '../array/random.ts';
import { type Block, blockOf, type Cohort, cohort, takeBlockRows } from '../describe/cohort.ts';
import type { Scale } from '../describe/modality.ts';
import { optionChecks } from './check-options.ts';

export interface AddNoiseOptions {
  /** Standard deviation of the noise, in those of each column over this cohort's measured values. */
  readonly sd: number;
  readonly seed: number;
}

/**
 * Gaussian noise on every measured value of a modality, independent over subjects and columns. Counts are rounded, and
 * neither counts nor ratios fall below 0. A nominal or ordinal value gives way to that of a random subject with chance
 * sd² / (1 + sd²), which is the share of a noisy number's variance that is noise.
 *
 * @throws InputError for an unknown modality or option, and a number out of its range
 */
export function addNoise(x: Cohort, name: string, { sd, seed, ...unknown }: AddNoiseOptions): Cohort {
  const { between } = checked('addNoise', unknown);
  between('sd', sd, 0, Infinity);
  const block = blockOf(x, name);
  const [subjects, columns] = block.values.shape;
  const data = emptyLike(block.values.data, subjects * columns); // [subjects, features]
  block.modality.features.forEach((feature, j) => {
    const places: number[] = []; // of the column's measured values
    for (let at = j; at < data.length; at += columns) if (block.observed[at] === 1) places.push(at);
    const values = Float64Array.from(places, (at) => block.values.data[at]);
    const noisy = noisyColumn(values, feature.scale, sd, random(deriveSeed(seed, 'noise', name, feature.name)));
    places.forEach((at, p) => {
      data[at] = noisy[p];
    });
  });
  return replaced(x, { ...block, values: { shape: [subjects, columns], data } });
}

function noisyColumn(values: Float64Array, scale: Scale, sd: number, generator: Random): Float64Array {
  if (scale === 'nominal' || scale === 'ordinal') {
    const chance = (sd * sd) / (1 + sd * sd);
    return values.map((value) => (generator.uniform() < chance ? values[generator.integer(values.length)] : value));
  }
  const spread = sd * standardDeviation(values);
  return values.map((value) => {
    const noisy = value + spread * generator.normal();
    if (scale === 'interval') return noisy;
    return Math.max(Math.min(0, value), scale === 'count' ? Math.round(noisy) : noisy);
  });
}

function standardDeviation(values: Float64Array): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((a, b) => a + b) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

export interface BreakOptions {
  /** Share of the subjects with this modality who are struck, at random; rounded to whole subjects. */
  readonly share: number;
  readonly seed: number;
}

/**
 * Takes a modality away from a share of those who have it, completely at random; 1: from all. Whoever had nothing else
 * stays, with nothing.
 *
 * @throws InputError for an unknown modality or option, and a number out of its range
 */
export function removeModality(x: Cohort, name: string, { share, seed, ...unknown }: BreakOptions): Cohort {
  const { between } = checked('removeModality', unknown);
  between('share', share, 0, 1);
  const block = blockOf(x, name);
  const [subjects, columns] = block.values.shape;
  const data = emptyLike(block.values.data, subjects * columns); // [subjects, features]
  data.set(block.values.data);
  const observed = block.observed.slice();
  const present = block.present.slice();
  for (const i of struck(block, share, deriveSeed(seed, 'remove', name))) {
    data.fill(0, i * columns, (i + 1) * columns);
    observed.fill(0, i * columns, (i + 1) * columns);
    present[i] = 0;
  }
  return replaced(x, { ...block, values: { shape: [subjects, columns], data }, observed, present });
}

/**
 * Gives a share of those who have a modality the row of another one of them: swapped samples. Each of them gets a row that
 * is not their own, and each row goes to one of them (a random cycle), so no column's distribution changes. Sites stay with
 * the subjects.
 *
 * @throws InputError for an unknown modality or option, a number out of its range, and a share of one single subject
 */
export function misalign(x: Cohort, name: string, { share, seed, ...unknown }: BreakOptions): Cohort {
  const { between, refuse } = checked('misalign', unknown);
  between('share', share, 0, 1);
  const block = blockOf(x, name);
  const chosen = struck(block, share, deriveSeed(seed, 'misalign', name));
  if (chosen.length === 1)
    refuse('share', 'nobody to swap with', 'a share of no or at least two subjects', '1 subject');
  const from = Int32Array.from(x.subjects.keys()); // [subjects]
  chosen.forEach((row, c) => {
    from[row] = chosen[(c + 1) % chosen.length];
  });
  return replaced(x, { ...block, ...takeBlockRows(block, from), ...(block.sites && { sites: block.sites }) });
}

/** Rows of the subjects to strike, in random order. */
function struck({ present }: Block, share: number, seed: number): Int32Array {
  const having = Int32Array.from(present.keys()).filter((i) => present[i] === 1);
  const order = permutation(having.length, random(seed));
  return order.subarray(0, Math.round(share * having.length)).map((place) => having[place]);
}

function checked(where: string, unknown: object) {
  const checks = optionChecks(where);
  for (const name of Object.keys(unknown)) checks.refuse(name, 'unknown option', `an option of ${where}`, name);
  return checks;
}

/** The cohort with this block in the place of the one of its name. */
function replaced(x: Cohort, block: Block): Cohort {
  return cohort(
    x.subjects,
    x.blocks.map((one) => (one.modality.name === block.modality.name ? block : one)),
  );
}
