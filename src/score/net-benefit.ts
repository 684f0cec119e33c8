import { InputError } from '../errors.ts';
import { checkProbabilities } from './check-classes.ts';
import { checkSubjects } from './survival-times.ts';

/** What treating by a rule is worth at one threshold, in true positives a subject. */
export interface NetBenefit {
  /** The probability from which on one would treat: at 0.1 a missed event is held to be nine needless treatments. */
  readonly threshold: number;
  /** Treating those whose probability is at least the threshold. */
  readonly model: number;
  /** Treating everyone. */
  readonly all: number;
  /** Treating nobody: 0 by definition. */
  readonly none: 0;
  /** The model's as a share of the most there is to gain, the share of events (Kerr et al. 2016). Absent without events. */
  readonly standardized?: number;
}

/**
 * The decision curve (Vickers and Elkin 2006): at each threshold t, TP / n − (FP / n) t / (1 − t). A model is of use for
 * decisions at t only where it lies above both treating everyone and treating nobody. Whether a threshold is sensible is a
 * clinical question, to be answered beforehand. Empty for no subjects.
 *
 * @param probability of the event [subjects]
 * @param event 1 for events, 0 otherwise [subjects]
 * @throws InputError where a threshold is not in [0, 1)
 */
export function decisionCurve(
  probability: ArrayLike<number>,
  event: ArrayLike<number>,
  thresholds: ArrayLike<number>,
): readonly NetBenefit[] {
  const n = probability.length;
  checkSubjects(event, n, 'decisionCurve: event');
  checkProbabilities(probability, 'decisionCurve');
  let events = 0;
  for (let i = 0; i < n; i++) if (event[i]) events++;
  const share = events / n;
  const curve = Array.from(thresholds, (threshold, at): NetBenefit => {
    if (!(threshold >= 0 && threshold < 1)) {
      throw new InputError({
        where: `decisionCurve: thresholds[${at}]`,
        what: 'not a threshold probability',
        expected: 'a number from 0 to below 1',
        got: String(threshold),
      });
    }
    const odds = threshold / (1 - threshold);
    let right = 0;
    let wrong = 0;
    for (let i = 0; i < n; i++) {
      if (probability[i] < threshold) continue;
      if (event[i]) right++;
      else wrong++;
    }
    const model = (right - odds * wrong) / n;
    return {
      threshold,
      model,
      all: share - odds * (1 - share),
      none: 0,
      ...(events > 0 && { standardized: model / share }),
    };
  });
  return n === 0 ? [] : curve;
}
