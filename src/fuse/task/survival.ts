/**
 * Survival: Cox experts, whose opinions are linear predictors in standard deviations about their mean over training
 * subjects, so that experts of different strength are averaged on one scale. How they are read as risks and survival
 * probabilities is a Cox model of its own: the combined opinion as its one covariate, fitted to opinions out of fold, with
 * a slope for each set of modalities met often enough.
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
import { basisOf, normalizedEntropy, onlyForClasses, patternsIn } from './basis.ts';
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
    readout({ outOfFold, rows, patterns }, { recalibrate = false } = {}) {
      if (recalibrate) throw onlyForClasses('survival');
      const said = Float64Array.from(rows, (row) => outOfFold.data[row]);
      const own = takeTarget(target, rows);
      const slopes = slopesOf(own, said, patterns);
      const risk = said.map((value, i) => value * slopeOf(slopes, patterns[i]));
      return survivalReadout({ slopes, baseline: breslow(own, risk), timesDays: horizons(target) });
    },
  };
}

const slight = 1e-3; // penalty that keeps a slope finite where opinions part the events perfectly
const leastSlope = 0.01; // opinions without information keep their order, and say next to nothing
const fewestEvents = 20; // of a pattern, to have a slope of its own: with fewer it is mostly noise

/** Log hazard ratios of one standard deviation of the combined opinion, by the modalities it was combined from. */
interface Slopes {
  readonly all: number;
  readonly own: { readonly [pattern: string]: number };
}

/** Where only a weak modality is there its opinion is as wide as that of a strong one, but worth less. */
function slopesOf(times: SurvivalTarget, said: Float64Array, patterns: readonly string[]): Slopes {
  const everyone = Int32Array.from(said.keys());
  const own = [...new Set(patterns)].flatMap((pattern) => {
    const rows = everyone.filter((i) => patterns[i] === pattern);
    const events = rows.reduce((sum, i) => sum + times.event[i], 0);
    return events >= fewestEvents ? [[pattern, coxSlope(takeTarget(times, rows), pick(said, rows))] as const] : [];
  });
  return { all: coxSlope(times, said), own: Object.fromEntries(own) };
}

function coxSlope(times: SurvivalTarget, said: Float64Array): number {
  if (!times.event.includes(1)) return leastSlope;
  return Math.max(leastSlope, coxRidge(matrix(said.length, 1, said), times, { penalty: slight }).weights[0]);
}

function slopeOf({ all, own }: Slopes, pattern: string): number {
  return Object.hasOwn(own, pattern) ? own[pattern] : all;
}

function pick(values: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row]);
}

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
  readonly slopes: Slopes;
  readonly baseline: BaselineHazard;
  readonly timesDays: Float64Array; // [times]
}

function survivalReadout(learned: Learned): Readout {
  const { slopes, baseline, timesDays } = learned;
  const prior = Float64Array.of(0);
  const times = timesDays.length;
  return {
    kind: 'survival',
    prior,
    read(x, said): SurvivalPrediction {
      const { basis, opinions } = basisOf(x, said, prior);
      const patterns = patternsIn(x.subjects.length, basis.present, said.modalities);
      const risk = opinions.map((value, i) => value * slopeOf(slopes, patterns[i]));
      const survival = survivalProbabilities(baseline, risk, timesDays);
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
      const state = { slopes: { ...slopes }, times, eventTimes: baseline.timesDays.length };
      return { kind: 'survival', version: 1, state, blobs };
    },
  };
}

export function openSurvivalReadout(state: JsonObject, blobs: Saved['blobs']): Readout {
  const { slopes, times, eventTimes } = state as unknown as { slopes: Slopes; times: number; eventTimes: number };
  return survivalReadout({
    slopes,
    timesDays: floatsFrom(blobs.timesDays, times, 'survival: times'),
    baseline: {
      timesDays: floatsFrom(blobs.eventTimesDays, eventTimes, 'survival: event times'),
      cumulativeHazard: floatsFrom(blobs.cumulativeHazard, eventTimes, 'survival: cumulative hazard'),
    },
  });
}
