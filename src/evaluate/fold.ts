/** One fold: every strategy fitted on its training subjects, and what each says of its test subjects. */
import { type Matrix, matrix, takeRows } from '../array/matrix.ts';
import { deriveSeed } from '../array/random.ts';
import { type Cohort, rowsWith, takeSubjects, withOnly } from '../describe/cohort.ts';
import { type Target, takeTarget } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import { checkStopped, type Run } from '../estimator.ts';
import type { FusionOptions } from '../fuse/modality-expert.ts';
import { type Fusion, type Notes, opinionIn, type Prediction } from '../fuse/prediction.ts';
import { type Driver, decisionDrivers } from './disagreement.ts';
import { type FoldConversation, foldConversation } from './fold-conversation.ts';
import { type FoldTests, foldIndependence } from './fold-independence.ts';
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
  readonly train: Int32Array; // rows of the cohort
  readonly test: Int32Array; // rows of the cohort
  readonly strategies: readonly StrategyOutcome[];
  /** Whether the experts of the first late fusion are independent; only in the first repeat, and not of survival. */
  readonly independence?: FoldTests;
}

export interface StrategyOutcome {
  readonly name: string;
  /** What this fit uses; of the best single modality, the one chosen. */
  readonly modalities: readonly string[];
  readonly notes: Notes;
  /** Class probabilities; risk and survival probabilities at the times of the fold; values. */
  readonly said: Float64Array; // [test, width]
  /** Conformal sets of classes [test, classes], or intervals of values [test, low and high]; empty for survival. */
  readonly conformal: Uint8Array | Float64Array;
  readonly fromPrior: Uint8Array; // [test]
  readonly filled: Float64Array; // [test]
  /** Test subjects who have every grid modality, as positions in `test`. */
  readonly complete: Int32Array;
  /** Predictions of the complete subjects with some modalities masked, by the strategy's own modalities that are left. */
  readonly masked: readonly { readonly present: readonly string[]; readonly said: Float64Array }[]; // [complete, width]
  /** The modality that moved each prediction the most, as its place in `modalities`; −1 for none. Fusions only. */
  readonly driver: Int32Array; // [test]
  readonly drivers: readonly Driver[];
  /** Shapley value of each modality for the predicted class, the risk or the value, absolute, summed over test subjects. */
  readonly contributions: Float64Array; // [modalities]
  /** Only of fusions whose modalities attend to each other. */
  readonly conversation?: FoldConversation;
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
    const said = saidIn(plain, name).data;
    const explained = fitted.modalities.length > 1 ? await fitted.apply(test, { explain: true }) : plain;

    const masked = new Map<string, { present: readonly string[]; said: Float64Array }>();
    if (complete.length > 0) {
      for (const subset of grid) {
        const present = fitted.modalities.filter((modality) => subset.includes(modality));
        const key = JSON.stringify(present);
        if (masked.has(key)) continue;
        // All test subjects, since a site's own scale is that of all it has; then those who have everything.
        const prediction = await fitted.apply(withOnly(test, present));
        masked.set(key, { present, said: takeRows(saidIn(prediction, name), complete).data });
      }
    }
    const conversation =
      fitted.reader &&
      (await foldConversation(test, fitted.reader, fitted.modalities, deriveSeed(fold.seed, 'conversation', name)));
    outcomes.push({
      name,
      modalities: fitted.modalities,
      notes: fitted.notes,
      said,
      conformal: conformalIn(plain),
      fromPrior: plain.fromPrior,
      filled: plain.filled,
      complete,
      masked: [...masked.values()],
      ...driversIn(explained, fitted.modalities),
      contributions: contributionSums(explained, fitted.modalities),
      ...(conversation && { conversation }),
      fitMs,
      predictMs,
    });
    run.done?.(name);
  }
  const late = fold.repeat === 1 ? strategies.find(({ fusion }) => fusion.spec.kind === 'late') : undefined;
  const independence =
    late &&
    (await foldIndependence(training, trainingTarget, late.fusion.spec.options as FusionOptions, {
      seed: fold.seed,
      inner: fold.inner,
      ...(run.stopped && { stopped: run.stopped }),
    }));
  const { repeat, train, test: rows } = fold;
  const plain = { repeat, fold: fold.fold, train, test: rows, strategies: outcomes };
  return independence ? { ...plain, independence } : plain;
}

function driversIn(prediction: Prediction, modalities: readonly string[]): Pick<StrategyOutcome, 'driver' | 'drivers'> {
  if (!prediction.contributions) return { driver: new Int32Array(prediction.subjects.length).fill(-1), drivers: [] };
  const found = decisionDrivers(prediction.modalities, prediction.contributions, opinionIn(prediction));
  const places = prediction.modalities.map((name) => modalities.indexOf(name));
  // Only a class can be spoken against: of one number, down is no objection.
  const drivers = found.modalities.map((one) => (prediction.kind === 'classes' ? one : { ...one, against: 0 }));
  return { driver: found.driver.map((m) => (m < 0 ? -1 : places[m])), drivers };
}

/** What a prediction says in numbers, [subjects, width], checked: strategies may be of others' making. */
function saidIn(prediction: Prediction, strategy: string): Matrix<Float64Array> {
  const said = prediction.kind === 'survival' ? withCurve(prediction) : opinionIn(prediction);
  const share = (p: number) => p >= 0 && p <= 1 + 1e-9;
  const sound = prediction.kind === 'classes' ? share : Number.isFinite;
  const at = said.data.findIndex((value) => !sound(value));
  if (at < 0) return said;
  throw new InputError({
    where: `strategy ${strategy}: subject ${prediction.subjects[Math.floor(at / said.shape[1])]}`,
    what: prediction.kind === 'classes' ? 'not a probability' : 'not a finite number',
    expected: prediction.kind === 'classes' ? 'a number from 0 to 1' : 'a finite number',
    got: String(said.data[at]),
  });
}

function conformalIn(prediction: Prediction): Uint8Array | Float64Array {
  if (prediction.kind === 'classes') return prediction.sets;
  if (prediction.kind === 'survival') return new Uint8Array(0);
  const { low, high } = prediction;
  return Float64Array.from({ length: 2 * low.length }, (_, at) => (at % 2 ? high : low)[at >> 1]);
}

/** Risk, then the survival probabilities: [subjects, 1 + times]. */
function withCurve({ risk, survival }: Extract<Prediction, { kind: 'survival' }>): Matrix<Float64Array> {
  const [n, times] = survival.shape;
  const out = new Float64Array(n * (times + 1));
  for (let i = 0; i < n; i++) {
    out[i * (times + 1)] = risk[i];
    out.set(survival.data.subarray(i * times, (i + 1) * times), i * (times + 1) + 1);
  }
  return matrix(n, times + 1, out);
}

function contributionSums(prediction: Prediction, modalities: readonly string[]): Float64Array {
  const sums = new Float64Array(modalities.length); // [modalities]
  const { contributions } = prediction;
  if (!contributions) return sums;
  const { data, shape } = opinionIn(prediction);
  const [n, width] = shape;
  prediction.modalities.forEach((name, m) => {
    const to = modalities.indexOf(name);
    for (let i = 0; i < n; i++) {
      const opinion = data.subarray(i * width, (i + 1) * width);
      const predicted = opinion.indexOf(opinion.reduce((a, b) => Math.max(a, b)));
      sums[to] += Math.abs(contributions[(i * prediction.modalities.length + m) * width + predicted]);
    }
  });
  return sums;
}
