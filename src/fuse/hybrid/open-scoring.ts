/** Fitted strategies from their saved form. */
import { InputError } from '../../errors.ts';
import type { Saved } from '../../estimator.ts';
import { type BoundedModel, boundedScoring } from './config/scoring.ts';
import { type EarlyModel, earlyScoring } from './expert/early.ts';
import { type FastModel, fastScoring } from './expert/fast.ts';
import { type LateModel, lateScoring } from './expert/late.ts';
import { type SlowModel, slowScoring } from './expert/slow.ts';
import { type HybridModel, hybridScoring } from './filter/hybrid.ts';
import { learnedScoring } from './learned/learned.ts';
import type { LearnedModel } from './learned/model.ts';
import type { Scoring } from './scoring.ts';

/** Each kind by its name; a saved form is the strategy's plain model. */
const kinds: Readonly<Record<string, (model: never) => Scoring>> = {
  'scoring.slow': (model: SlowModel) => slowScoring(model),
  'scoring.fast': (model: FastModel) => fastScoring(model),
  'scoring.early': (model: EarlyModel) => earlyScoring(model),
  'scoring.late': (model: LateModel) => lateScoring(model),
  'scoring.hybrid': (model: HybridModel) => hybridScoring(model),
  'scoring.bounded': (model: BoundedModel) => boundedScoring(model),
  'scoring.learned': (model: LearnedModel) => learnedScoring(model),
};

/** @throws InputError for a kind or a version that is not known */
export function openScoring(saved: Saved): Scoring {
  if (!Object.hasOwn(kinds, saved.kind)) {
    const expected = `one of ${Object.keys(kinds).join(', ')}`;
    throw new InputError({ where: 'openScoring', what: 'unknown kind', expected, got: saved.kind });
  }
  if (saved.version !== 1) {
    throw new InputError({
      where: `openScoring: ${saved.kind}`,
      what: 'unknown version',
      expected: '1',
      got: `${saved.version}`,
    });
  }
  return kinds[saved.kind](saved.state as never);
}
