/** Little's test on a cohort: which columns it looks at, since it needs many more subjects than columns. */
import { matrix } from '../array/matrix.ts';
import type { Block, Cohort } from '../describe/cohort.ts';
import { type ColumnFigures, columnFigures, skewnessOf } from './columns.ts';
import type { LittleTest } from './inspection.ts';
import { littleTest } from './little.ts';
import { evenly } from './spread.ts';

const mostColumns = 12;
const subjectsAColumn = 10;
const fewest = 10; // subjects with a value

interface Chosen {
  readonly name: string;
  readonly block: Block;
  readonly column: number;
  /** Amounts with a long tail are taken as ln(1 + x), since the test supposes normality. */
  readonly logged: boolean;
}

/**
 * A column for every 10 subjects, 12 at most, the same number from each modality and evenly spaced in it; ordinal ones by
 * rank, nominal ones not at all. Null where that leaves fewer than two, or nothing is missing.
 */
export function littleOnCohort({ subjects, blocks }: Cohort): LittleTest | null {
  const room = Math.min(mostColumns, Math.floor(subjects.length / subjectsAColumn));
  const usable = blocks.map((block) => usableColumns(block, columnFigures(block))).filter(({ length }) => length > 0);
  const chosen = usable.flatMap((columns, at) =>
    evenly(columns, Math.floor(room / usable.length) + (at < room % usable.length ? 1 : 0)),
  );
  if (chosen.length < 2) return null;
  const values = new Float64Array(subjects.length * chosen.length); // [subjects, columns]
  const observed = new Uint8Array(subjects.length * chosen.length); // [subjects, columns]
  chosen.forEach(({ block, column, logged }, k) => {
    const width = block.values.shape[1];
    for (let i = 0; i < subjects.length; i++) {
      const at = i * width + column;
      if (!block.observed[at]) continue;
      observed[i * chosen.length + k] = 1;
      values[i * chosen.length + k] = logged ? Math.log1p(block.values.data[at]) : block.values.data[at];
    }
  });
  const tested = littleTest(matrix(subjects.length, chosen.length, values), observed);
  return tested && { columns: chosen.map(({ name }) => name), ...tested };
}

function usableColumns(block: Block, figures: ColumnFigures): Chosen[] {
  const { name, features } = block.modality;
  const { measured, least, largest } = figures;
  return features.flatMap(({ name: feature, scale }, column) => {
    if (scale === 'nominal' || measured[column] < fewest || least[column] === largest[column]) return [];
    const amount = (scale === 'ratio' || scale === 'count') && least[column] >= 0;
    const logged = amount && (skewnessOf(figures, column) ?? 0) > 1;
    return [{ name: `${name}: ${feature}`, block, column, logged }];
  });
}
