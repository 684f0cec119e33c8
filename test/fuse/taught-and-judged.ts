/** Fusions that learn from 2,000 subjects of a simulated world and are judged by 1,000 others. */
import { type Cohort, takeSubjects, withOnly } from '../../src/describe/cohort.ts';
import { type ClassTarget, takeTarget } from '../../src/describe/target.ts';
import type { ClassPrediction, FittedFusion, Fusion } from '../../src/fuse/prediction.ts';
import { delongInterval } from '../../src/score/delong.ts';
import { stratifiedFolds } from '../../src/split/folds.ts';

export const taught = 2000;
export const judged = 1000;
export const subjects = taught + judged;

interface World {
  readonly cohort: Cohort;
  readonly target: ClassTarget;
}

/** @param world of `subjects`; the first 2,000 are those to learn from */
export function taughtAndJudged({ cohort, target }: World, { folds = 5 } = {}) {
  const rows = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i);
  const [first, others] = [rows(0, taught), rows(taught, subjects)];
  const [x, truth] = [takeSubjects(cohort, first), takeTarget(target, first)];
  const test = takeSubjects(cohort, others);
  const { labels } = takeTarget(target, others);
  // The same for all, so that a blend and its member share their networks.
  const run = { seed: 1, inner: stratifiedFolds(truth.labels, { folds, seed: 1 }) };

  /** Probabilities of class 1, for the judged or for what became of them. */
  const eventOf = async (fitted: FittedFusion, those = test) => {
    const { probability } = (await fitted.apply(those)) as ClassPrediction;
    return Float64Array.from(labels, (_, i) => probability.data[2 * i + 1]);
  };
  const areaOf = (event: Float64Array) =>
    delongInterval(event, labels) as NonNullable<ReturnType<typeof delongInterval>>;
  const fitOn = async (name: string, fusion: Fusion) => {
    const started = performance.now();
    const fitted = await fusion.fit(x, truth, run);
    const seconds = (performance.now() - started) / 1000;
    const event = await eventOf(fitted);
    const area = areaOf(event);
    const { epochs } = fitted.notes.figures;
    console.info(
      `${name}: AUROC ${interval(area)}, ${epochs === undefined ? '' : `${epochs} epochs, `}fitted in ${seconds.toFixed(0)} s`,
    );
    return { fitted, event, area };
  };
  return { test, others, labels, eventOf, areaOf, fitOn, only: (name: string) => withOnly(test, [name]) };
}

export function interval({
  estimate,
  low,
  high,
}: {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}) {
  return `${estimate.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}
