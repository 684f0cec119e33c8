import { type Matrix, zeros } from '../array/matrix.ts';
import { type SurvivalTimes, stepsUpTo } from '../score/survival-times.ts';
import { tiesOf } from './cox-likelihood.ts';

/** A step function that jumps at event times. */
export interface BaselineHazard {
  readonly timesDays: Float64Array; // [distinct event times], ascending
  readonly cumulativeHazard: Float64Array; // [distinct event times]
}

/** Breslow's (1974) cumulative hazard of a subject with linear predictor 0: at each event time plus d / Σ_R exp η. */
export function breslow(times: SurvivalTimes, linearPredictor: Float64Array): BaselineHazard {
  const { order, begins, deaths } = tiesOf(times);
  const jumps = new Float64Array(deaths.length);
  let atRisk = 0;
  for (let g = deaths.length - 1; g >= 0; g--) {
    for (let at = begins[g]; at < begins[g + 1]; at++) atRisk += Math.exp(linearPredictor[order[at]]);
    jumps[g] = deaths[g] / atRisk;
  }
  const met = [...deaths.keys()].filter((g) => deaths[g] > 0);
  let sum = 0;
  return {
    timesDays: Float64Array.from(met, (g) => times.timeDays[order[begins[g]]]),
    cumulativeHazard: Float64Array.from(met, (g) => (sum += jumps[g])),
  };
}

/** Survival probabilities exp(−H₀(t) exp η), [subjects, times]; 1 before the first event. */
export function survivalProbabilities(
  { timesDays, cumulativeHazard }: BaselineHazard,
  linearPredictor: Float64Array,
  atDays: ArrayLike<number>,
): Matrix<Float64Array> {
  const hazards = Float64Array.from(atDays, (t) => {
    const steps = stepsUpTo(timesDays, t);
    return steps === 0 ? 0 : cumulativeHazard[steps - 1];
  });
  const out = zeros(linearPredictor.length, hazards.length);
  linearPredictor.forEach((eta, i) => {
    const relative = Math.exp(eta);
    hazards.forEach((hazard, j) => {
      out.data[i * hazards.length + j] = hazard === 0 ? 1 : Math.exp(-hazard * relative);
    });
  });
  return out;
}
