/** The tasks, and the parts of saved fusions, by the kind of target. */
import type { Target, TargetKind } from '../../describe/target.ts';
import { InputError } from '../../errors.ts';
import type { JsonObject, Saved } from '../../estimator.ts';
import { classTask, openClassReadout, openLogisticModel } from './classes.ts';
import { openRiskModel, openSurvivalReadout, survivalTask } from './survival.ts';
import type { Model, Readout, Task } from './task.ts';
import { openRidgeModel, openValueReadout, valueTask } from './value.ts';

export function taskOf(target: Target): Task {
  switch (target.kind) {
    case 'classes':
      return classTask(target);
    case 'survival':
      return survivalTask(target);
    case 'value':
      return valueTask(target);
  }
}

const models: { readonly [kind: string]: (saved: Saved) => Model } = {
  logistic: openLogisticModel,
  risk: openRiskModel,
  ridge: openRidgeModel,
};

const readouts: { readonly [K in TargetKind]: (state: JsonObject, blobs: Saved['blobs']) => Readout } = {
  classes: openClassReadout,
  survival: openSurvivalReadout,
  value: openValueReadout,
};

export function openModel(saved: Saved): Model {
  return known(models, saved.kind, 'expert')(saved);
}

export function openReadout({ kind, state, blobs }: Saved): Readout {
  return known(readouts, kind, 'kind of target')(state, blobs);
}

function known<T>(table: { readonly [kind: string]: T }, kind: string, what: string): T {
  if (Object.hasOwn(table, kind)) return table[kind];
  const expected = `one of ${Object.keys(table).join(', ')}`;
  throw new InputError({ where: 'model', what: `unknown ${what} "${kind}"`, expected });
}
