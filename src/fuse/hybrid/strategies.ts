/** The ways to fuse over time by name, from the plainest to the fullest. */
import type { Episode } from '../../align/time/recording.ts';
import type { Track } from '../../align/time/track.ts';
import { InputError } from '../../errors.ts';
import type { Run } from '../../estimator.ts';
import { fitEarly } from './expert/early.ts';
import { fitFast } from './expert/fast.ts';
import { fitLate } from './expert/late.ts';
import { fitSlow } from './expert/slow.ts';
import { fitFilter, fitHybrid } from './filter/fit-hybrid.ts';
import { checkQuestion } from './labels.ts';
import { fitLearned } from './learned/fit.ts';
import type { Question, Scoring } from './scoring.ts';

/**
 * - `early`: one model of all sensors, which waits for a fresh reading of each.
 * - `slow`: the slow sensor alone. - `fast`: the fast ones alone. - `learned`: these by a network with memory.
 * - `late`: an expert for each, log-odds added, discounted by age.
 * - `filter`: a belief carried between readings of the slow sensor.
 * - `hybrid`: the same, with the fast sensors as evidence in between.
 */
export const strategiesOverTime = ['early', 'slow', 'fast', 'learned', 'late', 'filter', 'hybrid'] as const;
export type StrategyOverTime = (typeof strategiesOverTime)[number];

type Fit = (
  tracks: readonly Track[],
  episodes: readonly (readonly Episode[])[],
  question: Question,
  run: Pick<Run, 'seed'>,
) => Scoring | Promise<Scoring>;

const fits: Readonly<Record<StrategyOverTime, Fit>> = {
  early: (tracks, episodes, question) => fitEarly(tracks, episodes, question),
  slow: (tracks, episodes, question) => fitSlow(tracks, episodes, question),
  fast: (tracks, episodes, question) => fitFast(tracks, episodes, question),
  learned: (tracks, episodes, question, { seed }) => fitLearned(tracks, episodes, question, { seed }),
  late: (tracks, episodes, question) => fitLate(tracks, episodes, question),
  filter: (tracks, episodes, question) => fitFilter(tracks, episodes, question),
  hybrid: (tracks, episodes, question) => fitHybrid(tracks, episodes, question),
};

/**
 * Learns on training people only. `learned` needs ONNX Runtime for that; no strategy needs it afterwards.
 *
 * @throws InputError for an unknown strategy, and where tracks and episodes do not go together
 */
export async function fitOverTime(
  name: StrategyOverTime,
  tracks: readonly Track[],
  episodes: readonly (readonly Episode[])[],
  question: Question,
  run: Pick<Run, 'seed'>,
): Promise<Scoring> {
  if (!Object.hasOwn(fits, name)) {
    throw new InputError({ where: 'strategy', what: 'unknown', expected: strategiesOverTime.join(', '), got: name });
  }
  checkQuestion(question);
  return fits[name](tracks, episodes, question, run);
}
