/** How far predictions can be trusted: calibration, decisions, coverage, abstention, on the test subjects of one repeat. */
import { type Matrix, matrix } from '../array/matrix.ts';
import { coxCalibrationSlope } from '../expert/recalibration.ts';
import { calibrationLine } from '../score/calibration-line.ts';
import { calibrationSlope } from '../score/calibration-slope.ts';
import { expectedCalibrationError, topLabelCalibrationError } from '../score/expected-calibration-error.ts';
import { decisionCurve } from '../score/net-benefit.ts';
import { riskCoverageOfClasses } from '../score/risk-coverage.ts';
import type { CoverageCell, Interval, Reliability, StrategyResult } from './comparison.ts';
import { type Coverage, coverageOfClasses, coverageOfValues } from './conformal-coverage.ts';
import { calibrationOf } from './curves.ts';
import { eventProbability, type FoldPart } from './estimates.ts';
import { outcomeOf, partsOf, presentIn, type Ran } from './outcomes.ts';

type Trust = Pick<StrategyResult, 'reliability' | 'decisionCurve' | 'conformal' | 'abstention'>;

/** Every subject counts once, so that intervals hold: the folds of the first repeat, put together. */
export function trustOf(ran: Ran, strategy: string): Trust {
  const first = ran.outcomes.flatMap((outcome, f) => (outcome.repeat === 1 ? [f] : []));
  const parts = partsOf(ran, strategy).filter((_, f) => first.includes(f));
  switch (ran.target.kind) {
    case 'classes':
      return ofClasses(ran, strategy, first, parts);
    case 'survival':
      return { reliability: ofSurvival(parts) };
    case 'value':
      return ofValues(ran, strategy, first, parts);
  }
}

const thresholds = Float64Array.from({ length: 19 }, (_, t) => (t + 1) / 20);
const answered = Array.from({ length: 20 }, (_, k) => (k + 1) / 20);

function ofClasses(ran: Ran, strategy: string, first: readonly number[], parts: readonly FoldPart[]): Trust {
  const said = together(parts);
  const labels = Int32Array.from(parts.flatMap(({ truth }) => (truth.kind === 'classes' ? [...truth.labels] : [])));
  const abstaining = riskCoverageOfClasses(said, labels);
  const sets = Uint8Array.from(conformalOf(ran, strategy, first));
  const pattern = patternsOf(ran, first);
  const shared = {
    ...coverage(coverageOfClasses(sets, labels, { pattern })),
    ...(abstaining && {
      abstention: {
        area: abstaining.area,
        curve: answered.map((share) => ({
          answered: share,
          errorRate: abstaining.risk[Math.max(0, Math.round(share * labels.length) - 1)],
        })),
      },
    }),
  };
  if (said.shape[1] > 2) {
    return { reliability: { ...unknown, error: topLabelCalibrationError(said, labels) ?? null }, ...shared };
  }
  const event = eventProbability(said);
  const { slope, intercept } = calibrationSlope(event, labels);
  return {
    reliability: {
      slope: interval(slope),
      intercept: interval(intercept),
      error: expectedCalibrationError(event, labels) ?? null,
    },
    decisionCurve: decisionCurve(event, labels, thresholds).map(({ threshold, model, all }) => ({
      threshold,
      model,
      all,
    })),
    ...shared,
  };
}

const unknown = { slope: null, intercept: null, error: null };

function ofSurvival(parts: readonly FoldPart[]): Reliability {
  const timeDays: number[] = [];
  const event: number[] = [];
  const predictor: number[] = [];
  for (const { said, truth } of parts) {
    if (truth.kind !== 'survival' || truth.atDays.length === 0) return unknown;
    const [n, width] = said.shape;
    timeDays.push(...truth.timeDays);
    event.push(...truth.event);
    for (let i = 0; i < n; i++) predictor.push(said.data[i * width]); // the log hazard ratio
  }
  const times = { timeDays: Float64Array.from(timeDays), event: Uint8Array.from(event) };
  const bins = calibrationOf(parts);
  const subjects = bins.reduce((sum, { n }) => sum + n, 0);
  const error = bins.reduce((sum, { n, meanPredicted, observed }) => sum + n * Math.abs(meanPredicted - observed), 0);
  return {
    slope: interval(coxCalibrationSlope(times, predictor)),
    intercept: null,
    error: subjects > 0 ? error / subjects : null,
  };
}

function ofValues(ran: Ran, strategy: string, first: readonly number[], parts: readonly FoldPart[]): Trust {
  const truth = parts.flatMap((part) => (part.truth.kind === 'value' ? [...part.truth.values] : []));
  const line = calibrationLine(truth, together(parts).data);
  const bounds = conformalOf(ran, strategy, first);
  const low = Float64Array.from(truth, (_, i) => bounds[2 * i]);
  const high = Float64Array.from(truth, (_, i) => bounds[2 * i + 1]);
  return {
    reliability: { slope: interval(line?.slope), intercept: interval(line?.meanError), error: null },
    ...coverage(coverageOfValues({ low, high }, truth, { pattern: patternsOf(ran, first) })),
  };
}

/** The folds under one another. */
function together(parts: readonly FoldPart[]): Matrix<Float64Array> {
  const width = parts[0].said.shape[1];
  const data = Float64Array.from(parts.flatMap(({ said }) => [...said.data]));
  return matrix(width ? data.length / width : 0, width, data);
}

function conformalOf({ outcomes }: Ran, strategy: string, first: readonly number[]): number[] {
  return first.flatMap((f) => [...outcomeOf(outcomes[f], strategy).conformal]);
}

/** The modalities that the test subjects really have, spelled. */
function patternsOf({ x, outcomes }: Ran, first: readonly number[]): string[] {
  return first.flatMap((f) => presentIn(x, outcomes[f].test).map((present) => JSON.stringify(present)));
}

const level = 0.9; // of the sets and intervals that fusions give

function coverage({ all, byPattern }: ReturnType<typeof coverageOfClasses>): Pick<Trust, 'conformal'> {
  if (!all) return {};
  const cell = (
    present: readonly string[] | null,
    { n, coverage: share, meanSize, infinite }: Coverage,
  ): CoverageCell => ({
    present,
    n,
    coverage: share,
    meanSize,
    infinite,
  });
  const cells = [cell(null, all), ...byPattern.map((one) => cell(JSON.parse(one.pattern) as string[], one))];
  return { conformal: { level, cells } };
}

function interval(found: Interval | undefined): Interval | null {
  return found ? { estimate: found.estimate, low: found.low, high: found.high } : null;
}
