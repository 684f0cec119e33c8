/** Delays and leads of events, and how fast false alerts were taken back. */
import type { Found } from './found.ts';
import type { NightJudgement } from './judge-night.ts';
import { type PeopleDraws, type Pool, pool, quantile, quantileReplicates } from './people-draws.ts';

export type TimingName =
  | 'delaySecondsMedian'
  | 'delaySecondsP95'
  | 'delaySecondsMax'
  | 'leadMinutesMedian'
  | 'confirmedDelaySecondsMedian'
  | 'retractionSecondsMedian'
  | 'retractionSecondsP95'
  | 'retractionSecondsMax';

/** @param person of each night */
export function timings(
  nights: readonly NightJudgement[],
  person: ArrayLike<number>,
  draws: PeopleDraws,
): Record<TimingName, Found> {
  const whose = <T>(of: (night: NightJudgement) => readonly T[], value: (item: T) => number | null) =>
    pool(
      nights.flatMap((night, i) =>
        of(night).flatMap((item) => {
          const found = value(item);
          return found === null ? [] : [{ value: found, person: person[i] }];
        }),
      ),
    );
  const events = ({ events: own }: NightJudgement) => own;
  // Where an alert stood at onset, one that came later is no delay.
  const delays = whose(events, ({ outcome, delaySeconds: s }) =>
    outcome !== 'standing' && s !== null && s >= 0 ? s : null,
  );
  const leads = whose(events, ({ delaySeconds: s }) => (s !== null && s < 0 ? -s / 60 : null));
  const confirmations = whose(events, ({ confirmedAfterSeconds }) => confirmedAfterSeconds);
  const retractions = whose(
    ({ alerts }) => alerts,
    ({ provisional, right, takenBackAfterSeconds: s, takenBackWrongly }) =>
      provisional && right === false && takenBackWrongly === false ? s : null,
  );
  const at = (of: Pool, share: number, why: string): Found => ({
    value: quantile(of.value, share),
    of: of.value.length,
    why,
    replicates: quantileReplicates(of, share, draws),
  });
  const largest = (of: Pool, why: string): Found => ({
    value: quantile(of.value, 1),
    of: of.value.length,
    why,
    noInterval: 'no interval: draws of people say nothing of a maximum',
    replicates: new Float64Array(draws.resamples).fill(Number.NaN),
  });
  const afterOnset = 'no event had its first alert after onset';
  const noneBack = 'no false provisional alert was taken back';
  return {
    delaySecondsMedian: at(delays, 0.5, afterOnset),
    delaySecondsP95: at(delays, 0.95, afterOnset),
    delaySecondsMax: largest(delays, afterOnset),
    leadMinutesMedian: at(leads, 0.5, 'no event had its first alert before onset'),
    confirmedDelaySecondsMedian: at(confirmations, 0.5, 'no event was confirmed'),
    retractionSecondsMedian: at(retractions, 0.5, noneBack),
    retractionSecondsP95: at(retractions, 0.95, noneBack),
    retractionSecondsMax: largest(retractions, noneBack),
  };
}
