/** Where the tissues of a subject stand in each of its scans, by the joint histogram of all modalities. */
import { type AlignedSubject, countedVoxels } from './aligned-scan.ts';
import { type Cells, cellsOf, type Span, spanOf } from './cells.ts';
import { addShared, emptySums, sharesOf, type Tissues, tissuesOf } from './mixture.ts';

/** A subject's scans as joint histograms, in spans of its own. */
export interface Histograms {
  readonly spans: readonly Span[]; // [modalities]
  readonly scans: readonly Cells[];
}

export function histogramsOf({ scans }: AlignedSubject, where: string): Histograms {
  const counted = scans.map((scan, s) => countedVoxels(scan, `${where}, scan ${s + 1} of ${scans.length}`));
  const spans = scans[0].values.map((_, m) => spanOf(scans, counted, m));
  return { spans, scans: scans.map((scan, s) => cellsOf(scan, counted[s], spans)) };
}

const subjectRounds = 20;
const scanRounds = 12;
/** Voxels that the subject's own landmark counts for in a scan that shows little of a tissue. */
const priorVoxels = 200;

/** The tissues of the population moved to where this subject's scans together have them; each scan has shares of its own. */
export function subjectTissues({ scans }: Histograms, population: Tissues): Tissues {
  const { many } = population;
  const modalities = population.means.length / many;
  const shares: Float64Array[] = scans.map(() => new Float64Array(many).fill(1 / many));
  let tissues = population;
  for (let round = 0; round < subjectRounds; round++) {
    const together = emptySums(many, modalities);
    scans.forEach((cells, s) => {
      const own = emptySums(many, modalities);
      addShared(cells, tissues, shares[s], own);
      shares[s] = sharesOf(own);
      for (const part of ['counts', 'firsts', 'seconds'] as const) {
        for (let at = 0; at < together[part].length; at++) together[part][at] += own[part][at];
      }
    });
    tissues = tissuesOf(together, tissues);
  }
  return tissues;
}

/** Means of tissues in one scan, which may differ from the subject's as far as its voxels say so: `[tissues, modalities]`. */
export function scanMeans(cells: Cells, subject: Tissues): Float64Array {
  const { many } = subject;
  const modalities = subject.means.length / many;
  let means: Float64Array = subject.means;
  let shares: Float64Array = new Float64Array(many).fill(1 / many);
  for (let round = 0; round < scanRounds; round++) {
    const sums = emptySums(many, modalities);
    addShared(cells, { ...subject, means }, shares, sums);
    shares = sharesOf(sums);
    means = sums.firsts.map((first, j) => {
      const count = sums.counts[Math.floor(j / modalities)];
      return (first + priorVoxels * subject.means[j]) / (count + priorVoxels);
    });
  }
  return means;
}
