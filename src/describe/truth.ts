import { horizons } from '../score/horizons.ts';
import type { Truth } from '../score/truth.ts';
import type { Target } from './target.ts';

/**
 * A target as scores want it.
 *
 * @param training the target of the subjects trained on: survival scores describe censoring by them, and are taken at times
 * that they supply
 */
export function truthOf(target: Target, training: Target): Truth {
  switch (target.kind) {
    case 'classes':
      return target;
    case 'value':
      return target;
    case 'survival': {
      const train = training.kind === 'survival' ? training : target;
      return { kind: 'survival', timeDays: target.timeDays, event: target.event, train, atDays: horizons(train) };
    }
  }
}
