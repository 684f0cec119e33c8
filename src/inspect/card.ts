/** What one modality looks like: size, gaps, skewness, zeros, how its counts scatter, and columns that say nothing new. */
import type { Block } from '../describe/cohort.ts';
import { sizeOf } from '../describe/image-layout.ts';
import type { Scale } from '../describe/modality.ts';
import { type ColumnFigures, columnFigures, duplicateColumns, skewnessOf } from './columns.ts';
import { countScatter } from './count-scatter.ts';
import type { Columns, ModalityCard } from './inspection.ts';
import { spreadOf } from './spread.ts';

const shownColumns = 5;
const nearlyAll = 0.99; // of the subjects with one value
const fewestRows = 10;
const sameSum = 1e-3; // relative: tables of shares are often rounded to three digits

export function modalityCard(block: Block): ModalityCard {
  const { modality, present } = block;
  const { features, name, noise, constraint } = modality;
  const figures = columnFigures(block);
  const columns = features.map((_, j) => j);
  const ofScale = (...scales: Scale[]) => columns.filter((j) => scales.includes(features[j].scale));
  const sum = (of: Int32Array, over: readonly number[]) => over.reduce((total, j) => total + of[j], 0);
  const subjects = present.reduce((total, there) => total + there, 0);
  const [unit, ...others] = new Set(features.map((feature) => feature.unit));
  const scales: { [S in Scale]?: number } = {};
  for (const { scale } of features) scales[scale] = (scales[scale] ?? 0) + 1;
  const skewed = ofScale('interval', 'ratio', 'count').flatMap((j) => skewnessOf(figures, j) ?? []);
  const amounts = sum(figures.measured, ofScale('ratio', 'count'));
  const flat = (j: number) => figures.least[j] === figures.largest[j];
  const near = (j: number) =>
    !flat(j) && figures.measured[j] >= fewestRows && figures.commonest[j] >= nearlyAll * figures.measured[j];
  const copies = duplicateColumns(block, (j) => figures.measured[j] > 0 && !flat(j));
  const named = (found: readonly number[]): Columns => ({
    count: found.length,
    shown: found.slice(0, shownColumns).map((j) => features[j].name),
  });
  return {
    name,
    subjects,
    features: features.length,
    ...(modality.image && { image: sizeOf(modality.image) }),
    scales,
    ...(unit !== undefined && others.length === 0 && { unit }),
    noise,
    constraint,
    absentShare: present.length ? 1 - subjects / present.length : 0,
    missingShare: subjects ? Math.max(0, 1 - sum(figures.measured, columns) / (subjects * features.length)) : 1,
    skewness: spreadOf(skewed),
    zeroShare: amounts ? sum(figures.zeros, ofScale('ratio', 'count')) / amounts : null,
    counts: countScatter(block, figures),
    rowSum: constantRowSum(block, figures),
    constant: named(columns.filter((j) => figures.measured[j] > 0 && flat(j))),
    nearConstant: named(columns.filter(near)),
    duplicates: {
      count: copies.length,
      shown: copies.slice(0, shownColumns).map(([copy, of]) => [features[copy].name, features[of].name] as const),
    },
  };
}

/**
 * The total of every complete row, where at least 10 rows have the same to .1 % though three columns or more vary: then the
 * values are parts of a whole (Aitchison 1982), and only their ratios carry meaning.
 */
function constantRowSum({ modality, values, observed }: Block, { least, largest }: ColumnFigures): number | null {
  const [rows, width] = values.shape;
  const parts = modality.features.map(({ scale }, j) => (scale === 'ratio' || scale === 'count') && least[j] >= 0);
  const varying = least.filter((low, j) => low < largest[j]).length;
  if (varying < 3 || parts.includes(false)) return null;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let complete = 0;
  for (let i = 0; i < rows; i++) {
    if (observed.subarray(i * width, (i + 1) * width).includes(0)) continue;
    let total = 0;
    for (let at = i * width; at < (i + 1) * width; at++) total += values.data[at];
    low = Math.min(low, total);
    high = Math.max(high, total);
    complete++;
  }
  return complete >= fewestRows && high > 0 && high - low <= sameSum * high ? (low + high) / 2 : null;
}
