/** What is to be told from the measurements. Survival and value follow as further members of the union. */
export interface ClassTarget {
  readonly kind: 'classes';
  readonly name: string;
  /** Names of the classes. Of two, the second is the event ("positive"). */
  readonly classes: readonly string[];
  /** Class of each subject of the cohort, as an index into `classes`. */
  readonly labels: Int32Array; // [subjects]
}

export type Target = ClassTarget;

export function takeTarget(target: Target, rows: ArrayLike<number>): Target {
  return { ...target, labels: Int32Array.from(rows, (row: number) => target.labels[row]) };
}

/** How many subjects each class has. */
export function classCounts({ classes, labels }: ClassTarget): Int32Array {
  const counts = new Int32Array(classes.length); // [classes]
  for (const label of labels) counts[label]++;
  return counts;
}
