/** Columns that tell a class almost alone: more often a copy of the outcome, or its consequence, than a discovery. */

import { normalUpper } from '../array/distributions.ts';
import { midranks } from '../array/midranks.ts';
import type { Block } from '../describe/cohort.ts';
import type { ClassTarget } from '../describe/target.ts';
import type { Leak } from './inspection.ts';

const suspicious = 0.98; // AUROC
const fewest = 5; // subjects of the class, and others
const mostLevels = 10; // of a nominal column, so that its order by class does not fit noise

/**
 * Columns with an AUROC above .98 for a class against the rest, whichever way they point, by their values or by which
 * subjects have one. What might be luck among so many columns is left out: a rank test adjusted by Bonferroni over all
 * columns and classes must reject at 5 %. Nominal levels are put in the order of their share of the class.
 *
 * @param blocks All modalities, since luck grows with the number of columns in all of them.
 */
export function suspectedLeaks(blocks: readonly Block[], target: ClassTarget): Leak[] {
  const columns = blocks.reduce((sum, { values }) => sum + values.shape[1], 0);
  const limit = 0.05 / (2 * columns * target.classes.length);
  const found = blocks.flatMap((block) =>
    block.modality.features.flatMap((_, j) => [
      ...leaksByValue(block, j, target, limit),
      ...leaksByGap(block, j, target, limit),
    ]),
  );
  return found.sort((a, b) => b.auroc - a.auroc);
}

function leaksByValue(block: Block, j: number, target: ClassTarget, limit: number): Leak[] {
  const { modality, values, observed } = block;
  const width = values.shape[1];
  const { scale, levels } = modality.features[j];
  const rows: number[] = [];
  for (let i = 0; i < target.labels.length; i++) if (observed[i * width + j]) rows.push(i);
  const labels = Int32Array.from(rows, (row) => target.labels[row]);
  const column = Float64Array.from(rows, (row) => values.data[row * width + j]);
  const byLevel = scale === 'nominal' && (levels === undefined || levels.length > 2);
  if (byLevel && new Set(column).size > mostLevels) return [];
  const ranks = byLevel ? undefined : midranks(column);
  return leaksOf(block, j, target, labels, limit, 'value', (k) => ranks ?? midranks(classShares(column, labels, k)));
}

/** Among those who have the modality. That lacking all of it goes with the target is tested elsewhere. */
function leaksByGap(block: Block, j: number, target: ClassTarget, limit: number): Leak[] {
  const { values, observed, present } = block;
  const width = values.shape[1];
  const rows: number[] = [];
  for (let i = 0; i < present.length; i++) if (present[i]) rows.push(i);
  if (rows.every((row) => observed[row * width + j])) return [];
  const labels = Int32Array.from(rows, (row) => target.labels[row]);
  const ranks = midranks(Float64Array.from(rows, (row) => observed[row * width + j]));
  return leaksOf(block, j, target, labels, limit, 'missingness', () => ranks);
}

function leaksOf(
  { modality }: Block,
  j: number,
  { classes }: ClassTarget,
  labels: Int32Array,
  limit: number,
  by: Leak['by'],
  ranksFor: (k: number) => Float64Array,
): Leak[] {
  const n = labels.length;
  const found: Leak[] = [];
  for (let k = classes.length === 2 ? 1 : 0; k < classes.length; k++) {
    const events = labels.reduce((sum, label) => sum + (label === k ? 1 : 0), 0);
    if (events < fewest || n - events < fewest) continue;
    const ranks = ranksFor(k);
    let sum = 0;
    for (let i = 0; i < n; i++) if (labels[i] === k) sum += ranks[i];
    const towards = (sum - (events * (events + 1)) / 2) / (events * (n - events)); // Mann and Whitney (1947)
    const auroc = Math.max(towards, 1 - towards);
    const z = (auroc - 0.5) / Math.sqrt((n + 1) / (12 * events * (n - events)));
    if (auroc <= suspicious || 2 * normalUpper(z) > limit) continue;
    found.push({ modality: modality.name, feature: modality.features[j].name, class: classes[k], auroc, by, n });
  }
  return found;
}

/** Instead of each value, the share of class k among the subjects with that value. */
function classShares(column: Float64Array, labels: Int32Array, k: number): Float64Array {
  const n = new Map<number, number>();
  const events = new Map<number, number>();
  for (let i = 0; i < column.length; i++) {
    n.set(column[i], (n.get(column[i]) ?? 0) + 1);
    if (labels[i] === k) events.set(column[i], (events.get(column[i]) ?? 0) + 1);
  }
  return column.map((value) => (events.get(value) ?? 0) / (n.get(value) as number));
}
