/** The metrics by their names. */
import type { Agreement, Metric } from './agreement.ts';
import { mattes } from './mattes.ts';
import { meanSquares } from './mean-squares.ts';
import { normalizedCorrelation } from './normalized-correlation.ts';
import type { Range } from './range.ts';

/** @param regions of space, each of which has a joint histogram of its own */
export function agreementOf(metric: Metric, bins: number, moving: Range, regions: number): Agreement {
  if (metric === 'meanSquares') return meanSquares;
  if (metric === 'normalizedCorrelation') return normalizedCorrelation;
  return mattes(bins, moving, regions);
}
