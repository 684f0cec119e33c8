import type { SurvivalTimes } from './survival-times.ts';

/** What is true of the subjects scored, by the kind of target. */
export type Truth =
  | { readonly kind: 'classes'; readonly labels: Int32Array }
  | (SurvivalTimes & {
      readonly kind: 'survival';
      /** The subjects trained on, who describe the censoring. */
      readonly train: SurvivalTimes;
      /** Times of scores that are taken at times, ascending. */
      readonly atDays: Float64Array; // [times]
    })
  | { readonly kind: 'value'; readonly values: Float64Array };

/** The given subjects, repeats among them. A bootstrap asks for them thousands of times, hence the plain loops. */
export function takeTruth(truth: Truth, rows: ArrayLike<number>): Truth {
  switch (truth.kind) {
    case 'classes':
      return { kind: 'classes', labels: taken(truth.labels, new Int32Array(rows.length), rows) };
    case 'survival':
      return {
        ...truth,
        timeDays: taken(truth.timeDays, new Float64Array(rows.length), rows),
        event: taken(truth.event, new Uint8Array(rows.length), rows),
      };
    case 'value':
      return { kind: 'value', values: taken(truth.values, new Float64Array(rows.length), rows) };
  }
}

function taken<T extends Float64Array | Int32Array | Uint8Array>(from: T, out: T, rows: ArrayLike<number>): T {
  for (let i = 0; i < rows.length; i++) out[i] = from[rows[i]];
  return out;
}

export function subjectsIn(truth: Truth): number {
  return truth.kind === 'classes'
    ? truth.labels.length
    : truth.kind === 'value'
      ? truth.values.length
      : truth.timeDays.length;
}

/** What a bootstrap resamples within: classes, event or none, nothing of values. */
export function strataIn(truth: Truth): ArrayLike<number> {
  return truth.kind === 'classes'
    ? truth.labels
    : truth.kind === 'survival'
      ? truth.event
      : new Uint8Array(truth.values.length);
}
