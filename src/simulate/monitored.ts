/**
 * Two sensors follow one state that moves, and one of them is read later: time skew between modalities.
 *
 * A subject's state u is a stationary Ornstein-Uhlenbeck process (Uhlenbeck and Ornstein 1930) of mean 0, variance 1 and
 * correlation exp(−|Δt| / τ). `sensor1` shows it at time 0, when its sign makes the class; `sensor2` shows it `lagSeconds`
 * later, so that what it has in common with the class is less by ρ = exp(−lag / τ). Features are of a window that is short
 * against τ: x = λ u + ε, ε standard normal.
 *
 * With J = λᵀλ, sensor1 tells as much of u(0) as one reading of precision J₁ (Fisher's information), sensor2 as one of
 * precision ρ² J₂ / (1 + (1 − ρ²) J₂), and both as one of their sum. The best score of precision I is correlated
 * r = √(I / (1 + I)) with u(0), and, by the chance that normal variables share an orthant (Sheppard 1899), has the AUROC
 * ½ + (2 / π) asin(r / √2).
 */
import { normalLower, normalUpper } from '../array/distributions.ts';
import { type Matrix, matrix } from '../array/matrix.ts';
import { deriveSeed, random } from '../array/random.ts';
import { type Cohort, cohort } from '../describe/cohort.ts';
import type { ClassTarget } from '../describe/target.ts';
import { optionChecks } from './check-options.ts';
import { fullBlock } from './full-block.ts';
import { gaussianModality } from './gaussian-modality.ts';
import { drawLoadings, measured, sufficient } from './loaded.ts';
import { balancedLabels, subjectIds } from './subjects.ts';

const { whole, between, refuse } = optionChecks('simulateMonitored');

export interface MonitoredOptions {
  readonly subjects: number;
  readonly seed: number;
  /** How much later than `sensor1` the state is read by `sensor2`. For one seed, lags differ in nothing else. */
  readonly lagSeconds?: number;
  /** τ: the time in which the state's correlation with itself falls to 1 / e. */
  readonly tauSeconds?: number;
  /** Features of each sensor's window. */
  readonly features?: number;
  /** Share of features that load on the state; the others are noise. */
  readonly informative?: number;
  /** Standard deviation of an informative feature's loading, against noise of standard deviation 1. */
  readonly loading?: number;
}

export interface Monitored {
  readonly cohort: Cohort;
  readonly target: ClassTarget;
  readonly truth: {
    /** As each sensor finds it: at time 0, and after the lag. */
    readonly states: readonly [Float64Array, Float64Array]; // [subjects]
    readonly loadings: readonly [Matrix<Float64Array>, Matrix<Float64Array>]; // [features, 1]
    /** Of the state with itself over the lag. */
    readonly correlation: number;
    /** Of class 1 given the features of both sensors: the best of all scores. */
    readonly logOdds: Float64Array; // [subjects]
    /** AUROC of the best score of each sensor's features, and of both together. */
    readonly auroc: { readonly single: readonly [number, number]; readonly fused: number };
  };
}

/** @throws InputError for an unknown option, and a number out of its range. */
export function simulateMonitored(options: MonitoredOptions): Monitored {
  const {
    subjects,
    seed,
    lagSeconds = 0,
    tauSeconds = 60,
    features = 20,
    informative = 0.5,
    loading = 0.3,
    ...unknown
  } = options;
  for (const name of Object.keys(unknown)) refuse(name, 'unknown option', 'an option of simulateMonitored', name);
  whole('subjects', subjects, 2);
  whole('features', features, 1);
  between('lagSeconds', lagSeconds, 0, Infinity);
  if (!(tauSeconds > 0 && tauSeconds < Infinity)) {
    refuse('tauSeconds', 'out of range', 'a positive number', String(tauSeconds));
  }
  between('informative', informative, 0, 1);
  between('loading', loading, 0, Infinity);

  const correlation = Math.exp(-lagSeconds / tauSeconds);
  const labels = balancedLabels(subjects, random(deriveSeed(seed, 'labels')));
  const now = random(deriveSeed(seed, 'state'));
  const drift = random(deriveSeed(seed, 'drift'));
  const first = Float64Array.from(labels, (label) => (label === 1 ? 1 : -1) * Math.abs(now.normal())); // [subjects]
  const second = first.map((state) => correlation * state + Math.sqrt(1 - correlation ** 2) * drift.normal());
  const [one, two] = [first, second].map((state, m) => {
    const name = `sensor${m + 1}`;
    const loadings = drawLoadings([features, 1], { informative, loading }, random(deriveSeed(seed, name, 'loadings')));
    const noise = random(deriveSeed(seed, name, 'noise'));
    const values = measured(matrix(subjects, 1, state), loadings, noise);
    return {
      block: fullBlock(gaussianModality(name, features), values),
      loadings,
      information: sumOfSquares(loadings),
    };
  });

  const dilution = 1 + (1 - correlation ** 2) * two.information;
  const later = (correlation ** 2 * two.information) / dilution;
  const together = one.information + later;
  const seen = sufficient(one.block.values, one.loadings).data;
  const seenLater = sufficient(two.block.values, two.loadings).data;
  const logOdds = Float64Array.from(seen, (sum, i) => {
    const t = (sum + (correlation * seenLater[i]) / dilution) / Math.sqrt(1 + together); // posterior mean over sd
    return Math.log(Math.max(normalLower(t), Number.MIN_VALUE)) - Math.log(Math.max(normalUpper(t), Number.MIN_VALUE));
  });
  return {
    cohort: cohort(subjectIds(subjects), [one.block, two.block]),
    target: { kind: 'classes', name: 'class', classes: ['class0', 'class1'], labels },
    truth: {
      states: [first, second],
      loadings: [one.loadings, two.loadings],
      correlation,
      logOdds,
      auroc: { single: [signAuroc(one.information), signAuroc(later)], fused: signAuroc(together) },
    },
  };
}

function sumOfSquares({ data }: Matrix<Float64Array>): number {
  return data.reduce((sum, value) => sum + value * value, 0);
}

/** AUROC of the sign of a standard normal state by a reading of this precision. */
function signAuroc(information: number): number {
  return 0.5 + (2 / Math.PI) * Math.asin(Math.sqrt(information / (1 + information) / 2));
}
