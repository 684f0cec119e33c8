/** Learns a filter's dynamics: what readings tell of them from the readings, the rest by the labels. */
import { InputError } from '../../../errors.ts';
import { evenly } from '../people.ts';
import type { Question } from '../scoring.ts';
import type { Dynamics } from './dynamics.ts';
import { fitDynamics, scalesOf, seriesOf } from './fit-dynamics.ts';
import type { HybridModel, Scale } from './hybrid.ts';
import { honestLoss, rowsOf, type Sample } from './sample.ts';

export interface FilterOptions {
  /** Known instead of learned; of the scale's units. */
  readonly dynamics?: Dynamics;
  /** See `HybridModel`. Default linear. */
  readonly scale?: Scale;
}

const mostSeries = 50; // some 5,000 readings settle five numbers
/** Lags tried, in intervals between readings. */
const lagsTried = [0, 0.6, 1.2, 1.8];
/** Lasting errors tried beside the one that readings suggest: shares of the level's standard deviation. */
const errorsTried = [0.1, 0.15, 0.2, 0.3];
const errorIntervals = 48; // over which such an error lasts: a calibration holds for hours

/**
 * How fast the level moves and what noise a reading has, the readings tell (`fit-dynamics.ts`). They do not tell a lag, nor
 * an error that lasts as long as the level itself does: of the candidates for these, the one is taken whose log-odds tell
 * the labels best as they are, but for an intercept. The labels know the level; in life often only by the sensor itself, and then it has no lag or error.
 */
export function learnMotion(sample: Sample, question: Question, options: FilterOptions): HybridModel {
  const { dynamics, scale = 'linear' } = options;
  const stepSeconds = sample.tracks[0].stepMs / 1000;
  if (dynamics) return { question, dynamics, stepSeconds, scale };
  if (scale === 'log') checkPositive(sample, question);
  let best: HybridModel | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates(sample, scale)) {
    const model: HybridModel = { question, dynamics: candidate, stepSeconds, scale };
    const loss = honestLoss(rowsOf(sample, sample.labels, () => model));
    if (loss >= least) continue;
    least = loss;
    best = model;
  }
  if (!best)
    throw new InputError({ where: 'fitHybrid', what: 'no judged tick', expected: 'tracks that are judged somewhere' });
  return best;
}

function candidates(sample: Sample, scale: Scale): Dynamics[] {
  const series = Array.from(evenly(sample.tracks.length, mostSeries), (c) => seriesOf(sample.tracks[c], scale));
  const { everyMinutes, levelSd } = scalesOf(series);
  const found = [fitDynamics(series, { lagMinutes: 0, lastingError: false })];
  let from: Dynamics | undefined;
  for (const lag of lagsTried) {
    from = fitDynamics(series, { lagMinutes: lag * everyMinutes, lastingError: true }, from);
    found.push(from);
    for (const share of errorsTried) {
      if (share * levelSd <= from.errorSd) continue;
      found.push({ ...from, errorSd: share * levelSd, errorMinutes: errorIntervals * everyMinutes });
    }
  }
  return found;
}

function checkPositive({ tracks }: Sample, { threshold }: Question): void {
  const where = 'fitHybrid: scale';
  if (!(threshold > 0))
    throw new InputError({ where, what: 'a logarithm of the threshold', expected: 'more than 0', got: `${threshold}` });
  for (const { id, readings } of tracks) {
    const bad = readings.value.find((value) => !(value > 0));
    if (bad !== undefined)
      throw new InputError({
        where: `${where}: ${id}`,
        what: 'a logarithm of a reading',
        expected: 'more than 0',
        got: `${bad}`,
      });
  }
}
