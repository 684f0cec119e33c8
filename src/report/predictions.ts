import Papa from 'papaparse';
import type { SubjectPrediction } from '../evaluate/comparison.ts';

/**
 * `predictions.csv`: a row for each test subject of each fold as each strategy predicts it. Columns: repeat, fold, subject,
 * strategy, truth; of classes predicted (the most probable) and `p:CLASS` for each; of survival (truth in days) event and
 * risk; of values predicted; then present (the modalities that were there, joined by `+`), basis. Lines end in LF, as in
 * every file the toolkit writes.
 */
export function predictionsCsv(rows: readonly SubjectPrediction[], classes: readonly string[]): string {
  const { names, tell } = told(rows[0], classes);
  const data = rows.map((row) => [
    row.repeat,
    row.fold,
    row.subject,
    row.strategy,
    row.truth,
    ...tell(row),
    row.present.join('+'),
    row.basis,
  ]);
  const fields = ['repeat', 'fold', 'subject', 'strategy', 'truth', ...names, 'present', 'basis'];
  return `${Papa.unparse({ fields, data }, { newline: '\n' })}\n`;
}

interface Told {
  readonly names: readonly string[];
  readonly tell: (row: SubjectPrediction) => readonly (string | number)[];
}

/** What stands between the truth and the modalities, by the kind of target. */
function told(first: SubjectPrediction | undefined, classes: readonly string[]): Told {
  if (first?.risk !== undefined) {
    return { names: ['event', 'risk'], tell: ({ event, risk = Number.NaN }) => [event ? 1 : 0, short(risk)] };
  }
  if (first?.value !== undefined) {
    return { names: ['predicted'], tell: ({ value = Number.NaN }) => [short(value)] };
  }
  return {
    names: ['predicted', ...classes.map((name) => `p:${name}`)],
    tell: ({ probability = [] }) => [classes[mostProbable(probability)], ...probability.map(short)],
  };
}

function short(value: number): number {
  return Number(value.toPrecision(7));
}

function mostProbable(probability: readonly number[]): number {
  let best = 0;
  for (let k = 1; k < probability.length; k++) if (probability[k] > probability[best]) best = k;
  return best;
}
