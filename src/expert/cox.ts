/**
 * The expert of survival: Cox regression with a ridge or elastic-net penalty, chosen on inner folds by cross-validated
 * partial likelihood (Verweij and van Houwelingen 1993) along a warm-started path from strong to weak.
 */

import { floatsFrom, toBytes } from '../array/bytes.ts';
import { type Matrix, takeRows } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import { checkStopped, type Estimator, type Fitted, type JsonObject, type Run, type Saved } from '../estimator.ts';
import { checkSurvivalTimes, type SurvivalTimes } from '../score/survival-times.ts';
import { centre, checkBlocks, checkWidths, innerParts } from './blocks.ts';
import { type BaselineHazard, breslow, survivalProbabilities } from './breslow.ts';
import { chooseSparseCox } from './cox-elastic-net.ts';
import { coxNegativeLogLikelihood, takeTimes } from './cox-likelihood.ts';
import { coxCurvature, coxRidge } from './cox-ridge.ts';
import { coordinates, type Design, linearScores, weightsOfBlocks } from './design.ts';
import { l1Ratios, noFeatureKept } from './elastic-net-path.ts';
import { innerFolds } from './inner-folds.ts';
import { penaltyGrid } from './penalty-grid.ts';
import { type Preconditioner, preconditioner } from './preconditioner.ts';
import { crossProducts } from './products.ts';

const patience = 3; // penalties in a row without improvement before the path is left
const innerTolerance = 1e-4; // likelihoods are compared, not coefficients
const preconditionerReach = 5; // a factor serves penalties down to this part of its own

export interface CoxOptions {
  /**
   * Penalties to choose from, on the sum over events. `auto`: twelve values half a decade apart, from 100 down to 10^-3.5
   * times the mean squared distance of a training subject from the mean.
   */
  readonly penalties?: 'auto' | readonly number[];
  /**
   * Share of the absolute penalty, or shares to choose from on the inner folds: 0 (default) is ridge, 1 the lasso. Over 0,
   * penalty · ((1 − l1Ratio) / 2 ‖w‖² + l1Ratio ‖w‖₁) keeps some features and drops the others, and `auto` penalties run
   * from the weakest that keeps none, in thirty steps, to its hundredth (more features than subjects) or thousandth.
   */
  readonly l1Ratio?: number | readonly number[];
  /** Share of the gradient's norm (l1Ratio over 0: of its largest part) at w = 0 at which the final fit stops. */
  readonly tolerance?: number;
}

/** Linear predictors out: log hazard ratios against the mean training subject, higher meaning an earlier event. */
export interface FittedCox extends Fitted<readonly Matrix[], Float64Array> {
  readonly penalty: number;
  /** The share of the absolute penalty; 0: ridge. */
  readonly l1Ratio: number;
  readonly weights: readonly Float64Array[]; // per block [features]
  /** Breslow's cumulative hazard of the mean training subject. It holds the distinct event times of the training set. */
  readonly baseline: BaselineHazard;
  /** Survival probabilities [subjects, times]; beyond the last event time, those of the last. */
  survival(blocks: readonly Matrix[], atDays: ArrayLike<number>): Promise<Matrix<Float64Array>>;
}

/**
 * Cox regression (Efron ties) as an estimator: blocks of columns [subjects, features] side by side, times and events of
 * the same subjects, and linear predictors [subjects] out. Give one penalty to fix it.
 *
 * @throws InputError where nobody had the event, a time is not positive, a value is missing, a penalty is not
 * positive, or an l1Ratio is outside 0 .. 1
 */
export function cox(options: CoxOptions = {}): Estimator<readonly Matrix[], SurvivalTimes, Float64Array, FittedCox> {
  return {
    spec: { kind: 'cox', version: 1, options: options as unknown as JsonObject },
    async fit(blocks, times, run) {
      checkSurvivalTimes(times, 'cox');
      const rows = Int32Array.from(times.timeDays.keys());
      return (await crossFitCox({ blocks, rows }, times, options, run)).fitted;
    },
  };
}

