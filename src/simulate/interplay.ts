/**
 * Two modalities of which each alone may say nothing and both together everything: the class is the exclusive or of two
 * signs, one in each modality.
 *
 * A subject's latent state in each modality is standard normal whatever the class. In class 0 the two states have the same
 * sign, in class 1 opposite ones, for a share `interplay` of subjects; the signs of the others are unrelated. Besides,
 * each modality has an own state as in `simulateMultiomics`: ±own / 2 by class plus standard normal noise. With
 * `interplay` 0 the modalities are independent given the class; with 1 their states are dependent given each class,
 * though independent over all. All noise is independent of everything.
 */
import { normalLower } from '../array/distributions.ts';
import { type Matrix, matrix } from '../array/matrix.ts';
import { deriveSeed, type Random, random } from '../array/random.ts';
import { type Cohort, cohort } from '../describe/cohort.ts';
import type { ClassTarget } from '../describe/target.ts';
import { optionChecks } from './check-options.ts';
import { expectedAuroc } from './expected-auroc.ts';
import { fullBlock } from './full-block.ts';
import { gaussianModality } from './gaussian-modality.ts';
import { interplayLogOdds } from './interplay-posterior.ts';
import { drawLoadings, measured } from './loaded.ts';
import { balancedLabels, subjectIds } from './subjects.ts';

const { whole, between, refuse } = optionChecks('simulateInterplay');

export interface InterplayOptions {
  readonly subjects: number;
  readonly seed: number;
  /** Features of each of the two modalities, `omics1` and `omics2`. */
  readonly features?: number;
  /** Share of subjects whose class is the exclusive or of the two signs; 0: no interplay. */
  readonly interplay?: number;
  /** Distance of the classes in the state that only this modality shows, in standard deviations; 0: no expert can learn. */
  readonly own?: number;
  /** Share of features that load on the latent states; the others are noise. */
  readonly informative?: number;
  /** Standard deviation of an informative feature's loadings, against noise of standard deviation 1. */
  readonly loading?: number;
}

export interface Interplay {
  readonly cohort: Cohort;
  readonly target: ClassTarget;
  readonly truth: {
    /** Whose signs make the class, and the own state, of each modality. */
    readonly states: readonly Matrix<Float64Array>[]; // [subjects, 2]
    readonly loadings: readonly Matrix<Float64Array>[]; // [features, 2]
    /** Of class 1 given the features of both modalities: the best of all scores. */
    readonly logOdds: Float64Array; // [subjects]
    /**
     * AUROC of the best score of a modality's states alone, and of both together; and of the best score of the noisy
     * features, in expectation over the classes of these subjects, which no model exceeds but by luck. It depends on the
     * loadings drawn: over 20 seeds .82 to .94 with the defaults, .92 to .98 with `loading` 2.
     */
    readonly auroc: { readonly single: number; readonly fused: number; readonly measured: number };
  };
}

/** @throws InputError for an unknown option, and a number out of its range. */
export function simulateInterplay(options: InterplayOptions): Interplay {
  const { subjects, seed, features = 50, interplay = 1, own = 0, informative = 0.2, loading = 1, ...unknown } = options;
  for (const name of Object.keys(unknown)) refuse(name, 'unknown option', 'an option of simulateInterplay', name);
  whole('subjects', subjects, 2);
  whole('features', features, 1);
  between('interplay', interplay, 0, 1);
  between('own', own, 0, Infinity);
  between('informative', informative, 0, 1);
  between('loading', loading, 0, Infinity);

  const labels = balancedLabels(subjects, random(deriveSeed(seed, 'labels')));
  const signs = drawSigns(labels, interplay, random(deriveSeed(seed, 'signs')));
  const made = ['omics1', 'omics2'].map((name, m) => {
    const generator = random(deriveSeed(seed, name));
    const states = new Float64Array(2 * subjects); // [subjects, 2]
    labels.forEach((label, i) => {
      states[2 * i] = signs[m][i] * Math.abs(generator.normal());
      states[2 * i + 1] = (label - 0.5) * own + generator.normal();
    });
    const loadings = drawLoadings([features, 2], { informative, loading }, generator);
    const state = matrix(subjects, 2, states);
    const block = fullBlock(gaussianModality(name, features), measured(state, loadings, generator));
    return { block, state, loadings };
  });

  const blocks = made.map(({ block }) => block);
  const loadings = made.map((one) => one.loadings);
  const values = blocks.map((block) => block.values);
  const logOdds = interplayLogOdds(values, loadings, { own, interplay });
  return {
    cohort: cohort(subjectIds(subjects), blocks),
    target: { kind: 'classes', name: 'class', classes: ['class0', 'class1'], labels },
    truth: {
      states: made.map(({ state }) => state),
      loadings,
      logOdds,
      auroc: {
        single: normalLower(own / Math.SQRT2),
        fused: fusedAuroc(Math.SQRT2 * own, (1 + interplay) / 2),
        measured: expectedAuroc(logOdds),
      },
    },
  };
}

/**
 * The best score adds the log-likelihood ratio of the own states, normal with mean ±δ² / 2 and variance δ² by class, and
 * ±ln(h / (1 − h)) by the signs, h being how often they tell the class.
 */
function fusedAuroc(delta: number, h: number): number {
  if (h === 1) return 1;
  const step = 2 * Math.log(h / (1 - h));
  const ahead = (gap: number) =>
    delta > 0 ? normalLower((delta * delta + gap) / (Math.SQRT2 * delta)) : (Math.sign(gap) + 1) / 2;
  return h * h * ahead(step) + 2 * h * (1 - h) * ahead(0) + (1 - h) ** 2 * ahead(-step);
}

/** Signs of the two states: equal in class 0 and opposite in class 1 with chance `interplay`, else unrelated. */
function drawSigns(labels: Int32Array, interplay: number, generator: Random): readonly [Float64Array, Float64Array] {
  const first = new Float64Array(labels.length);
  const second = new Float64Array(labels.length);
  labels.forEach((label, i) => {
    const ruled = generator.uniform() < interplay;
    first[i] = generator.integer(2) === 0 ? -1 : 1;
    const unrelated = generator.integer(2) === 0 ? -1 : 1;
    second[i] = ruled ? first[i] * (label === 0 ? 1 : -1) : unrelated;
  });
  return [first, second];
}
