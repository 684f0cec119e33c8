/**
 * One modality asks, the other answers: the class is the sign of that token of the "bank" which the "pointer" names.
 *
 * Activities z of the K tokens are independent standard normal, not all of one sign. The class is a fair coin, and the
 * token named is one of those whose sign is the class's, each as likely: P(class | z) = ½ = P(class | named). So neither
 * modality alone says anything, nor does a model that adds what each says (the best additive log-odds are constant), and
 * of what is large nothing follows, since |z| is independent of the signs. Tokens that are not named must then lean the
 * other way by 1 / (K − 1) of a sign on average, in this world and in any other whose bank alone says nothing.
 *
 * A feature of token k reads z_k + noise · ε. (Noise in the class instead, sign(z_k + noise · ε), would be the same
 * joint distribution of features and class but for scale.)
 */
import { type Matrix, matrix } from '../array/matrix.ts';
import { deriveSeed, type Random, random } from '../array/random.ts';
import { type Block, type Cohort, cohort } from '../describe/cohort.ts';
import type { Feature } from '../describe/modality.ts';
import type { ClassTarget } from '../describe/target.ts';
import { optionChecks } from './check-options.ts';
import { expectedAuroc } from './expected-auroc.ts';
import { fullBlock } from './full-block.ts';
import { gaussianModality } from './gaussian-modality.ts';
import { pointingLogOdds } from './pointing-posterior.ts';
import { balancedLabels, subjectIds } from './subjects.ts';

const { whole, between, refuse } = optionChecks('simulatePointing');

export const namings = ['level', 'code'] as const;

export interface PointingOptions {
  readonly subjects: number;
  readonly seed: number;
  /** K: tokens of the bank, `token1` and on. */
  readonly tokens?: number;
  /** Features of a token; more than one make it a group of the modality, `token1.1` and on. */
  readonly featuresPerToken?: number;
  /** Standard deviation of a bank feature about its token's activity, against 1 of the activity; 0: exact. */
  readonly noise?: number;
  /**
   * How the pointer names a token. `level` (default): by one nominal column, `named`. `code`: by K interval columns,
   * `code1` and on, of standard normal noise, in which the named one is higher by `strength`.
   */
  readonly naming?: (typeof namings)[number];
  readonly strength?: number;
  /** Standard normal columns of the pointer that say nothing, `distractor1` and on. */
  readonly distractors?: number;
}

export interface Pointing {
  /** Modalities `pointer` and `bank`. */
  readonly cohort: Cohort;
  readonly target: ClassTarget;
  readonly truth: {
    /** The token that decides, from 0. */
    readonly named: Int32Array; // [subjects]
    readonly activity: Matrix<Float64Array>; // [subjects, tokens]
    /** Of class 1 given the features of both modalities: the best of all scores. */
    readonly logOdds: Float64Array; // [subjects]
    /** AUROC of the best score of one modality, and of the features of both in expectation over these subjects' classes. */
    readonly auroc: { readonly single: 0.5; readonly measured: number };
  };
}

/** @throws InputError for an unknown option or naming, and a number out of its range. */
export function simulatePointing(options: PointingOptions): Pointing {
  const {
    subjects,
    seed,
    tokens = 12,
    featuresPerToken = 1,
    noise = 0.3,
    naming = 'level',
    strength = 4,
    distractors = 0,
    ...unknown
  } = options;
  for (const name of Object.keys(unknown)) refuse(name, 'unknown option', 'an option of simulatePointing', name);
  whole('subjects', subjects, 2);
  whole('tokens', tokens, 2);
  whole('featuresPerToken', featuresPerToken, 1);
  whole('distractors', distractors, 0);
  between('noise', noise, 0, Infinity);
  between('strength', strength, 0, Infinity);
  if (!namings.includes(naming)) refuse('naming', 'unknown naming', `one of ${namings.join(', ')}`, String(naming));

  const labels = balancedLabels(subjects, random(deriveSeed(seed, 'labels')));
  const activity = drawActivity(subjects, tokens, random(deriveSeed(seed, 'activity')));
  const named = drawNamed(labels, activity, random(deriveSeed(seed, 'named')));
  const code = naming === 'code' ? drawCode(named, tokens, strength, random(deriveSeed(seed, 'code'))) : undefined;
  const pointer = pointerBlock(code ?? named, tokens, distractors, random(deriveSeed(seed, 'distractors')));
  const bank = bankBlock(activity, featuresPerToken, noise, random(deriveSeed(seed, 'bank')));
  const logOdds = pointingLogOdds(
    code ? { code, strength } : { named },
    readings(bank.values, tokens),
    noise / Math.sqrt(featuresPerToken),
  );
  return {
    cohort: cohort(subjectIds(subjects), [pointer, bank]),
    target: { kind: 'classes', name: 'class', classes: ['class0', 'class1'], labels },
    truth: { named, activity, logOdds, auroc: { single: 0.5, measured: expectedAuroc(logOdds) } },
  };
}

