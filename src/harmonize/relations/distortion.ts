/**
 * What harmonizing did to the relations between modalities. A map that keeps ranks within each scan still bends the relations
 * among scans: z-scored one by one, the same soft tissue comes out lower in a CT slice with more bone, though it is the same
 * tissue. Everything here is told before and after, per subject and per site.
 */
import { midranks } from '../../array/midranks.ts';
import { deriveSeed } from '../../array/random.ts';
import { InputError } from '../../errors.ts';
import { checkAligned, countedVoxels } from '../joint/aligned-scan.ts';
import { correlation } from './dependence.ts';
import type { BeforeAfter, Distortion, DistortionReport } from './distortion-report.ts';
import { checkHarmonized, type HarmonizedScan, together } from './harmonized-scan.ts';
import type { Pairs } from './joint-histogram.ts';
import { checkPermutations, checkWhole } from './permutation-null.ts';
import { type Draw, relationOf } from './relation.ts';
import { compositionOf, withinTissue } from './tissue-relations.ts';

export interface DistortionSubject {
  readonly name: string;
  readonly site?: string;
  readonly scans: readonly HarmonizedScan[];
}

export interface DistortionOptions {
  /** The two modalities, by their places in a scan. Default 0 and 1. */
  readonly modalities?: readonly [first: number, second: number];
  /** Of the histograms, along each axis. Default 32. */
  readonly bins?: number;
  /** Draws of the null. Default 200. */
  readonly permutations?: number;
  /** Names of tissues, for results. Default: their numbers. */
  readonly tissues?: readonly string[];
  readonly seed?: number;
}

/**
 * Voxels count by the mask, or where any modality is above 0, before harmonizing. Histograms have `bins` of equal width
 * between the 1st and 99th percentile (mutual information) and up to 16 of equal count (copula; a distance between empirical
 * copulas as in R. B. Nelsen, An Introduction to Copulas, 2006, section 5.6, in total variation).
 *
 * The null of a relation: the second modality of each scan is shifted, as a line of voxels, by a random distance of at least a
 * tenth of the scan, round its end. Each keeps its own texture, of which neighbouring voxels are no new evidence; permuting
 * single voxels would take every texture for a relation.
 *
 * @throws InputError on no subjects, scans of different size, modalities that are not there, and numbers of bins or permutations
 *   that are none
 */
export function distortion(
  subjects: readonly DistortionSubject[],
  { modalities = [0, 1], bins = 32, permutations = 200, tissues = [], seed = 0 }: DistortionOptions = {},
): DistortionReport {
  const many = checkAligned(subjects, 'distortion');
  const beyond = modalities.find((m) => !(Number.isInteger(m) && m >= 0 && m < many));
  if (beyond !== undefined || modalities[0] === modalities[1]) {
    const got = modalities.join(' and ');
    throw new InputError({ where: 'distortion: modalities', what: 'unusable', expected: `two below ${many}`, got });
  }
  checkWhole(bins, [4, 256], 'distortion: bins');
  checkPermutations(permutations, 'distortion');
  const found = subjects.map((subject, p) => {
    const { name, site } = subject;
    const draw = { bins, permutations, seed: deriveSeed(seed, 'distortion', p) };
    return { name, ...(site !== undefined && { site }), ...ofSubject(subject, modalities, tissues, draw) };
  });
  return { subjects: found, sites: sitesOf(found) };
}

function ofSubject(
  subject: DistortionSubject,
  [first, second]: readonly [number, number],
  names: readonly string[],
  draw: Draw,
): Distortion {
  const counted = subject.scans.map((scan, s) => countedVoxels(scan, `distortion: ${subject.name}, scan ${s + 1}`));
  subject.scans.forEach((scan, s) => {
    checkHarmonized(scan, counted[s], `distortion: ${subject.name}, scan ${s + 1}`);
  });
  const lengths = counted.map(({ length }) => length);
  const pairs = (of: (scan: HarmonizedScan) => readonly ArrayLike<number>[]): Pairs => ({
    first: together(subject.scans, counted, (scan) => of(scan)[first]),
    second: together(subject.scans, counted, (scan) => of(scan)[second]),
  });
  const [before, after] = [pairs(({ values }) => values), pairs((scan) => scan.after)];
  return {
    ...relationOf(before, after, lengths, draw),
    rankCorrelation: { before: rankCorrelation(before), after: rankCorrelation(after) },
    withinTissue: withinTissue(subject.scans, counted, before, after, names),
    composition: compositionOf(subject.scans, counted, [first, second], names),
  };
}

function rankCorrelation({ first, second }: Pairs): number {
  return correlation(midranks(first), midranks(second));
}

function sitesOf(subjects: DistortionReport['subjects']): DistortionReport['sites'] {
  const sites = [...new Set(subjects.flatMap(({ site }) => (site === undefined ? [] : [site])))].sort();
  return sites.map((site) => {
    const own = subjects.filter((subject) => subject.site === site);
    const mean = (of: (one: Distortion) => number) => own.reduce((sum, one) => sum + of(one), 0) / own.length;
    const both = (of: (one: Distortion) => BeforeAfter): BeforeAfter => ({
      before: mean((one) => of(one).before),
      after: mean((one) => of(one).after),
    });
    return {
      site,
      subjects: own.length,
      mutualInformation: both((one) => one.mutualInformation),
      rankCorrelation: both((one) => one.rankCorrelation),
      copulaDistance: mean((one) => one.copulaDistance),
    };
  });
}
