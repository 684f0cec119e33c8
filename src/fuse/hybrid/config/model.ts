/** What a configuration comes to: all that a live fusion is, by hand or as fitted. */
import { InputError } from '../../../errors.ts';
import type { Saved } from '../../../estimator.ts';
import type { AlertOptions } from '../alert/options.ts';
import type { HybridStream } from '../online.ts';
import { openScoring } from '../open-scoring.ts';
import { openOverTime } from '../over-time.ts';
import type { Question, Scoring } from '../scoring.ts';
import type { HybridConfig } from './config.ts';
import { handScoring } from './scoring.ts';

/**
 * @param fitted what the file holds that the configuration names as fitted: a fusion over time, or a scoring alone
 * @throws InputError where it names one and none is given, or the fitted strategy is another one or answers another question
 */
export function configuredHybrid(config: HybridConfig, fitted?: Saved): HybridStream {
  const { setup, utcOffsetMs } = config;
  const opened = config.fitted === undefined ? { scoring: handScoring(config) } : openFitted(config, fitted);
  const alerts = config.alerts ?? opened.alerts;
  if (!alerts) {
    const what = `${config.fitted} says no alerts`;
    throw new InputError({ where: config.name, what, expected: '"alerts" in the configuration' });
  }
  return { setup, scoring: opened.scoring, alerts, utcOffsetMs };
}

interface Opened {
  readonly scoring: Scoring;
  readonly alerts?: AlertOptions;
}

function openFitted({ name: where, fitted: file, strategy, question }: HybridConfig, saved: Saved | undefined): Opened {
  if (!saved) {
    throw new InputError({ where, what: 'the fitted strategy is not given', expected: `what ${file} holds` });
  }
  const opened: Opened = saved.kind === 'over-time' ? openOverTime(saved) : { scoring: openScoring(saved) };
  const { name, save } = opened.scoring;
  if (name !== strategy) {
    const what = `${file} holds another strategy`;
    throw new InputError({ where, what, expected: `"${strategy}"`, got: `"${name}"` });
  }
  const asked = save().state.question;
  if (asked !== undefined && !isSame(asked as unknown as Question, question)) {
    const what = `${file} was fitted for another question`;
    throw new InputError({ where, what, expected: JSON.stringify(question), got: JSON.stringify(asked) });
  }
  return opened;
}

function isSame(a: Question, b: Question): boolean {
  const isAhead = b.mode === 'forecast';
  return (
    a.threshold === b.threshold &&
    a.beyond === b.beyond &&
    a.mode === b.mode &&
    (!isAhead || a.horizonSeconds === b.horizonSeconds)
  );
}
