/** Turns the scores of one subject, decision by decision, into alerts that are raised, confirmed or taken back. */
import type { Online } from '../../../estimator.ts';
import { type AlertChange, type AlertState, alertStates, type Decision } from './alert.ts';
import { tell } from './bulk.ts';
import { type AlertOptions, alertRules } from './options.ts';
import { type SensorAlertOptions, sensorRules, sensorsLength, startSensors, watchSensors } from './sensors.ts';
import { alertLength, phaseAt, startAlert, stepAlert, wordAt } from './transition.ts';

/** A stretch of numbers: some 300 bytes with three sensors. */
export type AlertMachineState = Float64Array;

export interface AlertMachine extends Online<Decision, AlertMachineState, readonly AlertChange[]> {
  /** What a subject is in at the moment. */
  phase(state: AlertMachineState): AlertState;
}

export interface AlertMachineOptions extends AlertOptions, SensorAlertOptions {}

const nothing: readonly AlertChange[] = Object.freeze([]);

/**
 * Decisions come in order of time. What is said does not depend on how densely they come, but for the time at which a clock
 * is seen to have run out.
 *
 * @throws InputError for an unknown option, a number out of its range, and at a step that does not tell how stale a watched
 *   sensor is
 */
export function alertMachine(options: AlertMachineOptions): AlertMachine {
  const { sensors, slow, steadySeconds, ...alerts } = options;
  const rules = alertRules(alerts);
  const watch = sensorRules({
    ...(sensors && { sensors }),
    ...(slow !== undefined && { slow }),
    ...(steadySeconds !== undefined && { steadySeconds }),
  });
  return {
    init() {
      const state = new Float64Array(alertLength + sensorsLength(watch));
      startAlert(state);
      startSensors(state, alertLength);
      return state;
    },
    step(state, decision) {
      const { timeMs, score, fresh, acknowledged = false } = decision;
      const says = stepAlert(state, rules, timeMs, score, fresh, acknowledged);
      if (says === 0 && watch.sensors.length === 0) return [state, nothing];
      const changes: AlertChange[] = [];
      if (says !== 0) tell(changes, says, state, timeMs);
      if (watch.sensors.length > 0) watchSensors(state, alertLength, watch, decision, state[wordAt], changes);
      return [state, changes.length === 0 ? nothing : changes];
    },
    phase: (state) => alertStates[state[phaseAt]],
  };
}
