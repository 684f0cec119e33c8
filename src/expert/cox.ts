/**
 * The expert of survival: ridge-penalized Cox regression, its penalty chosen on inner folds by cross-validated partial
 * likelihood (Verweij and van Houwelingen 1993) along a warm-started path from strong to weak.
 */
import { floatsFrom, toBytes } from '../array/bytes.ts';
import { type Matrix, takeRows } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import { checkStopped, type Estimator, type Fitted, type JsonObject, type Run, type Saved } from '../estimator.ts';
import { checkSurvivalTimes, type SurvivalTimes } from '../score/survival-times.ts';
import { stratifiedFolds } from '../split/folds.ts';
import { centre, checkBlocks, checkWidths, innerParts } from './blocks.ts';
import { type BaselineHazard, breslow, survivalProbabilities } from './breslow.ts';
import { coxNegativeLogLikelihood } from './cox-likelihood.ts';
import { coxCurvature, coxRidge } from './cox-ridge.ts';
import { coordinates, type Design, linearScores, weightsOfBlocks } from './design.ts';
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
  /** Share of the gradient's norm at w = 0 at which the final fit stops. */
  readonly tolerance?: number;
}

/** Linear predictors out: log hazard ratios against the mean training subject, higher meaning an earlier event. */
export interface FittedCox extends Fitted<readonly Matrix[], Float64Array> {
  readonly penalty: number;
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
 * @throws InputError where nobody had the event, a time is not positive, a value is missing, or a penalty is not positive
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
  { penalties = 'auto', tolerance = 1e-8 }: CoxOptions,
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
  const { x: spanned, dual } = await coordinates(design, run);
  const { x } = centre(spanned);
  const products = crossProducts(x);
  const chosen = choosePenalty({ x, products, times: own }, innerFolds(design, own, run), penalties, run);
  const { penalty } = chosen;
  const solution = coxRidge(x, own, {
    penalty,
    tolerance,
    preconditioner: preconditioner(products, penalty, coxCurvature(own)),
  });
  const weights = weightsOfBlocks(design, dual, { outputs: 1, ...solution }, penalty);
  const raw = linearScores(design.blocks, weights, new Float64Array(1));
  const offset = -design.rows.reduce((sum, row) => sum + raw[row], 0) / design.rows.length;
  const predictor = Float64Array.from(design.rows, (row) => raw[row] + offset);
  return {
    fitted: fittedCox(penalty, weights, offset, breslow(own, predictor)),
    outOfFold: chosen.outOfFold,
    crossValidated: chosen.crossValidated,
    warnings: solution.converged ? [] : [`cox: stopped before the gradient vanished at penalty ${penalty}`],
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
  penalty: number,
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
        state: { penalty, offset, widths, eventTimes: baseline.timesDays.length },
        blobs,
      };
    },
  };
}

/** @throws InputError where a part of the saved model is damaged */
export function openCox({ state, blobs }: Saved): FittedCox {
  const { penalty, offset, widths, eventTimes } = state as unknown as {
    penalty: number;
    offset: number;
    widths: number[];
    eventTimes: number;
  };
  const weights = widths.map((length, b) => floatsFrom(blobs[`weights.${b}`], length, `cox: weights ${b}`));
  return fittedCox(penalty, weights, offset, {
    timesDays: floatsFrom(blobs.timesDays, eventTimes, 'cox: event times'),
    cumulativeHazard: floatsFrom(blobs.cumulativeHazard, eventTimes, 'cox: cumulative hazard'),
  });
}

function takeTimes({ timeDays, event }: SurvivalTimes, rows: Int32Array): SurvivalTimes {
  return {
    timeDays: Float64Array.from(rows, (row) => timeDays[row]),
    event: Uint8Array.from(rows, (row) => event[row]),
  };
}

function rowsOf(values: ArrayLike<number>, rows: Int32Array): number[] {
  return Array.from(rows, (row) => values[row]);
}

/** Inner folds of the design's rows: those handed over, unless they put all of these rows into one. */
function innerFolds({ rows }: Design, { event }: SurvivalTimes, { inner, seed }: Run): Int32Array {
  const given = inner && Int32Array.from(rows, (row) => inner[row]);
  if (given && new Set(given).size > 1) return given;
  return stratifiedFolds(Int32Array.from(event), { folds: Math.max(2, Math.min(5, event.length)), seed });
}
