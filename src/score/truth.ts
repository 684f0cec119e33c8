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

/** The given subjects, repeats among them. */
export function takeTruth(truth: Truth, rows: ArrayLike<number>): Truth {
  switch (truth.kind) {
    case 'classes':
      return { kind: 'classes', labels: Int32Array.from(rows, (row: number) => truth.labels[row]) };
    case 'survival':
      return {
        ...truth,
        timeDays: Float64Array.from(rows, (row: number) => truth.timeDays[row]),
        event: Uint8Array.from(rows, (row: number) => truth.event[row]),
      };
    case 'value':
      return { kind: 'value', values: Float64Array.from(rows, (row: number) => truth.values[row]) };
  }
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