/** Standard normal, drawn again where a subject's are all of one sign. [subjects, tokens] */
export function drawActivity(subjects: number, tokens: number, generator: Random): Matrix<Float64Array> {
  const activity = new Float64Array(subjects * tokens);
  for (let i = 0; i < subjects; i++) {
    const row = activity.subarray(i * tokens, (i + 1) * tokens);
    do {
      for (let k = 0; k < tokens; k++) row[k] = generator.normal();
    } while (row.every((z) => z > 0) || row.every((z) => z <= 0));
  }
  return matrix(subjects, tokens, activity);
}

/** One of the tokens whose sign is that of the class. [subjects] */
export function drawNamed(labels: Int32Array, { shape: [, tokens], data }: Matrix, generator: Random): Int32Array {
  return labels.map((label, i) => {
    const row = Array.from(data.subarray(i * tokens, (i + 1) * tokens));
    const fit = [...row.keys()].filter((k) => row[k] > 0 === (label === 1));
    return fit[generator.integer(fit.length)];
  });
}

function drawCode(named: Int32Array, tokens: number, strength: number, generator: Random): Matrix<Float32Array> {
  const values = new Float32Array(named.length * tokens); // [subjects, tokens]
  for (let at = 0; at < values.length; at++) {
    const here = at % tokens === named[Math.floor(at / tokens)];
    values[at] = generator.normal() + (here ? strength : 0);
  }
  return matrix(named.length, tokens, values);
}

function tokenNames(tokens: number): string[] {
  return Array.from({ length: tokens }, (_, k) => `token${k + 1}`);
}

function pointerBlock(
  names: Int32Array | Matrix<Float32Array>,
  tokens: number,
  distractors: number,
  generator: Random,
): Block {
  const shown = names instanceof Int32Array ? matrix(names.length, 1, Float32Array.from(names)) : names;
  const [subjects, width] = shown.shape;
  const values = new Float32Array(subjects * (width + distractors)); // [subjects, features]
  for (let i = 0; i < subjects; i++) {
    const row = values.subarray(i * (width + distractors), (i + 1) * (width + distractors));
    row.set(shown.data.subarray(i * width, (i + 1) * width));
    for (let j = width; j < row.length; j++) row[j] = generator.normal();
  }
  const interval = (name: string): Feature => ({ name, scale: 'interval' });
  const features: Feature[] =
    names instanceof Int32Array
      ? [{ name: 'named', scale: 'nominal', levels: tokenNames(tokens) }]
      : tokenNames(tokens).map((_, k) => interval(`code${k + 1}`));
  for (let j = 0; j < distractors; j++) features.push(interval(`distractor${j + 1}`));
  const modality = { ...gaussianModality('pointer', 0), features };
  return fullBlock(modality, matrix(subjects, features.length, values));
}

function bankBlock(activity: Matrix, perToken: number, noise: number, generator: Random): Block {
  const [subjects, tokens] = activity.shape;
  const width = tokens * perToken;
  const values = new Float32Array(subjects * width); // [subjects, features]
  for (let at = 0; at < values.length; at++) {
    values[at] = activity.data[Math.floor(at / perToken)] + noise * generator.normal();
  }
  const groups = tokenNames(tokens).map((name) => ({
    name,
    features: Array.from({ length: perToken }, (_, f) => (perToken === 1 ? name : `${name}.${f + 1}`)),
  }));
  const features = groups.flatMap((group) => group.features).map((name) => ({ name, scale: 'interval' as const }));
  const modality = { ...gaussianModality('bank', 0), features, ...(perToken > 1 && { groups }) };
  return fullBlock(modality, matrix(subjects, width, values));
}

/** Mean of each token's features: all that they say of its activity. [subjects, tokens] */
function readings({ shape: [subjects, width], data }: Matrix, tokens: number): Matrix<Float64Array> {
  const perToken = width / tokens;
  const means = new Float64Array(subjects * tokens);
  for (let at = 0; at < data.length; at++) means[Math.floor(at / perToken)] += data[at] / perToken;
  return matrix(subjects, tokens, means);
}
