/** The penalty and the l1Ratio of a sparse model, chosen on inner folds along paths from strong to weak. */
import { InputError } from '../errors.ts';
import { checkStopped, type Run } from '../estimator.ts';
import { checkPenalties } from './penalty-grid.ts';

const gridSteps = 30;
const patience = 6; // penalties in a row without improvement, once features are kept, before a path is left

/**
 * The shares of the absolute penalty to choose from, as given.
 *
 * @throws InputError where one is outside 0 .. 1, or none is given
 */
export function l1Ratios(l1Ratio: number | readonly number[], where: string): number[] {
  const ratios = typeof l1Ratio === 'number' ? [l1Ratio] : [...new Set(l1Ratio)];
  const wrong = ratios.find((value) => !(value >= 0 && value <= 1));
  if (wrong !== undefined || ratios.length === 0) {
    throw new InputError({
      where: `${where}: l1Ratio`,
      what: 'unusable',
      expected: 'numbers from 0 (ridge) to 1 (lasso)',
      got: String(wrong ?? 'none'),
    });
  }
  return ratios;
}

/** What a penalty led to on the inner folds. */
export interface Tried {
  readonly loss: number;
  readonly outOfFold: Float64Array;
  /** Whether any inner fit kept a feature. */
  readonly keptAny: boolean;
}

export interface ChosenSparse {
  readonly l1Ratio: number;
  readonly penalty: number;
  readonly loss: number;
  readonly outOfFold: Float64Array;
}

interface Offer {
  readonly ratios: readonly number[]; // each over 0
  readonly penalties: 'auto' | readonly number[];
  /** The largest slope of the loss by a weight on all subjects, where all weights are zero. */
  readonly steepest: number;
  /** More features than subjects: weaker penalties only interpolate. */
  readonly wide: boolean;
}

/**
 * Walks down the penalties of each ratio until the inner loss has stopped falling.
 *
 * @param walk begins a path of one ratio on every inner fold
 */
export function chooseSparse(
  { ratios, penalties, steepest, wide }: Offer,
  walk: (l1Ratio: number) => (penalty: number) => Tried,
  run: Run,
  where: string,
): ChosenSparse {
  let best: ChosenSparse | undefined;
  for (const l1Ratio of ratios) {
    const tryAt = walk(l1Ratio);
    let leastOfPath = Number.POSITIVE_INFINITY;
    let sinceLeast = 0;
    const strongest = (steepest || 1) / l1Ratio;
    for (const penalty of penalties === 'auto' ? sparseGrid(strongest, wide) : checkPenalties(penalties, where)) {
      checkStopped(run, where);
      const { loss, outOfFold, keptAny } = tryAt(penalty);
      if (!best || loss < best.loss) best = { l1Ratio, penalty, loss, outOfFold };
      if (loss < leastOfPath) {
        leastOfPath = loss;
        sinceLeast = 0;
      } else if (keptAny && ++sinceLeast >= patience) break;
    }
  }
  return best as ChosenSparse;
}

/** Thirty penalties from the one that keeps no feature, evenly by logarithm, to its hundredth (wide data) or thousandth. */
function sparseGrid(strongest: number, wide: boolean): number[] {
  const decades = wide ? 2 : 3;
  return Array.from({ length: gridSteps }, (_, step) => strongest * 10 ** ((-decades * step) / (gridSteps - 1)));
}

/** A warning where nothing was worth its penalty. */
export function noFeatureKept(where: string, penalty: number, weights: readonly Float64Array[]): string[] {
  if (weights.some((values) => values.some((weight) => weight !== 0))) return [];
  return [`${where}: no feature was kept at penalty ${penalty}, so it says the same for everyone`];
}