export interface CrossFittedCox {
  readonly fitted: FittedCox;
  /** Linear predictor of each subject of the design by a model that had not seen it, against the same mean subject. */
  readonly outOfFold: Float64Array; // [rows of the design]
  /** Cross-validated log partial likelihood at the chosen penalty: Σ over inner folds of l(all) − l(without the fold). */
  readonly crossValidated: number;
  readonly warnings: readonly string[];
}

/**
 * Fits on the rows of the design and predicts each row out of fold, in one walk along the penalties.
 *
 * @param times of every subject of the blocks; those outside the design are not looked at
 */
export async function crossFitCox(
  design: Design,
  times: SurvivalTimes,
  { penalties = 'auto', l1Ratio = 0, tolerance = 1e-8 }: CoxOptions,
  run: Run,
): Promise<CrossFittedCox> {
  checkSurvivalTimes({ timeDays: rowsOf(times.timeDays, design.rows), event: rowsOf(times.event, design.rows) }, 'cox');
  const own = takeTimes(times, design.rows);
  const events = own.event.reduce((sum, one) => sum + one, 0);
  if (events === 0) {
    throw new InputError({
      where: 'cox',
      what: 'nobody had the event',
      expected: 'at least one event',
      got: `${own.event.length} censored subjects`,
    });
  }
  checkBlocks(design.blocks, times.timeDays.length, 'cox');
  const ratios = l1Ratios(l1Ratio, 'cox');
  const folds = innerFolds(design, Int32Array.from(own.event), run);
  const overZero = ratios.filter((ratio) => ratio > 0);
  const sparse = overZero.length > 0 && chooseSparseCox(design, own, folds, { ratios: overZero, penalties }, run);
  const ridge = ratios.includes(0) && (await ridgePath(design, own, folds, penalties, run));
  const asSparse = sparse && !(ridge && ridge.crossValidated >= -sparse.loss);
  const chosen = asSparse ? { ...sparse, crossValidated: -sparse.loss } : { ...(ridge as RidgePath), l1Ratio: 0 };
  const { penalty } = chosen;
  const { weights, converged } = chosen.refit(tolerance);
  const raw = linearScores(design.blocks, weights, new Float64Array(1));
  const offset = -design.rows.reduce((sum, row) => sum + raw[row], 0) / design.rows.length;
  const predictor = Float64Array.from(design.rows, (row) => raw[row] + offset);
  return {
    fitted: fittedCox({ penalty, l1Ratio: chosen.l1Ratio }, weights, offset, breslow(own, predictor)),
    outOfFold: chosen.outOfFold,
    crossValidated: chosen.crossValidated,
    warnings: [
      ...(converged ? [] : [`cox: stopped before the gradient vanished at penalty ${penalty}`]),
      ...(asSparse ? noFeatureKept('cox', penalty, weights) : []),
    ],
  };
}

interface RidgePath extends Chosen {
  /** Fits on all rows at the penalty chosen. */
  refit(tolerance: number): { readonly weights: readonly Float64Array[]; readonly converged: boolean };
}

/** The ridge model, in as few coordinates as the design spans. */
async function ridgePath(
  design: Design,
  times: SurvivalTimes,
  folds: Int32Array,
  penalties: 'auto' | readonly number[],
  run: Run,
): Promise<RidgePath> {
  const { x: spanned, dual } = await coordinates(design, run);
  const { x } = centre(spanned);
  const products = crossProducts(x);
  const chosen = choosePenalty({ x, products, times }, folds, penalties, run);
  const { penalty } = chosen;
  return {
    ...chosen,
    refit(tolerance) {
      const solution = coxRidge(x, times, {
        penalty,
        tolerance,
        preconditioner: preconditioner(products, penalty, coxCurvature(times)),
      });
      const weights = weightsOfBlocks(design, dual, { outputs: 1, ...solution }, penalty);
      return { weights, converged: solution.converged };
    },
  };
}

interface Chosen {
  readonly penalty: number;
  readonly crossValidated: number;
  readonly outOfFold: Float64Array; // [rows]
}

