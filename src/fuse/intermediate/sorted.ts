/** Subjects sorted by id, as cohorts are: batches are drawn by place, so that the order must not matter. */
import { takeRows } from '../../array/matrix.ts';
import { type Cohort, takeSubjects } from '../../describe/cohort.ts';
import { type Target, takeTarget } from '../../describe/target.ts';
import type { CrossFittedFusion } from '../prediction.ts';

export interface Sorted {
  readonly x: Cohort;
  readonly target: Target;
  readonly inner: Int32Array | undefined;
  /** The row that each sorted subject had. */
  readonly order: Int32Array;
}

export function byId(x: Cohort, target: Target, inner: Int32Array | undefined): Sorted {
  const { subjects } = x;
  const order = Int32Array.from(subjects.keys()).sort((a, b) => (subjects[a] < subjects[b] ? -1 : 1));
  if (order.every((row, i) => row === i)) return { x, target, inner, order };
  return {
    x: takeSubjects(x, order),
    target: takeTarget(target, order),
    inner: inner && Int32Array.from(order, (row) => inner[row]),
    order,
  };
}

/** What was said of the sorted subjects, in the order in which they were handed over. */
export function inOrder({ fitted, outOfFold, heard }: CrossFittedFusion, order: Int32Array): CrossFittedFusion {
  const place = new Int32Array(order.length);
  order.forEach((row, i) => {
    place[row] = i;
  });
  return { fitted, outOfFold: takeRows(outOfFold, place), heard: Uint8Array.from(place, (i) => heard[i]) };
}
