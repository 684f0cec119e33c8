/**
 * Cross-fitting where preparation reads the target (a supervised selection): it is then fitted anew within every inner fold,
 * so that neither penalties nor out-of-fold opinions rest on validation subjects (Ambroise and McLachlan 2002).
 */
import { type Matrix, matrix, takeRows, zeros } from '../array/matrix.ts';
import { strataOf, subjectsOf, type Target, takeTarget } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import { checkStopped, type Run } from '../estimator.ts';
import { innerParts } from '../expert/blocks.ts';
import { innerFolds } from '../expert/inner-folds.ts';
import { checkPenalties, ridgePenalties } from '../expert/penalty-grid.ts';
import { logisticPenalties } from '../expert/penalty-path.ts';
import { type CrossFitted, type ExpertOptions, expertOf, type Task } from './task/task.ts';

/** Blocks of all subjects as a preparation makes them that was fitted on some of them. */
export type PrepareOn = (train: Int32Array) => Promise<readonly Matrix[]>;

/**
 * Tries the penalties (those given, or the ridge grid of the expert) on inner folds with a preparation each, and fits the
 * best by skill on all rows. Costs a preparation a fold, and at each penalty a fit a fold.
 *
 * @param blocks as prepared on all of `rows`
 * @throws InputError where an elastic net is asked for: selecting twice
 */
export async function crossFitAnew(
  task: Task,
  target: Target,
  { blocks, rows, prepareOn }: { readonly blocks: readonly Matrix[]; readonly rows: Int32Array; prepareOn: PrepareOn },
  options: ExpertOptions,
  run: Run,
): Promise<CrossFitted> {
  const expert = expertOf[target.kind];
  const own = options[expert] ?? {};
  if ([own.l1Ratio ?? 0].flat().some((ratio) => ratio > 0)) {
    const what = 'beside a selection by the target';
    throw new InputError({ where: `${expert}: l1Ratio`, what, expected: 'one way to select features' });
  }
  const parts = [];
  for (const { train, validate } of innerParts(innerFolds({ rows }, strataOf(takeTarget(target, rows)), run))) {
    checkStopped(run, 'cross-fit');
    const of = (places: Int32Array) => places.map((place) => rows[place]);
    parts.push({ blocks: await prepareOn(of(train)), train: of(train), held: of(validate), validate });
  }
  const { width, prior } = task;
  let best:
    | { readonly at: ExpertOptions; readonly skill: number; readonly outOfFold: Matrix<Float64Array> }
    | undefined;
  for (const penalty of penaltiesOf(target, own.penalties, blocks, rows)) {
    const at = { ...options, [expert]: { ...own, penalties: [penalty] } };
    const outOfFold = matrix(rows.length, width, new Float64Array(rows.length * width));
    for (let i = 0; i < rows.length; i++) outOfFold.data.set(prior, i * width);
    for (const part of parts) {
      checkStopped(run, 'cross-fit');
      const { model } = await task.crossFit({ blocks: part.blocks, rows: part.train }, at, run);
      if (!model) continue;
      const { data } = await model.apply(part.blocks.map((block) => takeRows(block, part.held)));
      part.validate.forEach((place, i) => {
        outOfFold.data.set(data.subarray(i * width, (i + 1) * width), place * width);
      });
    }
    const skill = task.skill(spread(outOfFold, rows, subjectsOf(target)), rows) ?? Number.NEGATIVE_INFINITY;
    if (!best || skill > best.skill) best = { at, skill, outOfFold };
  }
  const { at, outOfFold } = best as NonNullable<typeof best>;
  const { model, warnings } = await task.crossFit({ blocks, rows }, at, run);
  return { model, outOfFold, warnings };
}

/** Rows where the skill looks for them: [subjects, width]. */
function spread({ shape, data }: Matrix<Float64Array>, rows: Int32Array, subjects: number): Matrix<Float64Array> {
  const width = shape[1];
  const out = zeros(subjects, width);
  rows.forEach((row, i) => {
    out.data.set(data.subarray(i * width, (i + 1) * width), row * width);
  });
  return out;
}

/** Those given, from strong to weak, or the grid of the expert by the mean squared length of a row (about the mean, but for classes). */
function penaltiesOf(
  { kind }: Target,
  given: 'auto' | readonly number[] | undefined,
  blocks: readonly Matrix[],
  rows: Int32Array,
): readonly number[] {
  if (given !== undefined && given !== 'auto') return checkPenalties(given, expertOf[kind]);
  let squares = 0;
  for (const { data, shape } of blocks) {
    for (let j = 0; j < shape[1]; j++) {
      const mean = kind === 'classes' ? 0 : rows.reduce((sum, row) => sum + data[row * shape[1] + j], 0) / rows.length;
      for (const row of rows) squares += (data[row * shape[1] + j] - mean) ** 2;
    }
  }
  return kind === 'classes' ? logisticPenalties(squares / rows.length) : ridgePenalties(squares / rows.length);
}
