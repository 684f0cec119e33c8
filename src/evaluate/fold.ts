/** One fold: every strategy fitted on its training subjects, and what each says of its test subjects. */
import { type Cohort, rowsWith, takeSubjects, withOnly } from '../describe/cohort.ts';
import { type Target, takeTarget } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import { checkStopped, type Run } from '../estimator.ts';
import type { ClassPrediction, Fusion, Notes } from '../fuse/prediction.ts';
import type { Fold } from './protocol.ts';

export interface Strategy {
  readonly name: string;
  readonly role: 'single' | 'best-single' | 'fusion';
  readonly fusion: Fusion;
}

/** Plain data: it crosses from a worker. */
export interface FoldOutcome {
  readonly repeat: number;
  readonly fold: number;
  readonly test: Int32Array; // rows of the cohort
  readonly strategies: readonly StrategyOutcome[];
}

export interface StrategyOutcome {
  readonly name: string;
  /** What this fit uses; of the best single modality, the one chosen. */
  readonly modalities: readonly string[];
  readonly notes: Notes;
  readonly probability: Float64Array; // [test, classes]
  readonly fromPrior: Uint8Array; // [test]
  readonly filled: Float64Array; // [test]
  /** Test subjects who have every grid modality, as positions in `test`. */
  readonly complete: Int32Array;
  /** Predictions of the complete subjects with some modalities masked, by the strategy's own modalities that are left. */
  readonly masked: readonly { readonly present: readonly string[]; readonly probability: Float64Array }[]; // [complete, classes]
  /** Shapley value of each modality for the predicted class, absolute, summed over test subjects. */
  readonly contributions: Float64Array; // [modalities]
  readonly fitMs: number;
  readonly predictMs: number; // a subject
}

export async function evaluateFold(
  x: Cohort,
  target: Target,
  fold: Fold,
  strategies: readonly Strategy[],
  grid: readonly (readonly string[])[],
  run: Pick<Run, 'stopped'> & { readonly done?: (strategy: string) => void } = {},
): Promise<FoldOutcome> {
  const training = takeSubjects(x, fold.train);
  const trainingTarget = takeTarget(target, fold.train);
  const test = takeSubjects(x, fold.test);
  const gridModalities = [...new Set(grid.flat())];
  const complete = gridModalities.length ? rowsWith(test, gridModalities) : new Int32Array(0);
  const completeTest = takeSubjects(test, complete);
  const outcomes: StrategyOutcome[] = [];
  for (const { name, fusion } of strategies) {
    checkStopped(run, `repeat ${fold.repeat} fold ${fold.fold}: ${name}`);
    let inherited = 0;
    const started = performance.now();
    const fitted = await fusion.fit(training, trainingTarget, {
      seed: fold.seed,
      inner: fold.inner,
      ...(run.stopped && { stopped: run.stopped }),
      charge: (milliseconds) => {
        inherited += milliseconds;
      },
    });
    const fitMs = performance.now() - started + inherited;

    const before = performance.now();
    const plain = await fitted.apply(test);
    const predictMs = (performance.now() - before) / Math.max(1, test.subjects.length);
    checkProbabilities(plain, name);
    const explained = fitted.modalities.length > 1 ? await fitted.apply(test, { explain: true }) : plain;

    const masked = new Map<string, { present: readonly string[]; probability: Float64Array }>();
    if (complete.length > 0) {
      for (const subset of grid) {
        const present = fitted.modalities.filter((modality) => subset.includes(modality));
        const key = JSON.stringify(present);
        if (masked.has(key)) continue;
        const said = await fitted.apply(withOnly(completeTest, present));
        checkProbabilities(said, name);
        masked.set(key, { present, probability: said.probability.data });
      }
    }
    outcomes.push({
      name,
      modalities: fitted.modalities,
      notes: fitted.notes,
      probability: plain.probability.data,
      fromPrior: plain.fromPrior,
      filled: plain.filled,
      complete,
      masked: [...masked.values()],
      contributions: contributionSums(explained, fitted.modalities),
      fitMs,
      predictMs,
    });
    run.done?.(name);
  }
  return { repeat: fold.repeat, fold: fold.fold, test: fold.test, strategies: outcomes };
}

function checkProbabilities({ probability, subjects }: ClassPrediction, name: string): void {
  const at = probability.data.findIndex((p) => !(p >= 0 && p <= 1 + 1e-9));
  if (at < 0) return;
  throw new InputError({
    where: `strategy ${name}: subject ${subjects[Math.floor(at / probability.shape[1])]}`,
    what: 'not a probability',
    expected: 'a number from 0 to 1',
    got: String(probability.data[at]),
  });
}

function contributionSums(prediction: ClassPrediction, modalities: readonly string[]): Float64Array {
  const sums = new Float64Array(modalities.length); // [modalities]
  const { contributions, probability, classes } = prediction;
  if (!contributions) return sums;
  prediction.modalities.forEach((name, m) => {
    const to = modalities.indexOf(name);
    for (let i = 0; i < prediction.subjects.length; i++) {
      const row = probability.data.subarray(i * classes.length, (i + 1) * classes.length);
      const predicted = row.indexOf(row.reduce((a, b) => Math.max(a, b)));
      sums[to] += Math.abs(contributions[(i * prediction.modalities.length + m) * classes.length + predicted]);
    }
  });
  return sums;
}
