/**
 * A fast expert that has memory: it sees what a logistic regression on features of one moment cannot, such as a slow rise or
 * the rhythm of bursts. A small recurrent network (`model.ts`), trained on the engine (`fit.ts`); to run it
 * takes no runtime.
 */
import { InputError } from '../../../errors.ts';
import type { Saved } from '../../../estimator.ts';
import type { Scoring } from '../scoring.ts';
import { compileLearned, initLearned, type LearnedModel, learnedEvidence, learnedLength } from './model.ts';

/** @throws InputError for a model that is not whole, and at a tick that does not follow the one before after `stepSeconds` */
export function learnedScoring(model: LearnedModel): Scoring {
  const compiled = compileLearned(model);
  const time = learnedLength(compiled); // in the state, after the network's numbers: the time of the last tick
  const stepMs = 1000 * model.stepSeconds;
  return {
    name: 'learned',
    features: model.features,
    length: time + 1,
    init(state) {
      initLearned(compiled, state, 0);
      state[time] = Number.NaN;
    },
    observe: () => {},
    tick(state, timeMs, values, heard, at) {
      if (Math.abs(timeMs - state[time] - stepMs) > 0.01 * stepMs) throw otherStep(model, timeMs - state[time]);
      state[time] = timeMs;
      return model.prior + learnedEvidence(compiled, state, 0, values, heard, at);
    },
    save: (): Saved => ({ kind: 'scoring.learned', version: 1, state: { ...model } as never, blobs: {} }),
  };
}

function otherStep({ stepSeconds }: LearnedModel, passedMs: number): InputError {
  const expected = `one every ${stepSeconds} s, as in training`;
  return new InputError({
    where: 'learned',
    what: 'ticks that it was not trained on',
    expected,
    got: `${passedMs / 1000} s`,
  });
}
