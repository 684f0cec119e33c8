/** Figures by which modalities are there: masked on purpose, or missing by nature. */
import { presence } from '../fuse/prediction.ts';
import type { Cell, Estimates } from './comparison.ts';
import { estimate, estimates, type FoldPart, narrowed } from './estimates.ts';
import { countTested, outcomeOf, partOf, patternsOf, type Ran } from './outcomes.ts';

const resamplesOfCell = 200;
const mostPatterns = 40;

/** Figures on some of the test subjects: `keep` holds positions within each fold's test subjects. */
export function cell(
  ran: Ran,
  present: readonly string[],
  parts: readonly FoldPart[],
  keep: readonly ArrayLike<number>[],
): Cell {
  const narrow = parts.map((part, f) => narrowed(part, keep[f]));
  return { present, ...countTested(ran, keep), metrics: figures(ran, narrow) };
}

/** On one split only the metric of the verdict gets an interval here: bootstrapping all metrics in every cell is not worth its time. */
function figures({ sampling, metric }: Ran, parts: readonly FoldPart[]): Estimates {
  if (parts.length > 1) return estimates(parts, sampling);
  const plain = Object.entries(estimates(parts, { ...sampling, resamples: 0 }));
  const bare = Object.fromEntries(plain.map(([name, figure]) => [name, { ...figure, low: null, high: null }]));
  return { ...bare, [metric]: estimate(metric, parts, { ...sampling, resamples: resamplesOfCell }) };
}

/** Every set of modalities, by masking the test subjects who have all of them: the same subjects in every cell. */
export function missingCells(ran: Ran, strategy: string): Cell[] {
  const { outcomes, grid } = ran;
  const own = outcomes.map((outcome) => outcomeOf(outcome, strategy));
  const counts = countTested(
    ran,
    own.map(({ complete }) => complete),
  );
  if (counts.n === 0) return [];
  return grid.map((present) => {
    const parts = own.map(({ modalities, masked, complete }, f): FoldPart => {
      const left = modalities.filter((modality) => present.includes(modality));
      const entry = masked.find(
        ({ present: own }) => own.length === left.length && own.every((name) => left.includes(name)),
      );
      const rows = Array.from(complete, (at) => outcomes[f].test[at]);
      return partOf(ran, outcomes[f], rows, entry?.said ?? new Float64Array(0));
    });
    return { present, ...counts, metrics: figures(ran, parts) };
  });
}

/** Test subjects by the set of modalities they really have. */
export function naturalCells(ran: Ran, parts: readonly FoldPart[]): Cell[] {
  const { x, target, outcomes } = ran;
  const names = x.blocks.map(({ modality }) => modality.name);
  const there = presence(x, names);
  const has = (row: number, present: readonly string[]) =>
    names.every((name, m) => (there[row * names.length + m] === 1) === present.includes(name));
  return patternsOf(
    x,
    target,
    outcomes.flatMap(({ test }) => [...test]),
  )
    .slice(0, mostPatterns)
    .map(({ present }) =>
      cell(
        ran,
        present,
        parts,
        outcomes.map(({ test }) => [...test.keys()].filter((at) => has(test[at], present))),
      ),
    );
}
