/** Calibration and ROC curves over folds. */
import { calibrationCurve } from '../score/calibration.ts';
import { curveAt, kaplanMeier } from '../score/kaplan-meier.ts';
import { rocAt, rocCurve } from '../score/roc.ts';
import type { Truth } from '../score/truth.ts';
import type { CalibrationBin, StrategyResult } from './comparison.ts';
import { eventOf, type FoldPart } from './estimates.ts';

type Of<K extends Truth['kind']> = FoldPart & { readonly truth: Extract<Truth, { kind: K }> };

function are<K extends Truth['kind']>(kind: K, parts: readonly FoldPart[]): parts is readonly Of<K>[] {
  return parts.every(({ truth }) => truth.kind === kind);
}

/**
 * What was predicted against what is true (see `StrategyResult`). Subjects are added over folds: unlike a score, a
 * probability or a value claims the same in every fold.
 */
export function calibrationOf(parts: readonly FoldPart[]): StrategyResult['calibration'] {
  if (are('classes', parts)) return ofClasses(parts);
  if (are('survival', parts)) return ofSurvival(parts);
  return are('value', parts) ? ofValues(parts) : [];
}

/** Two classes: probability of the event; more: of the predicted class, against whether it is right. */
function ofClasses(parts: readonly Of<'classes'>[]): CalibrationBin[] {
  const predicted: number[] = [];
  const happened: number[] = [];
  for (const { said, truth } of parts) {
    const [n, many] = said.shape;
    for (let i = 0; i < n; i++) {
      const row = said.data.subarray(i * many, (i + 1) * many);
      const top = many === 2 ? 1 : row.indexOf(row.reduce((a, b) => Math.max(a, b)));
      predicted.push(row[top]);
      happened.push(truth.labels[i] === top ? 1 : 0);
    }
  }
  return [...calibrationCurve(predicted, happened)];
}

const tenths = 10;

function ofValues(parts: readonly Of<'value'>[]): CalibrationBin[] {
  const pairs = parts.flatMap(({ said, truth }) =>
    Array.from(truth.values, (value, i) => ({ predicted: said.data[i], value })),
  );
  return parted(pairs, tenths, ({ predicted }) => predicted).map((own) => ({
    low: own[0].predicted,
    high: own[own.length - 1].predicted,
    meanPredicted: mean(own.map(({ predicted }) => predicted)),
    observed: mean(own.map(({ value }) => value)),
    n: own.length,
  }));
}

const fifths = 5;

/** Chance of the event by the middle of the times scored: as predicted, and by Kaplan and Meier among fifths of it. */
function ofSurvival(parts: readonly Of<'survival'>[]): CalibrationBin[] {
  const middles = parts.flatMap(({ truth }) => [...truth.atDays.slice(truth.atDays.length >> 1).slice(0, 1)]);
  if (middles.length === 0) return [];
  const horizon = middles.sort((a, b) => a - b)[middles.length >> 1];
  const subjects = parts.flatMap(({ said, truth }) =>
    Array.from(truth.timeDays, (timeDays, i) => ({
      timeDays,
      event: truth.event[i],
      predicted:
        1 - survivalAt(said.data.subarray(i * said.shape[1] + 1, (i + 1) * said.shape[1]), truth.atDays, horizon),
    })),
  );
  return parted(subjects, fifths, ({ predicted }) => predicted).map((own) => {
    const curve = kaplanMeier({
      timeDays: Float64Array.from(own, ({ timeDays }) => timeDays),
      event: Uint8Array.from(own, ({ event }) => event),
    });
    return {
      low: own[0].predicted,
      high: own[own.length - 1].predicted,
      meanPredicted: mean(own.map(({ predicted }) => predicted)),
      observed: 1 - curveAt(curve, horizon),
      n: own.length,
    };
  });
}

/** Linear between the times at which it was told, and as at the nearest of them beyond. */
function survivalAt(survival: Float64Array, atDays: Float64Array, timeDays: number): number {
  const after = atDays.findIndex((t) => t >= timeDays);
  if (after < 0) return survival[survival.length - 1];
  if (after === 0) return survival[0];
  const share = (timeDays - atDays[after - 1]) / (atDays[after] - atDays[after - 1]);
  return survival[after - 1] + share * (survival[after] - survival[after - 1]);
}

/** Into `many` parts of equal size (as far as it goes) in ascending order, empty ones left out. */
export function parted<T>(all: readonly T[], many: number, by: (one: T) => number): T[][] {
  const sorted = [...all].sort((a, b) => by(a) - by(b));
  return Array.from({ length: many }, (_, p) =>
    sorted.slice(Math.round((p * sorted.length) / many), Math.round(((p + 1) * sorted.length) / many)),
  ).filter((own) => own.length > 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const gridSteps = 50;

/** Two classes only: true positive rates averaged over folds at fixed false positive rates. */
export function rocOf(parts: readonly FoldPart[]): StrategyResult['roc'] {
  const grid = Float64Array.from({ length: gridSteps + 1 }, (_, i) => i / gridSteps);
  const sums = new Float64Array(grid.length);
  let curves = 0;
  for (const part of parts) {
    const event = eventOf(part);
    const curve = event && rocCurve(event.score, event.labels);
    if (!curve) continue;
    rocAt(curve, grid).forEach((rate, i) => {
      sums[i] += rate;
    });
    curves++;
  }
  if (curves === 0) return [];
  return Array.from(grid, (falsePositiveRate, i) => ({ falsePositiveRate, truePositiveRate: sums[i] / curves }));
}
