/**
 * The partial likelihood of Cox (1972) with ties after Efron (1977), as a loss of the linear predictors η. At an event
 * time with deaths D of size d, risk set R, S = Σ_R exp η and T = Σ_D exp η,
 *
 *   loss = −Σ_D η + Σ_{l = 0}^{d − 1} log φ_l,   φ_l = S − (l / d) T.
 *
 * Sums over risk sets run along the sorted times, so that the loss, its derivative and a product with its second
 * derivative take O(n) each.
 */
import { orderOfTimes, type SurvivalTimes } from '../score/survival-times.ts';
import type { ScoreLoss } from './newton-cg.ts';

/** Subjects in order of time, and where each distinct time begins. */
export interface Ties {
  readonly order: Int32Array; // [subjects]
  readonly begins: Int32Array; // [distinct times + 1]
  readonly deaths: Int32Array; // [distinct times]
}

export function tiesOf({ timeDays, event }: SurvivalTimes): Ties {
  const order = orderOfTimes(timeDays);
  const begins: number[] = [];
  const deaths: number[] = [];
  order.forEach((subject, at) => {
    if (at === 0 || timeDays[subject] !== timeDays[order[at - 1]]) {
      begins.push(at);
      deaths.push(0);
    }
    deaths[deaths.length - 1] += event[subject];
  });
  return { order, begins: Int32Array.from([...begins, order.length]), deaths: Int32Array.from(deaths) };
}

export function coxLoss(times: SurvivalTimes): ScoreLoss {
  const { order, begins, deaths } = tiesOf(times);
  const { event } = times;
  const n = order.length;
  const groups = deaths.length;
  const hazard = new Float64Array(n); // exp(η − max η)
  const weight = new Float64Array(n); // the diagonal part of the second derivative
  const atRisk = new Float64Array(groups); // S
  const dying = new Float64Array(groups); // T
  const weightedAtRisk = new Float64Array(groups); // Σ_R exp(η) u
  const weightedDying = new Float64Array(groups); // Σ_D exp(η) u

  /** Sums of the values over each time's risk set and deaths. */
  const sumUp = (values: Float64Array, overRisk: Float64Array, overDeaths: Float64Array) => {
    let sum = 0;
    for (let g = groups - 1; g >= 0; g--) {
      let here = 0;
      for (let at = begins[g]; at < begins[g + 1]; at++) {
        sum += values[order[at]];
        if (event[order[at]]) here += values[order[at]];
      }
      overRisk[g] = sum;
      overDeaths[g] = here;
    }
  };

  return {
    evaluate(scores, residuals) {
      let top = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < n; i++) top = Math.max(top, scores[i]);
      for (let i = 0; i < n; i++) hazard[i] = Math.exp(scores[i] - top);
      sumUp(hazard, atRisk, dying);
      let loss = 0;
      let cumulative = 0; // Σ 1 / φ over all times so far
      for (let g = 0; g < groups; g++) {
        let ofDeaths = 0; // Σ (l / d) / φ, which the dying of this time are spared
        for (let l = 0; l < deaths[g]; l++) {
          const share = l / deaths[g];
          const phi = atRisk[g] - share * dying[g];
          if (!(phi > 0)) return Number.POSITIVE_INFINITY; // scores too far apart for this arithmetic
          loss += Math.log(phi) + top;
          cumulative += 1 / phi;
          ofDeaths += share / phi;
        }
        for (let at = begins[g]; at < begins[g + 1]; at++) {
          const i = order[at];
          weight[i] = hazard[i] * (event[i] ? cumulative - ofDeaths : cumulative);
          residuals[i] = weight[i] - event[i];
          if (event[i]) loss -= scores[i];
        }
      }
      return loss;
    },
    curve(u) {
      for (let i = 0; i < n; i++) u[i] *= hazard[i];
      sumUp(u, weightedAtRisk, weightedDying);
      let cumulative = 0;
      for (let g = 0; g < groups; g++) {
        let ofDeaths = 0;
        for (let l = 0; l < deaths[g]; l++) {
          const share = l / deaths[g];
          const phi = atRisk[g] - share * dying[g];
          const mean = (weightedAtRisk[g] - share * weightedDying[g]) / phi / phi;
          cumulative += mean;
          ofDeaths += share * mean;
        }
        for (let at = begins[g]; at < begins[g + 1]; at++) {
          const i = order[at];
          const own = hazard[i] > 0 ? (u[i] / hazard[i]) * weight[i] : 0;
          u[i] = own - hazard[i] * (event[i] ? cumulative - ofDeaths : cumulative);
        }
      }
    },
  };
}

/** The negative log partial likelihood of linear predictors (Efron ties). */
export function coxNegativeLogLikelihood(times: SurvivalTimes, linearPredictor: Float64Array): number {
  return coxLoss(times).evaluate(linearPredictor, new Float64Array(linearPredictor.length));
}

/** Times of the given rows. */
export function takeTimes({ timeDays, event }: SurvivalTimes, rows: Int32Array): SurvivalTimes {
  return {
    timeDays: Float64Array.from(rows, (row) => timeDays[row]),
    event: Uint8Array.from(rows, (row) => event[row]),
  };
}
