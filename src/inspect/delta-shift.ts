/**
 * What would become of a difference if the values that are missing were unlike those that were measured. Whether they are
 * cannot be tested (Little and Rubin 2019, section 15); how far they would have to be can be told: the δ-adjustment of
 * pattern-mixture models (van Buuren 2018, section 3.8).
 */
import type { Block, Cohort } from '../describe/cohort.ts';
import type { ClassTarget } from '../describe/target.ts';
import type { DeltaShift } from './inspection.ts';

const deltas = [-1, -0.5, 0, 0.5, 1]; // standard deviations
const fewest = 10; // measured subjects of each class
const missingEnough = 0.05; // of all subjects

/**
 * For each modality its most telling numeric column that at least 5 % of all subjects lack (with or without the rest of
 * the modality). A gap is filled with the mean of the subject's class, in the second class (the event) plus δ: the
 * difference of means then moves by δ times the share that is missing there. Targets of two classes only.
 */
export function deltaShifts({ blocks }: Cohort, target: ClassTarget): DeltaShift[] {
  if (target.classes.length !== 2) return [];
  return blocks.flatMap((block) => {
    const found = block.modality.features.flatMap((_, j) => differenceOf(block, j, target) ?? []);
    if (found.length === 0) return [];
    const { feature, difference, missingShare } = found.reduce((best, next) =>
      Math.abs(next.difference) > Math.abs(best.difference) ? next : best,
    );
    const move = missingShare[1];
    return [
      {
        modality: block.modality.name,
        feature,
        missingShare,
        differences: deltas.map((delta) => ({ delta, difference: difference + delta * move })),
        tippingDelta: move > 0 ? -difference / move : null,
      },
    ];
  });
}

interface Difference {
  readonly feature: string;
  /** Of class means, second less first, in standard deviations within class. */
  readonly difference: number;
  readonly missingShare: readonly [number, number];
}

function differenceOf(
  { modality, values, observed }: Block,
  j: number,
  { labels }: ClassTarget,
): Difference | undefined {
  const { name, scale } = modality.features[j];
  if (scale === 'nominal' || scale === 'ordinal') return undefined;
  const width = values.shape[1];
  const all = [0, 0]; // [classes], likewise below
  const n = [0, 0];
  const mean = [0, 0];
  const squares = [0, 0];
  for (let i = 0; i < labels.length; i++) {
    const k = labels[i];
    all[k]++;
    if (!observed[i * width + j]) continue;
    n[k]++;
    const off = values.data[i * width + j] - mean[k];
    mean[k] += off / n[k];
    squares[k] += off * (values.data[i * width + j] - mean[k]);
  }
  if (Math.min(...n) < fewest || n[0] + n[1] > (1 - missingEnough) * labels.length) return undefined;
  const sd = Math.sqrt((squares[0] + squares[1]) / (n[0] + n[1] - 2));
  if (!(sd > 0)) return undefined;
  return {
    feature: name,
    difference: (mean[1] - mean[0]) / sd,
    missingShare: [1 - n[0] / all[0], 1 - n[1] / all[1]],
  };
}
