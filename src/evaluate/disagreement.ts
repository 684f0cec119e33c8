/** Where experts disagree, whether that costs accuracy, and which expert drove each decision. */
import type { Matrix } from '../array/matrix.ts';
import { type Share, wilson } from '../score/wilson.ts';
import { pairsOf } from './independence-evidence.ts';

/** What experts and their fusion said of test subjects; rows may come from several folds. */
export interface Decisions {
  readonly names: readonly string[];
  /** Probabilities of each expert; rows of subjects without the modality mean nothing. */
  readonly experts: readonly Matrix<Float64Array>[]; // modalities x [subjects, classes]
  readonly present: Uint8Array; // [subjects, modalities]
  readonly fused: Matrix<Float64Array>; // [subjects, classes]
  readonly labels: Int32Array; // [subjects]
}

export interface DisagreementOptions {
  /** An expert is sure of a class from this probability on. */
  readonly sure?: number;
  /** How often each subject is among the rows (repeats of a cross-validation), so that intervals count people, not rows. */
  readonly repeats?: number;
}

export interface Accuracy {
  /** Rows: decisions, not people, where there are repeats. */
  readonly n: number;
  readonly correct: number;
  /** Share of decisions that are right, with Wilson's interval; null without any. */
  readonly accuracy: Share | null;
}

export interface Contradiction {
  readonly pair: readonly [string, string];
  /** Rows with both opinions, those that name different classes, and those where both are sure of theirs. */
  readonly n: number;
  readonly differ: number;
  /** Rows of the subjects on whom both are sure and at odds, and who was right: in the order of the pair, or neither. */
  readonly rows: readonly number[];
  readonly right: readonly [first: number, second: number, neither: number];
}

export interface Disagreement {
  /** Share of the experts heard who name another class than the fused decision; 0 where none is heard. */
  readonly dissent: Float64Array; // [subjects]
  readonly heard: Int32Array; // [subjects], experts
  /** The fused decision, by whether at least two experts are heard and all of them name one class, or not. */
  readonly unanimous: Accuracy;
  readonly divided: Accuracy;
  readonly contradictions: readonly Contradiction[];
}

/** The class of each row is the most probable one, the first of equals. */
export function disagreement(decisions: Decisions, options: DisagreementOptions = {}): Disagreement {
  const { sure = 0.8, repeats = 1 } = options;
  const { names, experts, present, fused, labels } = decisions;
  const said = experts.map(namedClasses);
  const decided = namedClasses(fused);
  const heard = new Int32Array(labels.length);
  const dissent = new Float64Array(labels.length);
  const unanimous: number[] = [];
  const divided: number[] = [];
  labels.forEach((_, i) => {
    const voices = said.filter((_, m) => present[i * names.length + m]).map((classes) => classes[i]);
    heard[i] = voices.length;
    if (voices.length === 0) return;
    dissent[i] = voices.filter((voice) => voice !== decided[i]).length / voices.length;
    if (voices.length > 1) (voices.every((voice) => voice === voices[0]) ? unanimous : divided).push(i);
  });
  const scored = (rows: readonly number[]): Accuracy => {
    const correct = rows.filter((i) => decided[i] === labels[i]).length;
    return { n: rows.length, correct, accuracy: wilson(correct / repeats, rows.length / repeats) ?? null };
  };
  return {
    dissent,
    heard,
    unanimous: scored(unanimous),
    divided: scored(divided),
    contradictions: pairsOf(names.length).map(([a, b]) => contradictionOf(decisions, said, a, b, sure)),
  };
}

function contradictionOf(
  { names, experts, present, labels }: Decisions,
  said: readonly Int32Array[],
  a: number,
  b: number,
  sure: number,
): Contradiction {
  const both = [...labels.keys()].filter((i) => present[i * names.length + a] && present[i * names.length + b]);
  const differing = both.filter((i) => said[a][i] !== said[b][i]);
  const isSure = (m: number, i: number) => {
    const { shape, data } = experts[m];
    return data[i * shape[1] + said[m][i]] >= sure;
  };
  const rows = differing.filter((i) => isSure(a, i) && isSure(b, i));
  const first = rows.filter((i) => said[a][i] === labels[i]).length;
  const second = rows.filter((i) => said[b][i] === labels[i]).length;
  return {
    pair: [names[a], names[b]],
    n: both.length,
    differ: differing.length,
    rows,
    right: [first, second, rows.length - first - second],
  };
}

function namedClasses({ shape: [n, classes], data }: Matrix): Int32Array {
  const out = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    for (let k = 1; k < classes; k++) if (data[i * classes + k] > data[i * classes + out[i]]) out[i] = k;
  }
  return out;
}

export interface Driver {
  readonly modality: string;
  /** Decisions in which this modality moved the probability of the class decided for most, up or down ... */
  readonly decisions: number;
  /** ... and those of them in which it moved it down: the others carried the decision over its objection. */
  readonly against: number;
}

export interface Drivers {
  readonly modalities: readonly Driver[];
  /** Decisions that no modality moved, such as those left to the class shares. */
  readonly undriven: number;
  /** Place of the driving modality of each decision, −1 for none. */
  readonly driver: Int32Array; // [subjects]
}

/**
 * Who drove each decision: the modality with the largest absolute Shapley contribution to the probability of the class
 * decided for; the first of equals.
 *
 * @param contributions [subjects, modalities, classes], as a prediction that was asked to explain itself holds them
 */
export function decisionDrivers(
  names: readonly string[],
  contributions: Float64Array,
  fused: Matrix<Float64Array>,
): Drivers {
  const [n, classes] = fused.shape;
  const decided = namedClasses(fused);
  const driver = new Int32Array(n).fill(-1);
  const decisions = names.map(() => 0);
  const against = names.map(() => 0);
  for (let i = 0; i < n; i++) {
    let strongest = 1e-12; // less is rounding
    let moved = 0;
    names.forEach((_, m) => {
      const value = contributions[(i * names.length + m) * classes + decided[i]];
      if (Math.abs(value) <= strongest) return;
      strongest = Math.abs(value);
      moved = value;
      driver[i] = m;
    });
    if (driver[i] < 0) continue;
    decisions[driver[i]]++;
    if (moved < 0) against[driver[i]]++;
  }
  return {
    modalities: names.map((modality, m) => ({ modality, decisions: decisions[m], against: against[m] })),
    undriven: driver.filter((m) => m < 0).length,
    driver,
  };
}
