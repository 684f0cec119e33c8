/** Which tissues are landmarks of a modality, and where they stand in each scan: kept in rank, and apart from composition. */
import type { Cells } from './cells.ts';
import { holdApart, seenIn } from './composition.ts';
import type { Tissues } from './mixture.ts';

/** Wider than this, in spans, a tissue has no value of its own in a modality. */
const widest = 0.15;
/** Nearer than this, in spans, two tissues are one landmark: the narrower. */
const nearest = 0.15;
/** Of the reference's distance between two landmarks, the least that a scan may have. */
const leastStretch = 0.25;

/** Tissues that serve as landmarks of a modality, by ascending value. */
export function landmarkTissues({ many, means, variances }: Tissues, modality: number): number[] {
  const modalities = means.length / many;
  const mean = (k: number) => means[k * modalities + modality];
  const variance = (k: number) => variances[k * modalities + modality];
  const kept: number[] = [];
  for (const k of [...Array(many).keys()].sort((a, b) => variance(a) - variance(b))) {
    if (Math.sqrt(variance(k)) > widest && kept.length > 0) continue;
    if (kept.every((other) => Math.abs(mean(other) - mean(k)) >= nearest)) kept.push(k);
  }
  return kept.sort((a, b) => mean(a) - mean(b));
}

export interface ModalityLandmarks {
  readonly modality: number;
  /** Where landmarks stand in the population, rising, in spans. */
  readonly reference: Float64Array; // [landmarks]
  /** The same in the subject. */
  readonly subject: Float64Array; // [landmarks]
  /** The same in each scan alone, as its voxels say. */
  readonly scans: readonly Float64Array[]; // [scans][landmarks]
}

/**
 * Landmarks of each scan, by which the middle half of no tissue's band follows the share of voxels above it over the scans of
 * the subject, and which rise as those of the population: `[scans][landmarks]`.
 */
export function settled(
  { modality, reference, subject, scans }: ModalityLandmarks,
  histograms: readonly Cells[],
  composition: boolean,
): Float64Array[] {
  const steady = inRank(subject, reference, reference);
  const out = scans.map((own) => inRank(own, steady, reference));
  if (composition) {
    for (let k = 0; k < reference.length; k++) {
      const low = k > 0 ? (steady[k - 1] + steady[k]) / 2 : Number.NEGATIVE_INFINITY;
      const high = k + 1 < reference.length ? (steady[k] + steady[k + 1]) / 2 : Number.POSITIVE_INFINITY;
      const seen = histograms.map((cells) => seenIn(cells, { modality, low, high }));
      holdApart(out, k, reference, seen);
    }
  }
  return out.map((own) => inRank(own, steady, reference));
}

/** Landmarks, moved as little towards steady ones as it takes for them to rise as the reference does. */
function inRank(own: Float64Array, steady: Float64Array, reference: Float64Array): Float64Array {
  for (let share = 0; share < 1; share += 0.125) {
    const mixed = own.map((value, k) => (1 - share) * value + share * steady[k]); // [landmarks]
    if (
      mixed.every((value, k) => k === 0 || value - mixed[k - 1] >= leastStretch * (reference[k] - reference[k - 1]))
    ) {
      return mixed;
    }
  }
  return steady;
}
