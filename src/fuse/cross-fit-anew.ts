/**
 * Cross-fitting where preparation reads the target (a supervised selection): it is then fitted anew within every inner fold,
 * so that neither penalties nor out-of-fold opinions rest on validation subjects (Ambroise and McLachlan 2002).
 */
import { type Matrix, matrix, takeRows } from '../array/matrix.ts';
import { strataOf, type Target, type TargetKind, takeTarget } from '../describe/target.ts';
import { checkStopped, type Run } from '../estimator.ts';
import { stratifiedFolds } from '../split/folds.ts';
import type { CrossFitted, ExpertOptions, Task } from './task/task.ts';

/** Which options an expert of each kind of target goes by. */
export const expertOf = { classes: 'logistic', survival: 'cox', value: 'ridge' } as const satisfies {
  readonly [K in TargetKind]: keyof ExpertOptions;
};

/** Blocks of all subjects as a preparation makes them that was fitted on some of them. */
export type PrepareOn = (train: Int32Array) => Promise<readonly Matrix[]>;

const gridSteps = 10;

/**
 * Tries penalties (those given, or ten half a decade apart about the scale of the data) on inner folds with a preparation
 * each, and fits the best on all rows. Costs a preparation and a walk a fold.
 *
 * @param blocks as prepared on all of `rows`
 */
export async function crossFitAnew(
  task: Task,
  target: Target,
  { blocks, rows, prepareOn }: { readonly blocks: readonly Matrix[]; readonly rows: Int32Array; prepareOn: PrepareOn },
  options: ExpertOptions,
  run: Run,
): Promise<CrossFitted> {
  const { width } = task;
  const inner = innerOf(target, rows, run);
  const parts: { blocks: readonly Matrix[]; train: Int32Array; held: Int32Array }[] = [];
  for (const fold of [...new Set(inner)].sort((a, b) => a - b)) {
    checkStopped(run, 'cross-fit');
    const train = rows.filter((_, i) => inner[i] !== fold);
    parts.push({
      blocks: await prepareOn(train),
      train,
      held: Int32Array.from(rows.keys()).filter((i) => inner[i] === fold),
    });
  }
  const expert = expertOf[target.kind];
  const own = options[expert];
  const at = (penalty: number): ExpertOptions => ({ ...options, [expert]: { ...own, penalties: [penalty] } });
  let best: { penalty: number; skill: number; outOfFold: Matrix<Float64Array> } | undefined;
  for (const penalty of penaltiesOf(own?.penalties, blocks, rows)) {
    const outOfFold = matrix(rows.length, width, new Float64Array(rows.length * width));
    for (let i = 0; i < rows.length; i++) outOfFold.data.set(task.prior, i * width);
    for (const part of parts) {
      checkStopped(run, 'cross-fit');
      const { model } = await task.crossFit({ blocks: part.blocks, rows: part.train }, at(penalty), run);
      if (!model) continue;
      const heldRows = Int32Array.from(part.held, (i) => rows[i]);
      const { data } = await model.apply(part.blocks.map((block) => takeRows(block, heldRows)));
      part.held.forEach((i, h) => {
        outOfFold.data.set(data.subarray(h * width, (h + 1) * width), i * width);
      });
    }
    const skill = skillOf(task, outOfFold, rows, target) ?? Number.NEGATIVE_INFINITY;
    if (!best || skill > best.skill) best = { penalty, skill, outOfFold };
  }
  const { penalty, outOfFold } = best as NonNullable<typeof best>;
  const { model, warnings } = await task.crossFit({ blocks, rows }, at(penalty), run);
  return { model, outOfFold, warnings };
}

function innerOf(target: Target, rows: Int32Array, { inner, seed }: Run): Int32Array {
  const given = inner && Int32Array.from(rows, (row) => inner[row]);
  if (given && new Set(given).size > 1) return given;
  return stratifiedFolds(strataOf(takeTarget(target, rows)), { folds: Math.max(2, Math.min(5, rows.length)), seed });
}

/** The skill is told of subjects of the target, of whom the rows are some. */
function skillOf(task: Task, outOfFold: Matrix<Float64Array>, rows: Int32Array, target: Target): number | undefined {
  const subjects = strataOf(target).length;
  const whole = matrix(subjects, task.width, new Float64Array(subjects * task.width));
  rows.forEach((row, i) => {
    whole.data.set(outOfFold.data.subarray(i * task.width, (i + 1) * task.width), row * task.width);
  });
  return task.skill(whole, rows);
}

function penaltiesOf(
  given: 'auto' | readonly number[] | undefined,
  blocks: readonly Matrix[],
  rows: Int32Array,
): readonly number[] {
  if (given !== undefined && given !== 'auto') return given;
  let squares = 0;
  for (const { data, shape } of blocks) {
    for (const row of rows) for (let j = 0; j < shape[1]; j++) squares += data[row * shape[1] + j] ** 2;
  }
  const scale = squares / rows.length || 1; // mean squared length of a training subject
  return Array.from({ length: gridSteps }, (_, step) => scale * 10 ** (1 - step / 2));
}
