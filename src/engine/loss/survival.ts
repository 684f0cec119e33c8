/**
 * The partial likelihood of Cox (1972) of a batch, with ties after Efron (1977). With risk set R and deaths D of size d at
 * the time of an event that is the l-th of its time (from 0),
 *
 *   loss = Σ_events ln(Σ_R e^η − (l / d) Σ_D e^η) − η, divided by the number of events.
 *
 * Risk sets are a mask `[batch, batch]`, so the samples need no order.
 */
import {
  add,
  and,
  div,
  equal,
  exp,
  greater,
  greaterOrEqual,
  log,
  maximum,
  mul,
  stopGradient,
  sub,
  toFloat,
  where,
} from '../ops/arithmetic.ts';
import { expand, expandDims, reshape } from '../ops/layout.ts';
import { cumSum, max, sum } from '../ops/reduction.ts';
import type { Tensor } from '../tensor.ts';

export interface CoxOptions {
  /** How events at the same time count. Default `efron`. */
  readonly ties?: 'efron' | 'breslow';
}

/**
 * @param risk η, `[batch]`
 * @param time `[batch]`; times that are equal as float32 are tied
 * @param event bool `[batch]`, 1 where it happened, 0 where censored
 */
export function coxPartialLikelihood(
  risk: Tensor,
  time: Tensor,
  event: Tensor,
  { ties = 'efron' }: CoxOptions = {},
): Tensor {
  const row = (x: Tensor) => expandDims(x, 0);
  const column = (x: Tensor) => expandDims(x, 1);
  const atRisk = greaterOrEqual(row(time), column(time)); // [batch, batch]: of each row, who is at risk
  let weights = toFloat(atRisk);
  if (ties === 'efron') {
    const tied = and(and(equal(row(time), column(time)), row(event)), column(event));
    const place = cumSum(expand(1, risk.shape), 0);
    const earlier = toFloat(and(tied, greater(column(place), row(place))));
    const deaths = maximum(sum(toFloat(tied), 1, { keep: true }), 1);
    weights = sub(weights, mul(toFloat(tied), div(sum(earlier, 1, { keep: true }), deaths)));
  }
  const eta = where(atRisk, row(risk), -1e30);
  const peak = stopGradient(max(eta, 1, { keep: true }));
  const inSet = sum(mul(weights, exp(sub(eta, peak))), 1);
  const logs = add(log(inSet), reshape(peak, risk.shape));
  const events = toFloat(event);
  return div(sum(mul(events, sub(logs, risk))), maximum(sum(events), 1));
}
