import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import type { Block } from '../../src/describe/cohort.ts';
import type { Feature, FeatureGroup } from '../../src/describe/modality.ts';
import { encoderOf, openEncoder, type SavedEncoder } from '../../src/encode/encoders.ts';
import { preparation, type Step } from '../../src/harmonize/prepare.ts';
import { modality } from '../contract/cohorts.ts';
import { tokensOf } from './run-encoder.ts';

const subjects = 60;

/** A nominal feature with a separator in a level's name, an ordinal one and a number that some lack. */
const features: readonly Feature[] = [
  { name: 'grade', scale: 'nominal', levels: ['a = b', 'c', 'd'] },
  { name: 'stage', scale: 'ordinal', levels: ['i', 'ii', 'iii', 'iv'] },
  { name: 'age', scale: 'interval' },
];

async function prepared(
  groups?: readonly FeatureGroup[],
  indicatorsFrom = 0.05,
  more: readonly Step[] = [],
): Promise<Block> {
  const values = new Float32Array(subjects * 3); // [subjects, features]
  const observed = new Uint8Array(subjects * 3).fill(1);
  for (let i = 0; i < subjects; i++) {
    values.set([i % 3, (i >> 1) % 4, 50 + 10 * Math.sin(i)], 3 * i);
    if (i % 10 === 0) observed[3 * i + 2] = 0;
  }
  const block: Block = {
    modality: { ...modality('clinical', features), ...(groups && { groups }) },
    values: matrix(
      subjects,
      3,
      values.map((value, at) => (observed[at] ? value : 0)),
    ),
    observed,
    present: new Uint8Array(subjects).fill(1),
  };
  const steps = preparation([
    { kind: 'impute', options: { indicatorsFrom } },
    { kind: 'encode' },
    { kind: 'variance-filter' },
    { kind: 'standardize' },
    ...more,
  ]);
  return (await steps.fit(block, undefined, { seed: 1 })).apply(block);
}

const options = { name: 'm', width: 3, tokens: 4 };
const reopened = (encoder: { readonly spec: object }) =>
  openEncoder(JSON.parse(JSON.stringify(encoder.spec)) as SavedEncoder, 'model');

describe('the encoder of a prepared block', () => {
  it('has a token a measured feature, whatever preparation made of it', async () => {
    const block = await prepared();
    expect(block.modality.features.map(({ name }) => name)).toEqual([
      'grade = a = b',
      'grade = c',
      'grade = d',
      'stage',
      'age',
      'age missing = missing',
    ]);
    const encoder = encoderOf(block, options);
    expect(encoder.names).toEqual(['grade', 'stage', 'age']);
  });

  it.each(['quantile-map', 'rank-map'] as const)('knows the measured feature also after %s', async (kind) => {
    const block = await prepared(undefined, 0.05, [{ kind }]);
    expect(encoderOf(block, options).names).toEqual(['grade', 'stage', 'age']);
  });

  it('tells an ordinal feature by a thermometer, a number by itself unless it is to have bins', async () => {
    const block = await prepared(undefined, 1);
    const kinds = (bins?: number) => {
      const { codes } = encoderOf(block, { ...options, ...(bins !== undefined && { bins }) }).spec;
      return (codes as ({ kind: string } | null)[]).map((code) => code?.kind ?? 'as it is');
    };
    expect(kinds()).toEqual([...new Array(3).fill('as it is'), 'thermometer', 'as it is']);
    expect(kinds(4)).toEqual([...new Array(3).fill('as it is'), 'thermometer', 'piecewise']);
  });

  it('gives subjects of one level of an ordinal feature one token, and others another', async () => {
    const block = await prepared();
    const { data } = await tokensOf(encoderOf(block, options), block);
    const stage = (i: number) => data.slice(i * 9 + 3, i * 9 + 6).join();
    expect(new Set(Array.from({ length: subjects }, (_, i) => stage(i))).size).toBe(4);
    expect(stage(0)).toBe(stage(8)); // both of the lowest
  });

  it('projects a table of more features than it may have tokens', async () => {
    expect(encoderOf(await prepared(), { ...options, columnTokens: 2 }).names).toEqual(['1', '2', '3', '4']);
  });

  it('has a token a group of measured features, and leaves out groups of which nothing is left', async () => {
    const block = await prepared([
      { name: 'tumour', features: ['stage', 'grade', 'stage'] },
      { name: 'unknown', features: ['weight'] },
    ]);
    const encoder = encoderOf(block, options);
    expect(encoder.names).toEqual(['tumour', 'other']);
    expect(encoder.spec.groups).toEqual([{ name: 'tumour', columns: [0, 1, 2, 3] }]);
  });

  it('is the same after it was written as JSON', async () => {
    for (const groups of [undefined, [{ name: 'tumour', features: ['stage', 'grade'] }]]) {
      const block = await prepared(groups);
      const encoder = encoderOf(block, options);
      expect(reopened(encoder).names).toEqual(encoder.names);
      expect((await tokensOf(reopened(encoder), block)).data).toEqual((await tokensOf(encoder, block)).data);
    }
  });
});

it('bins that are no number of bins are refused', async () => {
  const block = await prepared();
  expect(() => encoderOf(block, { ...options, bins: 2.5 })).toThrow('encoder m: bins, expected 0, or so many, got 2.5');
});

it('an encoder of a kind that is not known is refused', () => {
  expect(() => openEncoder({ kind: 'cells' } as unknown as SavedEncoder, 'model: intermediate')).toThrow(
    'model: intermediate: unknown encoder "cells", expected tabular, grouped, image or library-size',
  );
});
