import Papa from 'papaparse';
import type { SubjectPrediction } from '../evaluate/comparison.ts';

/**
 * `predictions.csv`: a row for each test subject of each fold as each strategy predicts it. Columns: repeat, fold,
 * subject, strategy, truth, predicted (the most probable class), `p:CLASS` for each class, present (the modalities that
 * were there, joined by `+`), basis. Lines end in LF, as in every file the toolkit writes.
 */
export function predictionsCsv(rows: readonly SubjectPrediction[], classes: readonly string[]): string {
  const fields = ['repeat', 'fold', 'subject', 'strategy', 'truth', 'predicted', ...classes.map((name) => `p:${name}`)];
  const data = rows.map((row) => [
    row.repeat,
    row.fold,
    row.subject,
    row.strategy,
    row.truth,
    classes[mostProbable(row.probability)],
    ...row.probability.map((p) => Number(p.toPrecision(7))),
    row.present.join('+'),
    row.basis,
  ]);
  return `${Papa.unparse({ fields: [...fields, 'present', 'basis'], data }, { newline: '\n' })}\n`;
}

function mostProbable(probability: readonly number[]): number {
  let best = 0;
  for (let k = 1; k < probability.length; k++) if (probability[k] > probability[best]) best = k;
  return best;
}
