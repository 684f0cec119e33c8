/**
 * Survival: Cox experts, whose opinions are linear predictors in standard deviations about their mean over training
 * subjects, so that experts of different strength are averaged on one scale. How they are read as survival
 * probabilities is a Cox model of its own: the combined risk as its one covariate, fitted to risks out of fold.
 */
import { floatsFrom, toBytes } from '../../array/bytes.ts';
import { type Matrix, matrix, takeRows } from '../../array/matrix.ts';
import { type SurvivalTarget, takeTarget } from '../../describe/target.ts';
import { type JsonObject, nest, type Saved, unnest } from '../../estimator.ts';
import { type BaselineHazard, breslow, survivalProbabilities } from '../../expert/breslow.ts';
import { crossFitCox, type FittedCox, openCox } from '../../expert/cox.ts';
import { coxRidge } from '../../expert/cox-ridge.ts';
import { harrellC } from '../../score/concordance.ts';
import { horizons } from '../../score/horizons.ts';
import type { SurvivalPrediction } from '../prediction.ts';
import { basisOf, normalizedEntropy } from './basis.ts';
import type { Model, Readout, Task } from './task.ts';

export function survivalTask(target: SurvivalTarget): Task {
  return {
    width: 1,
    prior: Float64Array.of(0),
    async crossFit(design, { cox = {} }, run) {
      const { rows } = design;
      const events = rows.reduce((sum, row) => sum + target.event[row], 0);
      if (events === 0) {
        const warnings = ['cox: no event among those in training'];
        return { model: undefined, outOfFold: matrix(rows.length, 1, new Float64Array(rows.length)), warnings };
      }
      const { fitted, outOfFold, warnings } = await crossFitCox(design, target, cox, run);
      const scale = scaleOf(outOfFold, await fitted.apply(design.blocks.map((block) => takeRows(block, rows))));
      const standardized = outOfFold.map((value) => (value - scale.mean) / scale.sd);
      return { model: riskModel(fitted, scale), outOfFold: matrix(rows.length, 1, standardized), warnings };
    },
    skill({ data }, rows) {
      const c = harrellC(
        takeTarget(target, rows),
        Float64Array.from(rows, (row) => data[row]),
      );
      return c === undefined ? undefined : 2 * c - 1;
    },
    readout({ outOfFold, rows }) {
      const own = takeTarget(target, rows);
      const risk = Float64Array.from(rows, (row) => outOfFold.data[row]);
      const { weights } = coxRidge(matrix(rows.length, 1, risk), own, { penalty: slight });
      const slope = weights[0];
      const baseline = breslow(
        own,
        risk.map((value) => slope * value),
      );
      return survivalReadout({ slope, baseline, timesDays: horizons(target) });
    },
  };
}

const slight = 1e-3; // keeps the slope finite where risks part the events perfectly

interface Scale {
  readonly mean: number;
  readonly sd: number;
}

/**
 * The mean out of fold, and the larger one of the standard deviations out of fold and of the fit itself: where the two
 * differ much (features met in one subject only) the smaller would blow up what the fit says of such subjects. No spread (a
 * model that says the same of everyone) leaves predictors as they are.
 */
function scaleOf(outOfFold: Float64Array, fitted: Float64Array): Scale {
  const sd = Math.max(spread(outOfFold), spread(fitted));
  return { mean: meanOf(outOfFold), sd: sd > 1e-12 ? sd : 1 };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function spread(values: Float64Array): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

function riskModel(fitted: FittedCox, scale: Scale): Model {
  return {
    penalty: fitted.penalty,
    l1Ratio: fitted.l1Ratio,
    async apply(blocks): Promise<Matrix<Float64Array>> {
      const predictor = await fitted.apply(blocks);
      return matrix(
        predictor.length,
        1,
        predictor.map((value) => (value - scale.mean) / scale.sd),
      );
    },
    save() {
      const blobs: Record<string, Uint8Array> = {};
      return { kind: 'risk', version: 1, state: { ...scale, cox: nest(fitted.save(), 'cox', blobs) }, blobs };
    },
  };
}

export function openRiskModel({ state, blobs }: Saved): Model {
  const { cox, ...scale } = state as unknown as Scale & { readonly cox: JsonObject };
  return riskModel(openCox(unnest(cox, 'cox', blobs)), scale);
}

interface Learned {
  /** Log hazard ratio of one standard deviation of risk, out of fold. */
  readonly slope: number;
  readonly baseline: BaselineHazard;
  readonly timesDays: Float64Array; // [times]
}

function survivalReadout(learned: Learned): Readout {
  const { slope, baseline, timesDays } = learned;
  const prior = Float64Array.of(0);
  const times = timesDays.length;
  return {
    kind: 'survival',
    prior,
    read(x, said): SurvivalPrediction {
      const { basis, opinions: risk } = basisOf(x, said, prior);
      const survival = survivalProbabilities(
        baseline,
        risk.map((value) => slope * value),
        timesDays,
      );
      const uncertainty = Float64Array.from(risk, (_, i) => {
        const p = times === 0 ? 0.5 : survival.data[i * times + (times >> 1)];
        return normalizedEntropy([p, 1 - p]);
      });
      return { kind: 'survival', risk, timesDays, survival, uncertainty, ...basis };
    },
    save() {
      const blobs = {
        timesDays: toBytes(timesDays),
        eventTimesDays: toBytes(baseline.timesDays),
        cumulativeHazard: toBytes(baseline.cumulativeHazard),
      };
      const state = { slope, times, eventTimes: baseline.timesDays.length };
      return { kind: 'survival', version: 1, state, blobs };
    },
  };
}

export function openSurvivalReadout(state: JsonObject, blobs: Saved['blobs']): Readout {
  const { slope, times, eventTimes } = state as { readonly slope: number; times: number; eventTimes: number };
  return survivalReadout({
    slope,
    timesDays: floatsFrom(blobs.timesDays, times, 'survival: times'),
    baseline: {
      timesDays: floatsFrom(blobs.eventTimesDays, eventTimes, 'survival: event times'),
      cumulativeHazard: floatsFrom(blobs.cumulativeHazard, eventTimes, 'survival: cumulative hazard'),
    },
  });
}
