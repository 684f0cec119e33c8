/** The scoring that a configuration describes by numbers that experts put, where nothing was fitted. */
import { InputError } from '../../../errors.ts';
import type { Saved } from '../../../estimator.ts';
import type { FastModel } from '../expert/fast.ts';
import { type HybridModel, hybridScoring } from '../filter/hybrid.ts';
import type { Scoring } from '../scoring.ts';
import type { HandEvidence, HybridConfig } from './config.ts';

/** A hybrid whose features are held to bounds before they are heard. */
export interface BoundedModel {
  readonly hybrid: HybridModel;
  /** Smallest and largest value of each feature, in the order of `hybrid.evidence.fast.features`. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** @throws InputError where the configuration names a fitted file instead */
export function handScoring({ dynamics, evidence, ...config }: HybridConfig): Scoring {
  if (!dynamics) {
    const expected = 'a configuration with "quantity"';
    throw new InputError({ where: config.name, what: 'no numbers by hand', expected });
  }
  const { question, setup, strategy, evidenceSeconds } = config;
  const plain: HybridModel = { question, dynamics, stepSeconds: setup.stepSeconds };
  const said = evidence.filter(({ shift }) => shift !== 0);
  if (strategy === 'filter' || said.length === 0) return hybridScoring(plain);
  // A straight line in each value, 0 half way between both means; it has to be known outside its bounds as well.
  const lines = said.map(lineOf);
  const fast: FastModel = {
    features: said.map(({ feature }) => feature),
    mean: lines.map(({ zero }) => zero),
    sd: lines.map(({ slope }, at) => Math.max(-said[at].least, said[at].most) / (4 * Math.abs(slope))), // held to 4
    linear: lines.map(({ slope }, at) => (Math.sign(slope) * Math.max(-said[at].least, said[at].most)) / 4),
    square: said.map(() => 0),
    intercept: 0,
    enough: 1 / said.length,
    prior: 0,
  };
  return boundedScoring({
    hybrid: { ...plain, evidence: { fast, weight: 1, correlationSeconds: evidenceSeconds } },
    low: said.map((one, at) => lines[at].zero + (lines[at].slope > 0 ? one.least : one.most) / lines[at].slope),
    high: said.map((one, at) => lines[at].zero + (lines[at].slope > 0 ? one.most : one.least) / lines[at].slope),
  });
}

function lineOf({ usual, shift, sd }: HandEvidence) {
  return { zero: usual + shift / 2, slope: shift / (sd * sd) };
}

export function boundedScoring(model: BoundedModel): Scoring {
  const inner = hybridScoring(model.hybrid);
  const width = inner.features.length;
  const low = Float64Array.from(model.low); // [features]
  const high = Float64Array.from(model.high); // [features]
  const held = new Float32Array(width); // [features]
  const there = new Uint8Array(width); // [features]
  return {
    ...inner,
    tick(state, timeMs, values, heard, at) {
      for (let j = 0; j < width; j++) {
        const value = values[at + j];
        held[j] = Math.min(Math.max(value, low[j]), high[j]);
        there[j] = heard[at + j];
      }
      return inner.tick(state, timeMs, held, there, 0);
    },
    save: (): Saved => ({ kind: 'scoring.bounded', version: 1, state: { ...model } as never, blobs: {} }),
  };
}
