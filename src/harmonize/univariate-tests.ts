/** Does a feature alone tell the target? One test a feature, by the kind of target, over the values measured. */
import { fisherUpper } from '../array/distributions.ts';
import type { Block } from '../describe/cohort.ts';
import type { SurvivalTarget, Target } from '../describe/target.ts';
import { kaplanMeier } from '../score/kaplan-meier.ts';
import { stepsUpTo } from '../score/survival-times.ts';

export interface UnivariateTest {
  /** NaN where it is not defined: one class, no subject to spare, or a constant feature. */
  readonly f: number;
  readonly p: number;
}

/**
 * Classes: one-way analysis of variance (of two, the t test of equal variances). Values: the F test of the correlation.
 * Survival: the same with the martingale residuals of no feature at all, which approximates the score test of a Cox model
 * (Therneau, Grambsch and Fleming 1990).
 */
export function univariateTests(block: Block, target: Target): UnivariateTest[] {
  const { features } = block.modality;
  switch (target.kind) {
    case 'classes':
      return features.map((_, j) => oneWayAnova(block, j, target.labels, target.classes.length));
    case 'value':
      return features.map((_, j) => correlationTest(block, j, target.values));
    case 'survival': {
      const residuals = martingaleResiduals(target);
      return features.map((_, j) => correlationTest(block, j, residuals));
    }
  }
}

/** Do the classes differ in the mean of a feature? Over its measured values. */
export function oneWayAnova(block: Block, j: number, labels: Int32Array, classes: number): UnivariateTest {
  const columns = block.values.shape[1];
  const counts = new Float64Array(classes); // [classes]
  const means = new Float64Array(classes); // [classes]
  const rows = measuredRows(block, j);
  for (const i of rows) {
    counts[labels[i]]++;
    means[labels[i]] += (block.values.data[i * columns + j] - means[labels[i]]) / counts[labels[i]];
  }
  let mean = 0;
  for (let c = 0; c < classes; c++) mean += (counts[c] / rows.length) * means[c];
  let within = 0;
  let between = 0;
  for (const i of rows) within += (block.values.data[i * columns + j] - means[labels[i]]) ** 2;
  for (let c = 0; c < classes; c++) between += counts[c] * (means[c] - mean) ** 2;
  const met = counts.filter((n) => n > 0).length;
  const [df1, df2] = [met - 1, rows.length - met];
  if (df1 < 1 || df2 < 1 || within + between <= 1e-20 * rows.length * mean * mean) return { f: Number.NaN, p: 1 };
  const f = between / df1 / (within / df2);
  return { f, p: within > 0 ? fisherUpper(f, df1, df2) : 0 };
}

/** Is a feature correlated with a value? F = r² (n − 2) / (1 − r²), with 1 and n − 2 degrees of freedom. */
function correlationTest(block: Block, j: number, values: Float64Array): UnivariateTest {
  const columns = block.values.shape[1];
  const rows = measuredRows(block, j);
  const n = rows.length;
  let meanX = 0;
  let meanY = 0;
  for (const i of rows) {
    meanX += block.values.data[i * columns + j] / n;
    meanY += values[i] / n;
  }
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (const i of rows) {
    const x = block.values.data[i * columns + j] - meanX;
    xx += x * x;
    yy += (values[i] - meanY) ** 2;
    xy += x * (values[i] - meanY);
  }
  if (n < 3 || yy === 0 || xx <= 1e-20 * n * meanX * meanX) return { f: Number.NaN, p: 1 };
  const explained = Math.min(1, (xy * xy) / (xx * yy));
  const f = (explained * (n - 2)) / (1 - explained);
  return { f, p: explained < 1 ? fisherUpper(f, 1, n - 2) : 0 };
}

/** Events less what was to be expected by the time, H(t) being the Nelson-Aalen estimate: [subjects]. */
function martingaleResiduals({ timeDays, event }: SurvivalTarget): Float64Array {
  const { timesDays, atRisk, events } = kaplanMeier({ timeDays, event });
  let sum = 0;
  const hazard = Float64Array.from(timesDays, (_, g) => (sum += events[g] / atRisk[g]));
  return Float64Array.from(timeDays, (t, i) => event[i] - hazard[stepsUpTo(timesDays, t) - 1]);
}

function measuredRows({ values, observed }: Block, j: number): Int32Array {
  const columns = values.shape[1];
  return Int32Array.from({ length: values.shape[0] }, (_, i) => i).filter((i) => observed[i * columns + j] === 1);
}
