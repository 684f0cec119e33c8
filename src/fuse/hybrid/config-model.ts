/** What a configuration comes to: all that a live fusion is, by hand or as fitted. */
import { InputError } from '../../errors.ts';
import type { Saved } from '../../estimator.ts';
import type { HybridConfig } from './config.ts';
import { handScoring } from './config-scoring.ts';
import type { HybridStream } from './online.ts';
import { openScoring } from './open-scoring.ts';
import type { Scoring } from './scoring.ts';

/**
 * @param fitted what the file holds that the configuration names as fitted
 * @throws InputError where it names one and none is given, or the fitted strategy is another one
 */
export function configuredHybrid(config: HybridConfig, fitted?: Saved): HybridStream {
  const { setup, alerts, utcOffsetMs } = config;
  const scoring = scoringOf(config, fitted);
  return { setup, scoring, alerts, utcOffsetMs };
}

function scoringOf(config: HybridConfig, fitted: Saved | undefined): Scoring {
  if (config.fitted === undefined) return handScoring(config);
  if (!fitted) {
    const what = 'the fitted strategy is not given';
    throw new InputError({ where: config.name, what, expected: `what ${config.fitted} holds` });
  }
  const scoring = openScoring(fitted);
  if (scoring.name !== config.strategy) {
    const what = `${config.fitted} holds another strategy`;
    throw new InputError({ where: config.name, what, expected: `"${config.strategy}"`, got: `"${scoring.name}"` });
  }
  return scoring;
}