/** Walks from strong to weak penalties until the cross-validated partial likelihood has stopped rising. */
function choosePenalty(
  data: { readonly x: Matrix<Float64Array>; readonly products: Matrix<Float64Array>; readonly times: SurvivalTimes },
  folds: Int32Array,
  penalties: 'auto' | readonly number[],
  run: Run,
): Chosen {
  const { x, products, times } = data;
  const parts = innerParts(folds).map(({ train, validate }) => ({
    validate,
    x: takeRows(x, train),
    times: takeTimes(times, train),
  }));
  const share = 1 - 1 / parts.length;
  const starts: (Float64Array | undefined)[] = parts.map(() => undefined);
  let shared: Preconditioner | undefined;
  let madeFor = Number.POSITIVE_INFINITY;
  let best: Chosen | undefined;
  let sinceBest = 0;
  for (const penalty of penaltyGrid(penalties, x, 'cox')) {
    checkStopped(run, 'cox');
    if (!shared || penalty < madeFor / preconditionerReach) {
      madeFor = penalty;
      shared = preconditioner(products, penalty, coxCurvature(times), share);
    }
    let crossValidated = 0;
    const outOfFold = new Float64Array(x.shape[0]);
    for (const [f, part] of parts.entries()) {
      const options = { penalty, tolerance: innerTolerance, preconditioner: shared };
      const solution = coxRidge(part.x, part.times, { ...options, ...(starts[f] && { start: starts[f] }) });
      starts[f] = solution.weights;
      const everyone = linearScores([x], [solution.weights], new Float64Array(1));
      crossValidated += solution.loss - coxNegativeLogLikelihood(times, everyone);
      for (const row of part.validate) outOfFold[row] = everyone[row];
    }
    if (!best || crossValidated > best.crossValidated) {
      best = { penalty, crossValidated, outOfFold };
      sinceBest = 0;
    } else if (++sinceBest >= patience) break;
  }
  return best as Chosen;
}

function fittedCox(
  { penalty, l1Ratio }: { readonly penalty: number; readonly l1Ratio: number },
  weights: readonly Float64Array[],
  offset: number,
  baseline: BaselineHazard,
): FittedCox {
  const widths = weights.map((w) => w.length);
  const predict = (blocks: readonly Matrix[]) => {
    checkWidths(blocks, widths, 'cox');
    return linearScores(blocks, weights, Float64Array.of(offset));
  };
  return {
    penalty,
    l1Ratio,
    weights,
    baseline,
    async apply(blocks) {
      return predict(blocks);
    },
    async survival(blocks, atDays) {
      return survivalProbabilities(baseline, predict(blocks), atDays);
    },
    save() {
      const blobs: Record<string, Uint8Array> = {
        timesDays: toBytes(baseline.timesDays),
        cumulativeHazard: toBytes(baseline.cumulativeHazard),
      };
      weights.forEach((values, b) => {
        blobs[`weights.${b}`] = toBytes(values);
      });
      return {
        kind: 'cox',
        version: 1,
        state: { penalty, ...(l1Ratio > 0 && { l1Ratio }), offset, widths, eventTimes: baseline.timesDays.length },
        blobs,
      };
    },
  };
}

/** @throws InputError where a part of the saved model is damaged */
export function openCox({ state, blobs }: Saved): FittedCox {
  const {
    penalty,
    l1Ratio = 0,
    offset,
    widths,
    eventTimes,
  } = state as unknown as {
    penalty: number;
    l1Ratio?: number; // absent: ridge
    offset: number;
    widths: number[];
    eventTimes: number;
  };
  const weights = widths.map((length, b) => floatsFrom(blobs[`weights.${b}`], length, `cox: weights ${b}`));
  return fittedCox({ penalty, l1Ratio }, weights, offset, {
    timesDays: floatsFrom(blobs.timesDays, eventTimes, 'cox: event times'),
    cumulativeHazard: floatsFrom(blobs.cumulativeHazard, eventTimes, 'cox: cumulative hazard'),
  });
}

function rowsOf(values: ArrayLike<number>, rows: Int32Array): number[] {
  return Array.from(rows, (row) => values[row]);
}
