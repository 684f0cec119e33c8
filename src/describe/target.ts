/** What is to be told from the measurements: a class, a time to an event, or a value. */
export type Target = ClassTarget | SurvivalTarget | ValueTarget;
export type TargetKind = Target['kind'];

export interface ClassTarget {
  readonly kind: 'classes';
  readonly name: string;
  /** Names of the classes. Of two, the second is the event ("positive"). */
  readonly classes: readonly string[];
  /** Class of each subject of the cohort, as an index into `classes`. */
  readonly labels: Int32Array; // [subjects]
}

/** Right-censored follow-up. */
export interface SurvivalTarget {
  readonly kind: 'survival';
  readonly name: string;
  /** Until the event, or until a subject was last seen without it; positive. */
  readonly timeDays: Float64Array; // [subjects]
  /** 1 where the time is that of the event, 0 where the subject was censored then. */
  readonly event: Uint8Array; // [subjects]
}

export interface ValueTarget {
  readonly kind: 'value';
  readonly name: string;
  readonly unit?: string;
  readonly values: Float64Array; // [subjects]
}

export function takeTarget<T extends Target>(target: T, rows: ArrayLike<number>): T;
export function takeTarget(target: Target, rows: ArrayLike<number>): Target {
  switch (target.kind) {
    case 'classes':
      return { ...target, labels: Int32Array.from(rows, (row: number) => target.labels[row]) };
    case 'survival':
      return {
        ...target,
        timeDays: Float64Array.from(rows, (row: number) => target.timeDays[row]),
        event: Uint8Array.from(rows, (row: number) => target.event[row]),
      };
    case 'value':
      return { ...target, values: Float64Array.from(rows, (row: number) => target.values[row]) };
  }
}

/** How many subjects a target tells of. */
export function subjectsOf(target: Target): number {
  switch (target.kind) {
    case 'classes':
      return target.labels.length;
    case 'survival':
      return target.timeDays.length;
    case 'value':
      return target.values.length;
  }
}

/** How many subjects each class has. */
export function classCounts({ classes, labels }: ClassTarget): Int32Array {
  const counts = new Int32Array(classes.length); // [classes]
  for (const label of labels) counts[label]++;
  return counts;
}

/**
 * The target as classes, for what is counted or tested by class: of survival, whether the event was seen (which leaves
 * aside for how long each was watched); of values, which side of the median.
 */
export function asClasses(target: Target): ClassTarget {
  switch (target.kind) {
    case 'classes':
      return target;
    case 'survival':
      return {
        kind: 'classes',
        name: target.name,
        classes: ['censored', 'event'],
        labels: Int32Array.from(target.event),
      };
    case 'value': {
      const half = middle(target.values);
      const labels = Int32Array.from(target.values, (value) => (value > half ? 1 : 0));
      return { kind: 'classes', name: target.name, classes: ['up to the median', 'above the median'], labels };
    }
  }
}

const valueStrata = 5;

/** What folds are stratified by: classes, events, or fifths of the values (fewer where subjects are few). */
export function strataOf(target: Target): Int32Array {
  if (target.kind !== 'value') return asClasses(target).labels;
  const { values } = target;
  const strata = Math.max(1, Math.min(valueStrata, Math.floor(values.length / (2 * valueStrata))));
  const labels = new Int32Array(values.length); // [subjects]
  const order = Int32Array.from(values.keys()).sort((a, b) => values[a] - values[b] || a - b);
  order.forEach((row, at) => {
    labels[row] = Math.floor((at * strata) / values.length);
  });
  return labels;
}

/** What subjects are counted by in results, and how many there are of each; values are not counted. */
export function countsOf(target: Target): { readonly classes: readonly string[]; readonly classCounts: number[] } {
  if (target.kind === 'value') return { classes: [], classCounts: [] };
  const classes = asClasses(target);
  return { classes: classes.classes, classCounts: [...classCounts(classes)] };
}

function middle(values: Float64Array): number {
  const sorted = values.slice().sort();
  return sorted[(sorted.length - 1) >> 1] ?? 0;
}
