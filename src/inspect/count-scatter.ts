/** Whether counts scatter as Poisson counts do, and how much more if not. */
import { nbDispersion } from '../array/nb-dispersion.ts';
import type { Block } from '../describe/cohort.ts';
import type { ColumnFigures } from './columns.ts';
import type { CountScatter } from './inspection.ts';
import { evenly, median } from './spread.ts';

const testedAtMost = 1000; // columns: the rest would say the same and take longer
const makeATotal = 20; // columns that together are a sample's depth
const fewest = 10; // subjects

/**
 * Each count column against Poisson counts of its expectation, by the likelihood-ratio test of the negative binomial. Of
 * an assay (20 count columns or more without gaps) the expectation of a cell is its row's total times its column's share
 * of all counts, so that depth is not taken for scatter; else it is the column's mean. Null where no column has 10
 * subjects and a positive mean.
 */
export function countScatter(block: Block, figures: ColumnFigures): CountScatter | null {
  const { modality, present } = block;
  const subjects = present.reduce((sum, there) => sum + there, 0);
  const counts = modality.features
    .map((_, j) => j)
    .filter((j) => modality.features[j].scale === 'count' && figures.least[j] >= 0 && figures.means[j] > 0)
    .filter((j) => figures.measured[j] >= fewest);
  if (counts.length === 0) return null;
  const whole = counts.filter((j) => figures.measured[j] === subjects);
  const byDepth = whole.length >= makeATotal;
  const columns = evenly(byDepth ? whole : counts, testedAtMost);
  const depths = byDepth ? relativeDepths(block, whole) : new Float64Array(present.length).fill(1);
  const tests = columns.map((j) => testColumn(block, j, depths));
  return {
    tested: columns.length,
    expected: byDepth ? 'depth' : 'mean',
    slope: slopeOf(tests),
    overdispersed: tests.filter(({ p }) => p < 0.05).length,
    medianDispersion: median(tests.map(({ dispersion }) => dispersion)),
  };
}

/** The total of each row over the given columns, against the mean total. */
function relativeDepths({ values, present }: Block, columns: readonly number[]): Float64Array {
  const width = values.shape[1];
  const depths = new Float64Array(present.length); // [subjects]
  let all = 0;
  let subjects = 0;
  for (let i = 0; i < present.length; i++) {
    if (!present[i]) continue;
    for (const j of columns) depths[i] += values.data[i * width + j];
    all += depths[i];
    subjects++;
  }
  return depths.map((depth) => (depth * subjects) / all);
}

interface ColumnTest {
  readonly mean: number;
  readonly variance: number;
  readonly dispersion: number;
  readonly p: number;
}

/** A row without any count says nothing about how counts scatter. Mean and variance are of counts at mean depth. */
function testColumn({ values, observed }: Block, j: number, depths: Float64Array): ColumnTest {
  const [rows, width] = values.shape;
  const counts: number[] = [];
  const relative: number[] = [];
  for (let i = 0; i < rows; i++) {
    if (!observed[i * width + j] || !(depths[i] > 0)) continue;
    counts.push(values.data[i * width + j]);
    relative.push(depths[i]);
  }
  const share = counts.reduce((sum, x) => sum + x, 0) / relative.reduce((sum, depth) => sum + depth, 0);
  const atMeanDepth = counts.map((x, i) => x / relative[i]);
  const mean = atMeanDepth.reduce((sum, x) => sum + x, 0) / counts.length;
  const variance = atMeanDepth.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (counts.length - 1);
  const { dispersion, p } = nbDispersion(
    counts,
    relative.map((depth) => depth * share),
  );
  return { mean, variance, dispersion, p };
}

/** Least squares of ln variance on ln mean; null of fewer than three columns or of one mean. */
function slopeOf(tests: readonly ColumnTest[]): number | null {
  const points = tests
    .filter(({ mean, variance }) => mean > 0 && variance > 0)
    .map(({ mean, variance }) => [Math.log(mean), Math.log(variance)] as const);
  if (points.length < 3) return null;
  const centre = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x0, y0] = [centre(0), centre(1)];
  let xy = 0;
  let xx = 0;
  for (const [x, y] of points) {
    xy += (x - x0) * (y - y0);
    xx += (x - x0) ** 2;
  }
  return xx > 1e-9 ? xy / xx : null;
}
