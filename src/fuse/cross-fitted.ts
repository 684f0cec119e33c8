import type { Cohort } from '../describe/cohort.ts';
import { type CrossFittedFusion, type FittedFusion, opinionIn } from './prediction.ts';
import type { Readout, Said } from './task/task.ts';

/**
 * A fusion with what it says out of fold of its training subjects, read as `fitted` reads its own opinions: recalibrated,
 * scaled to log hazards, the prior where none of the modalities is there (of a fusion that learned nothing: everywhere).
 */
export function crossFitted(fitted: FittedFusion, readout: Readout, x: Cohort, outOfFold: Said): CrossFittedFusion {
  const told = readout.read(x, outOfFold);
  return { fitted, outOfFold: opinionIn(told), heard: told.fromPrior.map((prior) => 1 - prior) };
}
