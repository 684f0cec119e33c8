/** What the experts of a late fusion had to do with its decisions on test subjects. */
import { matrix } from '../array/matrix.ts';
import { presence } from '../fuse/prediction.ts';
import type { Agreement, DriverCount } from './comparison.ts';
import { disagreement } from './disagreement.ts';
import type { StrategyOutcome } from './fold.ts';
import { labelsIn, outcomeOf, type Ran } from './outcomes.ts';

/**
 * How often experts agreed, and what it was worth. Needs the experts' own predictions: the single modalities must be among
 * the strategies compared. undefined without them, and where the target is not classes.
 */
export function agreementOf(ran: Ran, strategy: string, modalities: readonly string[]): Agreement | undefined {
  const { outcomes, target, x } = ran;
  const known = outcomes.every(({ strategies }) =>
    modalities.every((modality) => strategies.some(({ name }) => name === `single:${modality}`)),
  );
  if (target.kind !== 'classes' || modalities.length < 2 || !known) return undefined;
  const width = target.classes.length;
  const said = (name: string) => {
    const data = Float64Array.from(outcomes.flatMap((outcome) => [...outcomeOf(outcome, name).said]));
    return matrix(data.length / width, width, data);
  };
  const rows = outcomes.flatMap(({ test }) => [...test]);
  const there = presence(x, modalities);
  const many = modalities.length;
  const repeats = Math.max(1, rows.length / new Set(rows).size);
  const { unanimous, divided, contradictions } = disagreement(
    {
      names: modalities,
      experts: modalities.map((modality) => said(`single:${modality}`)),
      present: Uint8Array.from(rows.flatMap((row) => [...there.subarray(row * many, (row + 1) * many)])),
      fused: said(strategy),
      labels: labelsIn(target, rows),
    },
    { repeats },
  );
  return {
    unanimous,
    divided,
    contradictions: contradictions.map(({ pair, n, differ, rows: sure, right }) => ({
      pair,
      n,
      differ,
      bothSure: sure.length,
      right,
    })),
  };
}

/** Who drove the decisions, over all folds. */
export function driversOf(own: readonly StrategyOutcome[], modalities: readonly string[]): DriverCount[] {
  return modalities.map((modality) => {
    const counts = own.flatMap(({ drivers }) => drivers.filter((one) => one.modality === modality));
    const sum = (of: (one: DriverCount) => number) => counts.reduce((total, one) => total + of(one), 0);
    return { modality, decisions: sum(({ decisions }) => decisions), against: sum(({ against }) => against) };
  });
}
